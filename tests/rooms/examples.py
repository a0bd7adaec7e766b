"""One good call of every verb and every query, against a shop in which there is one of everything.

A new verb or query gets its line here; without one the test of permissions fails.
"""

import importlib
import os
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import meiping.domains
from meiping.adapters.sheets import read_pasted
from meiping.domains.access import service as access
from meiping.domains.access.passwords import make_hash
from meiping.domains.access.queries import actor_for
from meiping.domains.catalog import service as catalog
from meiping.domains.catalog.price_rules import save_price_rule
from meiping.domains.catalog.prices import PriceRuleInput
from meiping.domains.catalog.queries import ProductFilter
from meiping.domains.catalog.rules import ProductInput
from meiping.domains.contacts import recording
from meiping.domains.contacts import service as contacts
from meiping.domains.contacts.rules import ContactInput, RecordInput
from meiping.domains.custom_fields import service as custom_fields
from meiping.domains.custom_fields.rules import CustomFieldInput, FieldKind
from meiping.domains.customers import searches
from meiping.domains.customers import service as customers
from meiping.domains.customers.bulk import FieldKept
from meiping.domains.customers.cards import replace_card
from meiping.domains.customers.conditions import Condition, Operator
from meiping.domains.customers.ownership import OwnerKept, transfer_customers
from meiping.domains.customers.queries import customer_detail
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.sharing import SharesKept, share_customers
from meiping.domains.deals import service as deals
from meiping.domains.deals.rules import QuoteInput, QuoteLineInput
from meiping.domains.documents import keeping
from meiping.domains.documents import service as documents
from meiping.domains.documents.rules import DocumentInput, NewDocument
from meiping.domains.loyalty.card_queries import cards_of
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import save_card_kind, use_card
from meiping.domains.maintenance import service as maintenance
from meiping.domains.receivables.service import receive
from meiping.domains.reminders import service as reminders
from meiping.domains.reminders.rules import ReminderInput, Repeat
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.rules import Period
from meiping.domains.reports.saved import save_report
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import hold_cart
from meiping.domains.sales.deposits import take_deposit
from meiping.domains.sales.invoice_rules import InvoiceInput
from meiping.domains.sales.invoices import invoice_bills
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.service import checkout
from meiping.domains.sales.spending_pins import set_spending_pin
from meiping.domains.settings.queries import levels, words
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.anonymising import ANONYMISE
from meiping.domains.stewardship.handing_over import HAND_OVER, HandOver, TransferKept
from meiping.domains.stewardship.import_fields import ImportKind
from meiping.domains.stewardship.import_rules import ImportOptions
from meiping.domains.stewardship.import_undo import UNDO_IMPORT
from meiping.domains.stewardship.imports import import_sheet
from meiping.domains.stewardship.merging import merge_customers
from meiping.domains.stock.queries import StockFilter
from meiping.domains.stock.service import StockLine, receive_goods
from meiping.domains.till.drawer import move_cash
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.till.service import begin_shift
from meiping.domains.wallet.recharge_rules import save_rule
from meiping.domains.wallet.rules import RuleInput
from meiping.domains.wallet.service import refund
from meiping.kernel.actor import Actor, AllRights, Scope
from meiping.store.blobs import blob_path
from meiping.store.database import close_database, open_database
from meiping.store.unit_of_work import Query, Verb, all_queries, all_verbs
from tests.factories import add_customer, add_product, cart_of, new_key, recharge, sell
from tests.rooms.case_examples import CASE_EXAMPLES, CASES_FURTHER
from tests.rooms.expense_examples import EXPENSE_EXAMPLES
from tests.rooms.renewal_examples import RENEWAL_EXAMPLES
from tests.rooms.task_examples import TASK_EXAMPLES
from tests.shop import CHEAP, PASSWORD, OpenedShop, SettableClock, found_test_shop, opening_time

CANARY = {"name": "金丝雀", "phone": "13900990099", "address": "落霞路九十九号", "notes": "怕冷的老主顾"}
"""A customer of another operator's: nothing of this may reach who sees own customers only."""
UNIT_COST_FEN = 77_777
"""What a piece of tea costs the shop: may not reach who may not see costs."""
TRIAL_ROLE = "试岗"


