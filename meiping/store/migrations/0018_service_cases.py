"""Service cases (服务单): complaints and requests of customers, and every step taken with them."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE service_case (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        registered_date TEXT NOT NULL,
        subject TEXT NOT NULL,
        type_id INTEGER NOT NULL REFERENCES dictionary_item (id),
        priority TEXT NOT NULL CHECK (priority IN ('urgent', 'normal', 'low')),
        content TEXT NOT NULL DEFAULT '',
        product_id INTEGER REFERENCES product (id),
        contact_name TEXT NOT NULL DEFAULT '',
        contact_phone TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL CHECK (status IN ('registered', 'assigned', 'done', 'revisited', 'closed')),
        department_id INTEGER REFERENCES department (id),
        person_id INTEGER REFERENCES operator (id),
        due_date TEXT,
        done_by_id INTEGER REFERENCES operator (id),
        done_date TEXT,
        done_percent INTEGER CHECK (done_percent BETWEEN 0 AND 100),
        result TEXT NOT NULL DEFAULT '',
        opinion TEXT CHECK (opinion IN ('satisfied', 'fair', 'unsatisfied')),
        revisited_date TEXT,
        feedback TEXT NOT NULL DEFAULT '',
        closed_date TEXT,
        created_at INTEGER NOT NULL CHECK (typeof(created_at) = 'integer'),
        deleted_at INTEGER,
        deleted_by TEXT NOT NULL DEFAULT '',
        CHECK ((done_date IS NULL) = (done_by_id IS NULL)),
        CHECK ((done_date IS NULL) = (done_percent IS NULL)),
        CHECK ((revisited_date IS NULL) = (opinion IS NULL)),
        CHECK (revisited_date IS NULL OR done_date IS NOT NULL),
        CHECK ((status = 'closed') = (closed_date IS NOT NULL)),
        CHECK (status <> 'assigned' OR person_id IS NOT NULL OR department_id IS NOT NULL),
        CHECK (status NOT IN ('registered', 'assigned') OR done_date IS NULL),
        CHECK (status <> 'done' OR (done_date IS NOT NULL AND revisited_date IS NULL)),
        CHECK (status <> 'revisited' OR revisited_date IS NOT NULL),
        CHECK (done_date IS NULL OR done_date >= registered_date),
        CHECK (due_date IS NULL OR due_date >= registered_date))""",
    "CREATE INDEX service_case_customer ON service_case (customer_id)",
    "CREATE INDEX service_case_day ON service_case (registered_date)",
    "CREATE INDEX service_case_open ON service_case (person_id) WHERE status IN ('registered', 'assigned')",
    "CREATE INDEX service_case_deleted ON service_case (deleted_at) WHERE deleted_at IS NOT NULL",
    """CREATE TABLE service_step (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        case_id INTEGER NOT NULL REFERENCES service_case (id),
        at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        step TEXT NOT NULL CHECK (step IN ('register', 'assign', 'finish', 'revisit', 'close', 'reopen')),
        note TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX service_step_case ON service_step (case_id)",
    """CREATE TRIGGER service_step_no_update BEFORE UPDATE ON service_step
        WHEN new.id <> old.id OR new.case_id <> old.case_id OR new.at <> old.at
            OR new.operator_id <> old.operator_id OR new.step <> old.step OR new.note <> ''
        BEGIN SELECT RAISE(ABORT, 'service_step rows are never changed'); END""",
)
TYPES = ("远程售后", "现场售后", "客户投诉", "客户回访")
GIVEN = {
    "service.view": "customers.view",
    "service.handle": "customers.edit",
    "service.assign": "customers.transfer",
}
"""New rights, for roles that have a like one."""


def up(migrator: object, db: Any) -> None:
    """Add the tables, the types a shop begins with, and the rights. What was noted of a step may only be emptied."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    if db.execute_sql("SELECT count(*) FROM operator").fetchone()[0]:
        for position, name in enumerate(TYPES):
            db.execute_sql(
                "INSERT INTO dictionary_item (kind, name, position, active) VALUES ('service_type', ?, ?, 1)",
                (name, position),
            )
    for wanted, like in GIVEN.items():
        db.execute_sql(
            "INSERT OR IGNORE INTO role_permission (role_id, permission)"
            " SELECT role_id, ? FROM role_permission WHERE permission = ?",
            (wanted, like),
        )
    db.execute_sql("PRAGMA user_version = 18")
