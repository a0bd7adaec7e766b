"""Tables of tasks and of what is said about them."""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Operator
from meiping.domains.customers.models import Customer
from meiping.store.fields import DayField, InstantField, ShopModel


class Task(ShopModel):
    """Something to do. ``key`` makes it be written once; the ``giver`` is who gave it, at first who wrote it down.

    ``progress`` is what was said last below the whole; ``ended_at`` is set while it is done or given up, and it lies
    in the recycle bin while ``deleted_at`` is.
    """

    key = TextField(unique=True)
    title = TextField()
    content = TextField(default="")
    customer = ForeignKeyField(Customer, null=True)
    customer_id: int | None
    assignee = ForeignKeyField(Operator)
    assignee_id: int
    giver = ForeignKeyField(Operator)
    giver_id: int
    due_date = DayField(null=True)
    priority = IntegerField()
    progress = IntegerField(default=0)
    state = TextField()
    ended_at = InstantField(null=True)
    created_at = InstantField()
    deleted_at = InstantField(null=True)
    deleted_by = TextField(default="")


class TaskComment(ShopModel):
    """Words about a task, added and never changed; emptied only for a customer who asks to be forgotten."""

    task = ForeignKeyField(Task)
    task_id: int
    operator = ForeignKeyField(Operator)
    operator_id: int
    at = InstantField()
    text = TextField()
