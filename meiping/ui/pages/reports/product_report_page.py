"""商品统计: what was sold of each product, category or brand."""

from meiping.domains.catalog.queries import categories
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.names import product_called
from meiping.domains.reports.queries import ProductGroup, product_columns, product_report
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import (
    CATEGORY,
    COMPANY,
    SALESPERSON,
    TO_COUNTER,
    grouped_by,
    open_bills,
)
from meiping.ui.pages.reports.ranking import ranking
from meiping.ui.pages.reports.report import report_parts
from meiping.ui.pages.reports.report_spec import ReportSpec


def _category_called(_actor: Actor, category_id: int) -> str:
    title = next((one.title for one in categories() if one.id == category_id), "")
    return f"分类 {title}" if title else "没有分类的商品"


def _open(context: Context, row: Row, asked: ReportAsked) -> None:
    """A category or a brand shows its products, a product its bills."""
    by = asked.get("by")
    if by == ProductGroup.CATEGORY.key:
        context.open_page("product_report", by=ProductGroup.PRODUCT.key, just_category=row["id"])
    elif by == ProductGroup.BRAND.key:
        context.open_page("product_report", by=ProductGroup.PRODUCT.key, brand=row["id"])
    elif by == ProductGroup.PRODUCT.key:
        open_bills(context, asked, product_id=row["id"])


SPEC = ReportSpec(
    key="product_report",
    title="商品统计",
    columns=product_columns,
    read=product_report,
    choices=(grouped_by(ProductGroup, ProductGroup.PRODUCT.key), CATEGORY, COMPANY, SALESPERSON),
    narrows={
        "brand": lambda _actor, value: f"品牌 {value}" if value else "没有品牌的商品",
        "just_category": _category_called,
        "product_id": lambda actor, value: f"商品 {product_called(actor, product_id=value)}",
    },
    search="商品 / 编码 / 条码",
    figures=("net_fen", "returns_fen", "profit_fen", "margin_bp"),
    worse=frozenset({"returns_fen"}),
    compared="net_fen",
    chart=ranking("什么卖得最多？", "name", "net_fen"),
    question="什么卖得最多？",
    opens=_open,
    opens_word="查看业务单",
    empty="这段时间没有卖出商品。收银以后，这里看得出什么卖得好、赚得多。",
    begins=TO_COUNTER,
)
PAGE = report_parts(
    SPEC,
    watches=frozenset({Topic.SALES, Topic.SETTINGS}),
    help="每种商品卖了多少、退了多少、赚了多少；也可以按分类、按品牌看。双击商品看有它的业务单，双击分类或品牌看里面的商品。",
)
