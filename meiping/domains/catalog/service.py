"""Verbs about products and their categories."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from peewee import IntegrityError

from meiping.domains.audit import service as audit
from meiping.domains.catalog.models import Category, LevelPrice, Product, ProductBarcode
from meiping.domains.catalog.queries import category_title, stored_input
from meiping.domains.catalog.rules import (
    AMOUNT_ONLY,
    COST,
    EDIT,
    FEE_LINE,
    FIELD_TITLES,
    IN_USE,
    KIND,
    ODD_BARCODE,
    CheckedProduct,
    ProductInput,
    automatic_code,
    barcode_spellings,
    check_product,
    columns_of,
    search_terms,
    shown,
)
from meiping.domains.settings.models import Level
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound, UserError
from meiping.kernel.source import Source
from meiping.kernel.text import clean, plain
from meiping.store import search_index
from meiping.store.database import db, fetch, fetch_value
from meiping.store.fields import FlagField
from meiping.store.unit_of_work import Work, verb

_CHUNK = 200
_NONE: frozenset[str] = frozenset()


@verb(EDIT)
def add_product(work: Work, *, product: ProductInput, confirmed: frozenset[str] = _NONE) -> int:
    """Add a product and give its id.

    Raises InputError with the field, and NeedsConfirmation(ODD_BARCODE) for a bar code that looks odd.
    """
    if product.purchase_price_fen is not None:
        work.actor.require(COST)
    checked = check_product(product)
    _confirm(checked, confirmed)
    _refuse_twins(checked, product_id=None)
    product_id = _create(work, checked, incomplete=False)
    audit.record(work, "product.add", f"新增商品“{checked.product.name}”", Source(KIND, product_id))
    work.changed(Topic.PRODUCTS)
    return product_id


@verb(EDIT)
def quick_add_product(
    work: Work, *, name: str, list_price_fen: int | None, code: str = "", weighed: bool = False
) -> int:
    """Add a product in haste at the counter, marked 待完善, and give its id.

    ``code`` is what was scanned: digits become its bar code, anything else its product code. What is ``weighed`` is
    sold by the kilogram.
    """
    scanned = plain(code)
    product = (
        ProductInput(name, list_price_fen, barcodes=scanned)
        if scanned.isdigit()
        else ProductInput(name, list_price_fen, code=scanned)
    )
    if weighed:
        product = replace(product, unit="公斤", quantity_decimals=3)
    checked = check_product(product)
    _refuse_twins(checked, product_id=None)
    product_id = _create(work, checked, incomplete=True)
    audit.record(work, "product.add", f"收银时新增商品“{checked.product.name}”", Source(KIND, product_id))
    work.changed(Topic.PRODUCTS)
    return product_id


@verb(EDIT)
def change_product(
    work: Work, *, product_id: int, product: ProductInput, confirmed: frozenset[str] = _NONE
) -> int:
    """Change a product, which completes one made in haste; gives how many fields changed.

    Every field that changed is written down. Goods with history can't become a service, nor the reverse.
    """
    stored = _stored(product_id)
    _refuse_own(stored)
    before = stored_input(stored)
    checked = check_product(replace(product, code=product.code or before.code))
    if product.purchase_price_fen is None:
        kept = replace(checked.product, purchase_price_fen=before.purchase_price_fen)
        checked = replace(checked, product=kept)
    if product.level_prices is None:
        checked = replace(checked, product=replace(checked.product, level_prices=before.level_prices))
    wanted = checked.product
    if wanted.purchase_price_fen != before.purchase_price_fen:
        work.actor.require(COST)
    if set(checked.barcodes) - set(before.barcodes.split()):
        _confirm(checked, confirmed)
    _refuse_twins(checked, product_id=product_id)
    _check_category(wanted)
    if wanted.stocked != before.stocked and _has_history(product_id):
        raise InputError("已有库存或销售记录，不能改变是否管理库存；请停用后另建商品。", field="stocked")
    values = columns_of(wanted) | {"incomplete": False}
    Product.update(**values).where(Product.id == product_id).execute()
    _write_barcodes(product_id, checked.barcodes)
    _write_level_prices(product_id, wanted)
    _index(work, product_id, checked, active=bool(stored.active))
    names = {level.id: level.name for level in Level.select()}
    old = shown(before, category_title(before.category_id), names)
    new = shown(wanted, category_title(wanted.category_id), names)
    changes = [(title, old[key], new[key]) for key, title in FIELD_TITLES.items()]
    count = audit.record_changes(work, Source(KIND, product_id), changes)
    if count:
        audit.record(work, "product.change", f"修改商品“{wanted.name}”", Source(KIND, product_id))
    work.changed(Topic.PRODUCTS)
    return count


@verb(EDIT)
def deactivate_products(work: Work, *, product_ids: Collection[int]) -> int:
    """Take products out of use: they are no longer found for a bill. Gives how many changed."""
    return _set_active(work, product_ids, active=False)


@verb(EDIT)
def activate_products(work: Work, *, product_ids: Collection[int]) -> int:
    """Bring products back into use; gives how many changed."""
    return _set_active(work, product_ids, active=True)


@verb(EDIT)
def delete_products(work: Work, *, product_ids: Collection[int]) -> int:
    """Delete products that were never moved or sold, all or none; gives how many went."""
    products = [_stored(product_id) for product_id in sorted(set(product_ids))]
    for product in products:
        _refuse_own(product)
    kept = [product for product in products if not _delete(product.id)]
    if kept:
        which = f"“{kept[0].name}”" + (f"等 {len(kept)} 个商品" if len(kept) > 1 else "")
        raise UserError(f"{which}有库存、销售或报价记录，只能停用。")
    for product in products:
        search_index.remove(work, KIND, product.id)
        audit.record(work, "product.delete", f"删除商品“{product.name}”", Source(KIND, product.id))
    work.changed(Topic.PRODUCTS)
    return len(products)


def add_many(work: Work, products: Sequence[ProductInput]) -> list[int]:
    """Add products in bulk, as an import does, and give their ids in order; the caller writes the log.

    Raises InputError for the first row that breaks a rule; odd bar codes pass.
    """
    checked = [check_product(product) for product in products]
    taken = {row[0] for row in fetch("SELECT code FROM product")}
    owned = {row[0] for row in fetch("SELECT barcode FROM product_barcode")}
    for one in checked:
        for code, known, title in (
            *((barcode, owned, "条码") for barcode in one.barcodes),
            *((code, taken, "编码") for code in (one.product.code,) if code),
        ):
            if code in known:
                raise InputError(f"“{one.product.name}”的{title} {code} 已经有了。")
            known.add(code)
    ids: list[int] = []
    for start in range(0, len(checked), _CHUNK):
        ids += _insert_chunk(work, checked[start : start + _CHUNK], taken)
    work.changed(Topic.PRODUCTS)
    return ids


@verb(EDIT)
def save_category(
    work: Work, *, name: str, parent_id: int | None = None, category_id: int | None = None
) -> int:
    """Add, rename or move a category and give its id. There are two levels."""
    wanted = clean(name, name="分类名称", limit=30)
    if not wanted:
        raise InputError("请填写分类名称。", field="name")
    category = Category() if category_id is None else _category(category_id)
    if parent_id is not None:
        if _category(parent_id).parent_id is not None or parent_id == category_id:
            raise InputError("分类只有两级，请选择一个一级分类。", field="parent_id")
        if category_id and Category.select().where(Category.parent == category_id).exists():
            raise InputError("这个分类下面还有小类，不能再放到别的分类下面。", field="parent_id")
    twin = Category.select().where(Category.name == wanted, Category.id != (category_id or 0))
    same_place = Category.parent == parent_id if parent_id else Category.parent.is_null()
    if twin.where(same_place).exists():
        raise InputError(f"已经有叫“{wanted}”的分类。", field="name")
    category.name = wanted
    category.parent = parent_id
    category.save()
    audit.record(work, "category.save", f"保存分类“{wanted}”", Source("category", category.id))
    work.changed(Topic.PRODUCTS)
    return int(category.id)


@verb(EDIT)
def delete_category(work: Work, *, category_id: int) -> None:
    """Delete a category that nothing is in."""
    category = _category(category_id)
    used = Product.select().where(Product.category == category_id).count()
    if used:
        raise UserError(f"“{category.name}”里还有 {used} 个商品，请先给它们换分类。")
    if Category.select().where(Category.parent == category_id).exists():
        raise UserError(f"“{category.name}”下面还有小类，请先删除小类。")
    category.delete_instance()
    audit.record(work, "category.delete", f"删除分类“{category.name}”", Source("category", category_id))
    work.changed(Topic.PRODUCTS)


def _stored(product_id: int) -> Product:
    product = Product.get_or_none(Product.id == product_id)
    if product is None:
        raise NotFound("这个商品已经不在了，请刷新。")
    return product


def _refuse_own(product: Product) -> None:
    """The products of lines of an amount only and of annual fees are the program's: a bill names them for ever."""
    if product.amount_only or product.fee_line:
        use = "收银输入金额" if product.amount_only else "收年费"
        raise UserError(f"“{product.name}”是系统自带的商品，{use}时用，不能修改、停用或删除。")


