"""What a product is: rights, input and its refusals, bar codes, the words it is found by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from meiping.domains.settings.options import BELOW_ZERO_CHOICES
from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.kernel.permissions import permission
from meiping.kernel.pinyin import sort_key
from meiping.kernel.quantity import show_milli
from meiping.kernel.search_terms import code_terms, name_terms
from meiping.kernel.text import clean, plain

VIEW = permission("products.view", "查看商品", group="商品")
EDIT = permission("products.edit", "新增与修改商品", group="商品")
PRICE_RULES = permission("prices.rules", "设置价格规则", group="商品")
COST = permission("products.cost", "查看与修改进价、成本", group="商品")

KIND = "product"
"""The product's kind in the search index and in the logs."""
ODD_BARCODE = "odd_barcode"
"""The token that confirms a bar code that looks odd."""
IN_USE = "inuse"
"""The hidden search term of products that may be sold."""
AMOUNT_ONLY = "无码商品"
"""The name of the product that lines of an amount only belong to."""
FEE_LINE = "服务年费"
"""The name of the product that annual fees are sold as."""
BELOW_ZERO = dict(BELOW_ZERO_CHOICES)
"""What selling more than there is may mean for a product: key in the file, word on screen."""
MOST_MONTHS = 600
MAX_DECIMALS = 3
MAX_BARCODES = 20

FIELD_TITLES = {
    "name": "名称",
    "code": "编码",
    "barcodes": "条码",
    "category": "分类",
    "brand": "品牌",
    "unit": "单位",
    "quantity_decimals": "数量小数位",
    "specification": "规格",
    "list_price_fen": "售价",
    "lowest_price_fen": "最低售价",
    "purchase_price_fen": "进价",
    "level_prices": "会员价",
    "stocked": "管理库存",
    "low_stock_milli": "库存下限",
    "below_zero": "库存不足时",
    "annual_fee_fen": "年费",
    "service_term_months": "服务期（月）",
    "warranty_months": "质保（月）",
    "notes": "备注",
}
"""The word on screen of each field, in the order in which changes are written down."""

_LIMITS = {"name": 80, "brand": 40, "unit": 10, "specification": 60}
_CODE = re.compile(r"[0-9A-Z][0-9A-Z._/-]{0,29}")


@dataclass(frozen=True, slots=True)
class ProductInput:
    """What is entered about a product. A name and a list price are needed.

    An empty ``code`` is given automatically. ``barcodes`` are as typed, several separated by blanks or commas.
    ``purchase_price_fen`` None leaves it as it is; ``low_stock_milli`` None means no low mark. ``stocked`` is
    false for a service. ``below_zero`` is one of ``BELOW_ZERO``, empty for what the shop says. ``level_prices`` are
    (level, fen) pairs; None leaves them as they are. With a sale begins a service term of ``service_term_months``;
    for each further one ``annual_fee_fen`` is due.
    """

    name: str
    list_price_fen: int | None
    code: str = ""
    barcodes: str = ""
    category_id: int | None = None
    brand: str = ""
    unit: str = ""
    quantity_decimals: int = 0
    specification: str = ""
    lowest_price_fen: int = 0
    purchase_price_fen: int | None = None
    stocked: bool = True
    low_stock_milli: int | None = None
    below_zero: str = ""
    annual_fee_fen: int = 0
    service_term_months: int = 0
    warranty_months: int = 0
    notes: str = ""
    level_prices: tuple[tuple[int, int], ...] | None = None


INPUT_FIELDS = tuple(field.name for field in fields(ProductInput))


@dataclass(frozen=True, slots=True)
class CheckedProduct:
    """Input in its stored form, its bar codes, and what looks odd about it without being wrong."""

    product: ProductInput
    barcodes: tuple[str, ...]
    warnings: tuple[str, ...]


def check_product(product: ProductInput) -> CheckedProduct:
    """Bring what was entered into its stored form. Raises InputError with the field it concerns."""
    texts: dict[str, Any] = {key: _text(product, key) for key in _LIMITS}
    if not texts["name"]:
        raise InputError("请填写商品名称。", field="name")
    if product.list_price_fen is None:
        raise InputError("请填写售价。", field="list_price_fen")
    if product.lowest_price_fen > product.list_price_fen:
        shown = show_fen(product.list_price_fen)
        raise InputError(f"最低售价不能高于售价 {shown}。", field="lowest_price_fen")
    for level_id, price_fen in product.level_prices or ():
        if not product.lowest_price_fen <= price_fen <= product.list_price_fen:
            low, high = show_fen(product.lowest_price_fen), show_fen(product.list_price_fen)
            raise InputError(f"会员价要在最低售价 {low} 和售价 {high} 之间。", field=level_field(level_id))
    if not 0 <= product.quantity_decimals <= MAX_DECIMALS:
        raise InputError("数量小数位请在 0 到 3 之间。", field="quantity_decimals")
    if product.below_zero and product.below_zero not in BELOW_ZERO:
        raise InputError("请选择库存不足时怎么办。", field="below_zero")
    _check_service(product)
    barcodes = split_barcodes(product.barcodes)
    checked = replace(
        product,
        **texts,
        code=check_code(product.code),
        barcodes=" ".join(barcodes),
        low_stock_milli=product.low_stock_milli if product.stocked else None,
        below_zero=product.below_zero if product.stocked else "",
        notes=clean(product.notes, name="备注", limit=1000, lines=True),
    )
    return CheckedProduct(checked, barcodes, tuple(filter(None, map(barcode_warning, barcodes))))


