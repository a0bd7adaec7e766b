"""Verbs about documents and customers' photos. Their bytes are kept first (``keeping``); here they get their rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from meiping.domains.audit import service as audit
from meiping.domains.contacts.models import ContactRecord
from meiping.domains.customers.forgetting import write_photo
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible
from meiping.domains.customers.rules import DELETE, EDIT, VIEW
from meiping.domains.documents.models import Document
from meiping.domains.documents.queries import require_document, visible_documents
from meiping.domains.documents.rules import (
    CATEGORIES,
    KIND,
    MOST_AT_ONCE,
    PURGE,
    DocumentInput,
    NewDocument,
    check_document,
    search_terms,
    with_ending_of,
)
from meiping.domains.settings.models import DictionaryItem
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound
from meiping.kernel.sizes import show_size
from meiping.kernel.source import Source
from meiping.store import search_index
from meiping.store.unit_of_work import Work, verb


@verb(EDIT)
def add_documents(
    work: Work,
    *,
    customer_id: int,
    documents: Sequence[NewDocument],
    category_id: int | None = None,
    notes: str = "",
    contact_record_id: int | None = None,
) -> list[int]:
    """Give kept bytes to a customer, all of them or none, and give their ids.

    Raises InputError, and NotFound for a customer outside the scope or in the recycle bin.
    """
    _require_customer(work, customer_id)
    if not documents:
        raise InputError("请先选择文件。")
    if len(documents) > MOST_AT_ONCE:
        raise InputError(f"一次最多添加 {MOST_AT_ONCE} 个文件，请分几次添加。")
    _check_category(category_id)
    _check_record(contact_record_id, customer_id)
    ids = []
    for one in documents:
        wanted = check_document(DocumentInput(one.name, category_id, notes))
        row = Document.create(
            customer=customer_id,
            contact_record=contact_record_id,
            name=wanted.name,
            hash=one.hash,
            size_bytes=one.size_bytes,
            category=category_id,
            notes=wanted.notes,
            operator=work.actor.operator_id,
            created_at=work.at,
        )
        _index(work, row.id, wanted)
        _written(work, "document.add", "添加资料", row.id)
        ids.append(int(row.id))
    return ids


@verb(EDIT)
def change_document(work: Work, *, document_id: int, document: DocumentInput) -> int:
    """Change name, category and notes; every field that changed is written down. Gives how many did."""
    row = require_document(work.actor, document_id)
    wanted = check_document(document)
    if wanted.category_id != row.category_id:
        _check_category(wanted.category_id)
    changes = [
        ("资料名称", row.name, wanted.name),
        ("资料类别", _category(row.category_id), _category(wanted.category_id)),
        ("备注", row.notes, wanted.notes),
    ]
    count = audit.record_changes(work, Source(KIND, document_id), changes)
    if count:
        Document.update(name=wanted.name, category=wanted.category_id, notes=wanted.notes).where(
            Document.id == document_id
        ).execute()
        _index(work, document_id, wanted)
        _written(work, "document.change", "修改资料", document_id)
    return count


@verb(EDIT)
def replace_document(work: Work, *, document_id: int, document: NewDocument) -> bool:
    """Put other kept bytes in the place of a document's; name, category and notes stay, but for another ending.

    The former bytes stay in the data folder. False if the content is the same.
    """
    row = require_document(work.actor, document_id)
    if row.hash == document.hash:
        return False
    name = with_ending_of(document.name, row.name)
    Document.update(hash=document.hash, size_bytes=document.size_bytes, name=name).where(
        Document.id == document_id
    ).execute()
    _index(work, document_id, DocumentInput(name, row.category_id, row.notes))
    before, after = (f"{show_size(one.size_bytes)}（{one.hash[:8]}）" for one in (row, document))
    changes = [("文件内容", before, after), ("资料名称", row.name, name)]
    audit.record_changes(work, Source(KIND, document_id), changes)
    _written(work, "document.replace", "替换资料的文件", document_id)
    return True


@verb(EDIT)
def delete_documents(work: Work, *, document_ids: Collection[int]) -> list[int]:
    """Put documents into the recycle bin; gives those that went."""
    gone = []
    for row in visible_documents(work.actor, document_ids, in_bin=False):
        Document.update(deleted_at=work.at, deleted_by=work.actor.name).where(Document.id == row.id).execute()
        search_index.remove(work, KIND, row.id)
        _written(work, "document.delete", "资料移入回收站", row.id)
        gone.append(int(row.id))
    return gone


@verb(EDIT)
def restore_documents(work: Work, *, document_ids: Collection[int]) -> list[int]:
    """Take documents out of the recycle bin; gives those that came back.

    Raises InputError for one whose customer is in the recycle bin himself.
    """
    back = []
    for row in visible_documents(work.actor, document_ids, in_bin=True):
        if row.customer is not None and row.customer.deleted_at is not None:
            raise InputError("它的客户也在回收站里，请先恢复客户。")
        Document.update(deleted_at=None, deleted_by="").where(Document.id == row.id).execute()
        _index(work, row.id, DocumentInput(row.name, row.category_id, row.notes))
        _written(work, "document.restore", "从回收站恢复资料", row.id)
        back.append(int(row.id))
    return back


@verb(DELETE)
def purge_documents(
    work: Work, *, document_ids: Collection[int], confirmed: frozenset[str] = frozenset()
) -> int:
    """Let documents of the recycle bin go for good, and give how many; asks first.

    Their bytes stay until what nobody names is cleared away (检查数据).
    """
    rows = visible_documents(work.actor, document_ids, in_bin=True)
    if not rows:
        raise NotFound("选中的资料已经不在回收站里，请刷新。")
    if PURGE not in confirmed:
        raise NeedsConfirmation(
            PURGE,
            f"彻底删除 {len(rows):,} 份资料吗？",
            verb="彻底删除",
            danger=True,
            detail="删除后不能恢复。",
        )
    for row in rows:
        forget_document(work, row.id)
    return len(rows)


def forget_document(work: Work, document_id: int) -> None:
    """Let a document's row go, for good: a part of verbs that have asked."""
    search_index.remove(work, KIND, document_id)
    Document.delete().where(Document.id == document_id).execute()
    _written(work, "document.purge", "彻底删除资料", document_id)


