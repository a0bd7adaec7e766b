"""Quotes that go for good: a part of verbs that have asked."""

from meiping.domains.audit import service as audit
from meiping.domains.deals.models import Quote, QuoteLine
from meiping.domains.deals.rules import KIND
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work


def forget_quote(work: Work, quote_id: int) -> None:
    """Let a quote and its lines go, for good."""
    QuoteLine.delete().where(QuoteLine.quote == quote_id).execute()
    Quote.delete().where(Quote.id == quote_id).execute()
    audit.record(work, "quote.purge", "彻底删除报价", Source(KIND, quote_id))
    work.changed(Topic.DEALS)
