"""What the demonstration shop spends month by month, and what it advances to its people."""

import random
import uuid
from datetime import date, datetime

from meiping.domains.expenses.rules import ADVANCE, EXPENSE, ExpenseInput
from meiping.domains.expenses.service import request_expense, spend
from meiping.domains.settings.queries import words
from meiping.kernel.moments import local_day
from meiping.tools.demo_maker import ADMINISTRATOR, Maker
from meiping.tools.demo_shifts import Begin

_MONTHLY = (
    ("房租", "花园物业", 680_000, 0, ""),
    ("水电", "南方电网", 82_000, 15_000, "上月水电"),
    ("工资", "店员", 1_850_000, 120_000, "上月工资"),
    ("办公用品", "晨光文具", 12_000, 8_000, "打印纸、标签纸"),
)
"""Category, payee, fen, up to how many fen more, note."""


class DemoExpenses:
    """Follows the bills: at the first one of a month the month's payments are made."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._random = random.Random(maker.size.seed)
        self._month: date | None = None

    def follow(self, begin: Begin, moment: datetime) -> None:
        """What has to be paid before something happens at ``moment``."""
        month = local_day(moment).replace(day=1)
        if month == self._month:
            return
        self._month = month
        self._maker.clock.now = moment
        work = begin(self._maker.actors[ADMINISTRATOR])
        owner_id = work.actor.operator_id
        categories = {word.name: word.id for word in words("expense_category")}
        for name, payee, fen, more_fen, note in _MONTHLY:
            amount_fen = fen + self._random.randint(0, more_fen) // 100 * 100
            entered = ExpenseInput(owner_id, amount_fen, categories[name], payee, note)
            spend(work, key=self._key(), expense=entered, tender="card")
        if self._random.random() < 0.4:
            person_id = self._maker.actors[self._random.choice(("陈强", "赵敏"))].operator_id
            advance = ExpenseInput(person_id, self._random.randint(2, 10) * 10_000, None, "", "出差备用金")
            spend(work, key=self._key(), kind=ADVANCE, expense=advance, tender="wechat")

    def leave_some_open(self, begin: Begin) -> None:
        """Expenses that wait to be paid."""
        work = begin(self._maker.actors[ADMINISTRATOR])
        categories = {word.name: word.id for word in words("expense_category")}
        person_id = self._maker.actors["陈强"].operator_id
        for name, fen, note in (("交通", 12_600, "拜访客户打车"), ("招待", 38_800, "客户午餐")):
            entered = ExpenseInput(person_id, fen, categories[name], "", note)
            request_expense(work, key=self._key(), kind=EXPENSE, expense=entered)

    def _key(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
