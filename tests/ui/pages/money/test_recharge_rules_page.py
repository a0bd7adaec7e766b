"""充值规则 by keyboard: made, changed, put out of use, deleted."""

from meiping.domains.wallet.queries import recharge_rules
from meiping.ui.pages.money.recharge_rules_page import PAGE


def rules(shop) -> list[tuple[str, str]]:
    return [(row["name"], row["state"]) for row in recharge_rules(shop.actor).rows]


def test_a_rule_is_made_changed_and_deleted_by_keys(opened, shop, press, dialog, no_dialog, answer):
    page = opened(PAGE)
    press(page.widget, "<Control-n>")
    form = dialog().form
    form.set_values({"least_fen": 50_000, "bonus_fen": 5_000})
    press(form.editor("name").target, "<Control-s>")
    assert no_dialog()
    assert rules(shop) == [("充 500 送 50", "有效")]
    press(page.list.tree, "<F2>")
    dialog().form.set_values({"bonus_fen": 6_000, "name": "", "each": True})
    dialog().submit()
    assert rules(shop) == [("每充 500 送 60", "有效")]
    page.toggle(page.list.current_row())
    assert rules(shop) == [("每充 500 送 60", "停用")]
    answer("删除")
    press(page.list.tree, "<Delete>")
    assert rules(shop) == []
