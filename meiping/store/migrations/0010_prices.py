"""Prices a level, price rules, the product of amount-only lines, and what goods brought back pay for in an exchange."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE product_level_price (
        product_id INTEGER NOT NULL REFERENCES product (id) ON DELETE CASCADE,
        level_id INTEGER NOT NULL REFERENCES level (id) ON DELETE CASCADE,
        price_fen INTEGER NOT NULL CHECK (typeof(price_fen) = 'integer' AND price_fen >= 0),
        PRIMARY KEY (product_id, level_id)) WITHOUT ROWID""",
    "CREATE INDEX product_level_price_level ON product_level_price (level_id)",
    """CREATE TABLE price_rule (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('special', 'threshold', 'birthday')),
        title TEXT NOT NULL,
        product_id INTEGER REFERENCES product (id) ON DELETE CASCADE,
        price_fen INTEGER CHECK (price_fen IS NULL OR typeof(price_fen) = 'integer' AND price_fen >= 0),
        least_fen INTEGER CHECK (least_fen IS NULL OR typeof(least_fen) = 'integer' AND least_fen > 0),
        off_fen INTEGER CHECK (off_fen IS NULL OR typeof(off_fen) = 'integer' AND off_fen > 0),
        discount_bp INTEGER CHECK (discount_bp IS NULL OR discount_bp BETWEEN 1 AND 9999),
        whole_month INTEGER NOT NULL DEFAULT 0 CHECK (whole_month IN (0, 1)),
        level_id INTEGER REFERENCES level (id) ON DELETE CASCADE,
        first_date TEXT,
        last_date TEXT,
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        CHECK ((kind = 'special') = (product_id IS NOT NULL AND price_fen IS NOT NULL)),
        CHECK ((kind = 'threshold') = (least_fen IS NOT NULL AND off_fen IS NOT NULL AND off_fen <= least_fen)),
        CHECK ((kind = 'birthday') = (discount_bp IS NOT NULL)),
        CHECK (first_date <= last_date OR first_date IS NULL OR last_date IS NULL))""",
    "CREATE INDEX price_rule_product ON price_rule (product_id) WHERE product_id IS NOT NULL",
    "CREATE INDEX price_rule_level ON price_rule (level_id) WHERE level_id IS NOT NULL",
    """CREATE TABLE exchange_credit (
        sale_id INTEGER NOT NULL REFERENCES sale (id),
        original_id INTEGER NOT NULL REFERENCES sale (id),
        tender TEXT NOT NULL,
        amount_fen INTEGER NOT NULL CHECK (typeof(amount_fen) = 'integer' AND amount_fen > 0),
        bonus_fen INTEGER NOT NULL CHECK (typeof(bonus_fen) = 'integer' AND bonus_fen BETWEEN 0 AND amount_fen),
        kept_fen INTEGER NOT NULL CHECK (typeof(kept_fen) = 'integer' AND kept_fen BETWEEN 0 AND amount_fen),
        kept_bonus_fen INTEGER NOT NULL CHECK (typeof(kept_bonus_fen) = 'integer'),
        PRIMARY KEY (sale_id, original_id, tender),
        CHECK (kept_bonus_fen BETWEEN 0 AND min(kept_fen, bonus_fen))) WITHOUT ROWID""",
    "CREATE INDEX exchange_credit_original ON exchange_credit (original_id)",
    (
        "CREATE TRIGGER exchange_credit_no_update BEFORE UPDATE ON exchange_credit BEGIN"
        " SELECT RAISE(ABORT, 'exchange_credit rows are never changed'); END"
    ),
    (
        "CREATE TRIGGER exchange_credit_no_delete BEFORE DELETE ON exchange_credit BEGIN"
        " SELECT RAISE(ABORT, 'exchange_credit rows are never changed'); END"
    ),
    "ALTER TABLE product ADD COLUMN amount_only INTEGER NOT NULL DEFAULT 0 CHECK (amount_only IN (0, 1))",
    "CREATE UNIQUE INDEX product_amount_only ON product (amount_only) WHERE amount_only = 1",
)
"""In ``exchange_credit`` is what left the earlier bill of goods brought back, and what of it now pays for other goods."""

_GRANTS = {
    "sales.below_floor": "backup.make",
    "sales.big_discount": "sales.discount",
    "prices.rules": "products.edit",
}
"""Who holds the right at the right gets the one at the left: a manager makes backups."""


def up(migrator: object, db: Any) -> None:
    """Make the tables and the column, and give the new rights to who has like ones."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for new, beside in _GRANTS.items():
        db.execute_sql(
            "INSERT OR IGNORE INTO role_permission (role_id, permission)"
            " SELECT role_id, ? FROM role_permission WHERE permission = ?",
            (new, beside),
        )
    db.execute_sql("PRAGMA user_version = 10")
