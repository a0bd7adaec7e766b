"""Reading service cases."""

from meiping.domains.support.queries.detail import (
    CaseDetail,
    StepDetail,
    case_changes,
    case_detail,
    read_case,
)
from meiping.domains.support.queries.lists import (
    CaseCounts,
    CaseFilter,
    CaseHit,
    case_counts,
    case_list,
    cases_of,
    department_choices,
    find_cases,
    products_with_cases,
)
from meiping.domains.support.queries.reach import NOBODY, seen_cases, visible_case
from meiping.domains.support.queries.rows import CASE_BIN_COLUMNS, CASE_COLUMNS

__all__ = [
    "CASE_BIN_COLUMNS",
    "CASE_COLUMNS",
    "NOBODY",
    "CaseCounts",
    "CaseDetail",
    "CaseFilter",
    "CaseHit",
    "StepDetail",
    "case_changes",
    "case_counts",
    "case_detail",
    "case_list",
    "cases_of",
    "department_choices",
    "find_cases",
    "products_with_cases",
    "read_case",
    "seen_cases",
    "visible_case",
]
