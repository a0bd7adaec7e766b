"""What the columns of a sheet may be, and guessing which is which from its headings."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from meiping.domains.customers.rules import DICTIONARY_OF, FIELD_TITLES, INPUT_FIELDS
from meiping.kernel.errors import UserError
from meiping.kernel.permissions import permission
from meiping.kernel.sheet import Cell, SheetRows
from meiping.kernel.text import fold
from meiping.kernel.titled import Titled

IMPORT = permission("data.import", "导入数据", group="系统")

OPENING_STORED, OPENING_DEBT, OPENING_POINTS = "opening.stored", "opening.debt", "opening.points"
_LOOK_THROUGH = 20
_SAMPLE = 30


class ImportKind(Titled):
    """What a sheet brings in: key and word on screen."""

    CUSTOMERS = ("customers", "客户")
    RECORDS = ("records", "联系反馈")


KIND_BY_KEY = {kind.key: kind for kind in ImportKind}


class Form(Enum):
    """How the cells of a column are understood."""

    TEXT = "text"
    NOTES = "notes"
    CODE = "code"
    """Digits that are no number: a cell that holds a number gives them back only when whole."""
    PHONE = "phone"
    MONEY = "money"
    WHOLE = "whole"
    DATE = "date"
    MOMENT = "moment"
    YES = "yes"
    WORD = "word"
    """A word of one of the shop's lists, or a level."""
    PERSON = "person"
    """An operator, by name."""
    CUSTOM = "custom"
    """A field of the shop's own."""


@dataclass(frozen=True, slots=True)
class ImportField:
    """One thing a column may be; ``synonyms`` are further headings it goes by."""

    key: str
    title: str
    form: Form
    synonyms: tuple[str, ...] = ()


_FORMS: Mapping[str, Form] = {
    **dict.fromkeys(("code", "card_number", "postcode", "bank_account", "tax_number", "fax"), Form.CODE),
    **dict.fromkeys(("phone", "phone2"), Form.PHONE),
    **dict.fromkeys(("birth_date", "created_date", "next_contact_date"), Form.DATE),
    **dict.fromkeys(("firm", "birthday_lunar"), Form.YES),
    **dict.fromkeys(("level_id", *DICTIONARY_OF), Form.WORD),
    "credit_limit_fen": Form.MONEY,
    "payment_days": Form.WHOLE,
    "owner_id": Form.PERSON,
    "notes": Form.NOTES,
}
_SYNONYMS: Mapping[str, str] = {
    "code": "客户编号 客户编码 编码 会员编号 代码",
    "name": "姓名 名称 客户名称 客户姓名 客户名 会员姓名 公司名称 单位名称 企业名称 会员 顾客 name",
    "firm": "是否单位 客户性质 个人/单位 单位客户",
    "keyword": "关键词",
    "short_name": "客户简称 公司简称",
    "phone": "手机 手机号 手机号码 联系电话 电话号码 移动电话 联系手机 联系方式 客户电话 会员手机 phone mobile tel",
    "phone2": "备用手机 电话2 固定电话 座机 固话 办公电话 其他电话 家庭电话",
    "card_number": "会员卡号 卡号码 会员卡 card",
    "gender": "男女 称谓",
    "birth_date": "出生日期 出生年月 出生年月日 会员生日 birthday",
    "birthday_lunar": "农历 是否农历 阴历",
    "level_id": "客户等级 会员等级 级别 会员级别 客户级别",
    "type_id": "客户类型 客户类别 类别 分类 客户分类",
    "status_id": "客户状态",
    "source_id": "客户来源 来源渠道 渠道",
    "industry_id": "所属行业 行业类别",
    "nature_id": "企业性质 公司性质 性质",
    "region_id": "地区 所属区域 片区 所在区域",
    "province": "省 所在省",
    "city": "市 所在市 所在城市",
    "postcode": "邮政编码",
    "fax": "传真号码",
    "website": "网站 主页",
    "legal_representative": "法人 法定代表人",
    "bank": "开户银行 银行",
    "bank_account": "账号 银行卡号 帐号 银行帐号",
    "tax_number": "税务登记号 纳税人识别号 统一社会信用代码",
    "email": "电子邮件 电子邮箱 邮件 e-mail mail",
    "address": "联系地址 通讯地址 详细地址 客户地址 公司地址 住址 address",
    "credit_limit_fen": "额度 授信额度 赊账额度",
    "payment_days": "账期 账期天数 付款天数",
    "notes": "说明 客户备注 其他说明 备注信息 remark",
    "owner_id": "负责人 所属业务员 客户经理 跟进人 销售员 业务经理 归属人 所属人",
    "created_date": "建档时间 创建日期 登记日期 入会日期 注册日期 办卡日期 开卡日期",
    "next_contact_date": "下次联系日期 下次联系时间 下次回访 下次跟进",
    "contact.name": "联系人姓名 主要联系人 首要联系人 联络人",
    "contact.post": "职位 联系人职务 联系人职位",
    "contact.mobile": "联系人电话 联系人手机号",
    "contact.wechat": "微信 微信号 联系人微信号",
    "contact.qq": "QQ QQ号 联系人QQ号",
    OPENING_STORED: "储值余额 储值 余额 卡内余额 会员余额 预存款 预存 账户余额",
    OPENING_POINTS: "积分 会员积分 剩余积分 可用积分 当前积分 积分余额",
    OPENING_DEBT: "欠款 应收 应收款 期初应收 欠款金额 欠款余额",
}

