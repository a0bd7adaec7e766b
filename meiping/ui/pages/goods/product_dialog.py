"""Adding and changing a product, in one window."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any

from meiping.domains.catalog.queries import categories, product_detail
from meiping.domains.catalog.rules import BELOW_ZERO, COST, INPUT_FIELDS, ProductInput, level_field
from meiping.domains.catalog.service import add_product, change_product, save_category
from meiping.domains.settings.queries import levels, option
from meiping.kernel.money import show_discount
from meiping.kernel.pinyin import initials
from meiping.kernel.text import fold
from meiping.ui.context import Context
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.picker import Choice

_NONE_IF_ZERO = ("lowest_price_fen", "annual_fee_fen", "service_term_months", "warranty_months")
_DECIMALS = ((0, "整数"), (1, "一位小数"), (2, "两位小数"), (3, "三位小数"))


def add_product_dialog(
    parent: tk.Misc,
    context: Context,
    *,
    name: str = "",
    code: str = "",
    done: Callable[[int], None] | None = None,
) -> FormDialog:
    """Ask for a new product; ``code`` is one that was scanned and is unknown. ``done`` gets the id."""
    values: Values = {"name": name}
    values |= {"barcodes": code} if code.isdigit() else {"code": code}

    def save(entered: Values) -> bool:
        return context.run(
            add_product,
            near=dialog,
            button=dialog.button,
            success=f"已新增“{entered['name']}”",
            done=done,
            product=_entered(entered),
        )

    dialog = FormDialog(
        parent,
        "新增商品",
        _fields(context),
        values=values,
        on_submit=save,
        on_change=lambda key: _follow(dialog, key),
    )
    return dialog


def change_product_dialog(parent: tk.Misc, context: Context, product_id: int) -> FormDialog | None:
    """Change a product, which completes one made in haste; None if it is gone."""
    detail = context.read(product_detail, product_id=product_id)
    if detail is None:
        return None
    product: ProductInput = detail.product
    asked = {field.key for field in _fields(context)}
    values: Values = {key: getattr(product, key) for key in INPUT_FIELDS if key in asked}
    values |= {key: getattr(product, key) or None for key in _NONE_IF_ZERO}
    values |= {level_field(level_id): fen for level_id, fen in product.level_prices or ()}

    def save(entered: Values) -> bool:
        return context.run(
            change_product,
            near=dialog,
            button=dialog.button,
            success=f"已保存“{entered['name']}”",
            product_id=product_id,
            product=_entered(entered),
        )

    dialog = FormDialog(
        parent,
        "修改商品",
        _fields(context),
        values=values,
        on_submit=save,
        on_change=lambda key: _follow(dialog, key),
    )
    _follow(dialog, "stocked")
    return dialog


def _entered(values: Values) -> ProductInput:
    """What the form gives, as the catalog takes it; a service has no low mark."""
    kept = {key: value for key, value in values.items() if key in INPUT_FIELDS}
    prices = [(level.id, values.get(level_field(level.id))) for level in levels()]
    own = tuple((level_id, fen) for level_id, fen in prices if fen is not None)
    kept |= {key: values[key] or 0 for key in _NONE_IF_ZERO}
    return ProductInput(**{**kept, "below_zero": values.get("below_zero") or "", "level_prices": own})


def _level_fields() -> tuple[Field, ...]:
    """A price for each level; without one its discount counts."""
    return tuple(
        Field(
            level_field(level.id),
            f"{level.name}价",
            FieldKind.MONEY,
            section="" if place else "会员价",
            hint=f"不填就是{show_discount(level.discount_bp) or '售价'}",
        )
        for place, level in enumerate(levels())
    )


def _follow(dialog: FormDialog, key: str) -> None:
    """The low mark, and what happens where there is too little, belong to goods, not to services."""
    if key == "stocked":
        stocked = bool(dialog.form.value("stocked"))
        dialog.form.show_many({"low_stock_milli": stocked, "below_zero": stocked})


def _fields(context: Context) -> Sequence[Field]:
    money = FieldKind.MONEY
    cost = (Field("purchase_price_fen", "进价", money),) if context.actor.can(COST) else ()
    return (
        Field("name", "名称", required=True, section="基本", span=2, limit=80),
        Field("barcodes", "条码", FieldKind.CODE, span=2, limit=600, hint="扫描或输入，多个条码用空格隔开"),
        Field("code", "编码", FieldKind.CODE, hint="留空自动编码", limit=30),
        Field(
            "category_id",
            "分类",
            FieldKind.PICK,
            search=_find_category,
            create=("新增分类", lambda text: _new_category(context, text)),
            resolve=_category_choice,
        ),
        Field("specification", "规格", limit=60),
        Field("unit", "单位", limit=10),
        Field("brand", "品牌", limit=40),
        Field("quantity_decimals", "数量精度", FieldKind.CHOICE, required=True, choices=_DECIMALS, default=0),
        Field("list_price_fen", "售价", money, required=True, section="价格"),
        Field("lowest_price_fen", "最低售价", money, hint="低于它出售要有权限"),
        *cost,
        *_level_fields(),
        Field("stocked", "管理库存", FieldKind.CHECK, section="库存", default=True),
        Field("low_stock_milli", "库存下限", FieldKind.QUANTITY, hint="现存不多于它时提醒补货"),
        Field(
            "below_zero",
            "库存不足时",
            FieldKind.CHOICE,
            choices=tuple(BELOW_ZERO.items()),
            hint=f"不选就{BELOW_ZERO[option('stock.below_zero')]}",
        ),
        Field("annual_fee_fen", "年费", money, section="服务", hint="每个服务期收一次，不收就留空"),
        Field("service_term_months", "服务期（月）", FieldKind.NUMBER, hint="卖出时记下到期日，一年填 12"),
        Field("warranty_months", "质保（月）", FieldKind.NUMBER),
        Field("notes", "备注", FieldKind.LONG_TEXT, section="其他", limit=1000, lines=3),
    )


def _find_category(text: str) -> list[Choice]:
    wanted = fold(text)
    found = [
        category
        for category in categories()
        if wanted in fold(category.title) or any(wanted in reading for reading in initials(category.title))
    ]
    return [Choice(category.id, category.title, right=f"{category.products:,} 个") for category in found]


def _category_choice(category_id: Any) -> Choice | None:
    return next((Choice(one.id, one.title) for one in categories() if one.id == category_id), None)


def _new_category(context: Context, text: str) -> Choice | None:
    """``饮料`` makes a category, ``饮料/茶`` a sub-category in one that may have to be made first."""
    parent_id: int | None = None
    *above, name = text.replace("／", "/").split("/", maxsplit=1)
    made: list[int] = []
    for title in above:
        known = (one.id for one in categories() if one.parent_id is None and one.name == title.strip())
        parent_id = next(known, None)
        if parent_id is None and context.run(save_category, name=title, done=made.append):
            parent_id = made.pop()
    if context.run(save_category, name=name, parent_id=parent_id, done=made.append):
        return _category_choice(made[0])
    return None