def amount_only_product(work: Work) -> int:
    """The id of the product that stands for lines of an amount only, made when first needed: a part of verbs."""
    return _own_product(work, Product.amount_only, AMOUNT_ONLY)


def fee_line_product(work: Work) -> int:
    """The id of the product that annual fees are sold as, made when first needed: a part of verbs."""
    return _own_product(work, Product.fee_line, FEE_LINE)


def _own_product(work: Work, flag: FlagField, name: str) -> int:
    there = Product.get_or_none(flag)
    if there is not None:
        return int(there.id)
    checked = check_product(ProductInput(name, 0, stocked=False))
    product_id = _create(work, checked, incomplete=False)
    Product.update({flag: True}).where(Product.id == product_id).execute()
    _index(work, product_id, checked, active=False)  # no search at the counter may find it
    work.changed(Topic.PRODUCTS)
    return product_id


def _category(category_id: int) -> Category:
    category = Category.get_or_none(Category.id == category_id)
    if category is None:
        raise NotFound("这个分类已经不在了，请刷新。")
    return category


def _confirm(checked: CheckedProduct, confirmed: frozenset[str]) -> None:
    if checked.warnings and ODD_BARCODE not in confirmed:
        raise NeedsConfirmation(ODD_BARCODE, "".join(checked.warnings), verb="仍要保存", field="barcodes")


