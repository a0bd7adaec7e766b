"""The fields a beauty shop would add to its customers, and what some of them have there."""

import random
from typing import Any

from meiping.domains.custom_fields.rules import CustomFieldInput, FieldKind
from meiping.domains.custom_fields.service import add_field
from meiping.domains.customers.rules import KIND
from meiping.tools.demo_maker import Maker

_SKINS = ("干性", "油性", "混合", "敏感", "中性")
_SCENTS = ("茉莉", "玫瑰", "木质", "柑橘", "无香")
_FIELDS = (
    CustomFieldInput("肤质", FieldKind.CHOICE, _SKINS, in_list=True),
    CustomFieldInput("偏好香型", FieldKind.TEXT),
    CustomFieldInput("每月预算", FieldKind.NUMBER),
    CustomFieldInput("入会日期", FieldKind.DATE),
    CustomFieldInput("愿收短信", FieldKind.YES),
)


class OwnFields:
    """Makes the fields, then gives what each customer has in them; drawn apart, so that nothing else changes."""

    def __init__(self, maker: Maker) -> None:
        self._choose = random.Random(maker.size.seed)
        self._ids = [add_field(maker.owner, record_kind=KIND, field=field) for field in _FIELDS]

    def values(self, *, firm: bool, since: Any) -> dict[int, Any]:
        """By field; most firms and half of the people have nothing."""
        choose = self._choose
        if choose.random() < (0.9 if firm else 0.5):
            return {}
        budget = choose.choice((200, 500, 800, 1_000, 2_000)) * 1_000
        drawn = (choose.choice(_SKINS), choose.choice(_SCENTS), budget, since, choose.random() < 0.6)
        return {
            field_id: value for field_id, value in zip(self._ids, drawn, strict=True) if choose.random() < 0.7
        }
