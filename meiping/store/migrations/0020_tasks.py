"""Tasks with what is said about them, and the rights to them."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE task (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL CHECK (title <> ''),
        content TEXT NOT NULL DEFAULT '',
        customer_id INTEGER REFERENCES customer (id),
        assignee_id INTEGER NOT NULL REFERENCES operator (id),
        giver_id INTEGER NOT NULL REFERENCES operator (id),
        due_date TEXT,
        priority INTEGER NOT NULL CHECK (priority IN (1, 2, 3)),
        progress INTEGER NOT NULL DEFAULT 0 CHECK (typeof(progress) = 'integer' AND progress BETWEEN 0 AND 99),
        state TEXT NOT NULL CHECK (state IN ('open', 'done', 'given_up')),
        ended_at INTEGER,
        created_at INTEGER NOT NULL CHECK (typeof(created_at) = 'integer'),
        deleted_at INTEGER,
        deleted_by TEXT NOT NULL DEFAULT '',
        CHECK ((state = 'open') = (ended_at IS NULL)))""",
    "CREATE INDEX task_assignee ON task (assignee_id, state, due_date)",
    "CREATE INDEX task_giver ON task (giver_id, state)",
    "CREATE INDEX task_customer ON task (customer_id) WHERE customer_id IS NOT NULL",
    "CREATE INDEX task_due ON task (due_date) WHERE state = 'open' AND deleted_at IS NULL AND due_date IS NOT NULL",
    "CREATE INDEX task_deleted ON task (deleted_at) WHERE deleted_at IS NOT NULL",
    """CREATE TABLE task_comment (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        task_id INTEGER NOT NULL REFERENCES task (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
        text TEXT NOT NULL)""",
    "CREATE INDEX task_comment_task ON task_comment (task_id)",
    """CREATE TRIGGER task_comment_no_update BEFORE UPDATE ON task_comment
        WHEN new.id <> old.id OR new.task_id <> old.task_id OR new.operator_id <> old.operator_id
            OR new.at <> old.at OR new.text <> '' BEGIN
        SELECT RAISE(ABORT, 'task_comment rows are never changed, only emptied'); END""",
    """CREATE TRIGGER task_comment_no_delete BEFORE DELETE ON task_comment
        WHEN EXISTS (SELECT 1 FROM task WHERE id = old.task_id AND deleted_at IS NULL) BEGIN
        SELECT RAISE(ABORT, 'task_comment rows go only with a task of the recycle bin'); END""",
)
_GRANTS = {"office.tasks": "reminders.use", "office.lead_tasks": "customers.transfer"}
"""The new rights, each for the roles that have the right beside it."""


def up(migrator: object, db: Any) -> None:
    """Make the tables, give the rights."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for new, beside in _GRANTS.items():
        db.execute_sql(
            "INSERT OR IGNORE INTO role_permission (role_id, permission)"
            " SELECT role_id, ? FROM role_permission WHERE permission = ?",
            (new, beside),
        )
    db.execute_sql("PRAGMA user_version = 20")
