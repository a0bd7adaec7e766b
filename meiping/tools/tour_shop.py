"""The shop of the tour: a copy of the data with an operator, a customer and what the main job needs."""

import shutil
import sqlite3
import uuid
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from meiping.adapters.files import replace_file
from meiping.app import open_shop
from meiping.domains.access.passwords import make_hash
from meiping.domains.access.queries import roles
from meiping.domains.access.rules import ADMINISTRATOR_ROLE
from meiping.domains.access.service import add_operator
from meiping.domains.contacts.service import mask_contact_phones
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer, mask_phones
from meiping.domains.deals.rules import QuoteInput, QuoteLineInput, usual_end
from meiping.domains.deals.service import add_quote
from meiping.domains.documents.keeping import keep_content
from meiping.domains.documents.service import add_documents
from meiping.domains.reminders.rules import ReminderInput
from meiping.domains.reminders.service import add_reminder
from meiping.domains.settings.queries import levels
from meiping.domains.settings.service import save_options
from meiping.domains.wallet.service import recharge
from meiping.kernel.actor import Actor, AllRights
from meiping.kernel.moments import local_day, system_clock
from meiping.store.database import fetch
from meiping.store.folder import DataFolder
from meiping.store.unit_of_work import batch
from meiping.tools.demo_documents import contract_page

OPERATOR, PASSWORD = "演示员", "tour-only-2468"
CUSTOMER = "王晓梅"


def copy_of(folder: DataFolder, root: Path) -> DataFolder:
    """A data folder with one moment's copy of the shop; the original is only read."""
    copy = DataFolder(root)
    copy.prepare()
    generation = copy.new_generation()
    with (
        closing(sqlite3.connect(f"file:{folder.database}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy.database_in(generation))) as target,
    ):
        source.backup(target)
    copy.switch_to(generation, replace_file)
    if folder.documents.is_dir():
        shutil.copytree(folder.documents, copy.documents, dirs_exist_ok=True)
    return copy


def prepare(copy: DataFolder) -> list[str]:
    """Hide phones, make the operator and the customer of the tour; gives bar codes to scan."""
    opened = open_shop(copy)
    try:
        actor = _operator()
        customer_id = _customer(actor)
        _keep_a_paper(copy, actor, customer_id)
        _remind(actor, customer_id)
        _offer(actor, customer_id)
        rows = fetch(
            "SELECT b.barcode FROM product_barcode b JOIN product p ON p.id = b.product_id"
            " JOIN stock s ON s.product_id = p.id WHERE p.active AND s.qty_milli > 5000 AND p.list_price_fen > 2000"
            " ORDER BY p.list_price_fen LIMIT 3"
        )
    finally:
        opened.close()
    return [row[0] for row in rows]


def _operator() -> Actor:
    """Who signs in, an administrator; what could be seen of real customers or written elsewhere is put away first."""
    nobody = Actor(0, "命令行", 1, AllRights())
    with batch() as begin:
        work = begin(nobody)
        mask_phones(work)
        mask_contact_phones(work)
    save_options(nobody, values={"backup.at_exit": False, "receipt.mode": "show"})
    administrator = next(role.id for role in roles(nobody) if role.name == ADMINISTRATOR_ROLE)
    operator_id = add_operator(
        nobody,
        name=OPERATOR,
        password_hash=make_hash(PASSWORD, cost=2**14),
        role_ids=[administrator],
        company_id=1,
    )
    return Actor(operator_id, OPERATOR, 1, AllRights())


def _customer(actor: Actor) -> int:
    """A member with stored value, and somebody who looks like the same person."""
    gold = next((level.id for level in levels() if level.discount_bp < 10_000), None)
    customer = CustomerInput(
        name=CUSTOMER, phone="13800007788", level_id=gold, gender="女", notes="喜欢靠窗的位置。"
    )
    customer_id = add_customer(actor, customer=customer, confirmed=frozenset({"same_phone"}))
    twin = CustomerInput(name="王小梅", phone="13800007788", address="滨河路 18 号", notes="老客人介绍来的。")
    add_customer(actor, customer=twin, confirmed=frozenset({"same_phone"}))
    recharge(actor, key=str(uuid.uuid4()), customer_id=customer_id, principal_fen=3_000, bonus_fen=500)
    return customer_id


def _keep_a_paper(copy: DataFolder, actor: Actor, customer_id: int) -> None:
    paper = keep_content(copy, contract_page(), "会员协议.pdf")
    add_documents(actor, customer_id=customer_id, documents=[paper], notes="原件在店长抽屉。")


def _remind(actor: Actor, customer_id: int) -> None:
    """Something that is due while the tour is on."""
    soon = (system_clock() + timedelta(minutes=1)).astimezone()
    reminder = ReminderInput(
        "电话回访新品使用感受",
        local_day(soon),
        soon.time().replace(second=0, microsecond=0),
        customer_id=customer_id,
    )
    add_reminder(actor, reminder=reminder)


def _offer(actor: Actor, customer_id: int) -> None:
    """A quote over two of the dearer goods at their list price."""
    dear = fetch("SELECT id, list_price_fen FROM product WHERE active ORDER BY list_price_fen DESC LIMIT 2")
    quote = QuoteInput(
        tuple(QuoteLineInput(product_id, 3_000, price_fen) for product_id, price_fen in dear),
        subject="生日聚会套餐",
        valid_until_date=usual_end(actor.today()),
    )
    add_quote(actor, key=str(uuid.uuid4()), customer_id=customer_id, quote=quote)
