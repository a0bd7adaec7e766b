"""The keys of the counter, declared once: what each does, its usual key, and the one the shop has chosen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from meiping.domains.settings.till_keys import till_keys
from meiping.kernel.errors import InputError
from meiping.ui.widgets.key_words import shown_key


@dataclass(frozen=True, slots=True)
class KeyAction:
    """Something a key does at the counter. ``key`` is its usual one; a single character works in an empty scan field."""

    id: str
    key: str
    title: str
    detail: str = ""

    @property
    def words(self) -> str:
        """What F1 says of it."""
        return f"{self.title}{self.detail}"


ACTIONS = (
    KeyAction("settle", "F12", "结账"),
    KeyAction("quantity", "*", "数量", "，也可输入 3*条码"),
    KeyAction("more", "+", "多一件"),
    KeyAction("less", "-", "少一件"),
    KeyAction("discount", "/", "本行折扣", "：0.85、8.5、85 都是 8.5 折"),
    KeyAction("price", ".", "本行单价", "；没有商品时输入无码商品的金额"),
    KeyAction("amount_only", "=", "无码商品", "：只输入金额，后面可以写名称"),
    KeyAction("remove", "Delete", "删除本行"),
    KeyAction("customer", "F2", "选择客户"),
    KeyAction("no_customer", "End", "去掉客户"),
    KeyAction("price_check", "F3", "查价"),
    KeyAction("browse", "Control-g", "选商品", "：按分类挑，一次可以选几样"),
    KeyAction("salesperson", "F4", "业务员"),
    KeyAction("line_salesperson", "Shift-F4", "本行业务员", "：这一行算在另一位名下"),
    KeyAction("terms", "F5", "整单折扣、减免"),
    KeyAction("hold", "F6", "挂单", "；没有商品时取单"),
    KeyAction("give_back", "F7", "退货、换货"),
    KeyAction("last_receipt", "F8", "上一张小票"),
    KeyAction("drawer", "F9", "现金收支、开钱箱"),
    KeyAction("member", "F10", "会员办理", "：充值、退款、次卡、积分、挂失"),
    KeyAction("shift", "F11", "开班、班中查看、交班"),
    KeyAction("menu", "Shift-F10", "更多", "：赠品、恢复标价、备注、更正收款方式、快捷键"),
    KeyAction("undo", "Control-z", "撤销上一步"),
    KeyAction("clear", "Control-Delete", "清空整单"),
    KeyAction("print", "Control-p", "打印显示的小票"),
    KeyAction("save", "Control-s", "小票存为 PDF"),
)
BY_ID = {action.id: action for action in ACTIONS}
FIXED_FIRST = (("Enter", "加入商品；空着按是结账"),)
FIXED_LAST = (
    ("↑ ↓", "选择商品行"),
    ("Esc", "返回，不会丢单"),
    ("1–9", "收款时选付款方式"),
    ("空格", "收款时换下一个整数"),
    ("收款时 +", "会员的找零存入储值"),
)
"""Keys that are what they are."""
RELOAD = "F5"
"""Reads the counter again where it means nothing else there."""
_NEVER = frozenset(
    {
        "Return",
        "Escape",
        "Tab",
        "BackSpace",
        "Up",
        "Down",
        "Left",
        "Right",
        "space",
        "F1",
        "Menu",
        "Shift-Tab",
    }
)
_EDITING = frozenset({"Control-a", "Control-c", "Control-v", "Control-x"})


def keys_now() -> dict[str, str]:
    """The key of each action, by its id; kept ones of actions there are no more are passed over.

    An action has none (empty) while the shop uses its usual key for another.
    """
    kept = {one: key for one, key in till_keys().items() if one in BY_ID}
    used = set(kept.values())
    return {action.id: kept.get(action.id, "" if action.key in used else action.key) for action in ACTIONS}


def key_word(action_id: str) -> str:
    """The key of an action as printed on keyboards."""
    return shown_key(keys_now()[action_id])


def help_keys() -> tuple[tuple[str, str], ...]:
    """For F1: every key of the counter, and what it does."""
    now = keys_now()
    own = tuple((shown_key(now[one.id]), one.words) for one in ACTIONS if now[one.id])
    free = (("F5", "重新读取本页"),) if RELOAD not in now.values() else ()
    return (*FIXED_FIRST, *own, *free, *FIXED_LAST)


def check_key(action_id: str, key: str, *, keys: Mapping[str, str], taken: Collection[str]) -> None:
    """Raise InputError unless ``key`` can mean this action beside the others; ``taken`` are the window's own keys."""
    shown = shown_key(key)
    if len(key) == 1 and (key.isalnum() or key.isspace()):
        raise InputError(f"“{key}”要用来输入商品，请换一个键。")
    if key in _NEVER or key in _EDITING or key.removeprefix("Shift-") in _NEVER:
        raise InputError(f"{shown} 另有用处，请换一个键。")
    if key in taken and key != BY_ID[action_id].key:
        raise InputError(f"{shown} 是整个窗口的键，请换一个。")
    for other in ACTIONS:
        if other.id != action_id and keys[other.id] == key:
            raise InputError(f"{shown} 已经是“{other.title}”，请换一个。")


def changed_keys(keys: Mapping[str, str]) -> dict[str, str]:
    """Only what differs from the usual keys."""
    return {action.id: keys[action.id] for action in ACTIONS if keys[action.id] not in ("", action.key)}
