"""Records put into the recycle bin from lists and the hub, with the way back in the message."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from meiping.ui.context import Context

MANY = 20
"""Above this many a deletion is asked about first; fewer are taken back by 撤销."""


def may_go(context: Context, ids: Sequence[int], what: str) -> bool:
    """Whether so many shall go, which is asked of many; ``what`` they are with their measure word: ``位客户``."""
    return len(ids) <= MANY or context.ask(
        f"把选中的 {len(ids):,} {what}移入回收站吗？",
        yes="移入回收站",
        danger=True,
        detail="可以在回收站里恢复。",
    )


def recycle(
    context: Context,
    delete: Callable[..., Any],
    restore: Callable[..., Any],
    which: Mapping[str, Sequence[int]],
    *,
    told: str,
    back: Callable[[Any], str],
    done: Callable[[], None],
) -> None:
    """Delete the records that ``which`` names as both verbs call them, and say ``told``.

    ``back`` gives the words for what 撤销 restored, from what that verb gives. ``done`` is called after each.
    """
    values: dict[str, Any] = dict(which)

    def undo() -> None:
        context.run(restore, success=back, done=lambda _outcome: done(), **values)

    if context.run(delete, done=lambda _outcome: done(), **values):
        context.toast(told, action=("撤销", undo))
