"""What is said about a customer beside the lists: name and level, what is stored and owed, the facts."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence

import ttkbootstrap as ttk

from meiping.domains.customers.queries import CustomerDetail
from meiping.domains.ledger.queries import CustomerBalances, customer_balances
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.loyalty.queries import customer_points
from meiping.kernel.moments import show_date, show_moment
from meiping.kernel.money import show_fen
from meiping.kernel.phones import show_phone
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets import privacy

STORED, DEBT, SPENT, POINTS = "储值余额", "欠款", "累计消费", "积分"


class MoneyStrip(ttk.Frame):
    """Stored value, debt and spending side by side, and points where the shop gives them and ``actions`` tells what to
    do with them; empty without the right to see money.

    ``actions`` puts buttons (word, command) below each other into the box of a figure.
    """

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        *,
        actions: Mapping[str, Sequence[tuple[str, Callable[[], object]]]] | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._figures: list[tuple[ttk.Label, ttk.Label]] = []
        self.allowed = context.actor.can(VIEW_MONEY)
        if not self.allowed:
            return
        self._points_box: ttk.Frame | None = None
        with_points = (POINTS,) if actions and POINTS in actions else ()
        for place, title in enumerate((STORED, DEBT, SPENT, *with_points)):
            self.columnconfigure(place, weight=1, uniform="money")
            box = ttk.Frame(self, style="Chrome.TFrame", padding=(px(self, 12), px(self, 8)))
            box.grid(row=0, column=place, sticky="nsew", padx=(px(self, 8) if place else 0, 0))
            box.columnconfigure(0, weight=1)
            offered = actions.get(title, ()) if actions else ()
            self._build_buttons(box, offered)
            ttk.Label(box, text=title, style="Muted.Chrome.TLabel", font="MpSmall").grid(
                row=0, column=0, sticky="w"
            )
            value = ttk.Label(box, style="Chrome.TLabel", font="MpBold")
            value.grid(row=1, column=0, sticky="w")
            remark = ttk.Label(box, style="Muted.Chrome.TLabel", font="MpSmall")
            remark.grid(row=2, column=0, sticky="w", columnspan=1 if len(offered) > 1 else 2)
            if title == POINTS:
                self._points_box, self._points = box, (value, remark)
            else:
                self._figures.append((value, remark))

    def _build_buttons(self, box: ttk.Frame, offered: Sequence[tuple[str, Callable[[], object]]]) -> None:
        if not offered:
            return
        column = ttk.Frame(box, style="Chrome.TFrame")
        column.grid(row=0, column=1, rowspan=3 if len(offered) > 1 else 2, sticky="ne")
        for word, command in offered:
            button = ttk.Button(column, text=word, command=command, bootstyle="@chrome primary ghost")
            button.configure(padding=(px(self, 6), px(self, 2)))
            button.pack(anchor="e")

    def show(self, detail: CustomerDetail) -> CustomerBalances | None:
        """Fetch and show what this customer has and owes."""
        if not self.allowed:
            return None
        balances: CustomerBalances | None = self._context.read(customer_balances, customer_id=detail.id)
        if balances is None:
            return None
        bonus, limit = balances.stored_bonus_fen, detail.credit_limit_fen
        shown = (
            (show_fen(balances.stored_fen), f"含赠送 {show_fen(bonus)}" if bonus else "", "Chrome.TLabel"),
            (
                show_fen(balances.debt_fen),
                f"额度 {show_fen(limit).removesuffix('.00')}" if limit else "",
                "Bad.Chrome.TLabel" if balances.debt_fen > 0 else "Chrome.TLabel",
            ),
            (show_fen(balances.spent_fen), "", "Chrome.TLabel"),
        )
        for (value, remark), (figure, words, style) in zip(self._figures, shown, strict=True):
            value.configure(text=figure, style=style)
            remark.configure(text=words)
        self._show_points(detail)
        return balances

    def _show_points(self, detail: CustomerDetail) -> None:
        """What there is, and what lapses next."""
        box = self._points_box
        if box is None:
            return
        on = bool(self._context.option("points.on"))
        self.columnconfigure(len(self._figures), weight=int(on), uniform="money" if on else "")
        points = self._context.read(customer_points, customer_id=detail.id) if on else None
        if points is None:
            box.grid_remove()
            return
        value, remark = self._points
        value.configure(
            text=f"{points.points:,}", style="Bad.Chrome.TLabel" if points.points < 0 else "Chrome.TLabel"
        )
        soon = f"{show_date(points.lapse_date)} 到期" if points.lapse_date else ""
        remark.configure(text=soon)
        box.grid()


def head_line(detail: CustomerDetail) -> str:
    """The grey line under a customer's name."""
    parts = (detail.code, privacy.phone(detail.phone) if detail.name else "", _birthday(detail))
    return " · ".join(part for part in parts if part)


def _birthday(detail: CustomerDetail) -> str:
    if detail.birth_date is None:
        return ""
    return f"{'农历' if detail.birthday_lunar else ''}生日 {detail.birth_date:%m-%d}"


def facts_of(detail: CustomerDetail) -> list[tuple[str, str]]:
    """Everything known about a customer, as (title, shown)."""
    birthday = show_date(detail.birth_date)
    if birthday:
        birthday += "（农历）" if detail.birthday_lunar else "（公历）"
    return [
        ("等级", detail.level),
        ("状态", detail.status),
        ("类型", detail.type),
        ("来源", detail.source),
        ("行业", detail.industry),
        ("业务员", detail.owner),
        ("电话", show_phone(detail.phone)),
        ("备用电话", show_phone(detail.phone2)),
        ("卡号", detail.card_number),
        ("传真", detail.fax),
        ("邮箱", detail.email),
        ("网址", detail.website),
        ("区域", " ".join(part for part in (detail.region, detail.province, detail.city) if part)),
        ("邮编", detail.postcode),
        ("性别", detail.gender),
        ("职业", detail.occupation),
        ("生日", birthday),
        ("关键字", detail.keyword),
        ("简称", detail.short_name),
        ("单位性质", detail.nature),
        ("法人代表", detail.legal_representative),
        ("税号", detail.tax_number),
        ("开户行", detail.bank),
        ("银行账号", detail.bank_account),
        ("信用额度", show_fen(detail.credit_limit_fen) if detail.credit_limit_fen else ""),
        ("账期", f"{detail.payment_days} 天" if detail.payment_days else ""),
        ("建档日期", show_date(detail.created_date)),
        ("首次联系", show_moment(detail.first_contact_at)),
        ("最近联系", show_moment(detail.last_contact_at)),
        ("下次联系", show_date(detail.next_contact_date)),
        ("部门", detail.department),
        ("公司", detail.company),
        *detail.custom_facts,
    ]
