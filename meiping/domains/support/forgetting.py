"""Service cases that go for good: a part of verbs that have asked."""

from meiping.domains.audit import service as audit
from meiping.domains.support.models import ServiceCase, ServiceStep
from meiping.domains.support.rules import KIND
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work


def forget_case(work: Work, case_id: int) -> None:
    """Let a case and its steps go, for good."""
    ServiceStep.delete().where(ServiceStep.case == case_id).execute()
    ServiceCase.delete().where(ServiceCase.id == case_id).execute()
    audit.record(work, "service_case.purge", "彻底删除服务单", Source(KIND, case_id))
    work.changed(Topic.SUPPORT)
