"""What was sold on a bill, in a few words."""

from collections.abc import Collection

from meiping.store.database import fetch

_NAMED = 2


def goods_of(sale_ids: Collection[int]) -> dict[int, str]:
    """For bills by id: the products of their first two lines and how many lines there are, ``红茶、绿茶 等 3 种``."""
    names: dict[int, list[str]] = {one: [] for one in sale_ids}
    marks = ", ".join("?" * len(names))
    lines = (
        f"SELECT sale_id, product_name FROM sale_line WHERE sale_id IN ({marks}) ORDER BY sale_id, position"
    )
    for sale_id, name in fetch(lines, *names):
        names[sale_id].append(name)
    return {one: _words(called) for one, called in names.items()}


def _words(names: list[str]) -> str:
    more = f" 等 {len(names)} 种" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more