@dataclass(frozen=True)
class Furnished:
    """A shop with one of everything, by id, and ``trainee``, whose role is changed from test to test."""

    shop: OpenedShop
    trainee: Actor
    trial_role: int
    colleague: int
    spare_role: int
    canary: int
    in_bin: int
    tea: int
    inactive: int
    unused: int
    category: int
    document: int
    bill: int
    held: str
    reminder: int
    contact: int
    record: int
    backup: Path

    @property
    def admin(self) -> Actor:
        """The administrator."""
        return self.shop.actor

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.shop.folder.root

    def cart(self, *, customer_id: int | None = None, **values: Any) -> Cart:
        """One piece of tea."""
        return cart_of(self.shop, (self.tea, 1), customer_id=customer_id, **values)

    def ordered(self, deposit_fen: int = 0) -> str:
        """The key of a bill that waits for a customer, who has paid so much of it beforehand."""
        cart = self.cart(customer_id=self.canary)
        hold_cart(self.admin, cart=cart)
        if deposit_fen:
            take_deposit(self.admin, key=new_key(), cart_key=cart.key, amount_fen=deposit_fen)
        return cart.key

    def total(self, cart: Cart, tender: str = "cash") -> list[Payment]:
        """All of a cart paid one way."""
        total_fen = price_bill(cart).total_fen
        return [Payment(tender, total_fen)] if total_fen else []

    def lines(self, **values: Any) -> list[StockLine]:
        """A line of goods coming in or going out."""
        return [StockLine(self.tea, 1_000, **values)]

    def part_of_the_bill(self) -> dict[str, Any]:
        """One of the two pieces of tea of the canary's bill."""
        (line,) = bill_detail(self.admin, sale_id=self.bill).lines
        return {"sale_id": self.bill, "quantities": {line.id: 1_000}}

    def price_rule(self) -> int:
        """The id of a rule that takes so much off a bill."""
        return save_price_rule(self.admin, rule=PriceRuleInput("threshold", least_fen=100, off_fen=10))

    def as_it_is(self, **changes: Any) -> dict[str, Any]:
        """The canary with some fields changed."""
        detail = customer_detail(self.admin, customer_id=self.canary)
        return {"customer_id": self.canary, "customer": replace(detail.as_input(), **changes)}

    def remind(self, **changes: Any) -> ReminderInput:
        """A reminder about the canary for tomorrow."""
        tomorrow = self.shop.clock().date() + timedelta(days=1)
        wanted = ReminderInput("回访", tomorrow, time(9), Repeat.DAILY, customer_id=self.canary)
        return replace(wanted, **changes)

    def condition(self) -> Condition:
        """Customers whose name holds a character."""
        return Condition("name", Operator.CONTAINS, ("金",))

    def washing(self) -> int:
        """A service that can be sold as a count card."""
        return add_product(self.shop, stocked=False)

    def count_card(self) -> int:
        """A card of ten washes that the canary has bought."""
        product = self.washing()
        save_card_kind(self.admin, card=CardInput(product, 10))
        sell(self.shop, (product, 1), customer_id=self.canary)
        return int(cards_of(self.admin, customer_id=self.canary).rows[-1]["id"])

    def pinned(self) -> int:
        """The canary with a spending PIN."""
        set_spending_pin(self.admin, customer_id=self.canary, pin_hash=_HASH)
        return self.canary

    def spending(self) -> dict[str, Any]:
        """What the canary spends on a cart where the PIN is asked for."""
        return {"customer_id": self.pinned(), "cart_key": self.cart().key, "amount_fen": 100}

    def replaced_card(self) -> str:
        """The number of a card of the canary's that another took the place of."""
        for number in ("88009901", "88009902"):
            replace_card(self.admin, customer_id=self.canary, card_number=number)
        return "88009901"

    def another(self) -> int:
        """One more customer, who looks like the canary."""
        return add_customer(self.shop, name=CANARY["name"])

    def merged(self) -> int:
        """A merge of such a one into the canary."""
        return merge_customers(self.admin, survivor_id=self.canary, twin_id=self.another())

    def saved_search(self, actor: Actor) -> int:
        """A search that the actor keeps."""
        actor = replace(actor, rights=AllRights())
        return searches.save_search(actor, name="街坊", conditions=[self.condition()])

    def saved_report(self, actor: Actor) -> int:
        """Settings of a report that an operator keeps."""
        actor = replace(actor, rights=AllRights())
        return save_report(actor, report="summary", name="常看", conditions="{}")

    def new_field(self, title: str = "发质") -> CustomFieldInput:
        """A field of the shop's own."""
        return CustomFieldInput(title, FieldKind.CHOICE, ("干", "油"))

    def custom_field(self) -> int:
        """A field of customers that nobody has filled in."""
        return custom_fields.add_field(self.admin, record_kind="customer", field=self.new_field())

    def shared(self) -> SharesKept:
        """The canary shared with the administrator."""
        return share_customers(
            self.admin, customer_ids=[self.canary], operator_id=self.admin.operator_id, until=None
        )

    def transferred(self) -> tuple[OwnerKept, ...]:
        """The canary handed over to the administrator."""
        return transfer_customers(self.admin, customer_ids=[self.canary], owner_id=self.admin.operator_id)

    def paper(self, *, in_bin: bool = False) -> int:
        """A document of the canary's, in the recycle bin if so wanted."""
        kept = keeping.keep_content(self.shop.folder, b"paper", "合同.txt")
        (made,) = documents.add_documents(self.admin, customer_id=self.canary, documents=[kept])
        if in_bin:
            documents.delete_documents(self.admin, document_ids=[made])
        return made

    def binned_contact(self) -> int:
        """A contact of the canary's in the recycle bin, named by nothing."""
        made = contacts.add_contact(self.admin, customer_id=self.canary, contact=ContactInput("金小叔"))
        contacts.delete_contacts(self.admin, contact_ids=[made])
        return made

    def binned_record(self) -> int:
        """A contact record of the canary's in the recycle bin."""
        made = recording.add_record(self.admin, customer_id=self.canary, record=RecordInput("打错了"))
        recording.delete_records(self.admin, record_ids=[made])
        return made

    def quote(self, price_fen: int = 100_000) -> QuoteInput:
        """One piece of tea offered at a price."""
        return QuoteInput((QuoteLineInput(self.tea, 1_000, price_fen),))

    def quoted(self, price_fen: int = 100_000, *, in_bin: bool = False) -> int:
        """A quote for the canary, in the recycle bin if so wanted."""
        key = new_key()
        made = deals.add_quote(self.admin, key=key, customer_id=self.canary, quote=self.quote(price_fen))
        if in_bin:
            deals.delete_quotes(self.admin, quote_ids=[made])
        return made

    def taxed_bill(self) -> int:
        """The bill, in a shop whose prices contain tax."""
        save_options(self.admin, values={"tax.percent": 13})
        return self.bill

    def invoice(self) -> dict[str, Any]:
        """An invoice for it."""
        entered = InvoiceInput("24440001", CANARY["name"], self.admin.today())
        return {"key": new_key(), "sale_ids": [self.taxed_bill()], "invoice": entered}

    def invoiced_bill(self) -> int:
        """The bill once the invoice is made out."""
        invoice_bills(self.admin, **self.invoice())
        return self.bill

    def spare_file(self) -> Path:
        """The data folder, with an old file in it that no row names."""
        kept = keeping.keep_content(self.shop.folder, b"nobody's", "无主.txt")
        os.utime(blob_path(self.shop.folder, kept.hash), (0, 0))
        return self.folder

    def sheet(self) -> dict[str, Any]:
        """A pasted sheet with one customer, as an import takes it."""
        return {
            "kind": ImportKind.CUSTOMERS,
            "sheet": read_pasted("客户\t电话\n外来客\t13812340000\n"),
            "header": 0,
            "mapped": {0: "name", 1: "phone"},
            "options": ImportOptions(),
        }

    def shift(self) -> int:
        """The id of the shift under way; one is opened first if there is none."""
        if open_shift(self.shop.company_id) is None:
            begin_shift(self.admin, key=new_key(), float_fen=20_000)
        now = open_shift(self.shop.company_id)
        assert now is not None
        return now.id

    def movement(self) -> str:
        """The number of a slip of cash put into the drawer."""
        return move_cash(self.admin, key=new_key(), amount_fen=100, reason="备用零钱")

    def restored(self) -> dict[str, Any]:
        """Restore the backup, then the values of a call about it."""
        maintenance.restore(self.admin, folder=self.folder, path=self.backup)
        open_database(self.shop.folder.database)
        return {"folder": self.folder}


