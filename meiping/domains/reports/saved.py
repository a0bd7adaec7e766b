"""Settings of a report that an operator keeps under a name."""

from meiping.domains.audit import service as audit
from meiping.domains.reports.rules import VIEW
from meiping.domains.settings.saved_searches import (
    KeptSearch,
    drop_kept_search,
    keep_search,
    rename_kept_search,
    searches_of,
)
from meiping.kernel.actor import Actor
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, query, verb

_KIND = "saved_search"


def _page(report: str) -> str:
    return f"report.{report}"


@query(VIEW)
def saved_reports(actor: Actor, report: str) -> list[KeptSearch]:
    """The actor's own settings of a report, the oldest first; ``conditions`` is for ``load_asked``."""
    return searches_of(actor, _page(report))


@verb(VIEW)
def save_report(
    work: Work, *, report: str, name: str, conditions: str, confirmed: frozenset[str] = frozenset()
) -> int:
    """Keep what is asked of a report under a name. Raises NeedsConfirmation where the name is taken."""
    search_id = keep_search(work, page=_page(report), name=name, conditions=conditions, confirmed=confirmed)
    audit.record(work, "report.save", "保存报表条件", Source(_KIND, search_id))
    return search_id


@verb(VIEW)
def rename_report(work: Work, *, report: str, search_id: int, name: str) -> None:
    """Give one of the own settings another name. Raises InputError or NotFound."""
    rename_kept_search(work, page=_page(report), search_id=search_id, name=name)
    audit.record(work, "report.rename", "改名报表条件", Source(_KIND, search_id))


@verb(VIEW)
def delete_report(work: Work, *, report: str, search_id: int) -> None:
    """Delete one of the own settings. Raises NotFound."""
    drop_kept_search(work, page=_page(report), search_id=search_id)
    audit.record(work, "report.delete", "删除报表条件", Source(_KIND, search_id))
