"""What a shop gives its members: recharges with a bonus by rule, levels reached by rule, count cards, points."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE recharge_rule (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        least_fen INTEGER NOT NULL CHECK (typeof(least_fen) = 'integer' AND least_fen > 0),
        bonus_fen INTEGER NOT NULL CHECK (typeof(bonus_fen) = 'integer' AND bonus_fen > 0),
        each INTEGER NOT NULL DEFAULT 0 CHECK (each IN (0, 1)),
        level_id INTEGER REFERENCES level (id),
        first_date TEXT,
        last_date TEXT,
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)))""",
    "ALTER TABLE recharge ADD COLUMN rule_id INTEGER REFERENCES recharge_rule (id)",
    "ALTER TABLE recharge ADD COLUMN sale_id INTEGER REFERENCES sale (id)",
    "CREATE INDEX recharge_sale ON recharge (sale_id) WHERE sale_id IS NOT NULL",
    # -------------------------------------------------------------- levels
    "ALTER TABLE level ADD COLUMN upgrade_spent_fen INTEGER CHECK (upgrade_spent_fen > 0)",
    "ALTER TABLE level ADD COLUMN upgrade_recharged_fen INTEGER CHECK (upgrade_recharged_fen > 0)",
    # -------------------------------------------------------------- count cards
    """CREATE TABLE card_kind (
        product_id INTEGER PRIMARY KEY NOT NULL REFERENCES product (id),
        service TEXT NOT NULL,
        uses INTEGER NOT NULL CHECK (typeof(uses) = 'integer' AND uses > 0),
        days INTEGER NOT NULL DEFAULT 0 CHECK (days >= 0),
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)))""",
    """CREATE TABLE count_card (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        company_id INTEGER NOT NULL REFERENCES company (id),
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        sale_line_id INTEGER NOT NULL REFERENCES sale_line (id),
        service TEXT NOT NULL,
        uses INTEGER NOT NULL CHECK (typeof(uses) = 'integer' AND uses > 0),
        net_fen INTEGER NOT NULL CHECK (typeof(net_fen) = 'integer' AND net_fen >= 0),
        sold_at INTEGER NOT NULL CHECK (typeof(sold_at) = 'integer'),
        until_date TEXT)""",
    "CREATE INDEX count_card_customer ON count_card (customer_id)",
    "CREATE INDEX count_card_line ON count_card (sale_line_id)",
    """CREATE TABLE card_use (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT UNIQUE,
        number TEXT NOT NULL DEFAULT '',
        card_id INTEGER NOT NULL REFERENCES count_card (id),
        at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
        business_date TEXT NOT NULL,
        operator_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('use', 'undo', 'expire', 'return')),
        uses INTEGER NOT NULL CHECK (typeof(uses) = 'integer' AND uses <> 0),
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer'),
        undoes_id INTEGER UNIQUE REFERENCES card_use (id))""",
    "CREATE INDEX card_use_card ON card_use (card_id)",
    """CREATE TRIGGER card_use_left AFTER INSERT ON card_use BEGIN
        SELECT RAISE(ABORT, 'a card has no more uses than it was sold with') FROM count_card c WHERE c.id = new.card_id
            AND (SELECT sum(uses) FROM card_use WHERE card_id = c.id) NOT BETWEEN 0 AND c.uses;
    END""",
    # -------------------------------------------------------------- points
    """CREATE TABLE point_move (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT UNIQUE,
        at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
        business_date TEXT NOT NULL,
        company_id INTEGER NOT NULL REFERENCES company (id),
        operator_id INTEGER NOT NULL,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        source_kind TEXT NOT NULL,
        source_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN
            ('earn', 'spend', 'takeback', 'giveback', 'expire', 'adjust', 'merge', 'opening')),
        points INTEGER NOT NULL CHECK (typeof(points) = 'integer' AND points <> 0),
        expires_date TEXT,
        note TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX point_move_customer ON point_move (customer_id, expires_date, points)",
    "CREATE INDEX point_move_source ON point_move (source_kind, source_id)",
    "ALTER TABLE customer ADD COLUMN card_frozen_at INTEGER",
    "ALTER TABLE customer ADD COLUMN points INTEGER NOT NULL DEFAULT 0",
    """CREATE TRIGGER point_move_balance AFTER INSERT ON point_move BEGIN
        UPDATE customer SET points = points + new.points WHERE id = new.customer_id;
    END""",
)
"""``recharge.rule_id`` is the rule its bonus came by, ``sale_id`` the bill whose change it was.

In ``point_move`` rows with ``expires_date`` are points got, rows without are points used; ``customer.points`` is the
sum. ``card_use.amount_fen`` is what leaves a card's worth; a use counts 1, its undoing -1, what lapses or is returned
the rest.
"""
_APPEND_ONLY = ("point_move", "count_card", "card_use")
_GRANTS = {
    "wallet.bonus": "wallet.refund",
    "wallet.rules": "wallet.refund",
    "loyalty.adjust": "wallet.refund",
    "loyalty.use_cards": "wallet.recharge",
    "loyalty.cards": "wallet.refund",
    "customers.cards": "wallet.recharge",
}
"""New rights of the roles made so far, each beside one they have."""


def up(migrator: object, db: Any) -> None:
    """Add the tables and columns, and the rights to them."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for table in _APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            db.execute_sql(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} BEGIN"
                f" SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            )
    for new, beside in _GRANTS.items():
        db.execute_sql(
            "INSERT OR IGNORE INTO role_permission (role_id, permission)"
            " SELECT role_id, ? FROM role_permission WHERE permission = ?",
            (new, beside),
        )
    db.execute_sql("PRAGMA user_version = 11")
