"""Who works here, the shop's own lists, what was done, and the search index."""

from typing import Any

STATEMENTS = (
    # -------------------------------------------------------------- access
    """CREATE TABLE company (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        code TEXT NOT NULL UNIQUE CHECK (length(code) = 2),
        name TEXT NOT NULL UNIQUE,
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)))""",
    """CREATE TABLE department (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        parent_id INTEGER REFERENCES department (id))""",
    """CREATE TABLE role (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        scope INTEGER NOT NULL CHECK (scope BETWEEN 1 AND 4),
        administrator INTEGER NOT NULL DEFAULT 0 CHECK (administrator IN (0, 1)))""",
    """CREATE TABLE role_permission (
        role_id INTEGER NOT NULL REFERENCES role (id) ON DELETE CASCADE,
        permission TEXT NOT NULL,
        PRIMARY KEY (role_id, permission)) WITHOUT ROWID""",
    """CREATE TABLE operator (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        password_hash TEXT NOT NULL,
        company_id INTEGER NOT NULL REFERENCES company (id),
        department_id INTEGER REFERENCES department (id),
        superior_id INTEGER REFERENCES operator (id),
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        failures INTEGER NOT NULL DEFAULT 0,
        blocked_until_at INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL)""",
    """CREATE TABLE operator_role (
        operator_id INTEGER NOT NULL REFERENCES operator (id) ON DELETE CASCADE,
        role_id INTEGER NOT NULL REFERENCES role (id),
        PRIMARY KEY (operator_id, role_id)) WITHOUT ROWID""",
    """CREATE TABLE operator_company (
        operator_id INTEGER NOT NULL REFERENCES operator (id) ON DELETE CASCADE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        PRIMARY KEY (operator_id, company_id)) WITHOUT ROWID""",
    # ------------------------------------------------------------ settings
    """CREATE TABLE option (
        key TEXT PRIMARY KEY NOT NULL,
        value TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE dictionary_item (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        position INTEGER NOT NULL DEFAULT 0,
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        UNIQUE (kind, name))""",
    """CREATE TABLE level (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        discount_bp INTEGER NOT NULL DEFAULT 10000 CHECK (discount_bp BETWEEN 1 AND 10000),
        position INTEGER NOT NULL DEFAULT 0,
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)))""",
    """CREATE TABLE number_counter (
        kind TEXT NOT NULL,
        company_id INTEGER NOT NULL REFERENCES company (id),
        day TEXT NOT NULL,
        last INTEGER NOT NULL CHECK (last > 0),
        PRIMARY KEY (kind, company_id, day)) WITHOUT ROWID""",
    # --------------------------------------------------------------- audit
    """CREATE TABLE operation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
        operator_id INTEGER NOT NULL,
        operator_name TEXT NOT NULL,
        company_id INTEGER NOT NULL,
        action TEXT NOT NULL,
        subject_kind TEXT NOT NULL DEFAULT '',
        subject_id INTEGER NOT NULL DEFAULT 0,
        summary TEXT NOT NULL)""",
    "CREATE INDEX operation_at ON operation (at)",
    "CREATE INDEX operation_subject ON operation (subject_kind, subject_id)",
    """CREATE TABLE change (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
        operator_id INTEGER NOT NULL,
        operator_name TEXT NOT NULL,
        kind TEXT NOT NULL,
        record_id INTEGER NOT NULL,
        field TEXT NOT NULL,
        old TEXT NOT NULL,
        new TEXT NOT NULL)""",
    "CREATE INDEX change_record ON change (kind, record_id)",
    # -------------------------------------------------------------- search
    """CREATE TABLE search_entry (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        record_id INTEGER NOT NULL,
        title TEXT NOT NULL,
        UNIQUE (kind, record_id))""",
    """CREATE TABLE search_words (
        entry_id INTEGER PRIMARY KEY REFERENCES search_entry (id),
        terms TEXT NOT NULL)""",
    """CREATE VIRTUAL TABLE search_fts USING fts5 (
        terms, content = 'search_words', content_rowid = 'entry_id',
        tokenize = 'unicode61', prefix = '2 3 4', detail = none)""",
)

APPEND_ONLY = ("operation", "change")


def up(migrator: object, db: Any) -> None:
    """Make the tables and guard the logs against change."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            db.execute_sql(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} BEGIN"
                f" SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            )
    db.execute_sql("PRAGMA user_version = 1")
