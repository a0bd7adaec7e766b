"""What a customer that was entered must not be, seen beside the words, owners and customers there are."""

from collections.abc import Mapping
from dataclasses import replace

from meiping.domains.access.models import Operator
from meiping.domains.custom_fields import service as custom_fields
from meiping.domains.custom_fields.rules import Value
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries.detail import CustomerDetail
from meiping.domains.customers.queries.finding import has_phone
from meiping.domains.customers.queries.scope import visible_customers
from meiping.domains.customers.rules import (
    DICTIONARY_OF,
    FIELD_TITLES,
    FORCE_TWIN,
    KIND,
    REQUIRED_OPTION,
    SAME_PHONE,
    TRANSFER,
    CustomerInput,
    check_required,
    shown_name,
)
from meiping.domains.settings.models import DictionaryItem, Level
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Scope
from meiping.kernel.errors import InputError, NeedsConfirmation
from meiping.kernel.phones import show_phone
from meiping.store.unit_of_work import Work


def with_own_fields(
    work: Work, wanted: CustomerInput, present: Mapping[int, Value], *, demand: bool
) -> CustomerInput:
    """The customer with all values of the shop's own fields in stored form; what is demanded must be there."""
    if demand:
        check_required(wanted, option(REQUIRED_OPTION))
    values = custom_fields.check_values(work, KIND, wanted.custom, present=present, demand=demand)
    return replace(wanted, custom=values)


def allowed_owner(work: Work, wanted: int | None, *, present: CustomerDetail | None) -> int | None:
    """Who looks after the customer. Who sees own or department records only keeps new ones, and hands none over."""
    present_id = present.owner_id if present else None
    if wanted == present_id and present is not None:
        return wanted
    actor = work.actor
    if actor.operator_id and actor.scope() < Scope.COMPANY:
        if wanted not in (None, actor.operator_id):
            raise InputError("您只能把客户记在自己名下，转给同事请找主管。", field="owner_id")
        return present_id if present else actor.operator_id
    if present is not None and not actor.can(TRANSFER):
        raise InputError("把客户交给别人需要“转移与授权客户”的权限，请找主管。", field="owner_id")
    if wanted is not None and not Operator.select().where(Operator.id == wanted, Operator.active).exists():
        raise InputError("这位业务员不在了，请重新选择。", field="owner_id")
    return wanted


def check_words(wanted: CustomerInput) -> None:
    """Refuse words and levels that are gone since the form was opened."""
    for key, kind in DICTIONARY_OF.items():
        word_id = getattr(wanted, key)
        same = (DictionaryItem.id == word_id) & (DictionaryItem.kind == kind)
        if word_id is not None and not DictionaryItem.select().where(same).exists():
            raise InputError(
                f"这个{FIELD_TITLES[key.removesuffix('_id')]}已经不在了，请重新选择。", field=key
            )
    if wanted.level_id is not None and not Level.select().where(Level.id == wanted.level_id).exists():
        raise InputError("这个等级已经不在了，请重新选择。", field="level_id")


def with_numbers_of_the_merged(
    work: Work, customer_id: int, before: CustomerDetail, wanted: CustomerInput
) -> CustomerInput:
    """Code and card of one merged into this customer lead to him already: the card may become his, the code not."""
    merged = Customer.merged_into == customer_id
    if wanted.card_number and wanted.card_number != before.card_number:
        Customer.update(card_number=None).where(merged, Customer.card_number == wanted.card_number).execute()
    if wanted.code != before.code and Customer.select().where(merged, Customer.code == wanted.code).exists():
        return replace(wanted, code=before.code)
    return wanted


def refuse_twins(
    work: Work, wanted: CustomerInput, confirmed: frozenset[str], *, customer_id: int | None
) -> None:
    """The same code or card is refused; the same phone is asked about, and refused without the right to force it.

    A phone that the customer has already is asked about no more.
    """
    others = Customer.select().where(Customer.id != (customer_id or 0))
    if wanted.code:
        twin = others.where(Customer.code == wanted.code).first()
        if twin is not None:
            raise InputError(f"编号已经用于{_called(work, twin)}。", field="code")
    if wanted.card_number:
        twin = others.where(Customer.card_number == wanted.card_number).first()
        if twin is not None:
            raise InputError(f"卡号已经属于{_called(work, twin)}。", field="card_number")
    if SAME_PHONE in confirmed and work.actor.can(FORCE_TWIN):
        return
    before = Customer.get_or_none(Customer.id == customer_id)
    for key in ("phone", "phone2"):
        digits = getattr(wanted, key)
        if not digits or (before is not None and digits in (before.phone, before.phone2)):
            continue
        twin = others.where(has_phone(digits), Customer.deleted_at.is_null()).first()
        if twin is not None:
            sentence = f"电话 {show_phone(digits)} 已经属于{_called(work, twin)}"
            if not work.actor.can(FORCE_TWIN):
                raise InputError(f"{sentence}，不能再用于另一位客户。", field=key)
            raise NeedsConfirmation(SAME_PHONE, f"{sentence}，仍要保存吗？", verb="仍要保存", field=key)


def _called(work: Work, twin: Customer) -> str:
    """How a sentence names a customer; one outside the actor's scope stays nameless."""
    if not visible_customers(work.actor).where(Customer.id == twin.id).exists():
        return "一位您查看范围以外的客户"
    if twin.merged_into_id is not None:
        into = Customer.get_by_id(twin.merged_into_id)
        return f"并入了“{shown_name(into.name, into.phone)}”（{into.code}）的客户"
    place = "回收站里的" if twin.deleted_at is not None else ""
    return f"{place}客户“{shown_name(twin.name, twin.phone)}”（{twin.code}）"
