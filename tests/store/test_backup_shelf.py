"""Which backups there are, which were proved whole, and which may go."""

import random
from datetime import datetime, timedelta

from meiping.adapters.files import write_file
from meiping.store.backup import AUTOMATIC
from meiping.store.backup_shelf import note_verified, shelf, surplus, thin
from meiping.store.folder import DataFolder
from tests.store.backup_tools import (
    AT,
    make,
)


def test_the_newest_backup_comes_first_with_what_is_known_of_it(closed_shop: DataFolder) -> None:
    first, second = make(closed_shop), make(closed_shop, at=AT + 1000)
    note_verified(closed_shop, second.path, AT + 2000, write_file)
    (closed_shop.backups / "broken.zip").write_bytes(b"x")
    newest, older, broken = shelf(closed_shop)
    assert (newest.path, newest.verified_at) == (second.path, AT + 2000)
    assert (older.path, older.verified_at) == (first.path, None)
    assert broken.info is None
    assert "不能使用" in broken.problem


def test_two_backups_in_one_second_get_names_of_their_own(closed_shop: DataFolder) -> None:
    assert make(closed_shop).path != make(closed_shop).path
    assert len(shelf(closed_shop)) == 2


def test_a_backup_changed_after_it_was_verified_no_longer_counts_as_such(closed_shop: DataFolder) -> None:
    info = make(closed_shop)
    note_verified(closed_shop, info.path, AT, write_file)
    info.path.write_bytes(info.path.read_bytes() + b" ")
    assert shelf(closed_shop)[0].verified_at is None


def kept_by_a_calendar(moments: list[datetime], now: datetime) -> set[datetime]:
    """The rule told another way: bucket after bucket, counted on the fingers."""
    today = now.date()
    kept = {moment for moment in moments if moment.date() >= today - timedelta(days=1)}
    rest = [moment for moment in moments if moment not in kept]
    for most, bucket in ((12, "%Y%j"), (10, "%G%V"), (9, "%Y%m")):
        names = sorted({moment.strftime(bucket) for moment in rest}, reverse=True)[:most]
        kept |= {max(moment for moment in rest if moment.strftime(bucket) == name) for name in names}
        rest = [moment for moment in rest if names and moment.strftime(bucket) < names[-1]]
    return kept


def test_thinning_keeps_what_a_calendar_says() -> None:
    dice = random.Random(7)
    for _ in range(1000):
        now = datetime(2026, 1, 1, 18) + timedelta(days=dice.randrange(700))
        span = dice.choice([1, 3, 20, 120, 600])
        moments = list(
            {now - timedelta(minutes=dice.randrange(span * 1440)) for _ in range(dice.randrange(60))}
        )
        assert set(moments) - surplus(moments, now.date()) == kept_by_a_calendar(moments, now)


def test_thinning_day_by_day_always_leaves_old_ones_to_go_back_to() -> None:
    there: list[datetime] = []
    start = datetime(2025, 1, 1, 20)
    for day in range(500):
        now = start + timedelta(days=day)
        there.append(now)
        gone = surplus(there, now.date())
        there = [moment for moment in there if moment not in gone]
        assert now in there
        assert len(there) <= 2 + 12 + 10 + 9
    ages = [(now - moment).days for moment in there]
    assert max(ages) > 200
    assert sum(age < 14 for age in ages) == 14


def test_the_newest_verified_backup_is_never_thinned_out(closed_shop: DataFolder) -> None:
    day = 86_400_000
    old = make(closed_shop, kind=AUTOMATIC, at=AT - 900 * day)
    note_verified(closed_shop, old.path, AT, write_file)
    others = [make(closed_shop, kind=AUTOMATIC, at=AT - number * day) for number in range(4)]
    by_hand = make(closed_shop, at=AT - 800 * day)
    deleted = thin(closed_shop, datetime.fromtimestamp(AT / 1000).astimezone(), at_most=2)
    assert old.path.exists()
    assert by_hand.path.exists()
    assert set(deleted) == {others[2].path, others[3].path}