def _refuse_twins(checked: CheckedProduct, *, product_id: int | None) -> None:
    """A code or bar code names one product only, so that a scan has one answer."""
    for barcode in checked.barcodes:
        for spelling in barcode_spellings(barcode):
            owner = fetch(
                "SELECT p.id, p.name, p.active FROM product_barcode b JOIN product p ON p.id = b.product_id"
                " WHERE b.barcode = ? UNION ALL SELECT id, name, active FROM product WHERE code = ?",
                spelling,
                spelling,
            )
            for owner_id, name, active in owner:
                if owner_id != product_id:
                    state = "" if active else "（已停用）"
                    raise InputError(f"条码 {barcode} 已经属于“{name}”{state}。", field="barcodes")
    code = checked.product.code
    owner = fetch(
        "SELECT id, name FROM product WHERE code = ? UNION ALL SELECT p.id, p.name FROM product_barcode b"
        " JOIN product p ON p.id = b.product_id WHERE b.barcode = ?",
        code,
        code,
    )
    for owner_id, name in owner:
        if owner_id != product_id:
            raise InputError(f"编码 {code} 已经属于“{name}”。", field="code")


def _create(work: Work, checked: CheckedProduct, *, incomplete: bool) -> int:
    code = checked.product.code or _free_codes(1, taken=())[0]
    checked = replace(checked, product=replace(checked.product, code=code))
    _check_category(checked.product)
    made = Product.create(**columns_of(checked.product), incomplete=incomplete, created_at=work.at)
    _write_barcodes(made.id, checked.barcodes)
    _write_level_prices(made.id, checked.product)
    _index(work, made.id, checked, active=True)
    return int(made.id)


