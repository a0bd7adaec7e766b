"""Random trade, merges and their taking back against a model: no fen, bill or record is lost, doubled or misplaced."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from meiping.domains.contacts import recording
from meiping.domains.contacts import service as contacts
from meiping.domains.contacts.queries import contacts_of, records_of
from meiping.domains.contacts.rules import ContactInput, RecordInput
from meiping.domains.deals.billing import turn_into_bill
from meiping.domains.deals.queries import quote_detail, quotes_of
from meiping.domains.deals.rules import QuoteState
from meiping.domains.documents import service as documents
from meiping.domains.documents.queries import documents_of
from meiping.domains.documents.rules import NewDocument
from meiping.domains.ledger.queries import customer_balances
from meiping.domains.receivables.service import receive
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail, bills_of
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.stewardship.merging import merge_customers, undo_merge
from meiping.domains.support.queries import cases_of
from meiping.kernel.errors import UserError
from meiping.store.database import close_database
from tests.domains.deals.quoting import offer
from tests.domains.ledger.shop_and_books import fresh_shop
from tests.domains.stewardship.merging_shop import found_by, seen_of, sums
from tests.domains.support.casing import finish, take
from tests.factories import add_customer, add_product, cart_of, new_key, recharge
from tests.whole_file import faults

WHO = st.integers(0, 3)


class CustomersInOne(RuleBasedStateMachine):
    """Four customers at work; the model keeps what each brought and who stands for whom."""

    def __init__(self) -> None:
        super().__init__()
        self.parent = Path(tempfile.mkdtemp())
        self.shop = fresh_shop(self.parent)
        self.merges: list[int] = []
        self.bills: list[int] = []
        self.quotes: list[int] = []
        self.sold: set[int] = set()

    @initialize()
    def open_the_shop(self) -> None:
        self.tea = add_product(self.shop, list_price_fen=700, stock=10_000)
        self.people = [
            add_customer(self.shop, name=f"好味{place}", card_number=str(4_000 + place), credit_yuan=9_000)
            for place in range(4)
        ]
        self.stands_for = {who: who for who in self.people}
        self.count = dict.fromkeys(("bills", "contacts", "records", "documents", "quotes", "cases"), 0)
        self.stored = self.debt = 0

    def one(self, who: int) -> int:
        return self.stands_for[self.people[who]]

    @rule(who=WHO, quantity=st.integers(1, 5), tender=st.sampled_from(["cash", "credit", "stored_value"]))
    def buys(self, who: int, quantity: int, tender: str) -> None:
        cart = cart_of(self.shop, (self.tea, quantity), customer_id=self.people[who])
        total = price_bill(cart).total_fen
        if tender == "stored_value" and self.balances(who).stored_fen < total:
            tender = "cash"
        self.bills.append(checkout(self.shop.actor, cart=cart, payments=[Payment(tender, total)]).sale_id)
        self.count["bills"] += 1
        self.stored -= total if tender == "stored_value" else 0
        self.debt += total if tender == "credit" else 0

    @precondition(lambda self: self.bills)
    @rule(data=st.data())
    def brings_back(self, data: st.DataObject) -> None:
        sale_id = data.draw(st.sampled_from(self.bills))
        (line,) = bill_detail(self.shop.actor, sale_id=sale_id).lines
        if line.left_milli:
            given = return_goods(
                self.shop.actor, key=new_key(), sale_id=sale_id, quantities={line.id: 1_000}
            ).by_tender
            self.count["bills"] += 1
            self.debt -= dict(given).get("credit", 0)
            self.stored += dict(given).get("stored_value", 0)

    @rule(who=WHO, principal=st.integers(1, 5_000), bonus=st.integers(0, 900))
    def recharges(self, who: int, principal: int, bonus: int) -> None:
        recharge(self.shop, self.people[who], principal, bonus)
        self.stored += principal + bonus

    @rule(who=WHO, part=st.integers(1, 100))
    def pays(self, who: int, part: int) -> None:
        amount = self.balances(who).debt_fen * part // 100
        if amount:
            receive(self.shop.actor, key=new_key(), customer_id=self.people[who], amount_fen=amount)
            self.debt -= amount

    @rule(who=WHO, main=st.booleans())
    def gets_a_contact(self, who: int, main: bool) -> None:
        contacts.add_contact(
            self.shop.actor, customer_id=self.one(who), contact=ContactInput("张三", main=main)
        )
        self.count["contacts"] += 1

    @rule(who=WHO, with_document=st.booleans())
    def is_called(self, who: int, with_document: bool) -> None:
        record = RecordInput("问过价格", contact_name="张三")
        kept = recording.add_record(self.shop.actor, customer_id=self.one(who), record=record)
        self.count["records"] += 1
        if with_document:
            documents.add_documents(
                self.shop.actor,
                customer_id=self.one(who),
                documents=[NewDocument("价.pdf", "a" * 64, 9)],
                contact_record_id=kept,
            )
            self.count["documents"] += 1

    @rule(who=WHO, price=st.integers(1, 900))
    def is_quoted(self, who: int, price: int) -> None:
        self.quotes.append(offer(self.shop, self.one(who), (self.tea, 1, price)))
        self.count["quotes"] += 1

    @rule(who=WHO, dealt_with=st.booleans())
    def complains(self, who: int, dealt_with: bool) -> None:
        case_id = take(self.shop, self.one(who))
        if dealt_with:
            finish(self.shop, case_id)
        self.count["cases"] += 1

    @precondition(lambda self: set(self.quotes) - self.sold)
    @rule(data=st.data())
    def buys_as_quoted(self, data: st.DataObject) -> None:
        quote_id = data.draw(st.sampled_from(sorted(set(self.quotes) - self.sold)))
        cart = turn_into_bill(self.shop.actor, quote_id=quote_id)
        paid = [Payment("cash", price_bill(cart).total_fen)]
        checkout(self.shop.actor, cart=cart, payments=paid)
        self.sold.add(quote_id)
        self.count["bills"] += 1

    @rule(one=WHO, other=WHO)
    def are_merged(self, one: int, other: int) -> None:
        survivor, twin = self.one(one), self.one(other)
        if survivor == twin:
            return
        before = sums()
        self.merges.append(merge_customers(self.shop.actor, survivor_id=survivor, twin_id=twin))
        assert sums() == before
        for who, stands in self.stands_for.items():
            if stands == twin:
                self.stands_for[who] = survivor

    @rule(one=WHO, other=WHO)
    def are_merged_by_mistake(self, one: int, other: int) -> None:
        survivor, twin = self.one(one), self.one(other)
        if survivor == twin:
            return
        words = ("好味", "4000", "4001", "4002", "4003")
        before = [seen_of(self.shop, survivor), seen_of(self.shop, twin), found_by(self.shop, *words)]
        merge_id = merge_customers(self.shop.actor, survivor_id=survivor, twin_id=twin)
        undo_merge(self.shop.actor, merge_id=merge_id)
        assert [seen_of(self.shop, survivor), seen_of(self.shop, twin), found_by(self.shop, *words)] == before

    @precondition(lambda self: self.merges)
    @rule()
    def are_taken_apart(self) -> None:
        before = sums()
        try:
            twin = undo_merge(self.shop.actor, merge_id=self.merges[-1])
        except UserError as refused:
            assert "只剩" in refused.sentence  # noqa: PT017 - what else is refused is a fault
            assert sums() == before
            return
        self.merges.pop()
        assert sums() == before
        self.stands_for[twin] = twin
        for row in self.merged_into(twin):
            self.stands_for[row] = twin

    def merged_into(self, customer_id: int) -> list[int]:
        from meiping.domains.customers.queries import family_ids

        return family_ids(customer_id)[1:]

    def balances(self, who: int):
        return customer_balances(self.shop.actor, customer_id=self.one(who))

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "people"):
            return
        standing = sorted(set(self.stands_for.values()))
        seen = [customer_balances(self.shop.actor, customer_id=who) for who in standing]
        assert sum(one.stored_fen for one in seen) == self.stored
        assert sum(one.debt_fen for one in seen) == self.debt
        for quote_id in self.quotes:
            state = quote_detail(self.shop.actor, quote_id=quote_id).state
            assert (state is QuoteState.BILLED) == (quote_id in self.sold)
        lists = {
            "bills": bills_of,
            "contacts": contacts_of,
            "records": records_of,
            "documents": documents_of,
            "quotes": quotes_of,
            "cases": cases_of,
        }
        for what, of in lists.items():
            counted = sum(of(self.shop.actor, customer_id=who).count() for who in standing)
            assert counted == self.count[what], what

    def teardown(self) -> None:
        broken = faults()
        close_database()
        shutil.rmtree(self.parent)
        assert broken == []


CustomersInOne.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestCustomersInOne = CustomersInOne.TestCase
