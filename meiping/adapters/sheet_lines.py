"""How the process that reads a sheet tells what it read: lines of JSON, with days and times as tagged objects.

JSON can say nothing but plain values, so a file that got hold of that process can do no more than lie about cells.
"""

import json
from datetime import date, datetime, time, timedelta
from typing import Any


def to_line(part: Any) -> bytes:
    """A part of an answer as one line."""
    return json.dumps(part, default=_tagged, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> Any:
    """The way back from ``to_line``; tuples come back as lists. Raises ValueError for what is no such line."""
    return json.loads(line, object_hook=_untagged)


def _tagged(value: object) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    raise TypeError(f"no cell is a {type(value).__name__}")


def _untagged(known: dict[str, Any]) -> Any:
    if len(known) != 1:
        return known
    ((tag, value),) = known.items()
    try:
        if tag == "datetime":
            return datetime.fromisoformat(value)
        if tag == "date":
            return date.fromisoformat(value)
        if tag == "time":
            return time.fromisoformat(value)
        if tag == "seconds":
            return timedelta(seconds=value)
    except (TypeError, OverflowError) as error:
        raise ValueError(f"no {tag}: {value!r}") from error
    return known
