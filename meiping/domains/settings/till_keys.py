"""The keys of the counter as the shop has changed them; which keys there are is the window's business."""

import json
from collections.abc import Mapping

from meiping.domains.audit import service as audit
from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError
from meiping.store.database import fetch_value
from meiping.store.unit_of_work import Work, verb

_OPTION = "till.keys"
_LONGEST = 40


def till_keys() -> dict[str, str]:
    """The changed keys by the name of what they do; what is not in it has its usual key."""
    stored = fetch_value("SELECT value FROM option WHERE key = ?", _OPTION)
    return {} if stored is None else dict(json.loads(stored))


@verb(MANAGE_SETTINGS)
def save_till_keys(work: Work, *, keys: Mapping[str, str]) -> None:
    """Keep the keys that differ from the usual ones. Raises InputError for one key with two meanings."""
    if len(set(keys.values())) != len(keys):
        raise InputError("有一个键用了两次，请换一个。")
    if any(not key or len(key) > _LONGEST for key in keys.values()):
        raise InputError("有一个键不能用，请换一个。")
    work.execute(
        "INSERT INTO option (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        _OPTION,
        json.dumps(dict(sorted(keys.items())), ensure_ascii=False),
    )
    audit.record(work, "settings.till_keys", "修改了收银快捷键")
    work.changed(Topic.SETTINGS)
