"""What a customer is: rights, input and its refusals, the words it is found by."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from meiping.domains.custom_fields import rules as custom_fields
from meiping.kernel.entered import email_doubt, phone_field, text_field
from meiping.kernel.errors import InputError
from meiping.kernel.money import MAX_FEN
from meiping.kernel.permissions import permission
from meiping.kernel.phones import show_phone
from meiping.kernel.pinyin import sort_key
from meiping.kernel.search_terms import code_terms, name_terms, phone_terms
from meiping.kernel.text import fold, plain

VIEW = permission("customers.view", "查看客户", group="客户")
CARDS = permission("customers.cards", "会员卡挂失与换卡", group="客户")
EDIT = permission("customers.edit", "新增与修改客户", group="客户")
DELETE = permission("customers.delete", "删除与恢复客户", group="客户")
CREDIT = permission("customers.credit", "设定客户信用额度", group="客户")
FIND_ANY = permission("customers.find_any", "收银时查找任何客户", group="客户")
TRANSFER = permission("customers.transfer", "转移与授权客户", group="客户")
CLAIM = permission("customers.claim", "领用公海客户", group="客户")
MERGE = permission("customers.merge", "合并重复客户", group="客户")
FORCE_TWIN = permission("customers.force_twin", "电话相同也能保存客户", group="客户")

PIN_WORDS = "消费密码"
"""What a member's spending PIN is called."""
KIND = "customer"
"""The customer's kind in the search index and in the logs."""
GENDERS = ("男", "女")
MAX_PAYMENT_DAYS = 3650
NOT_FILLED = 0
"""Asks for the customers without a level, source, status ... where the id of one could stand."""
ODD_INPUT = "odd_input"
"""The token that confirms a phone or address that looks odd."""
REQUIRED_OPTION = "customers.required"
"""The shop's setting of what must be filled in, as keys of ``CustomerInput``."""
SAME_PHONE = "same_phone"
"""The token that confirms a second customer with one phone."""

DICTIONARY_OF = {
    "type_id": "customer_type",
    "status_id": "customer_status",
    "source_id": "customer_source",
    "industry_id": "industry",
    "nature_id": "customer_nature",
    "region_id": "region",
}
"""Which of the shop's lists a field is chosen from."""

FIELD_TITLES = {
    "code": "编号",
    "name": "客户",
    "firm": "单位",
    "keyword": "关键字",
    "short_name": "简称",
    "phone": "电话",
    "phone2": "备用电话",
    "card_number": "卡号",
    "gender": "性别",
    "birth_date": "生日",
    "birthday_lunar": "农历生日",
    "level": "等级",
    "type": "类型",
    "status": "状态",
    "source": "来源",
    "occupation": "职业",
    "industry": "行业",
    "nature": "单位性质",
    "legal_representative": "法人代表",
    "region": "区域",
    "province": "省份",
    "city": "城市",
    "address": "地址",
    "postcode": "邮编",
    "fax": "传真",
    "email": "邮箱",
    "website": "网址",
    "bank": "开户行",
    "bank_account": "银行账号",
    "tax_number": "税号",
    "credit_limit_fen": "信用额度",
    "payment_days": "账期（天）",
    "notes": "备注",
    "owner": "业务员",
    "company": "公司",
    "department": "部门",
    "created_date": "建档日期",
    "next_contact_date": "下次联系",
}
"""The word on screen of each field, in the order in which changes are written down."""

TEXT_LIMITS = {
    "name": 60,
    "keyword": 60,
    "short_name": 40,
    "occupation": 40,
    "legal_representative": 40,
    "province": 20,
    "city": 20,
    "address": 200,
    "postcode": 12,
    "fax": 30,
    "email": 100,
    "website": 200,
    "bank": 60,
    "bank_account": 40,
    "tax_number": 30,
}
"""How long each line of text may be, in characters."""
FIRM_ONLY = ("nature_id",)
_PERSON_ONLY = ("gender", "birth_date", "occupation")