def furnish(root: Path) -> Furnished:
    """Found and furnish a shop in ``root`` and leave it closed; ``reopened`` opens a copy of it."""
    folder = found_test_shop(root)
    open_database(folder.database)
    clock = SettableClock(opening_time())
    shop = OpenedShop(folder, clock, actor_for(1, clock=clock))
    colleague = shop.add_operator("同事小周", "店长")
    spare_role = access.save_role(shop.actor, role_id=None, name="空角色", scope=Scope.OWN, permissions=())
    trial_role = access.save_role(shop.actor, role_id=None, name=TRIAL_ROLE, scope=Scope.ALL, permissions=())
    trainee = shop.add_operator("学徒小陈", TRIAL_ROLE)
    canary = add_customer(shop, **CANARY, credit_yuan=10_000, owner_id=colleague.operator_id)
    in_bin = add_customer(shop)
    customers.delete_customers(shop.actor, customer_ids=[in_bin])
    tea = add_product(shop, list_price_fen=100_000, stock=10, cost_fen=UNIT_COST_FEN)
    inactive = add_product(shop)
    catalog.deactivate_products(shop.actor, product_ids=[inactive])
    recharge(shop, canary, 150_000)
    debt = cart_of(shop, (tea, 1), customer_id=canary)
    checkout(shop.actor, cart=debt, payments=[Payment("credit", 100_000)])
    bill = sell(shop, (tea, 2), customer_id=canary).sale_id
    own_money: dict[str, Any] = {"customer_id": canary, "tender": "wechat"}
    refund(shop.actor, key=new_key(), principal_fen=1_000, **own_money)
    receive(shop.actor, key=new_key(), amount_fen=1_000, **own_money)
    held = cart_of(shop, (tea, 1))
    hold_cart(shop.actor, cart=held)
    lines = [StockLine(tea, 1_000, UNIT_COST_FEN)]
    made = Furnished(
        shop=shop,
        trainee=trainee,
        trial_role=trial_role,
        colleague=colleague.operator_id,
        spare_role=spare_role,
        canary=canary,
        in_bin=in_bin,
        tea=tea,
        inactive=inactive,
        unused=add_product(shop),
        category=catalog.save_category(shop.actor, name="空分类"),
        document=receive_goods(shop.actor, key=new_key(), nature="采购入库", lines=lines).id,
        bill=bill,
        held=held.key,
        reminder=0,
        contact=contacts.add_contact(
            shop.actor, customer_id=canary, contact=ContactInput("金小妹", mobile=CANARY["phone"], main=True)
        ),
        record=recording.add_record(
            shop.actor,
            customer_id=canary,
            record=RecordInput(CANARY["notes"], contact_name="金小妹", next_contact_date=shop.actor.today()),
        ),
        backup=Path(),
    )
    made.quoted()
    reminder = reminders.add_reminder(shop.actor, reminder=made.remind())
    backup = maintenance.back_up(shop.actor, folder=folder.root).path
    close_database()
    return replace(made, reminder=reminder, backup=backup)


def reopened(furnished: Furnished, shop: OpenedShop) -> Furnished:
    """The same things in an opened copy of the shop."""
    return replace(
        furnished,
        shop=shop,
        trainee=actor_for(furnished.trainee.operator_id, clock=shop.clock),
        backup=shop.folder.backups / furnished.backup.name,
    )


Operation = Verb[..., Any] | Query[..., Any]
Values = dict[str, Any]
Example = Callable[[Furnished], Values]


def operations() -> dict[str, Operation]:
    """Every verb and query of the program by its name."""
    for module in pkgutil.walk_packages(meiping.domains.__path__, "meiping.domains."):
        importlib.import_module(module.name)
    registered: dict[str, Operation] = {**all_verbs(), **all_queries()}
    return {
        name: operation
        for name, operation in registered.items()
        if operation.body.__module__.startswith("meiping.")
    }


OPEN_VERBS = {
    "access.change_own_password",
    "access.note_attempt",
    "access.set_own_pin",
    "desk.find_everything",
    "desk.what_waits",
    "settings.found_shop",
    "settings.note_wrong_code",
    "settings.use_recovery_code",
    "till.approved_on",
    "till.approvers",
    "till.keep_on_cart",
    "till.note_pin",
}
"""What needs no permission: the wizard, the login, one's own password; the search asks for each kind's own."""

_HASH = make_hash(PASSWORD, cost=CHEAP)

