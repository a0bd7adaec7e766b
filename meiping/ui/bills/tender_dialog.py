"""更正收款方式: a bill's money came another way than was pressed."""

import tkinter as tk
import uuid
from collections.abc import Callable, Sequence

from meiping.domains.sales.queries import BillDetail
from meiping.domains.sales.rules import CHANGE_TENDER
from meiping.domains.sales.tender_changes import change_tender, tenders_to_change
from meiping.domains.till.rules import RECEIVING_TENDERS
from meiping.kernel.money import show_fen
from meiping.ui.context import Context
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind


def ask_tender(parent: tk.Misc, context: Context, bill: BillDetail, *, done: Callable[[], None]) -> None:
    """Ask what came by which tender instead, and book it; a refusal is told. ``done`` is called once it is booked."""
    with context.approved(CHANGE_TENDER, f"{CHANGE_TENDER.title}：{bill.number}") as allowed:
        if not allowed:
            context.toast(f"您没有“{CHANGE_TENDER.title}”的权限，请联系管理员。", kind="danger")
            return
        standing = context.read(tenders_to_change, sale_id=bill.id)
        if standing is None:
            return
        if not standing:
            context.toast("这张单没有用现金、微信、支付宝、银行卡收款，不用更正。", kind="info")
            return
        _TenderDialog(parent, context, bill, standing, done).form.wait_window()


class _TenderDialog:
    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        bill: BillDetail,
        standing: Sequence[tuple[str, str, int]],
        done: Callable[[], None],
    ) -> None:
        self._context, self._bill, self._done = context, bill, done
        self._amounts = {key: fen for key, _, fen in standing}
        self._key = str(uuid.uuid4())
        first = standing[0][0]
        others = [(tender.key, tender.title) for tender in RECEIVING_TENDERS]
        fields = (
            Field(
                "from_tender",
                "记成了",
                FieldKind.CHOICE,
                required=True,
                choices=tuple((key, f"{word} {show_fen(fen)}") for key, word, fen in standing),
                default=first,
            ),
            Field(
                "to_tender",
                "实际是",
                FieldKind.CHOICE,
                required=True,
                choices=tuple(others),
                default=next(key for key, _ in others if key != first),
            ),
            Field("amount_fen", "金额", FieldKind.MONEY, required=True, default=self._amounts[first]),
            Field("reason", "原因", hint="可以不填", limit=60),
        )
        self.form = FormDialog(
            parent,
            f"更正收款方式 {bill.number}",
            fields,
            submit="更正",
            on_submit=self._submit,
            on_change=self._changed,
        )
        if len(standing) == 1:
            self.form.form.editor("to_tender").target.focus_set()

    def _changed(self, key: str) -> None:
        """Another tender was pressed by mistake: all of it, unless told otherwise."""
        if key == "from_tender":
            chosen = self.form.form.value("from_tender")
            self.form.form.set_value("amount_fen", self._amounts.get(chosen))

    def _submit(self, entered: Values) -> bool:
        return self._context.run(
            change_tender,
            near=self.form,
            success="已更正收款方式",
            done=lambda _none: self._done(),
            key=self._key,
            sale_id=self._bill.id,
            **entered,
        )
