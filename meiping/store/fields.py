"""Columns that refuse what is not exact, and the base of all tables.

The tables themselves are made by the migrations; the models map them.
"""

from datetime import date
from typing import Any

from peewee import AutoField, BooleanField, IntegerField, Model, TextField

from meiping.store.database import db


class ExactField(IntegerField):
    """An integer that refuses anything else instead of cutting it off."""

    def db_value(self, value: Any) -> Any:
        if value is None or type(value) is int:
            return value
        raise TypeError(f"{self.name} takes int, not {type(value).__name__}")


class FenField(ExactField):
    """Money in fen."""


class MilliField(ExactField):
    """A quantity in thousandths."""


class InstantField(ExactField):
    """UTC milliseconds."""


class DayField(TextField):
    """A local day, ISO text in the file, ``datetime.date`` in code."""

    def db_value(self, value: date | str | None) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return value.isoformat()

    def python_value(self, value: str | None) -> Any:
        return None if value is None else date.fromisoformat(value)


class FlagField(BooleanField):
    """Yes or no, 0 or 1 in the file."""


class KeyedModel(Model):
    """Base of the tables whose rows have a key of their own: a word, or a pair."""

    class Meta:
        database = db
        legacy_table_names = False


class ShopModel(KeyedModel):
    """Base of all other tables: an id that is never given twice."""

    id = AutoField()
