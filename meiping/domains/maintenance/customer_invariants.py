"""What is always true of customers and what is kept of them: said in SQL over whole tables, as in ``invariants``."""

from meiping.domains.maintenance.findings import count_line, fen_line, place_line, rows
from meiping.store.inspection import Invariant

# ------------------------------------------------------ who sees which customer
_SHARES = """
SELECT '授权 ' || s.id FROM customer_share s JOIN customer c ON c.id = s.customer_id
WHERE s.ended_at IS NULL AND c.deleted_at IS NULL AND (c.owner_id IS NULL OR c.owner_id = s.operator_id)
"""
_CLAIMS = """
SELECT '领用申请 ' || p.id FROM pool_claim p JOIN customer c ON c.id = p.customer_id
WHERE p.decided_at IS NULL AND c.owner_id IS NOT NULL
"""
_MARK = "char(57344)"
"""What begins a hidden term of the search."""
_SEEN_BY = f"""
WITH words AS (
    SELECT c.id, c.code, c.owner_id, c.department_id, c.company_id, ' ' || w.terms || ' ' AS terms
    FROM customer c JOIN search_entry s ON s.kind = 'customer' AND s.record_id = c.id
    JOIN search_words w ON w.entry_id = s.id WHERE c.deleted_at IS NULL),
shared AS (
    SELECT customer_id, count(*) AS many, sum(instr(terms, ' ' || {_MARK} || 'with' || operator_id
        || coalesce('until' || replace(until_date, '-', ''), '') || ' ') = 0) AS lacking
    FROM customer_share JOIN words ON words.id = customer_id WHERE ended_at IS NULL GROUP BY 1)
SELECT '客户 ' || code FROM words LEFT JOIN shared ON customer_id = id
WHERE instr(terms, ' ' || {_MARK} || 'comp' || company_id || ' ') = 0
   OR instr(terms, ' ' || {_MARK} || 'dept' || coalesce(department_id, '')) = 0 AND department_id IS NOT NULL
   OR instr(terms, ' ' || {_MARK} || 'own' || coalesce(owner_id, '')) = 0 AND owner_id IS NOT NULL
   OR length(terms) - length(replace(terms, {_MARK} || 'own', '')) <> 4 * (owner_id IS NOT NULL)
   OR length(terms) - length(replace(terms, {_MARK} || 'with', '')) <> 5 * coalesce(many, 0)
   OR coalesce(lacking, 0) > 0
"""
CARE = (
    Invariant(
        "shares", "授权都给了业务员以外的人", rows(_SHARES, place_line("没有业务员，或授权给了业务员自己"))
    ),
    Invariant("claims", "领用申请都在公海里", rows(_CLAIMS, place_line("客户已经有业务员"))),
    Invariant(
        "seen_by",
        "搜索知道谁能看到客户",
        rows(_SEEN_BY, place_line("与业务员、部门或授权不符")),
        derived=True,
    ),
)

# ------------------------------------------------------------- customers' files
_FILES_FOUND = """
SELECT '资料 ' || d.id FROM document d LEFT JOIN search_entry s ON s.kind = 'document' AND s.record_id = d.id
WHERE (d.deleted_at IS NULL) = (s.id IS NULL)
UNION ALL
SELECT '登记 ' || s.id FROM search_entry s LEFT JOIN document d ON d.id = s.record_id
WHERE s.kind = 'document' AND d.id IS NULL
"""
_FILES_OF = """
SELECT '资料 ' || d.id FROM document d JOIN contact_record r ON r.id = d.contact_record_id
WHERE d.customer_id IS NOT r.customer_id
"""
FILES = (
    Invariant("files_found", "资料都能搜到", rows(_FILES_FOUND, place_line("与搜索登记不符")), derived=True),
    Invariant("files_of", "资料与联系反馈同属一位客户", rows(_FILES_OF, place_line("与联系反馈的客户不同"))),
)

# ------------------------------------------------------------------- contacts
_ONE_MAIN = """
SELECT '客户 ' || c.code, count(*), 1 FROM contact x JOIN customer c ON c.id = x.customer_id
WHERE x.main AND x.deleted_at IS NULL GROUP BY c.id HAVING count(*) > 1
"""
_CONTACTED = """
WITH made AS MATERIALIZED (
    SELECT customer_id, min(at) AS first, max(at) AS last FROM contact_record WHERE deleted_at IS NULL GROUP BY 1)
SELECT '客户 ' || c.code FROM customer c LEFT JOIN made m ON m.customer_id = c.id
WHERE c.first_contact_at IS NOT m.first OR c.last_contact_at IS NOT m.last
"""
_CONTACTS_FOUND = """
SELECT '联系人 ' || x.id FROM contact x LEFT JOIN search_entry s ON s.kind = 'contact' AND s.record_id = x.id
WHERE (x.deleted_at IS NULL) = (s.id IS NULL)
UNION ALL
SELECT '登记 ' || s.id FROM search_entry s LEFT JOIN contact x ON x.id = s.record_id
WHERE s.kind = 'contact' AND x.id IS NULL
"""
CONTACTS = (
    Invariant("main_contacts", "每位客户最多一位主联系人", rows(_ONE_MAIN, count_line("主联系人"))),
    Invariant(
        "contacted",
        "首次与最近联系等于联系反馈",
        rows(_CONTACTED, place_line("联系时间与反馈不符")),
        derived=True,
    ),
    Invariant(
        "contacts_found", "联系人都能搜到", rows(_CONTACTS_FOUND, place_line("与搜索登记不符")), derived=True
    ),
)

