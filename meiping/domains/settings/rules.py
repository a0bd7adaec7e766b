"""What the shop's options may be, and its own lists with the words they begin with."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from meiping.domains.settings.option_spec import OptionKind, OptionSpec
from meiping.domains.settings.options import OPTION_BY_KEY
from meiping.kernel.errors import InputError
from meiping.kernel.permissions import permission
from meiping.kernel.text import clean

MANAGE_SETTINGS = permission("settings.manage", "修改设置与字典", group="系统")
RECOVERY_OPTION = "security.recovery_hash"
"""Where the hash of the recovery code lies; nothing a user sets."""


def check_option(key: str, value: Any) -> Any:
    """The value as it may be stored. Raises InputError with ``key`` as the field."""
    spec = OPTION_BY_KEY[key]
    if spec.kind is OptionKind.WHOLE and not (type(value) is int and spec.least <= value <= spec.most):
        raise InputError(f"{spec.title}请在 {spec.least} 到 {spec.most} 之间。", field=key)
    if spec.kind is OptionKind.CHOICE and value not in {choice for choice, _ in spec.choices}:
        raise InputError(f"{spec.title}请从列表中选择。", field=key)
    if spec.kind is OptionKind.YES:
        return bool(value)
    if spec.kind is OptionKind.SEVERAL:
        if not set(value) <= {choice for choice, _ in spec.choices}:
            raise InputError(f"{spec.title}请从列表中选择。", field=key)
        return [choice for choice, _ in spec.choices if choice in value]
    if spec.kind in (OptionKind.TEXT, OptionKind.LONG_TEXT):
        return _check_text(spec, str(value))
    return value


def check_together(weighed: Collection[str], own_prefix: str) -> None:
    """Raise InputError where a scale's codes and the shop's own bar codes would begin alike."""
    if own_prefix in weighed:
        raise InputError(f"{own_prefix} 已经是本店自编条码的开头，称重码请用别的。", field="weighed.prefixes")


def _check_text(spec: OptionSpec, value: str) -> str:
    try:
        text = clean(value, name=spec.title, limit=spec.limit, lines=spec.kind is OptionKind.LONG_TEXT)
    except InputError as error:
        raise InputError(error.sentence, field=spec.key) from None
    if spec.key == "shop.name" and not text:
        raise InputError("请填写店名。", field=spec.key)
    if spec.key == "shop.phone" and text and not any(character.isdigit() for character in text):
        raise InputError("电话请填写号码，例如 0755-26001234。", field=spec.key)
    return text


@dataclass(frozen=True, slots=True)
class DictionarySpec:
    """One of the shop's own lists and the words it begins with."""

    kind: str
    title: str
    seeds: tuple[str, ...]


DICTIONARIES = (
    DictionarySpec("customer_type", "客户类型", ("普通客户", "会员", "经销商", "合作伙伴")),
    DictionarySpec("customer_status", "客户状态", ("潜在客户", "意向客户", "正式客户", "停止合作")),
    DictionarySpec("customer_source", "客户来源", ("到店", "老客户介绍", "微信", "抖音", "电话", "广告")),
    DictionarySpec("industry", "行业", ("零售", "餐饮", "美容美发", "教育", "制造", "贸易", "服务")),
    DictionarySpec(
        "customer_nature", "单位性质", ("个体户", "民营企业", "国有企业", "外资企业", "事业单位", "其他")
    ),
    DictionarySpec("region", "区域", ("本市", "省内", "华东", "华南", "华北", "其他")),
    DictionarySpec("contact_type", "联系类型", ("业务联系", "服务反馈", "客户回访", "客户报价")),
    DictionarySpec("service_type", "服务类型", ("远程售后", "现场售后", "客户投诉", "客户回访")),
    DictionarySpec("document_category", "资料类别", ("合同", "证件", "图片", "报价单", "其他")),
    DictionarySpec(
        "expense_category",
        "费用类别",
        ("房租", "水电", "工资", "办公用品", "运费", "招待", "交通", "维修", "其他"),
    ),
    DictionarySpec("stock_in_nature", "入库性质", ("采购入库", "盘盈", "期初", "其他入库")),
    DictionarySpec("stock_out_nature", "出库性质", ("报损", "自用", "盘亏", "其他出库")),
)
DICTIONARY_BY_KIND = {spec.kind: spec for spec in DICTIONARIES}

LEVEL_SEEDS = (("普通", 10_000), ("银卡", 9_500), ("金卡", 9_000), ("钻石", 8_500))
