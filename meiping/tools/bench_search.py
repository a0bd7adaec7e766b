"""A keystroke in the customer search: the first fifty by name, pinyin and phone, against a LIKE scan."""

import random
from functools import partial
from statistics import median

from meiping.domains.access.queries import actor_for
from meiping.domains.customers.queries import find_customers
from meiping.kernel.pinyin import initials
from meiping.store import search_index
from meiping.store.database import close_database, fetch, open_database
from meiping.store.folder import DataFolder
from meiping.tools.timing import Figure, milliseconds, p95

_SAMPLES = 150
_KINDS = ("姓名", "拼音", "电话")


def _typed(kind: str, name: str, phone: str, choose: random.Random) -> str:
    """A prefix as it stands in the field after some keystroke."""
    if kind == "姓名":
        start = choose.randrange(len(name))
        return name[start : start + choose.randint(1, 3)]
    if kind == "拼音":
        return initials(name)[0][: choose.randint(1, 3)]
    return phone[-4:] if choose.random() < 0.5 else phone[: choose.randint(1, 7)]


def search_figures(folder: DataFolder) -> list[Figure]:
    """The worst kind of three, in the index alone and through the query the window calls."""
    open_database(folder.database)
    actor = actor_for(1)
    choose = random.Random(2)
    people = fetch("SELECT name, phone FROM customer WHERE id % 7 = 0 AND firm = 0 LIMIT 20000")
    index: dict[str, list[float]] = {}
    query: dict[str, list[float]] = {}
    found: dict[str, float] = {}
    search_index.find("王", kinds=("customer",))
    for kind in _KINDS:
        index[kind], query[kind] = [], []
        for name, phone in choose.sample(people, _SAMPLES):
            text = _typed(kind, name, phone, choose)
            index[kind].append(milliseconds(partial(search_index.find, text, kinds=("customer",))))
            query[kind].append(milliseconds(partial(find_customers, actor, text)))
            if (kind == "姓名" and len(text) > 1) or (kind == "电话" and text == phone[-4:]):
                found[text] = index[kind][-1]
    # afterwards: it drives all else out of memory
    scan = [milliseconds(partial(_like, text)) for text in found]
    close_database()
    worst = max(_KINDS, key=lambda kind: p95(index[kind]))
    seen = max(_KINDS, key=lambda kind: p95(query[kind]))
    ratio = median(scan) / median(found.values())
    return [
        Figure(
            f"搜索一次按键，最慢的一种（{worst}），95% 不超过",
            f"{p95(index[worst]):.2f} 毫秒",
            "≤ 1 毫秒",
            p95(index[worst]),
            1,
            10,
        ),
        Figure(
            f"  连同取出要显示的客户（{seen}），95% 不超过",
            f"{p95(query[seen]):.2f} 毫秒",
            "≤ 10 毫秒",
            p95(query[seen]),
            10,
        ),
        Figure("  两个字起与电话尾号，比逐行 LIKE 快", f"{ratio:.0f} 倍", "≥ 100 倍", -ratio, -100),
    ]


def _like(text: str) -> None:
    pattern = f"%{text}%"
    fetch(
        "SELECT id, name FROM customer WHERE name LIKE ? OR short_name LIKE ? OR phone LIKE ? OR card_number LIKE ?"
        " ORDER BY name_key LIMIT 50",
        pattern,
        pattern,
        pattern,
        pattern,
    )
