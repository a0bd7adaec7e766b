"""What is missing or odd among goods and customers is found, and only by who may see it."""

from meiping.domains.access.service import save_role
from meiping.domains.catalog.queries import ProductFilter
from meiping.domains.catalog.service import deactivate_products, save_category
from meiping.domains.desk.checkup import data_faults
from meiping.domains.renewals.service import renew_services
from meiping.domains.sales.amount_lines import amount_only_line
from meiping.domains.settings.service import save_options
from meiping.domains.stock.queries import product_list
from meiping.kernel.actor import Actor, Scope
from meiping.store.database import db
from tests.domains.renewals.serving import add_machine, terms
from tests.factories import add_customer, add_product, sell
from tests.shop import OpenedShop


def found(actor: Actor) -> dict[str, int]:
    return {fault.key: fault.count for fault in data_faults(actor)}


def test_an_empty_shop_is_in_good_order(shop: OpenedShop) -> None:
    assert set(found(shop.actor).values()) == {0}


def test_everything_odd_is_found(shop: OpenedShop) -> None:
    save_options(shop.actor, values={"stock.below_zero": "allow"})
    food = save_category(shop.actor, name="食品")
    good = add_product(shop, stock=9, category_id=food, cost_fen=300)
    free = add_product(shop, list_price_fen=0, category_id=food)
    dear = add_product(shop, stock=5, cost_fen=1_001, category_id=food)
    bought = add_product(shop, purchase_price_fen=1_200, category_id=food)
    loose = add_product(shop)
    labels = [
        add_product(shop, barcodes="012345678905", category_id=food),
        add_product(shop, category_id=food),
    ]
    brought_in = "INSERT INTO product_barcode (barcode, product_id) VALUES ('0012345678905', ?)"
    db.execute_sql(brought_in, (labels[1],))  # the program refuses it; older files may hold it
    oversold = add_product(shop, category_id=food)
    sell(shop, (oversold, 1))
    gone = add_product(shop, list_price_fen=0)
    deactivate_products(shop.actor, product_ids=[gone])
    add_customer(shop, name="没电话", phone="")
    for _ in range(2):
        add_customer(shop, name="同名同姓的人")
    ids = {fault.key: set(fault.ids) for fault in data_faults(shop.actor)}
    assert ids["no_price"] == {free}
    assert ids["under_cost"] == {dear, bought}
    assert ids["no_category"] == {loose}
    assert ids["barcodes"] == set(labels)
    assert ids["below_zero"] == {oversold}
    assert good not in set().union(*ids.values())
    counts = found(shop.actor)
    assert (counts["no_phone"], counts["duplicates"]) == (1, 1)
    listing = product_list(shop.actor, filter=ProductFilter(ids=tuple(ids["under_cost"])))
    assert {row["id"] for row in listing.window(0, 9, None)} == {dear, bought}


def test_the_programs_own_products_are_in_good_order(shop: OpenedShop) -> None:
    amount_only_line(shop.actor, text="12.5")
    machine = add_machine(shop, category_id=save_category(shop.actor, name="设备"))
    sell(shop, (machine, 1), customer_id=add_customer(shop))
    renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]])
    assert set(found(shop.actor).values()) == {0}


def test_only_what_one_may_see_is_looked_at(shop: OpenedShop) -> None:
    rights = ["reports.view", "products.view"]
    save_role(shop.actor, role_id=None, name="看商品报表", scope=Scope.COMPANY, permissions=rights)
    assert list(found(shop.as_role("看商品报表"))) == ["no_price", "no_category", "barcodes", "incomplete"]