EXAMPLES: dict[str, Example] = {
    # ------------------------------------------------------------------- access
    "access.add_company": lambda f: {"name": "二店"},
    "access.add_operator": lambda f: {
        "name": "新人",
        "password_hash": _HASH,
        "role_ids": [f.spare_role],
        "company_id": f.shop.company_id,
    },
    "access.change_operator": lambda f: {
        "operator_id": f.colleague,
        "name": "同事老周",
        "role_ids": [f.spare_role],
        "company_id": f.shop.company_id,
        "active": True,
    },
    "access.save_role": lambda f: {
        "role_id": f.spare_role,
        "name": "盘点员",
        "scope": Scope.OWN,
        "permissions": ["stock.view"],
    },
    "access.delete_role": lambda f: {"role_id": f.spare_role, "confirmed": frozenset({"delete_role"})},
    "access.operators": lambda f: {},
    "access.roles": lambda f: {},
    # -------------------------------------------------------------------- audit
    "audit.operations": lambda f: {},
    "audit.record_export": lambda f: {"what": "客户", "rows": 3},
    # ------------------------------------------------------------------ catalog
    "catalog.activate_products": lambda f: {"product_ids": [f.inactive]},
    "catalog.add_product": lambda f: {"product": ProductInput("绿茶", 500)},
    "catalog.item_on_label": lambda f: {"code": "2100123015009"},
    "catalog.by_label": lambda f: {"code": "2100123015009"},
    "catalog.level_prices": lambda f: {"product_id": f.tea},
    "catalog.price_rules": lambda f: {},
    "catalog.save_price_rule": lambda f: {"rule": PriceRuleInput("threshold", least_fen=100, off_fen=10)},
    "catalog.delete_price_rule": lambda f: {"rule_id": f.price_rule()},
    "catalog.by_code": lambda f: {"code": "P00001"},
    "catalog.change_product": lambda f: {"product_id": f.tea, "product": ProductInput("红茶", 100_000)},
    "catalog.deactivate_products": lambda f: {"product_ids": [f.tea]},
    "catalog.delete_category": lambda f: {"category_id": f.category},
    "catalog.delete_products": lambda f: {"product_ids": [f.unused]},
    "catalog.find_products": lambda f: {"text": "商品"},
    "catalog.hits_by_id": lambda f: {"product_ids": [f.tea]},
    "catalog.product_changes": lambda f: {"product_id": f.tea},
    "catalog.product_detail": lambda f: {"product_id": f.tea},
    "catalog.product_list": lambda f: {"filter": ProductFilter()},
    "catalog.quick_add_product": lambda f: {"name": "冰糖", "list_price_fen": 300},
    "catalog.save_category": lambda f: {"name": "饮料"},
    # ----------------------------------------------------------------- contacts
    "contacts.add_contact": lambda f: {"customer_id": f.canary, "contact": ContactInput("金小弟")},
    "contacts.add_record": lambda f: {"customer_id": f.canary, "record": RecordInput("送了样品")},
    "contacts.change_contact": lambda f: {"contact_id": f.contact, "contact": ContactInput("金小姐")},
    "contacts.change_record": lambda f: {"record_id": f.record, "record": RecordInput("怕热的老主顾")},
    "contacts.contact_detail": lambda f: {"contact_id": f.contact},
    "contacts.contact_list": lambda f: {},
    "contacts.contact_names": lambda f: {"customer_id": f.canary},
    "contacts.contacts_of": lambda f: {"customer_id": f.canary},
    "contacts.delete_contacts": lambda f: {"contact_ids": [f.contact]},
    "contacts.delete_records": lambda f: {"record_ids": [f.record]},
    "contacts.find_contacts": lambda f: {"text": CANARY["phone"]},
    "contacts.plan_visits": lambda f: {"plans": {f.canary: None}},
    "contacts.record_detail": lambda f: {"record_id": f.record},
    "contacts.record_list": lambda f: {},
    "contacts.records_of": lambda f: {"customer_id": f.canary},
    "contacts.restore_contacts": lambda f: {"contact_ids": [f.contact]},
    "contacts.restore_records": lambda f: {"record_ids": [f.record]},
    "contacts.set_main_contact": lambda f: {"contact_id": f.contact},
    "contacts.visit_counts": lambda f: {},
    "contacts.visits": lambda f: {},
    # ---------------------------------------------------------------- customers
    "customers.add_customer": lambda f: {"customer": CustomerInput(name="新客")},
    "customers.change_customer": lambda f: f.as_it_is(keyword="老街坊"),
    "customers.counts_by_status": lambda f: {},
    "customers.customer_changes": lambda f: {"customer_id": f.canary},
    "customers.customer_columns": lambda f: {},
    "customers.customer_composition": lambda f: {"by": "level"},
    "customers.customer_counts": lambda f: {},
    "customers.customer_detail": lambda f: {"customer_id": f.canary},
    "customers.customer_hit": lambda f: {"customer_id": f.canary},
    "customers.customer_list": lambda f: {},
    "customers.change_field": lambda f: {
        "customer_ids": [f.canary],
        "field": "province",
        "value": "浙江",
    },
    "customers.take_back_change": lambda f: {"kept": FieldKept("province", "浙江", ((f.canary, "江苏"),))},
    "customers.field_now": lambda f: {"customer_ids": [f.canary], "field": "status_id"},
    "customers.delete_customers": lambda f: {"customer_ids": [f.canary]},
    "customers.find_customers": lambda f: {"text": CANARY["phone"]},
    "customers.find_duplicates": lambda f: {},
    "customers.likely_twins": lambda f: {"name": CANARY["name"], "phone": CANARY["phone"]},
    "customers.quick_add_customer": lambda f: {"text": "13800138000"},
    "customers.restore_customers": lambda f: {"customer_ids": [f.in_bin]},
    "customers.claim_customers": lambda f: {"customer_ids": [add_customer(f.shop)]},
    "customers.close_run_out_shares": lambda f: {},
    "customers.decide_claims": lambda f: {"claim_ids": [], "granted": True},
    "customers.end_shares": lambda f: {"share_ids": f.shared().made},
    "customers.pending_claims": lambda f: {},
    "customers.pool_list": lambda f: {},
    "customers.return_idle_customers": lambda f: {},
    "customers.share_customers": lambda f: {
        "customer_ids": [f.canary],
        "operator_id": f.admin.operator_id,
    },
    "customers.share_list": lambda f: {},
    "customers.shares_of": lambda f: {"customer_id": f.canary},
    "customers.take_back_shares": lambda f: {"kept": f.shared()},
    "customers.take_back_transfer": lambda f: {"kept": f.transferred()},
    "customers.transfer_customers": lambda f: {
        "customer_ids": [f.canary],
        "owner_id": f.admin.operator_id,
    },
    "customers.withdraw_claims": lambda f: {"customer_ids": [f.canary]},
    "customers.delete_search": lambda f: {"search_id": f.saved_search(f.trainee)},
    "customers.describe_conditions": lambda f: {"conditions": [f.condition()]},
    "customers.rename_search": lambda f: {"search_id": f.saved_search(f.trainee), "name": "老街坊"},
    "customers.save_search": lambda f: {"name": "街坊", "conditions": [f.condition()]},
    "customers.saved_searches": lambda f: {},
    "customers.side_counts": lambda f: {},
    "customers.search_choices": lambda f: {"field": "owner"},
    "customers.search_fields": lambda f: {},
    # ------------------------------------------------------------ custom fields
    "custom_fields.activate_field": lambda f: {"field_id": f.custom_field(), "active": False},
    "custom_fields.add_field": lambda f: {"record_kind": "customer", "field": f.new_field()},
    "custom_fields.arrange_fields": lambda f: {"record_kind": "customer", "ids": [f.custom_field()]},
    "custom_fields.change_field": lambda f: {
        "field_id": f.custom_field(),
        "field": f.new_field(title="肤质"),
    },
    "custom_fields.delete_field": lambda f: {"field_id": f.custom_field()},
    "custom_fields.field_uses": lambda f: {"record_kind": "customer"},
    # -------------------------------------------------------------------- deals
    "deals.add_quote": lambda f: {"key": new_key(), "customer_id": f.canary, "quote": f.quote()},
    "deals.change_quote": lambda f: {"quote_id": f.quoted(), "quote": f.quote(101_000)},
    "deals.delete_quotes": lambda f: {"quote_ids": [f.quoted()]},
    "deals.find_quotes": lambda f: {"text": f"BJ-{f.admin.today():%Y%m%d}-0001"},
    "deals.give_up_quotes": lambda f: {"quote_ids": [f.quoted()]},
    "deals.last_quoted_fen": lambda f: {"customer_id": f.canary, "product_id": f.tea},
    "deals.price_hints": lambda f: {"customer_id": f.canary, "product_ids": [f.tea]},
    "deals.quote_detail": lambda f: {"quote_id": f.quoted()},
    "deals.quote_list": lambda f: {},
    "deals.quotes_of": lambda f: {"customer_id": f.canary},
    "deals.restore_quotes": lambda f: {"quote_ids": [f.quoted(in_bin=True)]},
    "deals.turn_into_bill": lambda f: {"quote_id": f.quoted()},
    # ---------------------------------------------------------------- documents
    "documents.add_documents": lambda f: {
        "customer_id": f.canary,
        "documents": [NewDocument("执照.txt", "a" * 64, 1)],
    },
    "documents.change_document": lambda f: {
        "document_id": f.paper(),
        "document": DocumentInput("新合同.txt"),
    },
    "documents.delete_documents": lambda f: {"document_ids": [f.paper()]},
    "documents.document_detail": lambda f: {"document_id": f.paper()},
    "documents.document_list": lambda f: {},
    "documents.documents_of": lambda f: {"customer_id": f.canary},
    "documents.find_documents": lambda f: {"text": "合同"},
    "documents.hand_out_documents": lambda f: {"document_ids": [f.paper()]},
    "documents.purge_documents": lambda f: {
        "document_ids": [f.paper(in_bin=True)],
        "confirmed": frozenset({"purge"}),
    },
    "documents.replace_document": lambda f: {
        "document_id": f.paper(),
        "document": NewDocument("新.txt", "b" * 64, 2),
    },
    "documents.restore_documents": lambda f: {"document_ids": [f.paper(in_bin=True)]},
    "documents.set_photo": lambda f: {"customer_id": f.canary, "photo_hash": "c" * 64},
    # ------------------------------------------------------------------- ledger
    "ledger.customer_balances": lambda f: {"customer_id": f.canary},
    "ledger.statement": lambda f: {"customer_id": f.canary},
    # -------------------------------------------------------------- maintenance
    "maintenance.back_up": lambda f: {"folder": f.folder},
    "maintenance.backups": lambda f: {"folder": f.folder},
    "maintenance.check": lambda f: {"folder": f.folder},
    "maintenance.clear_unnamed_files": lambda f: {
        "folder": f.spare_file(),
        "confirmed": frozenset({"clear_files"}),
    },
    "maintenance.confirm_restore": lambda f: f.restored(),
    "maintenance.delete_backups": lambda f: {
        "folder": f.folder,
        "names": [f.backup.name],
        "confirmed": frozenset({"delete_backups"}),
    },
    "maintenance.delete_old_data": lambda f: f.restored() | {"confirmed": frozenset({"delete_old_data"})},
    "maintenance.preview_restore": lambda f: {"path": f.backup},
    "maintenance.rebuild_sums": lambda f: {
        "keys": ["sales_days"],
        "confirmed": frozenset({"rebuild_sums"}),
    },
    "maintenance.restore": lambda f: {"folder": f.folder, "path": f.backup},
    "maintenance.restored_state": lambda f: {"folder": f.folder},
    "maintenance.undo_restore": lambda f: f.restored(),
    "maintenance.verify_backup": lambda f: {"folder": f.folder, "path": f.backup},
    # ------------------------------------------------------ receivables, wallet
    "receivables.receive": lambda f: {"key": new_key(), "customer_id": f.canary, "amount_fen": 100},
    "receivables.write_off": lambda f: {
        "key": new_key(),
        "customer_id": f.canary,
        "amount_fen": 100,
        "reason": "收不回来",
    },
    "receivables.open_items": lambda f: {"customer_id": f.canary},
    "receivables.debtors": lambda f: {},
    **CASE_EXAMPLES,
    **EXPENSE_EXAMPLES,
    **TASK_EXAMPLES,
    **RENEWAL_EXAMPLES,
    "receivables.make_dunning_letters": lambda f: {"customer_ids": [f.canary]},
    "receivables.customer_statement": lambda f: {
        "customer_id": f.canary,
        "first_date": f.admin.today() - timedelta(days=30),
        "last_date": f.admin.today(),
    },
    "wallet.recharge": lambda f: {"key": new_key(), "customer_id": f.canary, "principal_fen": 100},
    "loyalty.adjust_points": lambda f: {
        "key": new_key(),
        "customer_id": f.canary,
        "points": 10,
        "reason": "开业活动",
    },
    "customers.freeze_card": lambda f: {"customer_id": f.canary},
    "customers.unfreeze_card": lambda f: {"customer_id": f.canary},
    "customers.replace_card": lambda f: {"customer_id": f.canary, "card_number": "88009900"},
    "customers.replaced_card": lambda f: {"card_number": f.replaced_card()},
    "customers.has_spending_pin": lambda f: {"customer_id": f.pinned()},
    "sales.set_spending_pin": lambda f: {"customer_id": f.canary, "pin_hash": _HASH},
    "sales.clear_spending_pin": lambda f: {"customer_id": f.pinned()},
    "customers.level_of": lambda f: {"customer_id": f.canary},
    "loyalty.save_card_kind": lambda f: {"card": CardInput(f.washing(), 10)},
    "loyalty.card_kinds": lambda f: {},
    "loyalty.card_use_slip": lambda f: {
        "number": use_card(f.admin, key=new_key(), card_id=f.count_card()).number
    },
    "loyalty.cards_of": lambda f: {"customer_id": f.canary},
    "loyalty.card_covering": lambda f: {"customer_id": f.canary, "product_id": f.washing()},
    "loyalty.expire_cards": lambda f: {},
    "loyalty.undo_use": lambda f: {"use_id": use_card(f.admin, key=new_key(), card_id=f.count_card()).use_id},
    "loyalty.use_card": lambda f: {"key": new_key(), "card_id": f.count_card()},
    "loyalty.uses_of": lambda f: {"card_id": f.count_card()},
    "loyalty.customer_points": lambda f: {"customer_id": f.canary},
    "loyalty.expire_due_points": lambda f: {},
    "loyalty.point_moves": lambda f: {"customer_id": f.canary},
    "wallet.recharge_offer": lambda f: {"customer_id": f.canary, "principal_fen": 50_000},
    "wallet.recharge_rules": lambda f: {},
    "wallet.save_rule": lambda f: {"rule": RuleInput("", 50_000, 5_000)},
    "wallet.delete_rule": lambda f: {"rule_id": save_rule(f.admin, rule=RuleInput("", 50_000, 5_000))},
    "wallet.recharge_slip": lambda f: {"number": "CZ-20260316-0001"},
    "wallet.refund_slip": lambda f: {"number": "TK-20260316-0001"},
    "receivables.payment_slip": lambda f: {"number": "SK-20260316-0001"},
    "wallet.refund": lambda f: {"key": new_key(), "customer_id": f.canary, "principal_fen": 100},
    # --------------------------------------------------------------------- till
    "till.begin_shift": lambda f: {"key": new_key(), "float_fen": 20_000},
    "till.count_shift": lambda f: {"shift_id": f.shift(), "counted": {"cash": 20_000}},
    "sales.close_shift": lambda f: {
        "shift_id": f.shift(),
        "counted": {"cash": 20_000},
        "confirmed": frozenset({"unfinished_bills"}),
    },
    "sales.shift_report": lambda f: {"shift_id": f.shift()},
    "sales.shift_slip": lambda f: {"number": f.shift() and "JB-20260316-0001"},
    "till.shift_id_of": lambda f: {"number": f.shift() and "JB-20260316-0001"},
    "till.float_offer": lambda f: {},
    "till.shifts": lambda f: {},
    "till.move_cash": lambda f: {"key": new_key(), "amount_fen": 100, "reason": "备用零钱"},
    "till.cash_movements": lambda f: {},
    "till.movement_slip": lambda f: {"number": f.movement()},
    "till.open_drawer": lambda f: {"reason": "换零钱"},
    # ---------------------------------------------------------------- reminders
    "reminders.add_reminder": lambda f: {"reminder": f.remind()},
    "reminders.coming_birthdays": lambda f: {},
    "reminders.remind_of_many": lambda f: {
        "customer_ids": [f.canary],
        "reminder": f.remind(),
        "confirmed": frozenset({"remind_many"}),
    },
    "reminders.change_reminder": lambda f: {"reminder_id": f.reminder, "reminder": f.remind(subject="生日")},
    "reminders.automatic_outdated": lambda f: {},
    "reminders.renew_automatic": lambda f: {},
    "reminders.customer_facts": lambda f: {"customer_ids": [f.canary]},
    "reminders.claim_notified": lambda f: {"reminder_ids": [f.reminder]},
    "reminders.delete_reminders": lambda f: {"reminder_ids": [f.reminder]},
    "reminders.due": lambda f: {},
    "reminders.mark_done": lambda f: {"reminder_ids": [f.reminder]},
    "reminders.next_due_at": lambda f: {},
    "reminders.reminder_detail": lambda f: {"reminder_id": f.reminder},
    "reminders.reminder_list": lambda f: {},
    "reminders.reminders_of": lambda f: {"customer_id": f.canary},
    "reminders.snooze": lambda f: {"reminder_ids": [f.reminder], "minutes": 10},
    "reminders.take_back": lambda f: {
        "kept": reminders.delete_reminders(f.admin, reminder_ids=[f.reminder]),
    },
    # ------------------------------------------------------------------ reports
    "desk.best_goods": lambda f: {},
    "desk.busy_hours": lambda f: {},
    "desk.data_faults": lambda f: {},
    "desk.day_figures": lambda f: {},
    "desk.slow_goods": lambda f: {},
    "reports.contribution": lambda f: {"period": Period()},
    "reports.dealings": lambda f: {},
    "reports.customers_by": lambda f: {"by": "level"},
    "reports.segments": lambda f: {},
    "reports.segment_members": lambda f: {"segment": "never"},
    "reports.slipping_away": lambda f: {},
    "reports.saved_reports": lambda f: {"report": "summary"},
    "reports.save_report": lambda f: {"report": "summary", "name": "本月", "conditions": "{}"},
    "reports.rename_report": lambda f: {
        "report": "summary",
        "search_id": f.saved_report(f.trainee),
        "name": "上月",
    },
    "reports.delete_report": lambda f: {"report": "summary", "search_id": f.saved_report(f.trainee)},
    "reports.ageing_columns": lambda f: {},
    "reports.ageing_report": lambda f: {"asked": ReportAsked()},
    "reports.bill_columns": lambda f: {},
    "reports.bill_report": lambda f: {"asked": ReportAsked()},
    "reports.customer_columns": lambda f: {},
    "reports.customer_report": lambda f: {"asked": ReportAsked()},
    "reports.people_columns": lambda f: {},
    "reports.people_report": lambda f: {"asked": ReportAsked()},
    "reports.product_columns": lambda f: {},
    "reports.product_report": lambda f: {"asked": ReportAsked()},
    "reports.stock_flow_columns": lambda f: {},
    "reports.stock_flow_report": lambda f: {"asked": ReportAsked()},
    "reports.stored_columns": lambda f: {},
    "reports.stored_report": lambda f: {"asked": ReportAsked(values={"by": "customer"})},
    "reports.tender_columns": lambda f: {},
    "reports.tender_report": lambda f: {"asked": ReportAsked()},
    "reports.customer_called": lambda f: {"customer_id": f.canary},
    "reports.person_called": lambda f: {"operator_id": f.colleague},
    "reports.watch_columns": lambda f: {},
    "reports.watch_report": lambda f: {"asked": ReportAsked(Period())},
    "sales.change_tender": lambda f: {
        "key": new_key(),
        "sale_id": f.bill,
        "from_tender": "cash",
        "to_tender": "wechat",
        "amount_fen": 100,
    },
    "sales.invoice_draft": lambda f: {"sale_ids": [f.taxed_bill()]},
    "sales.invoice_bills": lambda f: f.invoice(),
    "sales.standing_invoice": lambda f: {"sale_id": f.invoiced_bill()},
    "sales.cancel_invoice": lambda f: {"sale_id": f.invoiced_bill(), "reason": "抬头写错"},
    "sales.tenders_to_change": lambda f: {"sale_id": f.bill},
    "till.till_events": lambda f: {},
    "reports.product_called": lambda f: {"product_id": f.tea},
    "reports.targets_of": lambda f: {"month": "2026-03"},
    "reports.save_targets": lambda f: {"month": "2026-03", "amounts": {f.colleague: 5_000_00}},
    "reports.sales_by_day": lambda f: {"first": f.admin.today(), "last": f.admin.today()},
    "reports.summary": lambda f: {"period": Period()},
    "reports.summary_columns": lambda f: {},
    # -------------------------------------------------------------- stewardship
    "stewardship.timeline": lambda f: {"customer_id": f.canary},
    "stewardship.merge_customers": lambda f: {"survivor_id": f.canary, "twin_id": f.another()},
    "stewardship.merge_list": lambda f: {},
    "stewardship.merge_preview": lambda f: {"survivor_id": f.canary, "twin_id": f.another()},
    "stewardship.undo_merge": lambda f: {"merge_id": f.merged()},
    "stewardship.anonymise_customer": lambda f: {
        "customer_id": f.canary,
        "confirmed": frozenset({ANONYMISE}),
    },
    "stewardship.mark_distinct": lambda f: {"customer_ids": [f.canary, f.another()]},
    "stewardship.purge_contacts": lambda f: {
        "contact_ids": [f.binned_contact()],
        "confirmed": frozenset({"purge"}),
    },
    "stewardship.purge_customers": lambda f: {
        "customer_ids": [f.in_bin],
        "confirmed": frozenset({"purge"}),
    },
    "stewardship.purge_quotes": lambda f: {
        "quote_ids": [f.quoted(in_bin=True)],
        "confirmed": frozenset({"purge"}),
    },
    "stewardship.purge_records": lambda f: {
        "record_ids": [f.binned_record()],
        "confirmed": frozenset({"purge"}),
    },
    # ------------------------------------------------------------ coming in, going out
    "stewardship.customer_export": lambda f: {},
    "stewardship.import_batches": lambda f: {},
    "stewardship.import_sheet": lambda f: f.sheet(),
    "stewardship.preview_import": lambda f: f.sheet(),
    "stewardship.undo_import": lambda f: {
        "batch_id": import_sheet(f.admin, **f.sheet()).batch_id,
        "confirmed": frozenset({UNDO_IMPORT}),
    },
    "stewardship.understand": lambda f: {"kind": ImportKind.CUSTOMERS, "sheet": f.sheet()["sheet"]},
    # -------------------------------------------------------------------- sales
    "sales.bill_by_number": lambda f: {"number": bill_detail(f.admin, sale_id=f.bill).number},
    "sales.bill_detail": lambda f: {"sale_id": f.bill},
    "sales.bills": lambda f: {},
    "sales.bills_of": lambda f: {"customer_id": f.canary},
    "sales.last_purchase": lambda f: {"customer_id": f.canary},
    "sales.cart_left_by": lambda f: {},
    "sales.amount_only_line": lambda f: {"text": "12.5 手工皂"},
    "sales.as_priced_today": lambda f: {"cart": f.cart(customer_id=f.canary)},
    "sales.checkout": lambda f: {"cart": (cart := f.cart()), "payments": f.total(cart)},
    "sales.note_spending_pin": lambda f: {**f.spending(), "right": True},
    "sales.spending_pin_wanted": lambda f: f.spending(),
    "sales.waive_spending_pin": lambda f: f.spending(),
    "sales.customer_at_till": lambda f: {"customer_id": f.canary},
    "sales.drop_cart": lambda f: {"key": f.held},
    "sales.deposit_of_cart": lambda f: {"cart_key": f.held},
    "sales.take_deposit": lambda f: {"key": new_key(), "cart_key": f.ordered(), "amount_fen": 500},
    "sales.give_deposit_back": lambda f: {"key": new_key(), "cart_key": f.ordered(500), "amount_fen": 200},
    "sales.deposit_slip": lambda f: {"number": f.ordered(500) and "DJ-20260316-0001"},
    "sales.find_bills": lambda f: {"text": bill_detail(f.admin, sale_id=f.bill).number},
    "sales.held_carts": lambda f: {},
    "sales.hold_cart": lambda f: {"cart": f.cart()},
    "sales.last_bill_id": lambda f: {},
    "sales.last_price_fen": lambda f: {"customer_id": f.canary, "product_id": f.tea},
    "sales.open_cart": lambda f: {},
    "sales.recall_cart": lambda f: {"key": f.held},
    "sales.refund_of": lambda f: f.part_of_the_bill(),
    "sales.lines_taken_back": lambda f: f.part_of_the_bill(),
    "sales.refund_of_cart": lambda f: {"cart": f.cart()},
    "sales.return_goods": lambda f: {"key": new_key(), **f.part_of_the_bill()},
    "sales.refund_of_card": lambda f: {"card_id": f.count_card()},
    "sales.return_card": lambda f: {"key": new_key(), "card_id": f.count_card()},
    "sales.save_cart": lambda f: {"cart": f.cart()},
    "sales.keep_payment": lambda f: {"cart_key": f.cart().key, "kept": None},
    "sales.kept_payment": lambda f: {"cart_key": f.cart().key},
    # ----------------------------------------------------------------- settings
    "settings.arrange_levels": lambda f: {"ids": [level.id for level in levels()][::-1]},
    "settings.arrange_words": lambda f: {
        "kind": "industry",
        "ids": [word.id for word in words("industry")][::-1],
    },
    "settings.save_level": lambda f: {"name": "黑卡", "discount_bp": 8_000},
    "settings.save_options": lambda f: {"values": {"shop.phone": "65778899"}},
    "settings.save_till_keys": lambda f: {"keys": {"settle": "F10"}},
    "settings.save_word": lambda f: {"kind": "industry", "name": "茶业"},
    # -------------------------------------------------------------- stewardship
    "stewardship.hand_over": lambda f: {
        "operator_id": f.colleague,
        "plan": HandOver(f.admin.operator_id, f.admin.operator_id),
        "confirmed": frozenset({HAND_OVER}),
    },
    "stewardship.hand_over_preview": lambda f: {"operator_id": f.colleague},
    "stewardship.take_back": lambda f: {"kept": TransferKept(f.transferred())},
    "stewardship.transfer": lambda f: {"customer_ids": [f.canary], "owner_id": f.admin.operator_id},
    # -------------------------------------------------------------------- stock
    "stock.by_code": lambda f: {"code": "P00001"},
    "stock.document_detail": lambda f: {"document_id": f.document},
    "stock.documents": lambda f: {},
    "stock.find_products": lambda f: {"text": "商品"},
    "stock.hits_by_id": lambda f: {"product_ids": [f.tea]},
    "stock.issue_goods": lambda f: {"key": new_key(), "nature": "报损", "lines": f.lines()},
    "stock.last_costs": lambda f: {"product_ids": [f.tea]},
    "stock.low_stock": lambda f: {},
    "stock.movements": lambda f: {"product_id": f.tea},
    "stock.product_list": lambda f: {"filter": ProductFilter()},
    "stock.receive_goods": lambda f: {
        "key": new_key(),
        "nature": "采购入库",
        "lines": f.lines(unit_cost_fen=300),
    },
    "stock.stock_list": lambda f: {"filter": StockFilter()},
    "stock.stock_of_product": lambda f: {"product_id": f.tea},
}


