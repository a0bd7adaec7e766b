"""All that is kept about a customer: contacts, records, documents, own fields, sharing, merging, imports."""

from typing import Any

_SEEDS = {
    "contact_type": ("业务联系", "服务反馈", "客户回访", "客户报价"),
    "document_category": ("合同", "证件", "图片", "报价单", "其他"),
    "customer_nature": ("个体户", "民营企业", "国有企业", "外资企业", "事业单位", "其他"),
    "region": ("本市", "省内", "华东", "华南", "华北", "其他"),
}
"""Lists that a shop founded earlier does not have yet."""

_GRANTS = {
    "customers.transfer": "customers.delete",
    "customers.merge": "customers.delete",
    "customers.force_twin": "customers.delete",
    "customers.claim": "customers.edit",
    "data.import": "data.export",
    "wallet.refund": "customers.delete",
}
"""Rights that are new, each for the roles that have the right beside it."""

STATEMENTS = (
    # ----------------------------------------------------- the customer's own
    "ALTER TABLE customer ADD COLUMN nature_id INTEGER REFERENCES dictionary_item (id)",
    "ALTER TABLE customer ADD COLUMN region_id INTEGER REFERENCES dictionary_item (id)",
    "ALTER TABLE customer ADD COLUMN province TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN city TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN postcode TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN fax TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN website TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN occupation TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN legal_representative TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN bank TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN bank_account TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN tax_number TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN photo_hash TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN owned_since_date TEXT",
    "ALTER TABLE customer ADD COLUMN merged_into_id INTEGER REFERENCES customer (id)",
    "ALTER TABLE customer ADD COLUMN first_contact_at INTEGER",
    "ALTER TABLE customer ADD COLUMN last_contact_at INTEGER",
    "ALTER TABLE customer ADD COLUMN anonymised_at INTEGER",
    "UPDATE customer SET owned_since_date = created_date WHERE owner_id IS NOT NULL",
    "CREATE INDEX customer_merged ON customer (merged_into_id) WHERE merged_into_id IS NOT NULL",
    "CREATE INDEX customer_keyword ON customer (keyword) WHERE keyword <> ''",
    "CREATE INDEX customer_next_contact ON customer (next_contact_date, id) WHERE next_contact_date IS NOT NULL",
    "CREATE INDEX customer_last_contact ON customer (last_contact_at, id) WHERE deleted_at IS NULL",
    "CREATE INDEX customer_birth ON customer (birth_date) WHERE birth_date IS NOT NULL",
    # -------------------------------------------------------------- contacts
    """CREATE TABLE contact (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        nickname TEXT NOT NULL DEFAULT '',
        gender TEXT NOT NULL DEFAULT '' CHECK (gender IN ('', '男', '女')),
        birth_date TEXT,
        birthday_lunar INTEGER NOT NULL DEFAULT 0 CHECK (birthday_lunar IN (0, 1)),
        department TEXT NOT NULL DEFAULT '',
        post TEXT NOT NULL DEFAULT '',
        main INTEGER NOT NULL DEFAULT 0 CHECK (main IN (0, 1)),
        mobile TEXT NOT NULL DEFAULT '',
        office_phone TEXT NOT NULL DEFAULT '',
        home_phone TEXT NOT NULL DEFAULT '',
        email TEXT NOT NULL DEFAULT '',
        wechat TEXT NOT NULL DEFAULT '',
        qq TEXT NOT NULL DEFAULT '',
        address TEXT NOT NULL DEFAULT '',
        notes TEXT NOT NULL DEFAULT '',
        created_at INTEGER NOT NULL,
        deleted_at INTEGER,
        deleted_by TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX contact_customer ON contact (customer_id)",
    "CREATE UNIQUE INDEX contact_main ON contact (customer_id) WHERE main = 1 AND deleted_at IS NULL",
    "CREATE INDEX contact_name ON contact (name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX contact_birth ON contact (birth_date) WHERE birth_date IS NOT NULL",
    "CREATE INDEX contact_deleted ON contact (deleted_at) WHERE deleted_at IS NOT NULL",
    # -------------------------------------------------------- contact records
    """CREATE TABLE contact_record (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        contact_id INTEGER REFERENCES contact (id),
        contact_name TEXT NOT NULL DEFAULT '',
        type_id INTEGER REFERENCES dictionary_item (id),
        at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
        content TEXT NOT NULL,
        next_contact_date TEXT,
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        created_at INTEGER NOT NULL,
        deleted_at INTEGER,
        deleted_by TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX contact_record_customer ON contact_record (customer_id, at) WHERE deleted_at IS NULL",
    "CREATE INDEX contact_record_at ON contact_record (at, id) WHERE deleted_at IS NULL",
    "CREATE INDEX contact_record_operator ON contact_record (operator_id, at) WHERE deleted_at IS NULL",
    "CREATE INDEX contact_record_deleted ON contact_record (deleted_at) WHERE deleted_at IS NOT NULL",
    # ------------------------------------------------------------- documents
    """CREATE TABLE document (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        customer_id INTEGER REFERENCES customer (id),
        contact_record_id INTEGER REFERENCES contact_record (id),
        name TEXT NOT NULL,
        hash TEXT NOT NULL CHECK (length(hash) = 64),
        size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
        category_id INTEGER REFERENCES dictionary_item (id),
        notes TEXT NOT NULL DEFAULT '',
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        created_at INTEGER NOT NULL,
        deleted_at INTEGER,
        deleted_by TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX document_customer ON document (customer_id, created_at)",
    "CREATE INDEX document_record ON document (contact_record_id) WHERE contact_record_id IS NOT NULL",
    "CREATE INDEX document_hash ON document (hash)",
    "CREATE INDEX document_created ON document (created_at, id) WHERE deleted_at IS NULL",
    "CREATE INDEX document_deleted ON document (deleted_at) WHERE deleted_at IS NOT NULL",
    # --------------------------------------------------------- custom fields
    """CREATE TABLE custom_field (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        record_kind TEXT NOT NULL,
        title TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('text', 'number', 'date', 'choice', 'yes')),
        choices TEXT NOT NULL DEFAULT '[]',
        required INTEGER NOT NULL DEFAULT 0 CHECK (required IN (0, 1)),
        in_list INTEGER NOT NULL DEFAULT 0 CHECK (in_list IN (0, 1)),
        position INTEGER NOT NULL DEFAULT 0,
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        UNIQUE (record_kind, title))""",
    """CREATE TABLE custom_value (
        field_id INTEGER NOT NULL REFERENCES custom_field (id),
        record_id INTEGER NOT NULL,
        text TEXT NOT NULL DEFAULT '',
        number_milli INTEGER CHECK (number_milli IS NULL OR typeof(number_milli) = 'integer'),
        day TEXT,
        PRIMARY KEY (field_id, record_id)) WITHOUT ROWID""",
    "CREATE INDEX custom_value_record ON custom_value (record_id, field_id)",
    "CREATE INDEX custom_value_text ON custom_value (field_id, text, record_id)",
    "CREATE INDEX custom_value_number ON custom_value (field_id, number_milli, record_id)",
    "CREATE INDEX custom_value_day ON custom_value (field_id, day, record_id)",
    # -------------------------------------------------------- saved searches
    """CREATE TABLE saved_search (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        page TEXT NOT NULL,
        name TEXT NOT NULL,
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        conditions TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (page, operator_id, name))""",
    # -------------------------------------------------- sharing and the pool
    """CREATE TABLE customer_share (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        until_date TEXT,
        granted_by TEXT NOT NULL,
        granted_at INTEGER NOT NULL,
        ended_at INTEGER,
        ended_by TEXT NOT NULL DEFAULT '')""",
    "CREATE UNIQUE INDEX customer_share_open ON customer_share (operator_id, customer_id) WHERE ended_at IS NULL",
    "CREATE INDEX customer_share_customer ON customer_share (customer_id)",
    """CREATE TABLE pool_claim (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        asked_at INTEGER NOT NULL,
        decided_at INTEGER,
        decided_by TEXT NOT NULL DEFAULT '',
        granted INTEGER CHECK (granted IN (0, 1)))""",
    "CREATE UNIQUE INDEX pool_claim_open ON pool_claim (customer_id, operator_id) WHERE decided_at IS NULL",
    # --------------------------------------------------------------- merging
    """CREATE TABLE customer_merge (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        survivor_id INTEGER NOT NULL REFERENCES customer (id),
        twin_id INTEGER NOT NULL REFERENCES customer (id),
        at INTEGER NOT NULL,
        operator_name TEXT NOT NULL,
        before TEXT NOT NULL,
        undone_at INTEGER,
        CHECK (survivor_id <> twin_id))""",
    "CREATE UNIQUE INDEX customer_merge_open ON customer_merge (twin_id) WHERE undone_at IS NULL",
    "CREATE INDEX customer_merge_survivor ON customer_merge (survivor_id)",
    """CREATE TABLE customer_distinct (
        a_id INTEGER NOT NULL REFERENCES customer (id),
        b_id INTEGER NOT NULL REFERENCES customer (id),
        PRIMARY KEY (a_id, b_id),
        CHECK (a_id < b_id)) WITHOUT ROWID""",
    "CREATE INDEX customer_distinct_other ON customer_distinct (b_id)",
    # ------------------------------------------- imports, and what they wrote
    """CREATE TABLE import_batch (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        file_name TEXT NOT NULL,
        file_hash TEXT NOT NULL,
        at INTEGER NOT NULL,
        operator_name TEXT NOT NULL,
        created_count INTEGER NOT NULL,
        updated_count INTEGER NOT NULL,
        refused_count INTEGER NOT NULL,
        undone_at INTEGER)""",
    "CREATE INDEX import_batch_hash ON import_batch (file_hash)",
    """CREATE TABLE import_row (
        batch_id INTEGER NOT NULL REFERENCES import_batch (id),
        record_kind TEXT NOT NULL,
        record_id INTEGER NOT NULL,
        before TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (batch_id, record_kind, record_id)) WITHOUT ROWID""",
    # --------------------------------------- stored value given back as money
    """CREATE TABLE refund (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        company_id INTEGER NOT NULL REFERENCES company (id),
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        operator_id INTEGER NOT NULL REFERENCES operator (id),
        posted_at INTEGER NOT NULL,
        business_date TEXT NOT NULL,
        principal_fen INTEGER NOT NULL CHECK (typeof(principal_fen) = 'integer' AND principal_fen > 0),
        lapsed_bonus_fen INTEGER NOT NULL
            CHECK (typeof(lapsed_bonus_fen) = 'integer' AND lapsed_bonus_fen >= 0),
        tender TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX refund_customer ON refund (customer_id)",
    # ------------------------------------------------------------- reminders
    "ALTER TABLE reminder ADD COLUMN weekdays INTEGER NOT NULL DEFAULT 0 CHECK (weekdays BETWEEN 0 AND 127)",
    "ALTER TABLE reminder ADD COLUMN days_ahead INTEGER NOT NULL DEFAULT 0 CHECK (days_ahead BETWEEN 0 AND 366)",
    "ALTER TABLE reminder ADD COLUMN origin TEXT",
    "CREATE UNIQUE INDEX reminder_origin ON reminder (origin) WHERE origin IS NOT NULL",
)

_CONTACTED = """UPDATE customer SET
    first_contact_at = (SELECT min(at) FROM contact_record WHERE customer_id = {row}.customer_id AND deleted_at IS NULL),
    last_contact_at = (SELECT max(at) FROM contact_record WHERE customer_id = {row}.customer_id AND deleted_at IS NULL)
    WHERE id = {row}.customer_id"""

TRIGGERS = (
    f"CREATE TRIGGER contact_record_added AFTER INSERT ON contact_record BEGIN {_CONTACTED.format(row='NEW')}; END",
    f"""CREATE TRIGGER contact_record_changed AFTER UPDATE OF customer_id, at, deleted_at ON contact_record BEGIN
    {_CONTACTED.format(row="OLD")}; {_CONTACTED.format(row="NEW")}; END""",
    f"CREATE TRIGGER contact_record_gone AFTER DELETE ON contact_record BEGIN {_CONTACTED.format(row='OLD')}; END",
    *(
        f"CREATE TRIGGER refund_no_{action.lower()} BEFORE {action} ON refund BEGIN"
        " SELECT RAISE(ABORT, 'refund rows are never changed'); END"
        for action in ("UPDATE", "DELETE")
    ),
)
"""First and last contact are derived, whatever writes the records; refunds are never changed."""


def up(migrator: object, db: Any) -> None:
    """Make the tables, and give a founded shop the new lists and rights."""
    for statement in (*STATEMENTS, *TRIGGERS):
        db.execute_sql(statement)
    for kind, names in _SEEDS.items():
        for position, name in enumerate(names):
            db.execute_sql(
                "INSERT INTO dictionary_item (kind, name, position) SELECT ?, ?, ?"
                " WHERE EXISTS (SELECT 1 FROM operator)",
                (kind, name, position),
            )
    for new, beside in _GRANTS.items():
        db.execute_sql(
            "INSERT OR IGNORE INTO role_permission (role_id, permission)"
            " SELECT role_id, ? FROM role_permission WHERE permission = ?",
            (new, beside),
        )
    db.execute_sql("PRAGMA user_version = 4")
