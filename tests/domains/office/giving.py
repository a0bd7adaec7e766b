"""Tasks made in a line, and who stands above whom."""

from typing import Any

from meiping.domains.access.queries import roles
from meiping.domains.access.service import change_operator
from meiping.domains.office.queries import TaskFilter, task_list
from meiping.domains.office.rules import TaskInput
from meiping.domains.office.service import add_task
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Row
from tests.factories import new_key
from tests.shop import OpenedShop


def give(actor: Actor, title: str = "给王总送样品", **values: Any) -> int:
    """A task, for oneself unless ``assignee_id`` says otherwise."""
    return add_task(actor, key=new_key(), task=TaskInput(title, **values))


def shown(actor: Actor, **narrow: Any) -> list[str]:
    """The titles of the tasks in a list, in its order."""
    return [row["title"] for row in rows(actor, **narrow)]


def rows(actor: Actor, **narrow: Any) -> list[Row]:
    """The rows of a list."""
    return list(task_list(actor, TaskFilter(**narrow)).window(0, 99, None))


def put_below(shop: OpenedShop, below: Actor, above: Actor, role: str = "业务员") -> None:
    """Let an operator report to another."""
    change_operator(
        shop.actor,
        operator_id=below.operator_id,
        name=below.name,
        role_ids=[one.id for one in roles(shop.actor) if one.name == role],
        company_id=below.company_id,
        active=True,
        superior_id=above.operator_id,
    )