ALSO_NEEDED = {
    "reports.contribution": "customers.view",
    "reports.customers_by": "customers.view",
    "reports.segments": "customers.view",
    "reports.segment_members": "customers.view",
    "reports.slipping_away": "customers.view",
    "sales.drop_cart": "sales.void",
    "stewardship.customer_export": "customers.view",
    "stewardship.hand_over": "customers.transfer",
    "stewardship.import_sheet": "customers.edit",
    "stewardship.undo_import": "customers.edit",
}
"""Operations that are of no use without a second permission."""


def _with_line(**changes: Any) -> Example:
    def values(furnished: Furnished) -> Values:
        cart = furnished.cart()
        changed = cart.with_line(0, replace(cart.lines[0], **changes))
        return {"cart": changed, "payments": furnished.total(changed)}

    return values


def _with_terms(**terms: Any) -> Example:
    def values(furnished: Furnished) -> Values:
        cart = furnished.cart(**terms)
        return {"cart": cart, "payments": furnished.total(cart)}

    return values


def _on_credit(furnished: Furnished) -> Values:
    cart = furnished.cart(customer_id=furnished.canary)
    return {"cart": cart, "payments": furnished.total(cart, "credit")}


def _at_a_better_level(furnished: Furnished) -> Values:
    return _with_terms(level_discount_bp=levels()[-1].discount_bp)(furnished)


