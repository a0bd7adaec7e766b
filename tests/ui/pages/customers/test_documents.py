"""The clerk keeps papers and photos with customers: adds several, looks, opens, replaces, deletes, brings back."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from meiping.domains.contacts.recording import add_record
from meiping.domains.contacts.rules import RecordInput
from meiping.domains.customers.queries import customer_detail
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer, delete_customers
from meiping.domains.documents import keeping
from meiping.domains.documents.queries import DocumentFilter, document_list
from meiping.domains.documents.service import add_documents, delete_documents
from meiping.domains.settings.queries import words
from meiping.kernel.moments import to_ms
from meiping.store.blobs import blob_path
from meiping.ui.pages.customers.customer_hub_page import PAGE as HUB_PAGE
from meiping.ui.pages.customers.documents import preview
from meiping.ui.pages.customers.documents.incoming import Incoming
from meiping.ui.pages.customers.documents_page import PAGE
from meiping.ui.pages.customers.portrait import initials_of
from meiping.ui.pages.customers.recycle_bin_page import PAGE as BIN_PAGE
from tests import factories


@pytest.fixture
def wang(shop) -> int:
    return add_customer(shop.actor, customer=CustomerInput("王小明", phone="13822017788"))


@pytest.fixture
def opened_files(monkeypatch) -> list[Path]:
    """What would have been opened by another program."""
    paths: list[Path] = []
    monkeypatch.setattr("meiping.ui.pages.customers.documents.commands.open_in_system", paths.append)
    return paths


def picture(colour: str = "red", size: tuple[int, int] = (300, 200)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "PNG")
    return written.getvalue()


def attach(shop, customer_id: int, name: str, content: bytes) -> int:
    kept = keeping.keep_content(shop.folder, content, name)
    return add_documents(shop.actor, customer_id=customer_id, documents=[kept])[0]


def stored(shop) -> list[tuple[str, str, str]]:
    rows = document_list(shop.actor).window(0, 50, None)
    return [(row["name"], row["customer"], row["category"]) for row in rows]


def hub_pane(opened, customer_id: int):
    page = opened(HUB_PAGE)
    page.open(customer_id=customer_id)
    page.widget.update()
    pane = page.view.tabs.bring("更多资料")
    page.widget.update()
    return pane


# ---------------------------------------------------------------- adding
def test_several_files_are_chosen_and_added_in_the_hub(
    opened, wang, shop, tmp_path, monkeypatch, press, dialog, no_dialog, context
):
    paths = [tmp_path / "合同.pdf", tmp_path / "报价.txt"]
    for path in paths:
        path.write_bytes(path.name.encode())
    monkeypatch.setattr(
        "meiping.ui.pages.customers.documents.incoming.choose_open_files", lambda *asked: paths
    )
    pane = hub_pane(opened, wang)
    press(pane.list.tree, "<Insert>")
    form = dialog()
    form.form.set_value("category_id", words("document_category")[0].id)
    form.submit()
    assert no_dialog()
    assert context.told() == "已添加 2 份资料。"
    assert set(stored(shop)) == {("合同.pdf", "王小明", "合同"), ("报价.txt", "王小明", "合同")}
    assert pane.list.count == 2


def test_a_file_that_is_gone_leaves_the_form_as_it_is(opened, wang, shop, tmp_path, dialog, context):
    pane = hub_pane(opened, wang)
    pane.commands.take(Incoming((tmp_path / "没有.pdf",)))
    form = dialog()
    form.form.set_value("notes", "写了很多")
    form.submit()
    assert "没有找到“没有.pdf”" in context.told()
    assert dialog().form.value("notes") == "写了很多"
    assert stored(shop) == []


def test_over_all_customers_one_chooses_whose_they_are(
    opened, wang, shop, tmp_path, dialog, no_dialog, press, context
):
    path = tmp_path / "执照.png"
    path.write_bytes(picture())
    page = opened(PAGE)
    page.commands.take(Incoming((path,)))
    form = dialog()
    form.submit()
    assert not no_dialog()  # whose they are is wanted
    form.form.set_value("customer_id", wang)
    form.submit()
    assert no_dialog()
    assert stored(shop) == [("执照.png", "王小明", "图片")]
    assert page.list.current_row()["name"] == "执照.png"


def test_a_screenshot_is_pasted_in_the_list(opened, wang, shop, monkeypatch, press, dialog, context):
    monkeypatch.setattr(
        "meiping.ui.pages.customers.documents.incoming.from_clipboard", lambda: picture("blue")
    )
    pane = hub_pane(opened, wang)
    press(pane.list.tree, "<Control-v>")
    dialog().submit()
    ((name, _, category),) = stored(shop)
    assert name.startswith("截图 2026-")
    assert name.endswith(".png")
    assert category == "图片"


def test_a_screenshot_is_pasted_anywhere_in_the_tab_but_text_goes_into_its_field(
    opened, wang, shop, monkeypatch, press, dialog, no_dialog, root
):
    monkeypatch.setattr(
        "meiping.ui.pages.customers.documents.incoming.from_clipboard", lambda: picture("blue")
    )
    page = opened(HUB_PAGE)
    page.open(customer_id=wang)
    page.view.tabs.bring("更多资料")
    root.clipboard_clear()
    press(page.search.entry, "<Control-v>")
    dialog().close()
    press(page.list.tree, "<Control-v>")
    dialog().close()
    root.clipboard_append("小明")
    press(page.search.entry, "<Control-v>")
    assert no_dialog()
    assert page.search.get() == "小明"
    page.view.tabs.bring("联系反馈")
    press(page.list.tree, "<Control-v>")
    assert no_dialog()


def drag(root, over, *names: str) -> str:
    """Let files go over a widget, as tkdnd tells of it on every system; gives its answer."""
    root.update()
    x, y = over.winfo_rootx() + 20, over.winfo_rooty() + 20
    generic = "::tkdnd::generic::"
    root.tk.call(f"{generic}SetDroppedData", names)
    types = root.tk.call("tkdnd::platform_specific_types", "DND_Files")
    root.tk.call(f"{generic}HandleEnter", over, "another program", types, types, "copy", "")
    root.tk.call(f"{generic}HandlePosition", over, "another program", "", x, y)
    answered = str(root.tk.call(f"{generic}HandleDrop", over, "another program", "", x, y, 0))
    root.update()
    return answered


def test_files_are_dragged_onto_the_tab_of_a_customer(opened, wang, shop, tmp_path, dialog, no_dialog, root):
    names = ["合同 甲{1}.pdf", "照片.png"]
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    pane = hub_pane(opened, wang)
    assert drag(root, pane.list.tree, *(str(tmp_path / name) for name in names)) == "copy"
    form = dialog()
    assert drag(root, pane.list.tree, str(tmp_path / names[0])) == "refuse_drop", "a dialog is open"
    form.submit()
    assert no_dialog()
    assert {name for name, _, _ in stored(shop)} == set(names)


def test_only_files_of_this_machine_can_be_dragged_in_and_not_to_a_customer_in_the_bin(
    opened, wang, shop, tmp_path, context, no_dialog, root
):
    pane = hub_pane(opened, wang)
    drag(root, pane.list.tree, "https://example.com/a.png")
    assert context.told() == "拖进来的不是这台电脑上的文件。"
    drag(root, pane.list.tree, str(tmp_path))
    assert context.told() == "文件夹不能放进来，请放文件。"
    delete_customers(shop.actor, customer_ids=[wang])
    pane.show(customer_detail(shop.actor, customer_id=wang))
    assert drag(root, pane.list.tree, str(tmp_path / "a.png")) == "refuse_drop"
    assert no_dialog()


def test_what_is_dragged_onto_the_page_asks_for_the_customer(opened, wang, shop, tmp_path, dialog, root):
    (tmp_path / "执照.png").write_bytes(picture())
    page = opened(PAGE)
    assert drag(root, page.list.tree, str(tmp_path / "执照.png")) == "copy"
    dialog().form.set_value("customer_id", wang)
    dialog().submit()
    assert stored(shop) == [("执照.png", "王小明", "图片")]


def test_without_what_dragging_needs_all_else_works(opened, wang, shop, monkeypatch):
    monkeypatch.setattr("meiping.ui.widgets.file_drops.can_drop", lambda _widget: False)
    assert hub_pane(opened, wang).list.count == 0


def test_files_are_attached_to_what_was_spoken(
    opened, wang, shop, tmp_path, monkeypatch, dialog, no_dialog, root
):
    said = shop.clock() - timedelta(hours=1)
    record = add_record(shop.actor, customer_id=wang, record=RecordInput("看过样品", at=said))
    (tmp_path / "样品.png").write_bytes(picture())
    here = "meiping.ui.pages.customers.documents.incoming.choose_open_files"
    monkeypatch.setattr(here, lambda *asked: [tmp_path / "样品.png"])
    page = opened(HUB_PAGE)
    page.open(customer_id=wang)
    pane = page.view.tabs.bring("联系反馈")
    root.update()
    pane._actions.called("附上资料…").command(pane.list.row_at(0)[1])
    dialog().submit()
    assert no_dialog()
    (row,) = document_list(shop.actor, DocumentFilter(contact_record_id=record)).window(0, 9, None)
    assert (row["name"], row["record_at"]) == ("样品.png", to_ms(said))


def test_nothing_is_added_to_a_customer_in_the_bin(opened, wang, shop, context, no_dialog):
    delete_customers(shop.actor, customer_ids=[wang])
    pane = hub_pane(opened, wang)
    pane.add()
    assert no_dialog()
    assert "回收站" in context.told()


# ---------------------------------------------------------------- looking
def test_a_picture_is_shown_and_remembered(opened, wang, shop, press, root):
    attach(shop, wang, "照片.png", picture())
    attach(shop, wang, "说明.txt", b"words")
    pane = hub_pane(opened, wang)
    assert "TXT 文件不能在这里预览" in pane.preview._label.cget("text")
    press(pane.list.tree, "<Home>", "<Down>")
    pane.preview.show(pane.list.current_row())
    root.update()
    assert pane.preview._photo is not None
    assert len(preview._remembered) >= 1


def test_a_damaged_file_says_so_in_its_place(opened, wang, shop, root):
    document = attach(shop, wang, "照片.png", picture("green"))
    row = next(row for row in document_list(shop.actor).window(0, 9, None) if row["id"] == document)
    blob_path(shop.folder, row["hash"]).write_bytes(b"rotten")
    pane = hub_pane(opened, wang)
    pane.preview.show(row)
    root.update()
    assert "已损坏" in pane.preview._label.cget("text")


# ---------------------------------------------------------------- bytes out
def test_a_double_click_opens_a_copy_nobody_can_spoil(opened, wang, shop, opened_files):
    attach(shop, wang, "合同.txt", b"contract")
    page = opened(PAGE)
    page.commands.open(page.list.row_at(0)[1])
    (path,) = opened_files
    assert path.name == "合同.txt"
    assert path.read_bytes() == b"contract"
    assert not path.stat().st_mode & 0o222


def test_a_program_is_opened_only_after_a_warning(opened, wang, shop, opened_files, answer):
    attach(shop, wang, "安装.exe", b"MZ")
    page = opened(PAGE)
    row = page.list.row_at(0)[1]
    answer("不打开")
    page.commands.open(row)
    assert opened_files == []
    answer("仍要打开")
    page.commands.open(row)
    assert [path.name for path in opened_files] == ["安装.exe"]


def test_save_as_asks_where_and_several_go_into_a_folder(
    opened, wang, shop, tmp_path, monkeypatch, press, context
):
    attach(shop, wang, "甲.txt", b"one")
    attach(shop, wang, "乙.txt", b"two")
    page = opened(PAGE)
    here = "meiping.ui.pages.customers.documents.commands"
    monkeypatch.setattr(f"{here}.choose_save_file", lambda *asked: tmp_path / "另存.txt")
    monkeypatch.setattr(f"{here}.choose_folder", lambda *asked: tmp_path)
    row = page.list.row_at(0)[1]
    page.commands.save_as([row["id"]], row)
    assert (tmp_path / "另存.txt").read_bytes() == b"two"
    page.commands.save_as([row["id"], page.list.row_at(1)[0]], None)
    assert (tmp_path / "甲.txt").read_bytes() == b"one"
    assert context.told() == f"已另存 2 份资料到“{tmp_path.name}”。"


# ---------------------------------------------------------------- changing
def test_name_category_and_notes_are_changed(opened, wang, shop, press, dialog, no_dialog):
    attach(shop, wang, "合同.txt", b"contract")
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F2>")
    form = dialog()
    form.form.set_value("name", "新合同.txt")
    form.submit()
    assert no_dialog()
    assert stored(shop)[0][0] == "新合同.txt"


def test_a_file_takes_the_place_of_another(opened, wang, shop, tmp_path, monkeypatch, context):
    attach(shop, wang, "合同.txt", b"old")
    (tmp_path / "new.txt").write_bytes(b"new words")
    here = "meiping.ui.pages.customers.documents.commands.choose_open_file"
    monkeypatch.setattr(here, lambda *asked: tmp_path / "new.txt")
    page = opened(PAGE)
    page.commands.replace(page.list.row_at(0)[1])
    assert context.told() == "已替换文件。"
    row = document_list(shop.actor).window(0, 1, None)[0]
    assert keeping.read_content(shop.folder, row["hash"], row["name"]) == b"new words"


def test_deleting_is_taken_back_from_the_message(opened, wang, shop, press, context):
    attach(shop, wang, "合同.txt", b"contract")
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<Delete>")
    assert stored(shop) == []
    text, _kind, action = context.toasts[-1]
    assert text == "已把“合同.txt”移入回收站。"
    action[1]()
    assert [name for name, *_ in stored(shop)] == ["合同.txt"]


def test_the_page_is_narrowed_by_category_and_text(opened, wang, shop, root):
    attach(shop, wang, "合同.txt", b"contract")
    page = opened(PAGE)
    page.narrow("王小")
    assert page.list.count == 1
    page.narrow("", category_id=words("document_category")[0].id)
    assert page.list.count == 0


# ---------------------------------------------------------------- photo
def test_a_photo_is_chosen_shown_and_removed(opened, wang, shop, tmp_path, context, root):
    (tmp_path / "人像.png").write_bytes(picture("purple", (900, 700)))
    page = opened(HUB_PAGE)
    page.open(customer_id=wang)
    portrait = page.view._portrait
    assert portrait.itemcget(portrait.find_all()[-1], "text") == "王"
    portrait.set_from(tmp_path / "人像.png")
    assert context.told() == "已设置照片。"
    photo = customer_detail(shop.actor, wang).photo_hash
    with Image.open(blob_path(shop.folder, photo)) as kept:
        assert kept.size == (640, 498)
    assert portrait._photo is not None
    dict(portrait.menu_entries())["移除照片"]()
    assert customer_detail(shop.actor, wang).photo_hash == ""
    assert portrait._photo is None


def test_what_is_no_picture_does_not_become_a_photo(opened, wang, shop, tmp_path, context):
    (tmp_path / "表.png").write_bytes(b"not a picture")
    page = opened(HUB_PAGE)
    page.open(customer_id=wang)
    page.view._portrait.set_from(tmp_path / "表.png")
    assert "不是能显示的图片" in context.told()


@pytest.mark.parametrize(
    ("name", "initials"),
    [("王小明", "王"), ("John Smith", "JS"), ("138 2201 7788", "88"), ("A", "A"), ("", "？")],
)
def test_without_a_photo_the_initials_stand_there(name, initials):
    assert initials_of(name) == initials


# ---------------------------------------------------------------- recycle bin
def test_the_bin_holds_all_kinds_with_their_counts(opened, wang, shop, press, root):
    delete_documents(shop.actor, document_ids=[attach(shop, wang, "合同.txt", b"contract")])
    page = opened(BIN_PAGE)
    counts = {row["title"]: row["count"] for row in page.side.visible_rows()}
    assert counts == {"客户": 0, "联系人": 0, "联系反馈": 0, "报价": 0, "服务单": 0, "任务": 0, "更多资料": 1}
    page.open(kind="document")
    root.update()
    press(page.front.list.tree, "<Home>", "<F2>")
    assert [name for name, *_ in stored(shop)] == ["合同.txt"]
    assert page.front.list.count == 0


def test_a_document_goes_for_good_after_a_question(opened, wang, shop, press, answer, context):
    delete_documents(shop.actor, document_ids=[attach(shop, wang, "合同.txt", b"contract")])
    page = opened(BIN_PAGE)
    page.open(kind="document")
    answer("彻底删除")
    press(page.front.list.tree, "<Home>", "<Delete>")
    assert context.told() == "已彻底删除 1 份资料。"
    assert page.front.list.count == 0


def test_a_customer_with_bills_stays_in_the_bin_with_the_reason(opened, wang, shop, press, context):
    factories.sell(shop, (factories.add_product(shop, stock=3), 1), customer_id=wang)
    delete_customers(shop.actor, customer_ids=[wang])
    page = opened(BIN_PAGE)
    press(page.front.list.tree, "<Home>", "<Delete>")
    assert context.told() == "“王小明”有业务单，不能彻底删除，只能留在回收站里。"
    assert page.front.list.count == 1


def test_a_salesperson_finds_no_customers_in_the_bin(opened, shop, context):
    context.actor = shop.as_role("业务员")
    page = opened(BIN_PAGE)
    assert [kind.key for kind in page.kinds] == [
        "contact",
        "contact_record",
        "quote",
        "case",
        "task",
        "document",
    ]
