"""The field of a form in which a customer is chosen, for pages of every room."""

from typing import Any

from meiping.domains.customers.queries import CustomerHit, customer_hit, customer_list, find_customers
from meiping.ui.context import Context
from meiping.ui.widgets import privacy
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.picker import Choice

_FEW = 20


def customer_field(context: Context, key: str = "customer_id", **rest: Any) -> Field:
    """Choose a customer within the operator's scope by name, pinyin, phone or card; ``rest`` as in ``Field``."""

    def search(text: str) -> list[Choice]:
        if not text:
            rows = context.read(customer_list)
            found = rows.window(0, _FEW, None) if rows is not None else ()
            return [
                Choice(row["id"], privacy.said(row["name"]), privacy.phone(row["phone"])) for row in found
            ]
        return [_choice(hit) for hit in context.read(find_customers, text=text, limit=_FEW) or ()]

    def resolve(customer_id: int) -> Choice | None:
        hit: CustomerHit | None = context.read(customer_hit, customer_id=customer_id)
        return _choice(hit) if hit is not None else None

    return Field(key, "客户", FieldKind.PICK, search=search, resolve=resolve, **rest)


def _choice(hit: CustomerHit) -> Choice:
    return Choice(hit.id, privacy.said(hit.name), privacy.phone(hit.phone), hit.level)
