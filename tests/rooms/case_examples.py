"""One good call of every verb and query about service cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from meiping.domains.reports.asking import ReportAsked
from meiping.domains.settings.queries import words
from meiping.domains.support.rules import Assigned, CaseInput, DoneInput, Opinion, RevisitInput
from meiping.domains.support.service import add_case, delete_cases, finish_case
from tests.factories import new_key

if TYPE_CHECKING:
    from tests.rooms.examples import Furnished


def _case(subject: str = "茶发霉了") -> CaseInput:
    return CaseInput(subject, words("service_type")[0].id)


def _taken(f: Furnished, *, in_bin: bool = False) -> int:
    """A case of the canary's, in the recycle bin if so wanted."""
    made = add_case(f.admin, key=new_key(), customer_id=f.canary, case=_case())
    if in_bin:
        delete_cases(f.admin, case_ids=[made])
    return made


def _done(f: Furnished) -> int:
    made = _taken(f)
    finish_case(f.admin, case_id=made, finished=DoneInput(f.admin.operator_id, 100))
    return made


CASE_EXAMPLES: dict[str, Callable[[Furnished], dict[str, Any]]] = {
    "reports.case_columns": lambda f: {},
    "reports.case_report": lambda f: {"asked": ReportAsked()},
    "stewardship.purge_cases": lambda f: {
        "case_ids": [_taken(f, in_bin=True)],
        "confirmed": frozenset({"purge"}),
    },
    "support.add_case": lambda f: {"key": new_key(), "customer_id": f.canary, "case": _case()},
    "support.assign_case": lambda f: {
        "case_id": _taken(f),
        "assigned": Assigned(f.trainee.operator_id),
    },
    "support.case_changes": lambda f: {"case_id": _taken(f)},
    "support.case_counts": lambda f: {},
    "support.case_detail": lambda f: {"case_id": _taken(f)},
    "support.case_list": lambda f: {},
    "support.cases_of": lambda f: {"customer_id": f.canary},
    "support.change_case": lambda f: {"case_id": _taken(f), "case": _case("茶潮了")},
    "support.close_cases": lambda f: {"case_ids": [_taken(f)], "reason": "不用了"},
    "support.delete_cases": lambda f: {"case_ids": [_taken(f)]},
    "support.find_cases": lambda f: {"text": f"FW-{f.admin.today():%Y%m%d}"},
    "support.finish_case": lambda f: {
        "case_id": _taken(f),
        "finished": DoneInput(f.admin.operator_id, 100),
    },
    "support.products_with_cases": lambda f: {},
    "support.reopen_case": lambda f: {"case_id": _done(f), "reason": "又坏了"},
    "support.restore_cases": lambda f: {"case_ids": [_taken(f, in_bin=True)]},
    "support.revisit_case": lambda f: {"case_id": _done(f), "revisit": RevisitInput(Opinion.FAIR)},
}
CASES_OF_OTHERS = (
    "support.add_case",
    "support.assign_case",
    "support.case_changes",
    "support.case_detail",
    "support.cases_of",
    "support.change_case",
    "support.close_cases",
    "support.delete_cases",
    "support.finish_case",
    "support.reopen_case",
    "support.restore_cases",
    "support.revisit_case",
)
"""Those that need a customer or a case in sight."""
CASES_FURTHER: tuple[tuple[str, str, Callable[[Furnished], dict[str, Any]]], ...] = (
    (
        "support.assign_case",
        "service.assign",
        lambda f: {"case_id": _taken(f), "assigned": Assigned(f.admin.operator_id)},
    ),
)
"""What needs a second right."""
