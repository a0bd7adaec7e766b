"""What is done with the drawer: the shift opened, looked at and ended, cash put in and taken out."""

from collections.abc import Callable

from meiping.domains.sales.shifts import shift_report
from meiping.domains.settings.options import SHIFTS_REQUIRED
from meiping.domains.till.queries.shifts import FloatOffer, OpenShift, float_offer, open_shift
from meiping.domains.till.rules import MOVE_CASH, SHIFT
from meiping.kernel.moments import from_ms
from meiping.ui.bills.handing_out import receipt_mode
from meiping.ui.bills.receipt_dialog import hand_out_slip, show_slip
from meiping.ui.counter_keys import key_word
from meiping.ui.pages.counter.cash_dialog import CashDialog, only_open_drawer
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.pages.counter.shift_dialogs import LookDialog, OpenShiftDialog
from meiping.ui.pages.counter.shift_end_dialog import EndShiftDialog


class ShiftCommands:
    """Keys F9 and F11; ``on_change`` is called when the shift is another."""

    def __init__(self, desk: Desk, *, on_change: Callable[[], object]) -> None:
        self._desk, self._on_change = desk, on_change

    # ---------------------------------------------------------------- what is told

    @property
    def now(self) -> OpenShift | None:
        """The shift under way at this counter."""
        return open_shift(self._desk.context.actor.company_id)

    def words(self) -> tuple[str, ...]:
        """For the head: the shift and since when, else who is at work; in full, then in fewer words."""
        now = self.now
        if now is None:
            name = self._desk.context.actor.name
            return f"收银员 {name}", name
        since = f"{from_ms(now.opened_at):%H:%M}"
        return f"班次 {now.number} · {since} 起", f"班次 {since} 起", f"{since} 起", since

    def warning(self) -> str:
        """What the clerk should see to before selling on; empty for nothing."""
        now = self.now
        if now is None:
            required = self._desk.context.option("till.shifts") == SHIFTS_REQUIRED
            return f"还没有开班，不能收款。按 {key_word('shift')} 开班。" if required else ""
        began, actor = from_ms(now.opened_at), self._desk.context.actor
        if now.business_date != actor.today():
            counted = f"收付款仍记在 {now.business_date:%m-%d}"
            return f"这个班次从 {began:%m-%d %H:%M} 开到现在，{counted}。按 {key_word('shift')} 交班。"
        most = int(self._desk.context.option("till.shift_hours"))
        hours = int((actor.now() - began).total_seconds()) // 3600
        if most and hours >= most:
            return f"这个班次已经开了 {hours} 小时，别忘了按 {key_word('shift')} 交班。"
        return ""

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
        if receipt_mode(desk.context) == "print":
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
            only_open_drawer(desk.context)
            return
        CashDialog(desk.widget, desk.context).wait_window()
