"""Which fields of two customers are chosen between when one is merged into the other, and what is proposed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from meiping.domains.customers.rules import FIELD_TITLES


class Side(StrEnum):
    """Whose value stays: the survivor's, the twin's, or both, one below the other."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


PHOTO = "photo_hash"
_NOT_CHOSEN = ("code", "company", "department", "birthday_lunar", "created_date", "next_contact_date")
"""The code stays the survivor's; the department goes with the owner, the calendar with the birthday; of two days the
earlier counts."""
CHOSEN: Mapping[str, str] = {
    **{key: title for key, title in FIELD_TITLES.items() if key not in _NOT_CHOSEN},
    PHOTO: "照片",
}
"""What is chosen, with the word on screen."""
EARLIER = ("created_date", "next_contact_date")
CAN_BE_BOTH = "notes"

_BY_ID = ("level", "type", "status", "source", "industry", "nature", "region", "owner")
_TOGETHER = {
    "owner": ("owner_id", "department_id", "owned_since_date"),
    "birth_date": ("birth_date", "birthday_lunar"),
}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    key: _TOGETHER.get(key, (f"{key}_id" if key in _BY_ID else key,)) for key in CHOSEN
}
"""The columns of a customer's row that go with each choice."""


def filled(value: Any) -> bool:
    """Whether anything stands there."""
    return value not in (None, "", 0)


def proposed(key: str, left: Any, right: Any, *, right_is_newer: bool) -> Side:
    """The fuller of two values, and of two full ones the newer; the survivor keeps his name and owner."""
    if not filled(right) or left == right:
        return Side.LEFT
    if not filled(left):
        return Side.RIGHT
    if key == CAN_BE_BOTH:
        return Side.BOTH
    return Side.RIGHT if right_is_newer and key not in ("name", "owner", "firm", "card_number") else Side.LEFT


def chosen_value(key: str, side: Side, left: Any, right: Any) -> Any:
    """What the survivor has afterwards."""
    if side is Side.BOTH and key == CAN_BE_BOTH:
        parts = dict.fromkeys(part for part in (left, right) if part)
        return "\n".join(parts)
    return right if side is Side.RIGHT else left
