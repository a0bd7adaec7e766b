"""The field of a form in which a product is chosen, for pages of every room."""

from typing import Any

from meiping.domains.catalog.queries import ProductHit, find_products, hits_by_id
from meiping.kernel.money import show_fen
from meiping.ui.context import Context
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.picker import Choice

_FEW = 20


def product_field(context: Context, key: str = "product_id", **rest: Any) -> Field:
    """Choose a product in use by name, pinyin, code or bar code; ``rest`` as in ``Field``."""

    def search(text: str) -> list[Choice]:
        hits = context.read(find_products, text=text, limit=_FEW) if text else ()
        return [_choice(hit) for hit in hits or ()]

    def resolve(product_id: int) -> Choice | None:
        hits: dict[int, ProductHit] = context.read(hits_by_id, product_ids=[product_id]) or {}
        return _choice(hits[product_id]) if product_id in hits else None

    return Field(key, "商品", FieldKind.PICK, search=search, resolve=resolve, **rest)


def _choice(hit: ProductHit) -> Choice:
    return Choice(hit.id, hit.name, hit.code, show_fen(hit.price_fen))