_CONTACT = (
    ("contact.name", "联系人", Form.TEXT),
    ("contact.post", "职务", Form.TEXT),
    ("contact.department", "联系人部门", Form.TEXT),
    ("contact.mobile", "联系人手机", Form.PHONE),
    ("contact.office_phone", "联系人座机", Form.PHONE),
    ("contact.email", "联系人邮箱", Form.TEXT),
    ("contact.wechat", "联系人微信", Form.CODE),
    ("contact.qq", "联系人QQ", Form.CODE),
)
_OPENING = (
    (OPENING_STORED, "期初储值", Form.MONEY),
    (OPENING_DEBT, "期初欠款", Form.MONEY),
    (OPENING_POINTS, "期初积分", Form.WHOLE),
)
_RECORD = (
    ("record.code", "客户编号", Form.CODE, "编号 编码"),
    ("record.name", "客户", Form.TEXT, "姓名 名称 客户名称 客户姓名 公司名称 单位名称"),
    ("record.phone", "客户电话", Form.PHONE, "电话 手机 手机号 手机号码 联系电话"),
    ("record.at", "联系时间", Form.MOMENT, "时间 日期 联系日期 跟进时间 跟进日期 回访时间"),
    ("record.type", "联系类型", Form.WORD, "类型 联系方式 跟进方式 联系种类"),
    ("record.content", "联系内容", Form.NOTES, "内容 跟进内容 反馈内容 记录 备注 说明 联系反馈"),
    ("record.contact_name", "联系人", Form.TEXT, "联系人姓名"),
    ("record.next_contact_date", "下次联系", Form.DATE, "下次联系日期 下次联系时间 下次回访 下次跟进"),
    ("record.operator", "业务员", Form.PERSON, "跟进人 负责人 操作员 记录人"),
)


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def _customer_field(key: str) -> ImportField:
    title = FIELD_TITLES[key.removesuffix("_id")]
    return ImportField(key, title, _FORMS.get(key, Form.TEXT), _split(_SYNONYMS.get(key, "")))


CUSTOMER_FIELDS: tuple[ImportField, ...] = (
    *(
        _customer_field(key)
        for key in sorted(INPUT_FIELDS, key=lambda k: [*FIELD_TITLES].index(k.removesuffix("_id")))
        if key.removesuffix("_id") in FIELD_TITLES
    ),
    *(
        ImportField(key, title, form, _split(_SYNONYMS.get(key, "")))
        for key, title, form in (*_CONTACT, *_OPENING)
    ),
)
RECORD_FIELDS: tuple[ImportField, ...] = tuple(
    ImportField(key, title, form, _split(words)) for key, title, form, words in _RECORD
)
_STRANGERS = frozenset(
    fold(word) for word in ("公司", "部门", "首次联系", "最近联系", "序号", "删除时间", "删除人")
)
"""Headings that are never one of the fields, though they sound like one."""

Mapped = Mapping[int, str]
"""Which column (from 0) is which field, by its key; columns left out are not imported."""


def heading(cell: Cell) -> str:
    """A heading as it is compared: without remarks in brackets, stars and blanks."""
    text = fold(str(cell if cell is not None else ""))
    return re.sub(r"\(.*?\)|\[.*?\]|【.*?】|[\s*:：_、,，.。?？-]", "", text)