@dataclass(frozen=True, slots=True)
class CustomerInput:
    """What is entered about a customer. A name or a phone is enough.

    An empty ``code`` is given automatically. ``created_date`` None means today, and unchanged when changing.
    ``credit_limit_fen`` is in fen, ``payment_days`` in days after the bill. ``custom`` holds what is entered in
    fields of the shop's own by their id, typed or in stored form; those left out stay as they are, None empties.
    """

    name: str = ""
    phone: str = ""
    code: str = ""
    firm: bool = False
    keyword: str = ""
    short_name: str = ""
    phone2: str = ""
    card_number: str = ""
    gender: str = ""
    birth_date: date | None = None
    birthday_lunar: bool = False
    level_id: int | None = None
    type_id: int | None = None
    status_id: int | None = None
    source_id: int | None = None
    industry_id: int | None = None
    nature_id: int | None = None
    region_id: int | None = None
    province: str = ""
    city: str = ""
    postcode: str = ""
    fax: str = ""
    website: str = ""
    occupation: str = ""
    legal_representative: str = ""
    bank: str = ""
    bank_account: str = ""
    tax_number: str = ""
    email: str = ""
    address: str = ""
    credit_limit_fen: int = 0
    payment_days: int = 0
    notes: str = ""
    owner_id: int | None = None
    created_date: date | None = None
    next_contact_date: date | None = None
    custom: Mapping[int, Any] = field(default_factory=dict)


INPUT_FIELDS = tuple(one.name for one in fields(CustomerInput) if one.name != "custom")
"""The customer's own fields that are entered."""


@dataclass(frozen=True, slots=True)
class CheckedCustomer:
    """Input in its stored form, and what looks odd about it without being wrong."""

    customer: CustomerInput
    warnings: tuple[str, ...]


_SPACED_NAME = re.compile(r"[\u4e00-\u9fff]{1,2}(\s+[\u4e00-\u9fff]){1,2}")


def _person_name(name: str) -> str:
    """张　三, spaced as on a form, is found as 张三; other names keep their blanks."""
    return "".join(name.split()) if _SPACED_NAME.fullmatch(name) else name


def check_customer(customer: CustomerInput, *, today: date) -> CheckedCustomer:
    """Bring what was entered into its stored form. Raises InputError with the field it concerns."""
    phone, phone2 = (
        phone_field(getattr(customer, key), field=key, title=FIELD_TITLES[key]) for key in ("phone", "phone2")
    )
    texts: dict[str, Any] = {
        key: text_field(getattr(customer, key), field=key, title=FIELD_TITLES[key], limit=limit)
        for key, limit in TEXT_LIMITS.items()
    }
    texts |= {
        "name": _person_name(texts["name"]),
        "postcode": plain(texts["postcode"]),
        "bank_account": _joined(texts["bank_account"]),
        "tax_number": _joined(texts["tax_number"]).upper(),
    }
    if not texts["name"] and not phone.digits:
        raise InputError("请填写客户名称或电话，至少一项。", field="name")
    doubts = [phone.warning, phone2.warning, email_doubt(texts["email"]), _postcode_doubt(texts["postcode"])]
    _check_rest(customer, today=today)
    checked = replace(
        customer,
        **texts,
        phone=phone.digits,
        phone2=phone2.digits,
        code=check_code(customer.code),
        card_number=check_card(customer.card_number),
        birthday_lunar=customer.birthday_lunar and not customer.firm and customer.birth_date is not None,
        notes=text_field(customer.notes, field="notes", title="备注", limit=2000, lines=True),
    )
    empty = CustomerInput()
    foreign = _PERSON_ONLY if customer.firm else FIRM_ONLY
    dropped: dict[str, Any] = {key: getattr(empty, key) for key in foreign}
    return CheckedCustomer(replace(checked, **dropped), tuple(doubt for doubt in doubts if doubt))


def _postcode_doubt(postcode: str) -> str | None:
    if not postcode or re.fullmatch(r"[0-9]{6}", postcode):
        return None
    return f"邮编“{postcode}”不是 6 位数字。"


def check_required(customer: CustomerInput, required: Collection[str]) -> None:
    """Refuse a customer in stored form without a field that the shop demands, by the keys of ``CustomerInput``.

    What only persons or only firms have is not asked of the others. Raises InputError with the field.
    """
    foreign = _PERSON_ONLY if customer.firm else FIRM_ONLY
    for key in required:
        if key in INPUT_FIELDS and key not in foreign and getattr(customer, key) in (None, "", 0):
            verb = "选择" if key.endswith("_id") or key == "gender" else "填写"
            raise InputError(f"请{verb}{FIELD_TITLES[key.removesuffix('_id')]}。", field=key)


