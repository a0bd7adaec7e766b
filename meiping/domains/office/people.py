"""Who has a say in whose tasks: oneself, those below one, and with the right to lead those in the data scope."""

from __future__ import annotations

from typing import Any

from meiping.domains.access.queries import colleagues, people_below, people_in_scope
from meiping.domains.office.models import Task
from meiping.domains.office.rules import LEAD, USE
from meiping.kernel.actor import Actor, Scope
from meiping.store.unit_of_work import query


def led_by(actor: Actor) -> frozenset[int] | None:
    """The ids of those whose tasks the actor gives and changes besides his own; None for everybody's."""
    leads = actor.can(LEAD)
    if leads and actor.scope() is Scope.ALL:
        return None
    below = people_below(actor.operator_id)
    return (below | people_in_scope(actor) if leads else below) - {actor.operator_id}


def seen_tasks(actor: Actor) -> Any:
    """The condition on tasks the actor may see: his, those he gave, and those of who he leads; None where that is all."""
    led = led_by(actor)
    if led is None:
        return None
    people = [actor.operator_id, *sorted(led)]
    return Task.assignee.in_(people) | Task.giver.in_(people)


def seen_clause(actor: Actor) -> str:
    """The same for statements written by hand: `` AND (...)`` on columns of the table, empty where that is all."""
    led = led_by(actor)
    if led is None:
        return ""
    people = ", ".join(str(int(one)) for one in [actor.operator_id, *sorted(led)])
    return f" AND (assignee_id IN ({people}) OR giver_id IN ({people}))"


@query(USE)
def assignees(actor: Actor) -> list[tuple[int, str]]:
    """Those to whom the actor may give a task, as (id, name): himself first."""
    led = led_by(actor)
    known = colleagues(actor)
    others = [one for one in known if one[0] != actor.operator_id and (led is None or one[0] in led)]
    return [*(one for one in known if one[0] == actor.operator_id), *others]
