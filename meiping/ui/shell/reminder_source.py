"""Reminders of the operator at work: what the strip shows, and telling each once when its time comes."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from meiping.adapters.notify import notify
from meiping.domains.reminders.queries import DueReminder, due
from meiping.domains.reminders.rules import SNOOZES, USE, day_words, snooze_until
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


_MOST_SUBJECTS = 5
"""How many subjects a notification of the desktop names."""
_CAUSES = frozenset(
    {
        Topic.CUSTOMERS,
        Topic.CONTACTS,
        Topic.SALES,
        Topic.MONEY,
        Topic.TASKS,
        Topic.SETTINGS,
        Topic.ACCESS,
    }
)
"""What automatic reminders come from."""
_AT_ONCE = (_CAUSES | {Topic.REMINDERS}) - {Topic.SALES, Topic.MONEY}
"""After these the next look does not wait: a sale can only make a debt that falls due some day."""


def _detail(reminder: DueReminder, facts: str, today: date) -> str:
    """For whom, about which day or since when, what it says, and what is known of the customer."""
    came = from_ms(reminder.due_at)
    if reminder.about is not None:
        when = day_words(reminder.about, today)
    else:
        when = f"{came:%H:%M}" if came.date() == today else show_moment(reminder.due_at)
    parts = (reminder.customer, when, " ".join(reminder.content.split()), facts)
    return " · ".join(part for part in parts if part)


def _facts(context: ShellContext, customer_ids: list[int]) -> Mapping[int | None, str]:
    """What is known of customers; what tells it knows many rooms, and waits until there is something to tell."""
    from meiping.domains.reminders.facts import customer_facts

    return context.read(customer_facts, customer_ids=customer_ids) or {}


class Reminders:
    """The reminders behind the strip; a ``ReminderSource``."""

    snoozes = SNOOZES

    def due(self, context: ShellContext) -> Sequence[reminder_bar.DueReminder]:
        """What is due for the operator and not done."""
        if not context.actor.can(USE):
            return ()
        found: Sequence[DueReminder] = context.read(due) or ()
        near = found[: reminder_bar.MOST_LINES]  # of more, none is shown
        automatic = [one.customer_id for one in near if one.automatic and one.customer_id is not None]
        facts = _facts(context, automatic) if automatic else {}
        return [
            reminder_bar.DueReminder(
                one.id, one.subject, _detail(one, facts.get(one.customer_id, ""), context.actor.today())
            )
            for one in found
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
        self._thread = ReminderThread(
            context.actor,
            lambda found: post(lambda: self._claim(found)),
            on_outdated=lambda: post(self._renew),
        )
        self._stop_hearing = subscribe(self._hear)
        self._over = False
        post(self._begin)  # once the window has been painted

    def _begin(self) -> None:
        if not self._over:
            self._thread.start()

    def stop(self) -> None:
        """Tell nothing more."""
        if self._over:
            return
        self._over = True
        self._stop_hearing()
        self._thread.stop()

    def _hear(self, topics: frozenset[Topic]) -> None:
        if topics & _CAUSES:
            self._thread.causes_changed()
        if topics & _AT_ONCE:
            self._thread.poke()

    def _renew(self) -> None:
        """Make automatic reminders what they should be; what goes wrong is logged, and comes again another day."""
        if self._over:
            return
        from meiping.domains.reminders.automatic import renew_automatic

        try:
            renew_automatic(self._context.actor)
        except UserError as refused:
            log.warning("automatic reminders not renewed: %s", type(refused).__name__)
        except Exception:
            log.exception("automatic reminders could not be renewed")

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
        about = "" if only.about is None else f"{only.about:%m-%d}"
        parts = (only.customer, about, only.content)
        return f"提醒：{only.subject}", " · ".join(part for part in parts if part)
    subjects = "；".join(reminder.subject for reminder in reminders[:_MOST_SUBJECTS])
    more = " …" if len(reminders) > _MOST_SUBJECTS else ""
    return f"{len(reminders)} 条提醒已到时间", subjects + more
