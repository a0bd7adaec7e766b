"""What the list of tasks and the hub do with tasks alike; each can be taken back at once."""

from collections.abc import Callable, Sequence

from meiping.domains.office.service import (
    delete_tasks,
    finish_tasks,
    give_up_tasks,
    reopen_tasks,
    restore_tasks,
)
from meiping.ui.context import Context

Done = Callable[[], None]
_MANY = 20
"""Above this many a deletion is asked about first; fewer are taken back by 撤销."""


def finish(context: Context, ids: Sequence[int], done: Done) -> None:
    """Write down that they are done."""
    _end(context, finish_tasks, ids, "已完成", done)


def give_up(context: Context, ids: Sequence[int], done: Done) -> None:
    """Write down that nothing comes of them."""
    _end(context, give_up_tasks, ids, "已放弃", done)


def reopen(context: Context, ids: Sequence[int], done: Done) -> None:
    """Let them be open again."""

    def told(opened: list[int]) -> None:
        done()
        if opened:
            context.toast(f"已重新打开{_count(opened)}。")
        else:
            context.toast("选中的任务本来就没有结束。", kind="info")

    context.run(reopen_tasks, task_ids=ids, done=told)


def delete(context: Context, ids: Sequence[int], done: Done) -> None:
    """Put them into the recycle bin."""
    if len(ids) > _MANY and not context.ask(
        f"把选中的 {len(ids):,} 个任务移入回收站吗？",
        yes="移入回收站",
        danger=True,
        detail="可以在回收站里恢复。",
    ):
        return

    def undo() -> None:
        context.run(restore_tasks, task_ids=ids, success="已撤销。", done=lambda _count: done())

    if context.run(delete_tasks, task_ids=ids, done=lambda _count: done()):
        context.toast(f"已删除{_count(ids)}。", action=("撤销", undo))


def _end(context: Context, verb: Callable[..., list[int]], ids: Sequence[int], word: str, done: Done) -> None:
    def told(ended: list[int]) -> None:
        def undo() -> None:
            context.run(reopen_tasks, task_ids=ended, success="已撤销。", done=lambda _ids: done())

        done()
        if ended:
            context.toast(f"{word}{_count(ended)}。", action=("撤销", undo))
        else:
            context.toast("选中的任务已经结束了。", kind="info")

    context.run(verb, task_ids=ids, done=told)


def _count(ids: Sequence[int]) -> str:
    return f" {len(ids):,} 个任务" if len(ids) > 1 else ""
