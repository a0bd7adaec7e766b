"""What an import of customers would do, row by row; nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from meiping.adapters.progress import Progress
from meiping.domains.access.models import Operator
from meiping.domains.contacts.rules import CONTACT_TITLES, ContactInput, check_contact
from meiping.domains.custom_fields.queries import fields_of
from meiping.domains.custom_fields.rules import field_id_of
from meiping.domains.customers.rules import (
    CREDIT,
    FORCE_TWIN,
    REQUIRED_OPTION,
    TRANSFER,
    CheckedCustomer,
    CustomerInput,
    check_card,
    check_code,
    check_customer,
    check_required,
)
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.loyalty.rules import ADJUST
from meiping.domains.settings.queries import option
from meiping.domains.stewardship.import_columns import Columns, Refusal
from meiping.domains.stewardship.import_fields import (
    OPENING_DEBT,
    OPENING_POINTS,
    OPENING_STORED,
    ImportKind,
    Mapped,
)
from meiping.domains.stewardship.import_known import (
    Known,
    contact_names,
    read_customers,
    read_known,
)
from meiping.domains.stewardship.import_rules import (
    Action,
    ChangedCustomer,
    Duplicates,
    ImportOptions,
    MatchBy,
    Mode,
    NewCustomer,
    Outcome,
    Plan,
)
from meiping.domains.wallet.rules import RECHARGE
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import InputError
from meiping.kernel.phones import parse_phone
from meiping.kernel.sheet import Cell, SheetRows
from meiping.kernel.text import fold
from meiping.store.database import fetch

_TELL_EVERY = 500
_OPENINGS = (OPENING_STORED, OPENING_DEBT, OPENING_POINTS)
_POINTS = "points"


def plan_customers(
    actor: Actor,
    sheet: SheetRows,
    header: int,
    mapped: Mapped,
    options: ImportOptions,
    progress: Progress | None = None,
) -> Plan:
    """Look at every row. Raises UserError for choices from which nothing can come, Cancelled from ``progress``."""
    options.check()
    return _Planner(actor, sheet, mapped, options).plan(header, progress)


class _Planner:
    def __init__(self, actor: Actor, sheet: SheetRows, mapped: Mapped, options: ImportOptions) -> None:
        self._actor, self._options, self._sheet = actor, options, sheet
        kind = ImportKind.CUSTOMERS
        self._columns = Columns(actor, kind, sheet, mapped, options)
        self._known: Known = read_known(actor)
        self._plan = Plan(new_words={key: words.new for key, words in self._columns.words.items()})
        self._today: date = actor.today()
        self._own_only = bool(actor.operator_id) and actor.scope() < Scope.COMPANY
        self._may = {right: actor.can(right) for right in (CREDIT, TRANSFER, RECHARGE, FORCE_TWIN, ADJUST)}
        self._gone = {row.id for row in Operator.select(Operator.id).where(~Operator.active)}
        self._required: Sequence[str] = option(REQUIRED_OPTION)
        self._own_required = [spec for spec in fields_of(CUSTOMER) if spec.required]
        self._seen: dict[tuple[str, Any], int] = {}
        self._waiting: list[tuple[int, int, dict[str, Any], list[str]]] = []

    def plan(self, header: int, progress: Progress | None) -> Plan:
        rows = self._sheet.rows[header + 1 :]
        heading = self._sheet.rows[header][1]
        for place, (number, cells) in enumerate(rows):
            if progress is not None and place % _TELL_EVERY == 0:
                progress.report(place, len(rows), "检查每一行")
            if cells != heading:  # a heading merged over two rows comes twice
                self._row(number, cells)
        self._look_at_changes()
        self._plan.outcomes.sort(key=lambda outcome: outcome.number)
        return self._plan

    def _row(self, number: int, cells: Sequence[Cell]) -> None:
        values, problems = self._columns.values(number, cells)
        name = str(values.get("name") or values.get("phone") or values.get("code") or "").strip()
        if problems:
            self._end(number, Action.REFUSE, name, problems)
            return
        try:
            self._decide(number, values, name)
        except Refusal as refusal:
            self._end(number, refusal.action, name, [(refusal.title, refusal.sentence)])
        except InputError as error:
            title = self._columns.titles.get(error.field or "", "")
            self._end(number, Action.REFUSE, name, [(title, error.sentence)])

    def _end(
        self,
        number: int,
        action: Action,
        name: str,
        problems: Sequence[tuple[str, str]] = (),
        doubts: Sequence[str] = (),
    ) -> None:
        self._plan.outcomes.append(Outcome(number, action, name, tuple(problems), tuple(doubts)))

    # ------------------------------------------------------------- who it is
    def _decide(self, number: int, values: dict[str, Any], name: str) -> None:
        for key, normal in (("code", check_code), ("card_number", check_card)):
            if key in values:
                values[key] = normal(values[key])
        phone = parse_phone(values["phone"]).digits if values.get("phone") else ""
        match, by, doubts = self._match(values, phone, name)
        options = self._options
        if match is None:
            if options.mode is Mode.UPDATE:
                raise Refusal("", "没有找到对应的客户。", Action.SKIP)
            self._new(number, values, phone, doubts)
        elif options.mode is Mode.UPDATE or options.duplicates is Duplicates.UPDATE:
            self._once(number, "customer", match, "是同一位客户", refuse=True)
            self._waiting.append((number, match, values, doubts))
        elif options.duplicates is Duplicates.SKIP:
            raise Refusal(by, f"{by}与{self._known.called(match)}相同。", Action.SKIP)
        elif by in ("编号", "卡号"):
            raise Refusal(by, f"{by}已经用于{self._known.called(match)}，不能再用。")
        else:
            self._new(number, values, phone, [*doubts, f"电话与{self._known.called(match)}相同。"])

    def _match(self, values: Mapping[str, Any], phone: str, name: str) -> tuple[int | None, str, list[str]]:
        """The customer a row is about, by what, and what is to be thought of."""
        known = self._known
        by_code = known.by_code.get(values.get("code") or "")
        by_card = known.by_card.get(values.get("card_number") or "")
        if by_code is not None and by_card is not None and by_code != by_card:
            raise Refusal(
                "卡号", f"编号和卡号属于两位不同的客户：{known.called(by_code)}和{known.called(by_card)}。"
            )
        for found, by in ((by_code, "编号"), (by_card, "卡号")):
            if found is not None:
                if not known.sees(found) or found in known.in_bin:
                    raise Refusal(by, f"{by}已经用于{known.called(found)}。")
                return found, by, []
        return self._by_phone(phone, name)

    def _by_phone(self, phone: str, name: str) -> tuple[int | None, str, list[str]]:
        known, by_name = self._known, self._options.match_by is MatchBy.NAME_PHONE
        same = known.by_phone.get(phone, []) if phone else []
        if not same:
            return None, "", []
        if self._options.match_by is MatchBy.CODE:
            return None, "", [f"电话与{known.called(same[0])}相同。"]
        named = [one for one in same if fold(known.names[one]) == fold(name)]
        found = named if by_name or len(same) > 1 else same
        if by_name and not named:
            return None, "", [f"电话与{known.called(same[0])}相同。"]
        if len(found) != 1:
            raise Refusal("电话", f"有 {len(found or same)} 位客户用这个电话，请写上编号。")
        if not known.sees(found[0]):
            raise Refusal("电话", "电话属于一位您查看范围以外的客户。")
        return found[0], "名称和电话" if by_name else "电话", []

    def _once(self, number: int, what: str, value: Any, word: str, *, refuse: bool) -> str:
        """Refuse a row that is about what an earlier row was about; else gives what is to be thought of."""
        first = self._seen.setdefault((what, value), number)
        if first == number:
            return ""
        sentence = f"与第 {first} 行{word}。"
        if refuse:
            raise Refusal("", sentence)
        return sentence

    # ------------------------------------------------------------- a new one
    def _new(self, number: int, values: dict[str, Any], phone: str, doubts: list[str]) -> None:
        own, contact, opening = self._split(values)
        if self._own_only and own.get("owner_id") in (None, self._actor.operator_id):
            own["owner_id"] = self._actor.operator_id
        checked = check_customer(CustomerInput(**own), today=self._today)
        customer = checked.customer
        self._check_complete(customer)
        self._check_rights(customer, None)
        self._check_phones(customer, None)
        self._check_opening(opening)
        person = self._contact(contact, customer)
        for key, word in (("code", "编号相同"), ("card_number", "卡号相同")):
            if getattr(customer, key):
                self._once(number, key, getattr(customer, key), word, refuse=True)
        if phone:
            doubts = [*doubts, *self._same_phone(number, phone, customer)]
        self._plan.new.append(NewCustomer(number, customer, person, *opening))
        self._end(number, Action.CREATE, customer.name or customer.phone, (), [*doubts, *checked.warnings])

    def _same_phone(self, number: int, phone: str, customer: CustomerInput) -> list[str]:
        options = self._options
        if options.match_by is MatchBy.CODE:
            return []
        what: Any = (phone, fold(customer.name)) if options.match_by is MatchBy.NAME_PHONE else phone
        first = self._once(number, "phone", what, "电话相同", refuse=False)
        if first and (options.duplicates is not Duplicates.ADD or not self._may[FORCE_TWIN]):
            raise Refusal("电话", first, Action.SKIP)
        return [first] if first else []

    def _split(self, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], tuple[int, int, int]]:
        """The customer's own fields, those of his contact, and stored value, debt (fen) and points from before."""
        own: dict[str, Any] = {}
        contact: dict[str, Any] = {}
        custom: dict[int, Any] = {}
        for key, value in values.items():
            if key.startswith("contact."):
                contact[key.removeprefix("contact.")] = value
            elif (field_id := field_id_of(key)) is not None:
                custom[field_id] = value
            elif not key.startswith("opening."):
                own[key] = value
        if custom:
            own["custom"] = custom
        stored_fen, debt_fen, points = (values.get(key, 0) for key in _OPENINGS)
        return own, contact, (stored_fen, debt_fen, points)

    def _contact(self, given: dict[str, Any], customer: CustomerInput) -> ContactInput | None:
        if not given:
            return None
        named = {"name": customer.name or customer.phone, **given}
        try:
            return check_contact(ContactInput(**named, main=True), today=self._today).contact
        except InputError as error:
            title = CONTACT_TITLES.get(error.field or "", "")
            raise Refusal(f"联系人{title}", f"联系人：{error.sentence}") from None

    def _check_complete(self, customer: CustomerInput) -> None:
        """What the shop demands of every customer is demanded of a sheet, too."""
        check_required(customer, self._required)
        for spec in self._own_required:
            if customer.custom.get(spec.id) is None:
                raise InputError(f"请填写{spec.title}。", field=spec.key)

    # ------------------------------------------------------------ what it may
    def _check_rights(self, wanted: CustomerInput, before: CustomerInput | None) -> None:
        present = before or CustomerInput()
        terms = (wanted.credit_limit_fen, wanted.payment_days)
        if terms != (present.credit_limit_fen, present.payment_days) and not self._may[CREDIT]:
            raise Refusal("信用额度", "您没有“设定客户信用额度”的权限。")
        if wanted.owner_id == present.owner_id and before is not None:
            return
        if self._own_only and wanted.owner_id not in (None, self._actor.operator_id):
            raise Refusal("业务员", "您只能把客户记在自己名下。")
        if wanted.owner_id in self._gone:
            raise Refusal("业务员", "这位业务员已经停用，请换一位。")
        if before is not None and not self._may[TRANSFER]:
            raise Refusal("业务员", "把客户交给别人需要“转移与授权客户”的权限。")

    def _check_phones(self, wanted: CustomerInput, before: CustomerInput | None) -> None:
        """Two customers with one phone need a right of their own; what stands there already may stay."""
        if self._may[FORCE_TWIN]:
            return
        stood = ("", before.phone, before.phone2) if before is not None else ("",)
        for phone in (wanted.phone, wanted.phone2):
            if phone not in stood and phone in self._known.by_phone:
                raise Refusal("电话", f"电话已经属于{self._known.called(self._known.by_phone[phone][0])}。")

    def _check_opening(self, opening: tuple[int, int, int]) -> None:
        stored_fen, debt_fen, points = opening
        if points and not self._may[ADJUST]:
            raise Refusal("期初积分", "导入期初积分需要“手动调整积分”的权限。")
        if stored_fen and not self._may[RECHARGE]:
            raise Refusal("期初储值", "导入期初储值需要“充值”的权限。")
        if debt_fen and not self._may[CREDIT]:
            raise Refusal("期初欠款", "导入期初欠款需要“设定客户信用额度”的权限。")

    # ------------------------------------------------------------ one there is
    def _look_at_changes(self) -> None:
        """Rows about customers that are there: fetched together, for one by one would take long."""
        ids = [customer_id for _, customer_id, _, _ in self._waiting]
        present = read_customers(ids)
        people = contact_names(ids)
        money = self._money() if any(set(_OPENINGS) & row[2].keys() for row in self._waiting) else {}
        for number, customer_id, values, doubts in self._waiting:
            before = present[customer_id]
            name = before.name or before.phone
            try:
                self._change(
                    number, customer_id, values, before, people.get(customer_id, set()), money, doubts
                )
            except Refusal as refusal:
                self._end(number, refusal.action, name, [(refusal.title, refusal.sentence)])
            except InputError as error:
                title = self._columns.titles.get(error.field or "", "")
                self._end(number, Action.REFUSE, name, [(title, error.sentence)])

    def _money(self) -> dict[int, dict[str, int]]:
        found: dict[int, dict[str, int]] = {}
        for party, account, fen in fetch(
            "SELECT party_id, account, amount_fen FROM balance WHERE company_id = ? AND party_id <> 0",
            self._actor.company_id,
        ):
            found.setdefault(party, {})[account] = fen
        for customer_id, points in fetch("SELECT id, points FROM customer WHERE points <> 0"):
            found.setdefault(customer_id, {})[_POINTS] = points
        return found

    def _change(
        self,
        number: int,
        customer_id: int,
        values: dict[str, Any],
        before: CustomerInput,
        people: set[str],
        money: Mapping[int, Mapping[str, int]],
        doubts: list[str],
    ) -> None:
        own, contact, (stored_fen, debt_fen, points) = self._split(values)
        own["custom"] = {**before.custom, **own.get("custom", {})}
        checked: CheckedCustomer = check_customer(replace(before, **own), today=self._today)
        wanted = checked.customer
        self._check_free(number, customer_id, wanted, before)
        self._check_phones(wanted, before)
        self._check_rights(wanted, before)
        there = money.get(customer_id, {})
        stored_there = -there.get("stored_principal", 0) - there.get("stored_bonus", 0)
        if stored_fen not in (0, stored_there) or debt_fen not in (0, there.get("receivable", 0)):
            raise Refusal("期初储值", "期初储值和欠款只能给新客户，已有客户请用充值和开单。")
        if points not in (0, there.get(_POINTS, 0)):
            raise Refusal("期初积分", "期初积分只能给新客户，已有客户请用积分调整。")
        person = self._contact(contact, wanted)
        if person is not None and person.name in people:
            person = None
        if person is not None and people:
            person = replace(person, main=False)
        if wanted == before and person is None:
            self._end(number, Action.SAME, before.name or before.phone)
            return
        if wanted != before:
            self._check_complete(wanted)
        self._plan.changed.append(ChangedCustomer(number, customer_id, before, wanted, person))
        stood = check_customer(before, today=self._today).warnings
        odd = [one for one in checked.warnings if one not in stood]
        if before.name and wanted.name != before.name:
            doubts = [*doubts, f"名称“{before.name}”会改为“{wanted.name}”。"]
        self._end(number, Action.UPDATE, wanted.name or wanted.phone, (), [*doubts, *odd])

    def _check_free(
        self, number: int, customer_id: int, wanted: CustomerInput, before: CustomerInput
    ) -> None:
        """A code or card that is new to this customer may be nobody else's."""
        for key, word, there in (
            ("code", "编号", self._known.by_code),
            ("card_number", "卡号", self._known.by_card),
        ):
            value = getattr(wanted, key)
            if not value or value == getattr(before, key):
                continue
            other = there.get(value)
            if other is not None and other != customer_id:
                raise Refusal(word, f"{word}已经用于{self._known.called(other)}。")
            self._once(number, key, value, f"{word}相同", refuse=True)
