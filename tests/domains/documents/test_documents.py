"""更多资料: files kept with customers, for who may see the customer."""

from pathlib import Path
from typing import Any

import pytest

from meiping.domains.customers.service import delete_customers
from meiping.domains.documents import keeping, service
from meiping.domains.documents.queries import (
    DocumentFilter,
    document_detail,
    document_list,
    documents_of,
    find_documents,
)
from meiping.domains.documents.rules import (
    DocumentInput,
    NewDocument,
    check_name,
    ending,
    file_name,
    may_run,
)
from meiping.domains.settings.queries import words
from meiping.kernel.errors import (
    DamagedFile,
    InputError,
    NeedsConfirmation,
    NotFound,
    PermissionDenied,
)
from meiping.store.blobs import blob_path, kept_files
from meiping.store.database import fetch
from tests.factories import add_customer
from tests.shop import OpenedShop

PURGE = frozenset({"purge"})


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def add(shop: OpenedShop, customer_id: int, *files: tuple[str, bytes], **values: Any) -> list[int]:
    kept = [keeping.keep_content(shop.folder, content, name) for name, content in files]
    return service.add_documents(shop.actor, customer_id=customer_id, documents=kept, **values)


def names(shop: OpenedShop, **narrowed: Any) -> list[str]:
    listing = document_list(shop.actor, DocumentFilter(**narrowed))
    return [row["name"] for row in listing.window(0, 100, None)]


# ------------------------------------------------------------------ adding
def test_several_files_are_added_at_once(shop: OpenedShop, tmp_path: Path) -> None:
    customer = add_customer(shop, name="红旗商店")
    paths = [put(tmp_path / f"{word}.txt", word.encode()) for word in ("合同", "执照", "照片")]
    told: list[int] = []

    class Hears:
        def report(self, done: int, total: int, what: str = "") -> None:
            told.append(done)

    kept = keeping.keep_files(shop.folder, paths, progress=Hears())
    contract = words("document_category")[0]
    ids = service.add_documents(
        shop.actor, customer_id=customer, documents=kept, category_id=contract.id, notes="盖章"
    )
    assert len(ids) == 3
    assert told[-1] == 100
    rows = documents_of(shop.actor, customer_id=customer).window(0, 10, None)
    assert {row["name"] for row in rows} == {"合同.txt", "执照.txt", "照片.txt"}
    assert {(row["category"], row["notes"], row["customer"]) for row in rows} == {
        (contract.name, "盖章", "红旗商店")
    }


def test_one_bad_file_among_them_adds_none(shop: OpenedShop, tmp_path: Path) -> None:
    add_customer(shop)
    good = put(tmp_path / "好.txt", b"good")
    with pytest.raises(InputError, match=r"没有找到“没有\.txt”"):
        keeping.keep_files(shop.folder, [good, tmp_path / "没有.txt"])
    assert kept_files(shop.folder) == {}


def test_one_refused_name_adds_no_row(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    kept = [NewDocument("好.txt", "a" * 64, 1), NewDocument("...", "b" * 64, 1)]
    with pytest.raises(InputError, match="请填写资料名称"):
        service.add_documents(shop.actor, customer_id=customer, documents=kept)
    assert names(shop) == []


def test_the_same_content_for_two_customers_lies_on_the_disk_once(shop: OpenedShop) -> None:
    for name in ("甲.txt", "乙.txt"):
        add(shop, add_customer(shop), (name, b"same"))
    assert len(kept_files(shop.folder)) == 1
    assert set(names(shop)) == {"甲.txt", "乙.txt"}


def test_nothing_is_added_to_a_customer_in_the_recycle_bin(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    delete_customers(shop.actor, customer_ids=[customer])
    with pytest.raises(NotFound, match="回收站"):
        add(shop, customer, ("a.txt", b"a"))


def test_a_category_of_another_list_is_refused(shop: OpenedShop) -> None:
    with pytest.raises(InputError, match="资料类别"):
        add(shop, add_customer(shop), ("a.txt", b"a"), category_id=words("industry")[0].id)


# ------------------------------------------------------------------ names
@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("合同.pdf", "合同.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\me\报价.xlsx", "报价.xlsx"),
        ("a\x00b\n.txt", "ab.txt"),
        ("发票\u202egpj.exe", "发票gpj.exe"),
        ("  空格 .txt ", "空格 .txt"),
    ],
)
def test_a_name_loses_folders_and_signs_that_deceive(written: str, stored: str) -> None:
    assert check_name(written) == stored


@pytest.mark.parametrize("written", ["", "  ", ".", "..", "///", "\u200b"])
def test_a_name_without_a_letter_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="请填写资料名称"):
        check_name(written)


def test_a_name_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(InputError, match="最多 255 个字，现在有 260 个"):
        check_name("名" * 260)