def _check_service(product: ProductInput) -> None:
    """The months of service and warranty, and that a fee says for how long it is."""
    for key in ("service_term_months", "warranty_months"):
        if not 0 <= getattr(product, key) <= MOST_MONTHS:
            title = FIELD_TITLES[key].removesuffix("（月）")
            raise InputError(f"{title}请在 0 到 {MOST_MONTHS} 个月之间。", field=key)
    if product.annual_fee_fen and not product.service_term_months:
        raise InputError("有年费的商品请填写服务期，例如 12 个月。", field="service_term_months")


def _text(product: ProductInput, key: str) -> str:
    try:
        return clean(getattr(product, key), name=FIELD_TITLES[key], limit=_LIMITS[key])
    except InputError as error:
        raise InputError(error.sentence, field=key) from None


def check_code(text: str) -> str:
    """A typed product code in its stored form, capital letters; empty stays empty. Raises InputError."""
    code = plain(text).upper()
    if code and not _CODE.fullmatch(code):
        raise InputError("编码请用数字和字母（可以带 - . _ /），最多 30 位。", field="code")
    return code


def split_barcodes(text: str) -> tuple[str, ...]:
    """The bar codes in what was typed or scanned, each once, in order. Raises InputError for what is no digits."""
    found = tuple(sorted({part for part in re.split(r"[\s,，、;；]+", plain(text)) if part}))
    for barcode in found:
        if not re.fullmatch(r"[0-9]{4,30}", barcode):
            raise InputError(f"条码“{barcode}”应全是数字，4 到 30 位。", field="barcodes")
    if len(found) > MAX_BARCODES:
        raise InputError(f"一个商品最多 {MAX_BARCODES} 个条码。", field="barcodes")
    return found


def automatic_code(number: int) -> str:
    """``P00042``."""
    return f"P{number:05d}"


def check_digit(digits: str) -> str:
    """The check digit that EAN-13, EAN-8 and UPC-A put behind ``digits``."""
    weighed = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-weighed % 10)


def barcode_warning(barcode: str) -> str | None:
    """What looks odd about a bar code, one sentence; None if nothing does."""
    if len(barcode) in (8, 12, 13) and check_digit(barcode[:-1]) != barcode[-1]:
        return f"条码 {barcode} 的校验位不对，可能输错了。"
    if len(barcode) == 13 and barcode.startswith("2"):
        return f"条码 {barcode} 属于店内码（20 到 29 开头），可能与称重商品的条码冲突。"
    return None


def barcode_spellings(barcode: str) -> tuple[str, ...]:
    """The ways scanners give the same label: UPC-A with 12 digits, or 13 with a zero in front."""
    if len(barcode) == 12:
        return (barcode, f"0{barcode}")
    if len(barcode) == 13 and barcode.startswith("0"):
        return (barcode, barcode[1:])
    return (barcode,)


def columns_of(product: ProductInput) -> dict[str, Any]:
    """The columns of the product's row, without what is kept elsewhere."""
    kept_elsewhere = ("barcodes", "category_id", "level_prices")
    values = {key: getattr(product, key) for key in INPUT_FIELDS if key not in kept_elsewhere}
    values["name_key"] = sort_key(product.name)
    values["category"] = product.category_id
    values["purchase_price_fen"] = product.purchase_price_fen or 0
    return values


def search_terms(product: ProductInput, barcodes: tuple[str, ...]) -> list[str]:
    """What a product is found by: name, brand, specification, code and bar codes."""
    terms = name_terms(product.name) + name_terms(product.brand) + name_terms(product.specification)
    for code in (product.code, *barcodes):
        terms += code_terms(code)
    return terms


def level_field(level_id: int) -> str:
    """The form's key for the price of a level."""
    return f"level_price_{level_id}"


def shown(product: ProductInput, category: str, levels: Mapping[int, str]) -> dict[str, str]:
    """Every field as it stands on screen, by the keys of FIELD_TITLES, for the log of changes.

    ``levels`` are the names by id.
    """
    return {
        "name": product.name,
        "code": product.code,
        "barcodes": product.barcodes,
        "category": category,
        "brand": product.brand,
        "unit": product.unit,
        "quantity_decimals": str(product.quantity_decimals),
        "specification": product.specification,
        "list_price_fen": show_fen(product.list_price_fen),
        "lowest_price_fen": show_fen(product.lowest_price_fen),
        "purchase_price_fen": show_fen(product.purchase_price_fen),
        "level_prices": "，".join(
            f"{levels.get(level_id, '')} {show_fen(fen)}" for level_id, fen in product.level_prices or ()
        ),
        "stocked": "是" if product.stocked else "否",
        "low_stock_milli": show_milli(product.low_stock_milli),
        "below_zero": BELOW_ZERO.get(product.below_zero, ""),
        "annual_fee_fen": show_fen(product.annual_fee_fen) if product.annual_fee_fen else "",
        "service_term_months": str(product.service_term_months or ""),
        "warranty_months": str(product.warranty_months or ""),
        "notes": product.notes,
    }
