"""Customers on paper: a card each, and labels for letters and shelves."""

import tkinter as tk
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ttkbootstrap as ttk

from meiping.adapters.card_pdf import Card, CardSection, CardTable, cards_pdf
from meiping.adapters.label_pdf import SHEET_BY_KEY, SHEETS, Label, labels_bytes, labels_pdf
from meiping.domains.audit.service import record_export
from meiping.domains.contacts.queries import CONTACT_COLUMNS, contacts_of
from meiping.domains.customers.queries import CUSTOMER_COLUMNS, CustomerDetail, customer_detail
from meiping.domains.ledger.queries import customer_balances
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.sales.queries import BILL_COLUMNS, bills_of
from meiping.domains.sales.rules import VIEW_SALES
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.kernel.phones import show_phone
from meiping.kernel.tabular import Column, Listing
from meiping.store.database import reading
from meiping.ui.context import Context, Progress
from meiping.ui.list_output import open_file, print_folder
from meiping.ui.pages.customers.customer_card import head_line
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.dialogs import choose_save_file
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.jobs import Jobs

if TYPE_CHECKING:
    from PIL.Image import Image

MANY_CARDS = 50
"""Above this many pages a print is asked about first."""
_ROWS = 15
_TOLD_EVERY = 100
_SECTIONS = (
    (
        "基本",
        (
            "gender",
            "birth_date",
            "occupation",
            "card_number",
            "keyword",
            "short_name",
            "legal_representative",
        ),
    ),
    (
        "联系",
        ("phone", "phone2", "email", "fax", "website", "postcode", "province", "city", "region", "address"),
    ),
    ("分类", ("level", "type", "status", "source", "industry", "nature", "owner", "department", "company")),
    (
        "往来",
        (
            *("credit_limit_fen", "payment_days", "tax_number", "bank", "bank_account"),
            *("created_date", "first_contact_at", "last_contact_at", "next_contact_date"),
        ),
    ),
)
_COLUMN = {column.key: column for column in CUSTOMER_COLUMNS}
_CONTACTS = ("name", "department", "post", "mobile", "office_phone", "wechat")
_BILLS = ("posted_at", "number", "kind", "salesperson", "total_fen")
_ADDRESS, _NAME = "address", "name"
_CONTENTS = ((_ADDRESS, "寄信地址"), (_NAME, "姓名电话"))
_PREVIEW_WIDTH, _PREVIEW_HEIGHT = 300, 424


# ---------------------------------------------------------------- cards


def card_of(actor: Actor, customer_id: int) -> Card:
    """What stands on a customer's card, as far as the actor may see it."""
    detail = customer_detail(actor, customer_id=customer_id)
    sections = [CardSection(title, [_fact(detail, key) for key in keys]) for title, keys in _SECTIONS]
    tables = [_table("联系人", CONTACT_COLUMNS, _CONTACTS, contacts_of(actor, customer_id=customer_id))]
    if actor.can(VIEW_SALES):
        tables.append(_table("最近业务", BILL_COLUMNS, _BILLS, bills_of(actor, customer_id=customer_id)))
    figures: list[tuple[str, str]] = []
    if actor.can(VIEW_MONEY):
        money = customer_balances(actor, customer_id=customer_id)
        shown = ("储值余额", money.stored_fen), ("欠款", money.debt_fen), ("累计消费", money.spent_fen)
        figures = [(title, show_fen(fen)) for title, fen in shown]
    return Card(
        detail.shown_name,
        head_line(detail),
        figures,
        [*sections, CardSection("自定义", detail.custom_facts)],
        detail.notes,
        tables,
    )


def _fact(detail: CustomerDetail, key: str) -> tuple[str, str]:
    value = getattr(detail, key)
    if key in ("credit_limit_fen", "payment_days") and not value:
        value = None
    lunar = "（农历）" if key == "birth_date" and value and detail.birthday_lunar else ""
    return (_COLUMN[key].title.removesuffix("（天）"), f"{_COLUMN[key].show(value)}{lunar}")


def _table(title: str, columns: Sequence[Column], keys: Sequence[str], listing: Listing) -> CardTable:
    named = {column.key: column for column in columns}
    return CardTable(title, [named[key] for key in keys], listing.window(0, _ROWS, None), listing.count())


