"""A believable shop in an empty data folder, made by the same verbs the windows call."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from meiping.adapters.files import replace_file
from meiping.domains.access.login import nobody
from meiping.domains.access.passwords import PasswordHash, make_hash, new_recovery_code
from meiping.domains.access.queries import actor_for, roles
from meiping.domains.access.service import add_operator
from meiping.domains.settings.service import found_shop, save_options
from meiping.kernel.errors import UserError
from meiping.kernel.moments import local_day, system_clock
from meiping.store.database import learn_sizes
from meiping.store.folder import DataFolder
from meiping.store.founding import new_database
from meiping.tools.demo_bills import make_bills
from meiping.tools.demo_cases import make_cases
from meiping.tools.demo_contacts import make_contacts, make_records
from meiping.tools.demo_counter import make_counter
from meiping.tools.demo_documents import make_documents
from meiping.tools.demo_invoices import TAX_PERCENT, make_invoices
from meiping.tools.demo_maker import ADMINISTRATOR, ROUNDING, DemoSize, Maker, PastClock, Tell
from meiping.tools.demo_members import CARDS, found_members, make_members
from meiping.tools.demo_money import make_refunds
from meiping.tools.demo_ownership import make_ownership
from meiping.tools.demo_quotes import make_quotes, sell_as_quoted
from meiping.tools.demo_records import make_customers, make_products, make_reminders
from meiping.tools.demo_services import close_some
from meiping.tools.demo_tasks import make_tasks

SHOP_NAME = "小雅美妆生活馆"
MANAGER = "林静"
"""Reports to the owner, and the others to her."""
STAFF = ((MANAGER, "店长"), ("小周", "收银员"), ("小何", "收银员"), ("陈强", "业务员"), ("赵敏", "业务员"))


@dataclass(frozen=True, slots=True)
class DemoShop:
    """How to log into a demonstration shop."""

    operator: str
    password: str
    recovery_code: str


def make_demo_shop(
    folder: DataFolder, size: DemoSize, *, tell: Tell, password: str | None = None
) -> DemoShop:
    """Make a demonstration shop in an empty data folder and close it; it appears whole or not at all.

    Without a ``password`` for its operators a random one is made. Raises UserError where there is a shop already.
    """
    if folder.has_shop():
        raise UserError(f"数据文件夹 {folder.root} 里已经有店铺，示范数据只放进空文件夹。")
    password = password or new_password()
    with new_database(folder, replace_file):
        recovery_code = fill(size, password=password, tell=tell, folder=folder)
        learn_sizes()
    return DemoShop(ADMINISTRATOR, password, recovery_code)


def fill(size: DemoSize, *, password: str, tell: Tell, folder: DataFolder) -> str:
    """Found a shop in the open, empty database, fill it, and give the recovery code.

    The administrator is 店主; he and the staff log in with ``password``. Raises UserError where there is a
    shop already.
    """
    today = local_day(system_clock())
    clock = PastClock(datetime.combine(today - timedelta(days=size.days), time(8)).astimezone())
    maker = Maker(size, tell, clock, random.Random(size.seed))
    recovery_code = new_recovery_code()
    _found(maker, make_hash(password), make_hash(recovery_code))
    make_products(maker)
    make_customers(maker, today)
    make_records(maker, today, make_contacts(maker))
    quoted = make_quotes(maker, today)[: size.sales]
    cards = min(CARDS, size.sales - len(quoted))
    make_bills(maker, today, size.sales - len(quoted) - cards)
    make_refunds(maker)
    make_members(maker, cards)
    close_some(maker)
    sell_as_quoted(maker, quoted)
    make_invoices(maker)
    make_counter(maker, today)
    make_reminders(maker, today)
    make_tasks(maker, today)
    make_cases(maker, today)
    make_documents(maker, folder)
    make_ownership(maker)
    return recovery_code


def _found(maker: Maker, password_hash: PasswordHash, recovery_hash: PasswordHash) -> None:
    maker.tell(0, 1, "建立店铺")
    owner_id = found_shop(
        nobody(maker.clock),
        shop_name=SHOP_NAME,
        administrator=ADMINISTRATOR,
        password_hash=password_hash,
        recovery_hash=recovery_hash,
    )
    maker.actors[ADMINISTRATOR] = actor_for(owner_id, clock=maker.clock)
    role_ids = {role.name: role.id for role in roles(maker.owner)}
    for name, role in STAFF:
        manager = maker.actors.get(MANAGER, maker.owner)
        operator_id = add_operator(
            maker.owner,
            name=name,
            superior_id=manager.operator_id,
            password_hash=password_hash,
            role_ids=[role_ids[role]],
            company_id=maker.owner.company_id,
        )
        maker.actors[name] = actor_for(operator_id, clock=maker.clock)
    options = {
        "shop.phone": "0755-26001234",
        "shop.address": "深圳市南山区花园街 18 号",
        "till.rounding": ROUNDING.value,
        "tax.percent": TAX_PERCENT,
    }
    save_options(maker.owner, values=options)
    found_members(maker)


def new_password() -> str:
    """A random password for a demonstration shop."""
    return new_recovery_code()[:11].lower()
