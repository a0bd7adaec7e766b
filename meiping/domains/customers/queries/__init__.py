"""Reading customers within the operator's scope."""

from meiping.domains.customers.queries.advanced import describe_conditions, search_choices, search_fields
from meiping.domains.customers.queries.composition import (
    COMPOSITION_TITLES,
    CustomerCounts,
    Share,
    SideCounts,
    counts_by_status,
    customer_composition,
    customer_counts,
    side_counts,
)
from meiping.domains.customers.queries.detail import CustomerDetail, customer_changes, customer_detail
from meiping.domains.customers.queries.duplicates import PAIR_COLUMNS, find_duplicates
from meiping.domains.customers.queries.finding import (
    CustomerHit,
    customer_hit,
    find_customers,
    or_customer_found,
)
from meiping.domains.customers.queries.kin import (
    Survivor,
    families,
    family,
    family_ids,
    standing,
    survivor_key,
    survivor_name,
    survivor_of,
)
from meiping.domains.customers.queries.lists import (
    BIN_COLUMNS,
    CUSTOMER_COLUMNS,
    CustomerFilter,
    customer_columns,
    customer_list,
)
from meiping.domains.customers.queries.pool import CLAIM_COLUMNS, POOL_COLUMNS, pending_claims, pool_list
from meiping.domains.customers.queries.scope import require_visible, visible_customers
from meiping.domains.customers.queries.sharing import SHARE_COLUMNS, OpenShare, share_list, shares_of
from meiping.domains.customers.queries.twins import Twin, likely_twins

__all__ = [
    "BIN_COLUMNS",
    "CLAIM_COLUMNS",
    "COMPOSITION_TITLES",
    "CUSTOMER_COLUMNS",
    "PAIR_COLUMNS",
    "POOL_COLUMNS",
    "SHARE_COLUMNS",
    "CustomerCounts",
    "CustomerDetail",
    "CustomerFilter",
    "CustomerHit",
    "OpenShare",
    "Share",
    "SideCounts",
    "Survivor",
    "Twin",
    "counts_by_status",
    "customer_changes",
    "customer_columns",
    "customer_composition",
    "customer_counts",
    "customer_detail",
    "customer_hit",
    "customer_list",
    "describe_conditions",
    "families",
    "family",
    "family_ids",
    "find_customers",
    "find_duplicates",
    "likely_twins",
    "or_customer_found",
    "pending_claims",
    "pool_list",
    "require_visible",
    "search_choices",
    "search_fields",
    "share_list",
    "shares_of",
    "side_counts",
    "standing",
    "survivor_key",
    "survivor_name",
    "survivor_of",
    "visible_customers",
]
