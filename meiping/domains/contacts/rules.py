"""What a contact and a contact record are: input and its refusals, the words a contact is found by."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from meiping.domains.customers.rules import GENDERS
from meiping.kernel.entered import email_doubt, phone_field, text_field
from meiping.kernel.errors import InputError
from meiping.kernel.moments import local_day
from meiping.kernel.pinyin import sort_key
from meiping.kernel.search_terms import name_terms, phone_terms
from meiping.kernel.text import clean, fold

CONTACT, RECORD = "contact", "contact_record"
"""The kinds in the logs; the first one in the search index as well."""
CONTENT_LIMIT = 4000
PERSON_LIMIT = 60

CONTACT_TITLES = {
    "name": "姓名",
    "nickname": "称呼",
    "main": "主联系人",
    "gender": "性别",
    "department": "部门",
    "post": "职务",
    "mobile": "手机",
    "office_phone": "办公电话",
    "home_phone": "住宅电话",
    "wechat": "微信",
    "qq": "QQ",
    "email": "邮箱",
    "birth_date": "生日",
    "birthday_lunar": "农历生日",
    "address": "地址",
    "notes": "备注",
}
"""The word on screen of each field of a contact, in the order in which changes are written down."""
PHONES = ("mobile", "office_phone", "home_phone")
_LIMITS = {
    "name": PERSON_LIMIT,
    "nickname": 40,
    "department": 40,
    "post": 40,
    "wechat": 40,
    "qq": 20,
    "email": 100,
    "address": 200,
}
RECORD_TITLES = {
    "at": "联系时间",
    "type": "联系类型",
    "contact_name": "联系人",
    "content": "内容",
    "next_contact_date": "下次联系",
}
"""The word on screen of each field of a contact record."""


@dataclass(frozen=True, slots=True)
class ContactInput:
    """What is entered about a person at a customer; a name is enough. ``main`` makes it the main contact."""

    name: str
    mobile: str = ""
    nickname: str = ""
    gender: str = ""
    birth_date: date | None = None
    birthday_lunar: bool = False
    department: str = ""
    post: str = ""
    main: bool = False
    office_phone: str = ""
    home_phone: str = ""
    email: str = ""
    wechat: str = ""
    qq: str = ""
    address: str = ""
    notes: str = ""


CONTACT_FIELDS = tuple(field.name for field in fields(ContactInput))


@dataclass(frozen=True, slots=True)
class CheckedContact:
    """Input in its stored form, and what looks odd about it without being wrong."""

    contact: ContactInput
    warnings: tuple[str, ...]


def check_contact(contact: ContactInput, *, today: date) -> CheckedContact:
    """Bring what was entered into its stored form. Raises InputError with the field it concerns."""
    titles = CONTACT_TITLES
    phones = {key: phone_field(getattr(contact, key), field=key, title=titles[key]) for key in PHONES}
    texts = {
        key: text_field(getattr(contact, key), field=key, title=titles[key], limit=limit)
        for key, limit in _LIMITS.items()
    }
    if not texts["name"]:
        raise InputError("请填写联系人姓名。", field="name")
    if contact.gender not in ("", *GENDERS):
        raise InputError("性别请选择男或女，或者留空。", field="gender")
    if contact.birth_date is not None and contact.birth_date > today:
        raise InputError("生日不能晚于今天。", field="birth_date")
    doubts = [*(phone.warning for phone in phones.values()), email_doubt(texts["email"])]
    changes: dict[str, Any] = {
        **texts,
        **{key: phone.digits for key, phone in phones.items()},
        "birthday_lunar": contact.birthday_lunar and contact.birth_date is not None,
        "notes": text_field(contact.notes, field="notes", title="备注", limit=2000, lines=True),
    }
    return CheckedContact(replace(contact, **changes), tuple(doubt for doubt in doubts if doubt))


def name_key(name: str) -> str:
    """What contacts are put in order by: pinyin."""
    return sort_key(name) or fold(name)


def search_terms(contact: ContactInput) -> list[str]:
    """What a contact is found by: name, the name he goes by, phones."""
    names = [*name_terms(contact.name), *(name_terms(contact.nickname) if contact.nickname else [])]
    phones = [term for key in PHONES for term in phone_terms(getattr(contact, key))]
    return list(dict.fromkeys([*names, *phones]))


# ------------------------------------------------------------------- records
@dataclass(frozen=True, slots=True)
class RecordInput:
    """One contact made. ``at`` is an aware datetime, None for now. ``contact_name`` is who was spoken to.

    ``next_contact_date`` is when the customer shall be contacted again, if that was agreed.
    """

    content: str
    type_id: int | None = None
    at: datetime | None = None
    contact_name: str = ""
    next_contact_date: date | None = None


def check_record(record: RecordInput, *, now: datetime) -> RecordInput:
    """Bring what was entered into its stored form. Raises InputError with the field it concerns."""
    at = record.at or now
    if at > now:
        raise InputError("联系时间不能晚于现在。以后的联系请填在“下次联系”。", field="time_of_day")
    try:
        content = clean(record.content, name="内容", limit=CONTENT_LIMIT, lines=True)
    except InputError as error:
        raise InputError(error.sentence, field="content") from None
    if not content:
        raise InputError("请填写联系内容。", field="content")
    try:
        person = clean(record.contact_name, name="联系人", limit=PERSON_LIMIT)
    except InputError as error:
        raise InputError(error.sentence, field="contact_name") from None
    planned = record.next_contact_date
    if planned is not None and planned < local_day(at):
        raise InputError("下次联系不能早于这次联系。", field="next_contact_date")
    return replace(record, content=content, at=at, contact_name=person)


def follows(planned: date | None, *, record_day: date, present: date | None) -> date | None:
    """A customer's next contact date after the newest record.

    A date agreed in the record counts; without one, what lay on or before the record's day has been dealt with.
    """
    if planned is not None:
        return planned
    return None if present is not None and present <= record_day else present
