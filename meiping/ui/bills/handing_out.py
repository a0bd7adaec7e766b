"""What becomes of a slip when its money is booked: printed, asked about, or as last time."""

from meiping.ui.bills.receipts import Receipt, print_receipt
from meiping.ui.context import Context

_PRINTED_LAST = "receipt.printed_last"


def receipt_mode(context: Context) -> str:
    """What becomes of slips, as the shop has set; in practice what would be printed is only shown."""
    mode = str(context.option("receipt.mode"))
    return "show" if context.practice and mode != "never" else mode


def hand_out(context: Context, receipt: Receipt) -> None:
    """Do what the shop has set; where slips are shown or not wanted, nothing."""
    match receipt_mode(context):
        case "print":
            print_receipt(context, receipt)
        case "ask":
            if context.ask(f"打印小票 {receipt.number} 吗？", yes="打印", no="不打印"):
                print_receipt(context, receipt)
        case "last":
            _as_last_time(context, receipt)


def _as_last_time(context: Context, receipt: Receipt) -> None:
    def print_now() -> None:
        context.view.set(_PRINTED_LAST, True)
        print_receipt(context, receipt)

    if context.view.get(_PRINTED_LAST, True):
        print_receipt(context, receipt)
        action = ("下次不打", lambda: context.view.set(_PRINTED_LAST, False))
        context.toast("小票照上次打印。", kind="info", action=action)
    else:
        context.toast("小票照上次没有打印。", kind="info", action=("打印", print_now))