FURTHER: tuple[tuple[str, str, Example], ...] = (
    *CASES_FURTHER,
    (
        "customers.add_customer",
        "customers.credit",
        lambda f: {"customer": CustomerInput("甲", credit_limit_fen=1)},
    ),
    (
        "customers.add_customer",
        "customers.credit",
        lambda f: {"customer": CustomerInput("甲", payment_days=1)},
    ),
    ("customers.change_customer", "customers.credit", lambda f: f.as_it_is(credit_limit_fen=1)),
    (
        "customers.customer_hit",
        "customers.find_any",
        lambda f: {"customer_id": f.canary, "any_customer": True},
    ),
    ("customers.find_customers", "customers.find_any", lambda f: {"text": "金", "any_customer": True}),
    (
        "catalog.add_product",
        "products.cost",
        lambda f: {"product": ProductInput("糖", 1, purchase_price_fen=1)},
    ),
    (
        "catalog.change_product",
        "products.cost",
        lambda f: {"product_id": f.tea, "product": ProductInput("茶", 100_000, purchase_price_fen=1)},
    ),
    ("deals.turn_into_bill", "sales.discount", lambda f: {"quote_id": f.quoted(99_000)}),
    ("sales.checkout", "sales.credit", _on_credit),
    ("sales.checkout", "sales.discount", _with_line(price_fen=99_000)),
    ("sales.checkout", "sales.discount", _with_line(price_fen=101_000)),
    ("sales.checkout", "sales.discount", _with_line(gift=True)),
    ("sales.checkout", "sales.discount", _with_line(discount_bp=9_500)),
    ("sales.checkout", "sales.discount", _with_terms(bill_discount_bp=9_000)),
    ("sales.checkout", "sales.discount", _with_terms(bill_reduction_fen=1)),
    ("sales.checkout", "sales.discount", _at_a_better_level),
)
"""Calls that need a second permission beside that of the verb for what they ask: (verb, second, values)."""
