"""The counter's keys: changed by pressing others, without conflicts, shown everywhere, safe under an input method."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.settings.till_keys import save_till_keys, till_keys
from meiping.kernel.errors import InputError
from meiping.ui.counter_keys import ACTIONS, changed_keys, check_key, help_keys, key_word, keys_now
from meiping.ui.counter_keys_dialog import CounterKeysDialog
from meiping.ui.widgets.keys import KeyDispatcher
from tests.shop import OpenedShop
from tests.ui.pages.counter.conftest import COLA, Clerk
from tests.windows import PageContext, texts

USUAL = {action.id: action.key for action in ACTIONS}
WINDOW = frozenset({"F1", "Control-k", "Control-l", "Alt-1"})


def test_the_usual_keys_are_free_of_conflicts() -> None:
    assert len(set(USUAL.values())) == len(USUAL)
    for action in ACTIONS:
        check_key(action.id, action.key, keys=USUAL, taken=WINDOW)


@pytest.mark.parametrize(
    "key",
    [
        "a",
        "8",
        "好",
        " ",
        "Return",
        "Escape",
        "Tab",
        "BackSpace",
        "F1",
        "Up",
        "Control-c",
        "Control-k",
        "Alt-1",
        "F5",
    ],
)
def test_a_key_that_is_needed_otherwise_is_refused(key: str) -> None:
    with pytest.raises(InputError):
        check_key("settle", key, keys=USUAL, taken=WINDOW)


@pytest.mark.parametrize("key", ["Insert", "Control-F2", "Control-b", "Alt-q", "#", "；"])
def test_a_free_key_is_taken(key: str) -> None:
    check_key("settle", key, keys=USUAL, taken=WINDOW)
    assert changed_keys({**USUAL, "settle": key}) == {"settle": key}


def test_only_what_differs_is_kept(shop: OpenedShop) -> None:
    save_till_keys(shop.actor, keys=changed_keys({**USUAL, "settle": "Insert"}))
    assert till_keys() == {"settle": "Insert"}
    assert keys_now() == {**USUAL, "settle": "Insert"}
    assert key_word("settle") == "Insert"
    assert ("Insert", "结账") in help_keys()
    with pytest.raises(InputError):
        save_till_keys(shop.actor, keys={"settle": "Insert", "hold": "Insert"})


def test_a_key_the_shop_has_chosen_stays_its_own_when_another_action_comes_to_want_it(
    shop: OpenedShop,
) -> None:
    save_till_keys(shop.actor, keys={"remove": "Control-g"})
    now = keys_now()
    assert (now["remove"], now["browse"]) == ("Control-g", "")
    assert key_word("browse") == ""
    assert "选商品" not in " ".join(words for _, words in help_keys())
    assert changed_keys(now) == {"remove": "Control-g"}


def pressed(keysym: str, char: str = "", state: int = 0) -> Any:
    return SimpleNamespace(keysym=keysym, char=char, state=state, widget=None)


@pytest.fixture
def dialog(root: ttk.App, context: PageContext) -> Iterator[CounterKeysDialog]:
    made = CounterKeysDialog(root, context, taken=WINDOW)
    yield made
    if made.winfo_exists():
        made.close()


def choose(dialog: CounterKeysDialog, action: str) -> None:
    dialog.tree.focus(action)
    dialog.tree.selection_set(action)
    dialog.wait()


def test_the_new_key_is_the_one_pressed_next(dialog: CounterKeysDialog, context: PageContext) -> None:
    choose(dialog, "settle")
    dialog.take(context.keys.name_of(pressed("Insert")))
    assert dialog.tree.item("settle", "values")[1] == "Insert"
    dialog.save()
    assert till_keys() == {"settle": "Insert"}
    assert not dialog.winfo_exists()


def test_a_conflict_is_told_and_waits_on(dialog: CounterKeysDialog, context: PageContext) -> None:
    choose(dialog, "settle")
    dialog.take(context.keys.name_of(pressed("F6")))
    assert any("已经是“挂单”" in text for text in texts(dialog))
    dialog.take(context.keys.name_of(pressed("k", "\x0b", 4)))
    assert any("整个窗口" in text for text in texts(dialog))
    dialog.take("Escape")
    assert dialog.waiting is None
    assert dialog.winfo_exists()


def test_a_letter_of_an_input_method_is_no_function_key(
    dialog: CounterKeysDialog, context: PageContext
) -> None:
    choose(dialog, "settle")
    dialog.take(context.keys.name_of(pressed("F3", "r")))
    assert any("用来输入商品" in text for text in texts(dialog))


def test_all_usual_keys_again(dialog: CounterKeysDialog, context: PageContext, shop: OpenedShop) -> None:
    save_till_keys(shop.actor, keys={"settle": "Insert"})
    dialog.reset()
    dialog.save()
    assert till_keys() == {}


# ------------------------------------------------------------------ at the counter
@pytest.fixture
def changed(clerk: Clerk, shop: OpenedShop) -> Clerk:
    """A clerk with a bottle of cola on the counter, after two keys were changed under his hands."""
    clerk.scan(COLA)
    save_till_keys(shop.actor, keys={"remove": "Insert", "more": "#", "price_check": "Delete"})
    clerk.page.reload()
    clerk.page.focus()
    clerk.root.update()
    return clerk


def test_buttons_hints_and_help_show_the_changed_keys(changed: Clerk) -> None:
    shown = texts(changed.page.widget)
    assert "查价 Delete" in shown
    assert "删除 Insert" in shown
    assert "查价 F3" not in shown
    assert ("#", "多一件") in help_keys()


def test_the_page_keeps_its_parts_in_proportion(clerk: Clerk, shop: OpenedShop) -> None:
    before = clerk.page.side.winfo_width()
    save_till_keys(shop.actor, keys={"remove": "Insert"})
    clerk.page.reload()
    clerk.root.update()
    assert clerk.page.side.winfo_width() == before


def test_a_changed_key_works_and_the_bill_stays(changed: Clerk) -> None:
    (line,) = changed.page.till.cart.lines
    assert line.qty_milli == 1_000
    changed.root.nametowidget(changed.root.tk.eval("focus")).event_generate("<numbersign>")
    changed.root.update()
    assert changed.page.till.cart.lines[0].qty_milli == 2_000
    changed.type("+")
    assert changed.page.till.cart.lines[0].qty_milli == 2_000, "the usual key means nothing any more"
    changed.page.scan.clear()
    changed.key("Insert")
    assert not changed.page.till.cart.lines


def test_a_letter_that_comes_as_a_changed_key_runs_no_command(
    changed: Clerk, context: PageContext, shop: OpenedShop
) -> None:
    save_till_keys(shop.actor, keys={"remove": "F3", "price_check": "Insert"})
    changed.page.reload()
    event = pressed("F3", "r")
    event.widget, event.time = changed.page.scan.entry, 0
    assert isinstance(context.keys, KeyDispatcher)
    assert context.keys.command(event) is None
    assert changed.page.till.cart.lines


def test_the_usual_keys_come_back(changed: Clerk, shop: OpenedShop) -> None:
    save_till_keys(shop.actor, keys={})
    changed.page.reload()
    changed.page.focus()
    changed.root.update()
    assert "查价 F3" in texts(changed.page.widget)
    changed.key("Delete")
    assert not changed.page.till.cart.lines