def print_cards(context: Context, ids: Sequence[int]) -> None:
    """A page for each customer, shown in the system's viewer, which prints it."""
    if len(ids) > MANY_CARDS and not context.ask(
        f"要打印 {len(ids):,} 张客户卡，每位客户一页，仍要打印吗？", yes="打印"
    ):
        return
    if not context.run(record_export, what="客户卡", rows=len(ids)):
        return
    actor, facts = context.actor, context.facts()
    path = print_folder() / f"客户卡-{actor.now():%H%M%S%f}.pdf"

    def cards() -> Iterator[Card]:
        return (card_of(actor, one) for one in ids)

    def work(progress: Progress) -> None:
        with reading():
            cards_pdf(
                path,
                cards(),
                total=len(ids),
                shop=facts.get("shop", ""),
                operator=facts.get("operator", ""),
                now=actor.now(),
                progress=progress,
            )

    context.background(work, title="打印客户卡", done=lambda _none: open_file(context, path))


# ---------------------------------------------------------------- labels


def label_of(detail: CustomerDetail, content: str) -> Label:
    """What stands on a customer's label."""
    name, phone = detail.shown_name, show_phone(detail.phone) if detail.name else ""
    if content == _NAME:
        return Label((name, detail.code, phone))
    place = f"{detail.province}{detail.city if detail.city != detail.province else ''}"
    address = detail.address if detail.address.startswith(place) else f"{place}{detail.address}"
    return Label((detail.postcode, address, f"{name}　收", phone), strong=2)


def print_labels(parent: tk.Misc, context: Context, ids: Sequence[int]) -> None:
    """Read the customers beside the window, then ask how their labels are wanted."""
    actor = context.actor

    def work(progress: Progress) -> list[CustomerDetail]:
        found = []
        with reading():
            for number, one in enumerate(ids):
                found.append(customer_detail(actor, customer_id=one))
                if number % _TOLD_EVERY == 0:
                    progress.report(number, len(ids))
        return found

    context.background(
        work,
        title="读取客户",
        done=lambda details: _ignored(LabelDialog(parent, context, details)),
        quiet=len(ids) <= _TOLD_EVERY,
    )


def _ignored(_result: object) -> None:
    """The dialog looks after itself."""