def _joined(text: str) -> str:
    """A number written in groups, without what parts them."""
    return re.sub(r"[\s-]", "", plain(text))


def _check_rest(customer: CustomerInput, *, today: date) -> None:
    if customer.gender not in ("", *GENDERS):
        raise InputError("性别请选择男或女，或者留空。", field="gender")
    for key in ("birth_date", "created_date"):
        day = getattr(customer, key)
        if day is not None and day > today:
            raise InputError(f"{FIELD_TITLES[key]}不能晚于今天。", field=key)
    if not 0 <= customer.credit_limit_fen <= MAX_FEN:
        raise InputError("信用额度不能是负数。", field="credit_limit_fen")
    if not 0 <= customer.payment_days <= MAX_PAYMENT_DAYS:
        raise InputError(f"账期请在 0 到 {MAX_PAYMENT_DAYS} 天之间。", field="payment_days")


def check_code(text: str) -> str:
    """A typed code in its stored form: letters and digits, hyphens inside; empty means automatic."""
    code = plain(text).upper()
    if code and not re.fullmatch(r"[0-9A-Z]+(-[0-9A-Z]+)*", code):
        raise InputError("编号只能用字母、数字和连字符，留空则自动编号。", field="code")
    if len(code) > 20:
        raise InputError("编号最多 20 位。", field="code")
    return code


def check_card(text: str) -> str:
    """A card number in its stored form: digits; blanks and hyphens between them are dropped."""
    card = re.sub(r"[\s-]", "", plain(text))
    if card and not re.fullmatch(r"[0-9]{1,30}", card):
        raise InputError("卡号只能是数字，最多 30 位。", field="card_number")
    return card


def automatic_code(number: int) -> str:
    """``C00042``."""
    return f"C{number:05d}"


def shown_name(name: str, phone: str) -> str:
    """What a customer is called: the name, without one the phone."""
    return name or show_phone(phone)


def name_key(name: str, phone: str) -> str:
    """What customers are put in order by: pinyin, without a name the phone."""
    return sort_key(name) or fold(name) or phone


def name_or_phone(text: str) -> CustomerInput:
    """A new customer from one line typed at the till: digits are a phone, anything else a name."""
    written = plain(text)
    digits = re.sub(r"\D", "", written)
    if len(digits) >= 5 and not re.search(r"[^\d\s()+./转-]", written):
        return CustomerInput(phone=text)
    return CustomerInput(name=text)


def search_terms(customer: CustomerInput) -> list[str]:
    """Everything a customer in stored form is found by."""
    terms: list[str] = []
    for name in dict.fromkeys((customer.name, customer.keyword, customer.short_name)):
        terms += name_terms(name)
    for phone in (customer.phone, customer.phone2):
        terms += phone_terms(phone)
    terms += [*code_terms(customer.code), *code_terms(customer.card_number)]
    return [*terms, *custom_fields.search_terms(customer.custom)]


def scope_terms(
    *,
    owner_id: int | None,
    department_id: int | None,
    company_id: int,
    shares: Iterable[tuple[int, date | None]] = (),
) -> list[str]:
    """The hidden terms by which the search stays within what an operator may see.

    ``shares`` are those who share in looking after the customer, with their last day.
    """
    terms = [f"comp{company_id}"]
    terms += [f"own{owner_id}"] if owner_id else []
    terms += [f"dept{department_id}"] if department_id else []
    return [*terms, *(share_term(operator_id, until) for operator_id, until in shares)]


def share_term(operator_id: int, until: date | None) -> str:
    """The hidden term of a share: it names the last day, so that one run out is no longer asked for."""
    return f"with{operator_id}" if until is None else f"with{operator_id}until{until:%Y%m%d}"


def share_words(name: str, until: date | None) -> str:
    """``授权给小周，至 2026-04-01``; without a last day ``与小周共同跟进``."""
    return f"与{name}共同跟进" if until is None else f"授权给{name}，至 {until:%Y-%m-%d}"