# ------------------------------------------------------------------ bytes going out
@dataclass(frozen=True, slots=True)
class HandedOut:
    """What is needed to copy a document out of the data folder."""

    name: str
    hash: str
    size_bytes: int


@verb(VIEW)
def hand_out_documents(work: Work, *, document_ids: Collection[int], saved: bool = False) -> list[HandedOut]:
    """Write down that documents are opened, or ``saved`` elsewhere, and say where their bytes are.

    Raises NotFound unless all of them are within the scope.
    """
    rows = [require_document(work.actor, document_id) for document_id in document_ids]
    for row in rows:
        summary = "另存资料" if saved else "打开资料"
        audit.record(work, "document.save" if saved else "document.open", summary, Source(KIND, int(row.id)))
    return [HandedOut(row.name, row.hash, row.size_bytes) for row in rows]


# ------------------------------------------------------------------ photos
@verb(EDIT)
def set_photo(work: Work, *, customer_id: int, photo_hash: str) -> None:
    """Give a customer a photo by the hash of its kept bytes; empty takes it away."""
    _require_customer(work, customer_id)
    write_photo(work, customer_id, photo_hash)


# ------------------------------------------------------------------ inside
def _require_customer(work: Work, customer_id: int) -> None:
    require_visible(work.actor, customer_id)
    if Customer.get_by_id(customer_id).deleted_at is not None:
        raise NotFound("这个客户在回收站里，请先恢复。")


def _check_category(category_id: int | None) -> None:
    same = (DictionaryItem.id == category_id) & (DictionaryItem.kind == CATEGORIES)
    if category_id is not None and not DictionaryItem.select().where(same).exists():
        raise InputError("这个资料类别已经不在了，请重新选择。", field="category_id")


def _check_record(record_id: int | None, customer_id: int) -> None:
    if record_id is None:
        return
    same = (ContactRecord.id == record_id) & (ContactRecord.customer == customer_id)
    if not ContactRecord.select().where(same, ContactRecord.deleted_at.is_null()).exists():
        raise NotFound("这条联系反馈已经不在了，请刷新。")


def _category(category_id: int | None) -> str:
    found = DictionaryItem.get_or_none(DictionaryItem.id == category_id)
    return str(found.name) if found is not None else ""


def _index(work: Work, document_id: int, document: DocumentInput) -> None:
    search_index.put(work, KIND, document_id, document.name, search_terms(document))


def _written(work: Work, action: str, summary: str, document_id: int) -> None:
    audit.record(work, action, summary, Source(KIND, document_id))
    work.changed(Topic.DOCUMENTS)