class LabelDialog(DialogWindow):
    """Asks for paper and content, with the first sheet to look at beside."""

    def __init__(self, parent: tk.Misc, context: Context, details: Sequence[CustomerDetail]) -> None:
        super().__init__(parent, f"打印 {len(details):,} 位客户的标签")
        self._context, self._details = context, list(details)
        self._jobs = Jobs(self)
        self._photo: Any = None
        self._asked = 0
        self.form = Form(self.body, self._fields(), columns=1, on_submit=self.print, on_change=self._changed)
        self.form.pack(side="left", fill="y", anchor="n")
        self._told = ttk.Label(self.body, style="Warn.TLabel", justify="left", wraplength=px(self, 300))
        self._told.place(in_=self.form, relx=0, rely=1.0, y=px(self, 12))
        paper = ttk.Frame(self.body, bootstyle="bordered", padding=1)
        paper.pack(side="right", padx=(px(self, 20), 0))
        room = ttk.Frame(paper, width=px(self, _PREVIEW_WIDTH), height=px(self, _PREVIEW_HEIGHT))
        room.pack_propagate(False)
        room.pack()
        self._picture = ttk.Label(room, anchor="center")
        self._picture.pack(fill="both", expand=True)
        self.add_button("打印", self.print, bootstyle="primary")
        self.add_button("存 PDF…", self.save)
        self.add_button("取消", self.dismiss)
        self._changed("")
        self.open(self)
        self.form.focus_first()

    def _fields(self) -> tuple[Field, ...]:
        sheets = [(sheet.key, sheet.title) for sheet in SHEETS]
        kept = self._context.view.get("labels.sheet") or SHEETS[0].key
        return (
            Field("sheet", "纸张", FieldKind.CHOICE, required=True, choices=sheets, default=kept, width=26),
            Field("content", "内容", FieldKind.SWITCH, choices=_CONTENTS),
            Field(
                "first",
                "从第几张开始",
                FieldKind.NUMBER,
                default=1,
                minimum=1,
                width=8,
                hint="用过几张的标签纸可以接着用",
            ),
            Field("copies", "每位几张", FieldKind.NUMBER, default=1, minimum=1, width=8),
        )

    # ---------------------------------------------------------------- what is printed

    def labels(self) -> list[Label]:
        """The labels as asked for now; who has no address gets none for letters."""
        content = self.form.value("content")
        asked = [one for one in self._details if content == _NAME or one.address]
        copies = min(self.form.value("copies") or 1, 100)
        return [label_of(one, content) for one in asked for _copy in range(copies)]

    def _changed(self, _key: str) -> None:
        self._jobs.once("preview", self._preview, delay=150)

    def _preview(self) -> None:
        sheet = SHEET_BY_KEY[self.form.value("sheet") or SHEETS[0].key]
        labels, first = self.labels(), self._first()
        content = self.form.value("content")
        missing = sum(not one.address for one in self._details) if content == _ADDRESS else 0
        pages = -(-(len(labels) + first % sheet.places) // sheet.places) if labels else 0
        told = f"共 {len(labels):,} 张标签，{pages:,} 页。"
        if missing:
            told += f"\n{missing:,} 位没有填写地址，不打印。"
        self._told.configure(text=told, style="Warn.TLabel" if missing else "Muted.TLabel")
        self._asked += 1
        asked = self._asked
        on_page = labels[: sheet.places]
        dpi = (
            min(_PREVIEW_WIDTH / sheet.page[0], _PREVIEW_HEIGHT / sheet.page[1]) * 25.4 * px(self, 100) / 100
        )

        def work(_progress: object) -> "Image | None":
            from meiping.adapters.pdf import page_image

            if not on_page:
                return None
            return page_image(labels_bytes(on_page, sheet, first=first, outlined=True), 0, dpi=dpi)

        def done(image: "Image | None") -> None:
            if self.winfo_exists() and asked == self._asked:
                self._show(image)

        self._context.background(work, title="标签预览", done=done, quiet=True)

    def _show(self, image: "Image | None") -> None:
        if image is None:
            self._photo = None
            self._picture.configure(image="", text="没有可以打印的标签")
            return
        from PIL import ImageTk

        self._photo = ImageTk.PhotoImage(image, master=self)
        self._picture.configure(image=self._photo, text="")

    def _first(self) -> int:
        return max((self.form.value("first") or 1) - 1, 0)

    def print(self) -> None:
        """Lay the labels out and show them in the system's viewer, which prints them."""
        path = print_folder() / f"标签-{self._context.actor.now():%H%M%S%f}.pdf"
        self._write(path, printing=True)

    def save(self) -> None:
        """Ask where to, and write them as a PDF file."""
        name = f"客户标签-{self._context.actor.today().isoformat()}.pdf"
        path = choose_save_file(self, "标签存为 PDF", (("PDF 文件", "*.pdf"),), name)
        if path is not None:
            self._write(path, printing=False)

    def _write(self, path: Path, *, printing: bool) -> None:
        try:
            values = self.form.values()
        except InputError:
            return
        sheet = SHEET_BY_KEY[values["sheet"]]
        if (values["first"] or 1) > sheet.places:
            told = f"一页只有 {sheet.places} 张，请输入 1 到 {sheet.places}。"
            self.form.show_error(InputError(told, field="first"))
            return
        labels, first = self.labels(), self._first()
        if not labels:
            self._context.toast("没有可以打印的标签：选中的客户都没有填写地址。", kind="info")
            return
        context = self._context
        if not context.run(record_export, what="客户标签", rows=len(labels)):
            return
        context.view.set("labels.sheet", sheet.key)

        def done(_none: object) -> None:
            if printing:
                open_file(context, path)
            else:
                context.toast(f"标签已存为“{path.name}”。")

        self.close()
        context.background(
            lambda progress: labels_pdf(path, labels, sheet, first=first, progress=progress),
            title="打印标签",
            done=done,
        )
