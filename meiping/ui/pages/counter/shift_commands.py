"""What is done with the drawer: the shift opened, looked at and ended, cash put in and taken out."""

import uuid
from collections.abc import Callable
from typing import Any

from meiping.domains.sales.shifts import shift_report
from meiping.domains.settings.rules import SHIFTS_REQUIRED
from meiping.domains.till.drawer import move_cash, open_drawer
from meiping.domains.till.queries.shifts import FloatOffer, OpenShift, float_offer, open_shift
from meiping.domains.till.rules import CASH_REASONS, MOVE_CASH, OPEN_DRAWER, SHIFT
from meiping.kernel.moments import from_ms
from meiping.kernel.money import show_fen
from meiping.ui.bills.receipt_dialog import hand_out_slip, show_slip
from meiping.ui.bills.till_printer import open_drawer as send_pulse
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.pages.counter.shift_dialogs import LookDialog, OpenShiftDialog
from meiping.ui.pages.counter.shift_end_dialog import EndShiftDialog
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_IN, _OUT = "in", "out"


class ShiftCommands:
    """Keys F9 and F11; ``on_change`` is called when the shift is another."""

    def __init__(self, desk: Desk, *, on_change: Callable[[], object]) -> None:
        self._desk, self._on_change = desk, on_change

    # ---------------------------------------------------------------- what is told

    @property
    def now(self) -> OpenShift | None:
        """The shift under way at this counter."""
        return open_shift(self._desk.context.actor.company_id)

    def words(self) -> str:
        """For the head: the shift and since when; empty without one."""
        now = self.now
        if now is None:
            return ""
        began = from_ms(now.opened_at)
        today = began.date() == self._desk.context.actor.today()
        return f"班次 {now.number} · {began:%H:%M} 起" if today else f"班次 {now.number}"

    def warning(self) -> str:
        """What the clerk should see to before selling on; empty for nothing."""
        now = self.now
        if now is None:
            required = self._desk.context.option("till.shifts") == SHIFTS_REQUIRED
            return "还没有开班，不能收款。按 F11 开班。" if required else ""
        if now.business_date == self._desk.context.actor.today():
            return ""
        began = from_ms(now.opened_at)
        return (
            f"这个班次从 {began:%m-%d %H:%M} 开到现在，收付款仍记在 {now.business_date:%m-%d}。按 F11 交班。"
        )

    # ---------------------------------------------------------------- the shift

    def shift(self) -> None:
        """F11: open one, or look at the one under way and end it."""
        desk = self._desk
        if not desk.allowed(SHIFT):
            return
        now = self.now
        if now is None:
            offer = desk.context.read(float_offer)
            if offer is not None:
                self._open(offer)
            return
        report = desk.context.read(shift_report, shift_id=now.id)
        if report is None:
            return
        look = LookDialog(desk.widget, desk.context, report)
        look.wait_window()
        if look.wants_end:
            end = EndShiftDialog(desk.widget, desk.context, report)
            end.wait_window()
            if end.number:
                self._ended(end.number)

    def _open(self, offer: FloatOffer) -> None:
        dialog = OpenShiftDialog(self._desk.widget, self._desk.context, offer)
        dialog.wait_window()
        if dialog.number:
            self._desk.context.toast(f"已开班，班次 {dialog.number}。")
            self._on_change()

    def _ended(self, number: str) -> None:
        """The report goes to the printer, or is shown to be printed."""
        desk = self._desk
        self._on_change()
        told = f"已交班，班次 {number}。"
        if desk.context.option("receipt.mode") == "print":
            hand_out_slip(desk.widget, desk.context, told, source="shift", number=number)
            return
        desk.context.toast(told)
        desk.widget.after_idle(
            lambda: show_slip(desk.widget, desk.context, source="shift", number=number, reprint=False)
        )

    # ---------------------------------------------------------------- cash

    def drawer(self) -> None:
        """F9: cash in or out, or the drawer opened for neither."""
        desk = self._desk
        if not desk.context.actor.can(MOVE_CASH):
            self.open_drawer()
            return
        dialog = CashDialog(self._desk)
        dialog.wait_window()
        if dialog.wants_drawer:
            self.open_drawer()

    def open_drawer(self) -> None:
        """Open the drawer without money; it is written down first."""
        context = self._desk.context
        context.run(open_drawer, done=lambda _none: send_pulse(context))


class CashDialog(FormDialog):
    """Cash put into the drawer or taken out, with a reason; or just the drawer."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._key = desk, str(uuid.uuid4())
        self.wants_drawer = False
        fields = (
            Field(
                "way",
                "现金",
                FieldKind.SWITCH,
                choices=((_OUT, "从钱箱取出"), (_IN, "存入钱箱")),
                default=_OUT,
            ),
            Field("amount_fen", "金额", FieldKind.MONEY, required=True),
            Field(
                "reason",
                "原因",
                FieldKind.SUGGEST,
                required=True,
                choices=[(w, w) for w in CASH_REASONS],
                limit=60,
            ),
        )
        super().__init__(desk.widget, "现金收支", fields, submit="记账", on_submit=self._book)
        if desk.context.actor.can(OPEN_DRAWER) or OPEN_DRAWER.approvable:
            self.add_button("只开钱箱", self._only_drawer)
        self.form.editor("amount_fen").target.focus_set()

    def _only_drawer(self) -> None:
        self.wants_drawer = True
        self.close()

    def _book(self, values: dict[str, Any]) -> bool:
        out = values["way"] == _OUT
        amount_fen = values["amount_fen"]
        said = f"已从钱箱取出 {show_fen(amount_fen)}" if out else f"已存入钱箱 {show_fen(amount_fen)}"
        context, widget = self._desk.context, self._desk.widget
        return context.run(
            move_cash,
            key=self._key,
            amount_fen=-amount_fen if out else amount_fen,
            reason=values["reason"],
            near=self,
            button=self.button,
            done=lambda number: hand_out_slip(
                widget, context, f"{said}，单号 {number}。", source="cash_movement", number=number
            ),
        )