@pytest.mark.parametrize(
    ("name", "on_disk"),
    [
        ("合同.pdf", "合同.pdf"),
        ("CON.txt", "_CON.txt"),
        ("lpt1", "_lpt1"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ('a<b>:"c|d?*.txt', "a_b___c_d__.txt"),
        ("结尾. . ", "结尾"),
        (".hidden", "hidden"),
        ("...", "资料"),
        ("没有后缀", "没有后缀"),
    ],
)
def test_a_name_fits_any_system_on_its_way_out(name: str, on_disk: str) -> None:
    assert file_name(name) == on_disk


def test_a_long_name_keeps_its_ending_on_the_way_out() -> None:
    short = file_name("很长的名字" * 50 + ".pdf")
    assert short.endswith(".pdf")
    assert len(short.encode()) < 200


@pytest.mark.parametrize("name", ["a.exe", "照片.jpg.SCR", "a.exe. ", "宏.xlsm", "run.sh", "链接.lnk"])
def test_what_may_run_is_known_by_its_ending(name: str) -> None:
    assert may_run(name)


@pytest.mark.parametrize("name", ["合同.pdf", "照片.jpg", "exe", "表.xlsx"])
def test_ordinary_files_open_unasked(name: str) -> None:
    assert not may_run(name)
    assert ending("合同.PDF") == "pdf"


# ------------------------------------------------------------------ changing
def test_changes_are_written_down_field_by_field(shop: OpenedShop) -> None:
    (document,) = add(shop, add_customer(shop), ("合同.txt", b"one"))
    contract = words("document_category")[0]
    count = service.change_document(
        shop.actor, document_id=document, document=DocumentInput("新合同.txt", contract.id, "2026 年")
    )
    assert count == 3
    changes = fetch("SELECT field, old, new FROM change WHERE kind = 'document' ORDER BY id")
    assert changes == [
        ("资料名称", "合同.txt", "新合同.txt"),
        ("资料类别", "", contract.name),
        ("备注", "", "2026 年"),
    ]
    detail = document_detail(shop.actor, document_id=document)
    assert (detail.name, detail.category, detail.notes) == ("新合同.txt", contract.name, "2026 年")


def test_replacing_keeps_the_former_bytes_and_says_so_in_the_log(shop: OpenedShop) -> None:
    (document,) = add(shop, add_customer(shop), ("合同.txt", b"one"))
    before = document_detail(shop.actor, document_id=document).hash
    other = keeping.keep_content(shop.folder, b"two two", "新.txt")
    assert service.replace_document(shop.actor, document_id=document, document=other)
    after = document_detail(shop.actor, document_id=document)
    assert (after.name, after.hash, after.size_bytes) == ("合同.txt", other.hash, 7)
    assert set(kept_files(shop.folder)) == {before, other.hash}
    ((old, new),) = fetch("SELECT old, new FROM change WHERE field = '文件内容'")
    assert before[:8] in old
    assert other.hash[:8] in new
    assert not service.replace_document(shop.actor, document_id=document, document=other)


def test_bytes_of_another_format_bring_their_ending(shop: OpenedShop) -> None:
    (document,) = add(shop, add_customer(shop), ("营业执照.jpg", b"one"))
    other = keeping.keep_content(shop.folder, b"%PDF", "扫描件.pdf")
    service.replace_document(shop.actor, document_id=document, document=other)
    assert document_detail(shop.actor, document_id=document).name == "营业执照.pdf"
    assert [hit.name for hit in find_documents(shop.actor, "pdf")] == ["营业执照.pdf"]


# ------------------------------------------------------------------ bin
def test_deleted_documents_come_back_from_the_bin(shop: OpenedShop) -> None:
    ids = add(shop, add_customer(shop), ("a.txt", b"a"), ("b.txt", b"b"))
    assert service.delete_documents(shop.actor, document_ids=ids) == ids
    assert names(shop) == []
    assert set(names(shop, in_bin=True)) == {"a.txt", "b.txt"}
    assert find_documents(shop.actor, "a.txt") == []
    assert service.restore_documents(shop.actor, document_ids=ids) == ids
    assert set(names(shop)) == {"a.txt", "b.txt"}
    assert [hit.name for hit in find_documents(shop.actor, "b")] == ["b.txt"]


def test_a_document_waits_for_its_customer(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    ids = add(shop, customer, ("a.txt", b"a"))
    service.delete_documents(shop.actor, document_ids=ids)
    delete_customers(shop.actor, customer_ids=[customer])
    with pytest.raises(InputError, match="请先恢复客户"):
        service.restore_documents(shop.actor, document_ids=ids)


def test_a_document_goes_for_good_only_from_the_bin_and_when_asked(shop: OpenedShop) -> None:
    ids = add(shop, add_customer(shop), ("a.txt", b"a"))
    with pytest.raises(NotFound):
        service.purge_documents(shop.actor, document_ids=ids, confirmed=PURGE)
    service.delete_documents(shop.actor, document_ids=ids)
    with pytest.raises(NeedsConfirmation, match="彻底删除 1 份资料"):
        service.purge_documents(shop.actor, document_ids=ids)
    assert service.purge_documents(shop.actor, document_ids=ids, confirmed=PURGE) == 1
    assert names(shop, in_bin=True) == []


def test_documents_of_a_deleted_customer_are_out_of_the_list(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    add(shop, customer, ("a.txt", b"a"))
    delete_customers(shop.actor, customer_ids=[customer])
    assert names(shop) == []
    assert find_documents(shop.actor, "a") == []


# ------------------------------------------------------------------ finding, scope
def test_documents_are_found_by_name_pinyin_notes_and_customer(shop: OpenedShop) -> None:
    customer = add_customer(shop, name="红旗商店")
    add(shop, customer, ("采购合同.pdf", b"x"), notes="周年庆专用")
    add(shop, add_customer(shop, name="别人"), ("别的.pdf", b"y"))
    for typed in ("合同", "cght", "周年", "红旗", "hqsd"):
        assert names(shop, text=typed) == ["采购合同.pdf"], typed
    assert [hit.customer for hit in find_documents(shop.actor, "合同")] == ["红旗商店"]
    assert find_documents(shop.actor, "") == []


def test_the_list_is_narrowed_by_category_person_and_period(shop: OpenedShop) -> None:
    contract = words("document_category")[0].id
    add(shop, add_customer(shop), ("a.txt", b"a"), category_id=contract)
    add(shop, add_customer(shop), ("b.txt", b"b"))
    today = shop.actor.today()
    assert names(shop, category_id=contract) == ["a.txt"]
    assert len(names(shop, operator_id=shop.actor.operator_id)) == 2
    assert names(shop, operator_id=999) == []
    assert len(names(shop, first_date=today, last_date=today)) == 2
    assert names(shop, first_date=today.replace(year=today.year + 1)) == []


def test_a_salesperson_sees_and_touches_only_the_own_customers_documents(shop: OpenedShop) -> None:
    seller = shop.as_role("业务员")
    own = add(shop, add_customer(shop, owner_id=seller.operator_id), ("own.txt", b"o"))
    others = add(shop, add_customer(shop), ("others.txt", b"x"))
    listing = document_list(seller)
    assert [row["name"] for row in listing.window(0, 10, None)] == ["own.txt"]
    assert [hit.name for hit in find_documents(seller, "txt")] == ["own.txt"]
    assert service.delete_documents(seller, document_ids=others) == []
    with pytest.raises(NotFound):
        service.hand_out_documents(seller, document_ids=[*own, *others])
    with pytest.raises(PermissionDenied):
        service.purge_documents(seller, document_ids=own)


# ------------------------------------------------------------------ bytes out
def test_saving_elsewhere_copies_whole_and_is_written_down(shop: OpenedShop, tmp_path: Path) -> None:
    ids = add(shop, add_customer(shop), ("合同.txt", b"one"), ("合同.txt", b"two"))
    handed = service.hand_out_documents(shop.actor, document_ids=ids, saved=True)
    out = tmp_path / "out"
    out.mkdir()
    written = keeping.copy_all_to(shop.folder, handed, out)
    assert [path.name for path in written] == ["合同.txt", "合同 (2).txt"]
    assert [path.read_bytes() for path in written] == [b"one", b"two"]
    assert len(fetch("SELECT 1 FROM operation WHERE action = 'document.save'")) == 2


def test_damaged_bytes_never_reach_the_user(shop: OpenedShop, tmp_path: Path) -> None:
    ids = add(shop, add_customer(shop), ("合同.txt", b"one"))
    (handed,) = service.hand_out_documents(shop.actor, document_ids=ids)
    blob_path(shop.folder, handed.hash).write_bytes(b"0ne")
    with pytest.raises(DamagedFile, match="已损坏"):
        keeping.copy_to(shop.folder, handed, tmp_path / "合同.txt")
    assert not (tmp_path / "合同.txt").exists()


def test_opening_makes_a_copy_under_the_users_name(shop: OpenedShop, tmp_path: Path) -> None:
    ids = add(shop, add_customer(shop), ("报价?.txt", b"one"))
    (handed,) = service.hand_out_documents(shop.actor, document_ids=ids)
    path = keeping.copy_for_opening(shop.folder, handed, tmp_path / "opened")
    assert path.name == "报价_.txt"
    path.write_bytes(b"changed by another program")
    assert keeping.read_content(shop.folder, handed.hash, handed.name) == b"one"


# ------------------------------------------------------------------ photos
def test_a_photo_is_set_changed_and_removed(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    for hash_, _told in (("a" * 64, "有"), ("b" * 64, "已更换"), ("", "无")):
        service.set_photo(shop.actor, customer_id=customer, photo_hash=hash_)
        assert fetch("SELECT photo_hash FROM customer WHERE id = ?", customer) == [(hash_,)]
    changes = fetch("SELECT old, new FROM change WHERE field = '照片' ORDER BY id")
    assert changes == [("无", "有"), ("有", "已更换"), ("有", "无")]
