"""Tasks that go for good: a part of verbs that have asked."""

from meiping.domains.audit import service as audit
from meiping.domains.office.models import Task, TaskComment
from meiping.domains.office.rules import KIND
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work


def forget_task(work: Work, task_id: int) -> None:
    """Let a task and what was said about it go, for good."""
    unbinned = Task.deleted_at.is_null()
    Task.update(deleted_at=work.at, deleted_by=work.actor.name).where(Task.id == task_id, unbinned).execute()
    TaskComment.delete().where(TaskComment.task == task_id).execute()
    Task.delete().where(Task.id == task_id).execute()
    audit.record(work, "task.purge", "彻底删除任务", Source(KIND, task_id))
    work.changed(Topic.TASKS)