def find_header(sheet: SheetRows, fields: Sequence[ImportField]) -> int:
    """The place, among the rows, of the one with the headings.

    The one with most known headings among the first; else a first row of words that are no data. Raises UserError.
    """
    known = _by_heading(fields)
    best, found = 0, 0
    for place, (_, cells) in enumerate(sheet.rows[:_LOOK_THROUGH]):
        count = len({known[heading(cell)] for cell in cells if heading(cell) in known})
        if count > found:
            best, found = place, count
    if not found:
        first = [cell for cell in sheet.rows[0][1] if cell not in (None, "")]
        words = all(
            isinstance(cell, str) and len(cell) <= 20 and not re.search(r"\d{3}", cell) for cell in first
        )
        if not words or len(set(map(str, first))) < len(first) or len(sheet.rows) < 2:
            raise UserError(
                "没有找到标题行。第一行请写上“客户、电话、地址”这样的标题，或用“另存模板”里的格式。"
            )
    if len(sheet.rows) <= best + 1:
        raise UserError("表里只有标题，下面没有内容。")
    return best


def headings(sheet: SheetRows, header: int) -> list[str]:
    """The words over each column as they are written, empty where there are none."""
    cells = sheet.rows[header][1]
    found = [str(cell).strip() if cell is not None else "" for cell in cells]
    return found + [""] * (sheet.width - len(found))


def _by_heading(fields: Sequence[ImportField]) -> dict[str, ImportField]:
    known: dict[str, ImportField] = {}
    for field in fields:
        known.setdefault(heading(field.title), field)
    for field in fields:
        for word in field.synonyms:
            known.setdefault(heading(word), field)
    return known


def guess(
    titles: Sequence[str],
    fields: Sequence[ImportField],
    fits: Callable[[ImportField, int], bool] = lambda _field, _column: True,
) -> dict[int, str]:
    """Which column is which field, by its heading; ``fits`` may say that the content is of another kind."""
    known = _by_heading(fields)
    mapped: dict[int, str] = {}
    bare = [heading(title) for title in titles]

    def take(column: int, field: ImportField | None) -> None:
        if field is None or column in mapped:
            return
        if field.key in mapped.values():
            second = {"phone": "phone2"}.get(field.key)
            if second is None or second in mapped.values():
                return
            field = next(one for one in fields if one.key == second)
        if fits(field, column):
            mapped[column] = field.key

    for column, word in enumerate(bare):
        if word and word not in _STRANGERS:
            take(column, known.get(word))
    for column, word in enumerate(bare):
        if column not in mapped and len(word) > 2 and word not in _STRANGERS:
            endings = [one for one in known if len(one) > 1 and word.endswith(one)]
            take(column, known[max(endings, key=len)] if endings else None)
    return mapped


def sample(sheet: SheetRows, header: int, column: int) -> list[Cell]:
    """The first cells under a heading that hold anything."""
    found: list[Cell] = []
    for _, cells in sheet.rows[header + 1 : header + 1 + 10 * _SAMPLE]:
        cell = cells[column] if column < len(cells) else None
        if cell not in (None, ""):
            found.append(cell)
            if len(found) == _SAMPLE:
                break
    return found


def signature(titles: Sequence[str]) -> str:
    """What a set of headings is remembered by."""
    return hashlib.sha256(json.dumps([heading(title) for title in titles]).encode()).hexdigest()[:16]


def check_mapping(kind: ImportKind, mapped: Mapped, fields: Sequence[ImportField]) -> None:
    """Raise UserError for a choice of columns from which nothing can come."""
    keys = list(mapped.values())
    titles = {field.key: field.title for field in fields}
    unknown = [key for key in keys if key not in titles]
    if unknown:
        raise UserError("有一列对应的字段已经不在了，请重新选择。")
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise UserError(f"有两列都对应“{titles[twice]}”，请只留一列。")
    if kind is ImportKind.CUSTOMERS and not {"name", "phone", "code", "card_number"} & set(keys):
        raise UserError("请至少指明哪一列是客户名称、电话、编号或卡号。")
    if kind is ImportKind.RECORDS:
        if not {"record.code", "record.name", "record.phone"} & set(keys):
            raise UserError("请指明哪一列是客户、客户编号或客户电话。")
        if "record.content" not in keys:
            raise UserError("请指明哪一列是联系内容。")