# ------------------------------------------------------------ what was imported
_IMPORTS = """
WITH wrote AS MATERIALIZED (
    SELECT batch_id, sum(record_kind = b.main AND r.before = '') AS made, sum(record_kind = b.main AND r.before <> '')
        AS changed
    FROM import_row r JOIN (
        SELECT id, CASE kind WHEN 'records' THEN 'contact_record' ELSE 'customer' END AS main FROM import_batch) b
    ON b.id = r.batch_id GROUP BY batch_id)
SELECT '导入 ' || b.id FROM import_batch b LEFT JOIN wrote w ON w.batch_id = b.id
WHERE coalesce(w.made, 0) <> b.created_count OR coalesce(w.changed, 0) <> b.updated_count
UNION ALL
SELECT '分录 ' || e.id FROM entry e LEFT JOIN import_batch b ON b.id = e.source_id
WHERE e.source_kind = 'import' AND b.id IS NULL
"""
IMPORTS = (Invariant("imports", "每次导入都有明细", rows(_IMPORTS, place_line("与导入明细不符"))),)

# ------------------------------------------------------- the shop's own fields
_OWN_VALUES = """
SELECT '字段 ' || f.title || '，记录 ' || v.record_id FROM custom_value v JOIN custom_field f ON f.id = v.field_id
LEFT JOIN customer c ON f.record_kind = 'customer' AND c.id = v.record_id
WHERE (f.record_kind = 'customer' AND c.id IS NULL) OR NOT CASE f.kind
    WHEN 'number' THEN v.text = '' AND v.day IS NULL AND v.number_milli IS NOT NULL
    WHEN 'yes' THEN v.text = '' AND v.day IS NULL AND coalesce(v.number_milli, -1) IN (0, 1000)
    WHEN 'date' THEN v.text = '' AND v.number_milli IS NULL AND v.day IS date(v.day)
    ELSE v.text <> '' AND v.number_milli IS NULL AND v.day IS NULL END
"""
_OWN_CHOICES = """
SELECT '字段 ' || title FROM custom_field
WHERE CASE WHEN json_valid(choices) THEN json_type(choices) <> 'array'
    OR (kind = 'choice' AND json_array_length(choices) = 0) ELSE 1 END
"""
_KEPT_SEARCHES = "SELECT '查找 ' || id FROM saved_search WHERE NOT json_valid(conditions)"
OWN_FIELDS = (
    Invariant(
        "own_values", "自定义字段的内容符合类型", rows(_OWN_VALUES, place_line("类型不符，或没有这条记录"))
    ),
    Invariant("own_choices", "自定义字段的选项完好", rows(_OWN_CHOICES, place_line("选项读不出来"))),
    Invariant("kept_searches", "保存的查找完好", rows(_KEPT_SEARCHES, place_line("条件读不出来"))),
)

# --------------------------------------------------------------------- merges
_MERGED = """
SELECT '客户 ' || t.code FROM customer t LEFT JOIN customer s ON s.id = t.merged_into_id
WHERE t.merged_into_id IS NOT NULL AND (t.deleted_at IS NULL OR s.id IS NULL OR s.merged_into_id IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM customer_merge m WHERE m.twin_id = t.id AND m.undone_at IS NULL))
UNION ALL
SELECT '客户 ' || t.code FROM customer_merge m JOIN customer t ON t.id = m.twin_id
WHERE m.undone_at IS NULL AND t.merged_into_id IS NULL
"""
_MERGED_MONEY = """
SELECT '客户 ' || c.code, b.amount_fen, 0 FROM balance b JOIN customer c ON c.id = b.party_id
WHERE c.merged_into_id IS NOT NULL AND b.amount_fen <> 0
    AND b.account IN ('stored_principal', 'stored_bonus', 'receivable', 'deposit')
UNION ALL
SELECT '分录 ' || e.id, sum(p.amount_fen), 0 FROM entry e JOIN posting p ON p.entry_id = e.id
LEFT JOIN customer_merge m ON m.id = e.source_id WHERE e.source_kind = 'merge'
GROUP BY e.id, p.account HAVING sum(p.amount_fen) <> 0 OR m.id IS NULL
    OR sum(p.party_id NOT IN (m.survivor_id, m.twin_id)) OR sum(p.account NOT IN
        ('stored_principal', 'stored_bonus', 'receivable', 'deposit'))
UNION ALL
SELECT '合并 ' || m.id, sum(p.amount_fen), 0 FROM customer_merge m
JOIN entry e ON e.source_kind = 'merge' AND e.source_id = m.id JOIN posting p ON p.entry_id = e.id
WHERE m.undone_at IS NOT NULL GROUP BY m.id, p.account, p.party_id HAVING sum(p.amount_fen) <> 0
"""
MERGES = (
    Invariant("merged", "并入的客户都有合并记录", rows(_MERGED, place_line("与合并记录不符"))),
    Invariant("merged_money", "合并只转移储值与欠款", rows(_MERGED_MONEY, fen_line("留下"))),
)
