"""The drawer of the demonstration shop through its last weeks: opened in the morning, counted at night."""

import random
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from meiping.domains.sales.shifts import UNFINISHED, close_shift
from meiping.domains.till.drawer import MORE_THAN_THERE, move_cash
from meiping.domains.till.queries.shifts import expected_by_tender, open_shift
from meiping.domains.till.rules import COINED_FEN
from meiping.domains.till.service import begin_shift
from meiping.kernel.actor import Actor
from meiping.kernel.moments import local_day
from meiping.store.unit_of_work import Work
from meiping.tools.demo_maker import Maker

_DAYS = 30
_OPENS, _CLOSES = time(8, 50), time(21, 10)
_FLOAT_FEN = 50_000
_GAPS = ((-500, "找错零"), (-1_000, "漏记支出"), (200, "找错零"))
_MOVES = ((-2_000, "付快递费"), (-3_550, "买耗材"), (-30_000, "大钞上交"), (10_000, "备用零钱"))
Begin = Callable[[Actor], Work]


class DemoDrawer:
    """Follows the bills: each day's shift is begun before its first one and ended after its last."""

    def __init__(self, maker: Maker, today: date) -> None:
        self._maker, self._today = maker, today
        self._first = today - timedelta(days=_DAYS)
        self._random = random.Random(maker.size.seed)
        self._day: date | None = None

    def follow(self, begin: Begin, moment: datetime) -> None:
        """What has to be done at the drawer before something happens at ``moment``."""
        day = local_day(moment)
        if self._day not in (None, day):
            self.end(begin)
        if self._day is None and day >= self._first:
            opens = datetime.combine(day, _OPENS).astimezone()
            begin_shift(self._at(begin, min(opens, moment), day), key=self._key(), float_fen=_FLOAT_FEN)
            self._day = day

    def end(self, begin: Begin) -> None:
        """Count the drawer and end the shift, if one is under way."""
        day = self._day
        if day is None:
            return
        self._day = None
        closes = datetime.combine(day, _CLOSES).astimezone()
        work = self._at(begin, closes if day < self._today else self._maker.clock.now, day)
        now = open_shift(work.actor.company_id)
        assert now is not None
        if self._random.random() < 0.4:
            confirmed = frozenset({MORE_THAN_THERE})
            amount_fen, reason = self._random.choice(_MOVES)
            move_cash(work, key=self._key(), amount_fen=amount_fen, reason=reason, confirmed=confirmed)
        gap_fen, reason = self._random.choice(_GAPS) if self._random.random() < 0.2 else (0, "")
        counted_fen = max(expected_by_tender(now.id)["cash"] + gap_fen, 0)
        close_shift(
            work,
            shift_id=now.id,
            counted={"cash": counted_fen},
            notes=_notes(counted_fen),
            left_fen=min(counted_fen, _FLOAT_FEN),
            reason=reason,
            confirmed=frozenset({UNFINISHED}),
        )

    def _at(self, begin: Begin, moment: datetime, day: date) -> Work:
        """The work of that day's clerk at an instant."""
        self._maker.clock.now = moment
        return begin(self._maker.actors[("小周", "小何")[day.toordinal() % 2]])

    def _key(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


def _notes(fen: int) -> dict[int, int]:
    """The fewest notes and coins; none where the sum has fen."""
    notes, rest = {}, fen
    for note in COINED_FEN:
        notes[note], rest = divmod(rest, note)
    return {} if rest else notes