def _insert_chunk(work: Work, chunk: Sequence[CheckedProduct], taken: set[str]) -> list[int]:
    free = iter(_free_codes(len(chunk), taken=taken))
    coded = [
        one if one.product.code else replace(one, product=replace(one.product, code=next(free)))
        for one in chunk
    ]
    codes = [one.product.code for one in coded]
    taken.update(codes)
    Product.insert_many([columns_of(one.product) | {"created_at": work.at} for one in coded]).execute()
    marks = ", ".join("?" * len(codes))
    id_of = dict(fetch(f"SELECT code, id FROM product WHERE code IN ({marks})", *codes))
    ids = [int(id_of[code]) for code in codes]
    for product_id, one in zip(ids, coded, strict=True):
        for barcode in one.barcodes:
            work.execute(
                "INSERT INTO product_barcode (barcode, product_id) VALUES (?, ?)", barcode, product_id
            )
        _index(work, product_id, one, active=True)
    return ids


def _free_codes(count: int, *, taken: Collection[str]) -> list[str]:
    """Automatic codes follow the ids, so that none is ever given twice; codes typed by hand are passed over."""
    number = int(fetch_value("SELECT seq FROM sqlite_sequence WHERE name = 'product'") or 0)
    codes: list[str] = []
    while len(codes) < count:
        number += 1
        code = automatic_code(number)
        used = code in taken or fetch_value("SELECT 1 FROM product WHERE code = ?", code)
        codes += [] if used else [code]
    return codes


def _check_category(product: ProductInput) -> None:
    if product.category_id is not None:
        _category(product.category_id)


def _write_barcodes(product_id: int, barcodes: Collection[str]) -> None:
    ProductBarcode.delete().where(ProductBarcode.product == product_id).execute()
    for barcode in barcodes:
        ProductBarcode.create(barcode=barcode, product=product_id)


def _write_level_prices(product_id: int, product: ProductInput) -> None:
    LevelPrice.delete().where(LevelPrice.product == product_id).execute()
    for level_id, price_fen in product.level_prices or ():
        LevelPrice.insert(product=product_id, level=level_id, price_fen=price_fen).execute()


def _index(work: Work, product_id: int, checked: CheckedProduct, *, active: bool) -> None:
    terms = search_terms(checked.product, checked.barcodes)
    search_index.put(work, KIND, product_id, checked.product.name, terms, hidden=(IN_USE,) if active else ())


def _set_active(work: Work, product_ids: Collection[int], *, active: bool) -> int:
    changed = 0
    for product_id in sorted(set(product_ids)):
        product = _stored(product_id)
        _refuse_own(product)
        if bool(product.active) == active:
            continue
        Product.update(active=active).where(Product.id == product_id).execute()
        _index(work, product_id, _as_stored(product), active=active)
        old, new = ("停用", "在用") if active else ("在用", "停用")
        audit.record_changes(work, Source(KIND, product_id), [("状态", old, new)])
        word = "启用" if active else "停用"
        audit.record(work, "product.active", f"{word}商品“{product.name}”", Source(KIND, product_id))
        changed += 1
    work.changed(Topic.PRODUCTS)
    return changed


def _as_stored(product: Product) -> CheckedProduct:
    return check_product(replace(stored_input(product), level_prices=None))


def _delete(product_id: int) -> bool:
    """Delete a product; False where a row of any room still names it."""
    try:
        with db.atomic():
            ProductBarcode.delete().where(ProductBarcode.product == product_id).execute()
            Product.delete().where(Product.id == product_id).execute()
    except IntegrityError:
        return False
    return True


def _has_history(product_id: int) -> bool:
    """Whether a row of any room names the product: tried by deleting it and taking that back."""
    with db.atomic() as attempt:
        unused = _delete(product_id)
        attempt.rollback()
    return not unused
