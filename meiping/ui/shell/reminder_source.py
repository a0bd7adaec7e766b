"""Reminders of the operator at work: what the strip shows, and telling each once when its time comes."""

import logging
from collections.abc import Callable, Sequence

from meiping.adapters.notify import notify
from meiping.domains.reminders.queries import DueReminder, due
from meiping.domains.reminders.rules import SNOOZES, USE, snooze_until
from meiping.domains.reminders.service import claim_notified
from meiping.kernel.changes import Topic
from meiping.kernel.errors import UserError
from meiping.kernel.moments import from_ms, show_moment
from meiping.store.unit_of_work import subscribe
from meiping.ui import reminder_verbs
from meiping.ui.shell import reminder_bar
from meiping.ui.shell.reminder_thread import ReminderThread
from meiping.ui.shell.shell_context import ShellContext

log = logging.getLogger(__name__)
Notify = Callable[[str, str], object]
"""Shows a notification of the desktop: title and text."""


class Reminders:
    """The reminders behind the strip; a ``ReminderSource``."""

    snoozes = SNOOZES

    def due(self, context: ShellContext) -> Sequence[reminder_bar.DueReminder]:
        """What is due for the operator and not done."""
        if not context.actor.can(USE):
            return ()
        today = context.actor.today()
        return [
            reminder_bar.DueReminder(
                found.id,
                found.subject,
                " · ".join(
                    part
                    for part in (
                        found.customer,
                        f"{from_ms(found.due_at):%H:%M}"
                        if from_ms(found.due_at).date() == today
                        else show_moment(found.due_at),
                        " ".join(found.content.split()),
                    )
                    if part
                ),
            )
            for found in context.read(due) or ()
        ]

    def done(self, context: ShellContext, reminder_id: int) -> bool:
        """It has been dealt with."""
        return reminder_verbs.tick_off(context, [reminder_id])

    def snooze(self, context: ShellContext, reminder_id: int, key: str) -> bool:
        """Put it off."""
        return reminder_verbs.put_off(context, [reminder_id], snooze_until(key, context.actor.now()))

    def open(self, context: ShellContext, reminder_id: int) -> None:
        """Its customer; one about nobody, in the list."""
        reminder_verbs.open_subject(context, reminder_id)


class ReminderWatch:
    """From login to leaving: waits for what is due, claims it on the window's thread and tells it once.

    ``post`` has a call made on the window's thread; ``tell`` shows the notification of the desktop.
    """

    def __init__(
        self,
        context: ShellContext,
        post: Callable[[Callable[[], None]], object],
        *,
        tell: Notify = notify,
    ) -> None:
        self._context, self._tell = context, tell
        self._thread = ReminderThread(context.actor, lambda found: post(lambda: self._claim(found)))
        self._stop_hearing = subscribe(self._hear)
        self._over = False
        self._thread.start()

    def stop(self) -> None:
        """Tell nothing more."""
        if self._over:
            return
        self._over = True
        self._stop_hearing()
        self._thread.stop()

    def _hear(self, topics: frozenset[Topic]) -> None:
        if Topic.REMINDERS in topics:
            self._thread.poke()

    def _claim(self, found: Sequence[DueReminder]) -> None:
        """Nobody pressed anything: what goes wrong is logged, and comes again with the next look."""
        if self._over:
            return
        by_id = {reminder.id: reminder for reminder in found}
        try:
            claimed = claim_notified(self._context.actor, reminder_ids=list(by_id))
        except UserError as refused:
            log.warning("reminders not claimed: %s", type(refused).__name__)
        except Exception:
            log.exception("reminders could not be claimed")
        else:
            if claimed:
                self._tell(*_notice([by_id[one] for one in claimed]))


def _notice(reminders: Sequence[DueReminder]) -> tuple[str, str]:
    """Title and text of one notification for all that became due together."""
    if len(reminders) == 1:
        only = reminders[0]
        return f"提醒：{only.subject}", " · ".join(part for part in (only.customer, only.content) if part)
    return f"{len(reminders)} 条提醒已到时间", "；".join(reminder.subject for reminder in reminders)
