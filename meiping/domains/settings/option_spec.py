"""What an option of the shop is, and short ways to declare one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

Choices = Sequence[tuple[str, str]]


class OptionKind(StrEnum):
    """How an option is entered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    WHOLE = "whole"
    CHOICE = "choice"
    YES = "yes"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One option. ``choices`` are (value, word) pairs; ``least`` and ``most`` bound a whole number.

    ``limit`` is how many characters a text may have. The value of SEVERAL is a list of choices.
    """

    key: str
    title: str
    kind: OptionKind
    default: Any
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 9999
    limit: int = 80
    hint: str = ""
    section: str = ""


def section(title: str, *options: OptionSpec) -> tuple[OptionSpec, ...]:
    """Options that stand below one title on the page of settings."""
    return tuple(replace(one, section=title) for one in options)


def words(key: str, title: str, default: str = "", *, limit: int = 80, hint: str = "") -> OptionSpec:
    """A line of text."""
    return OptionSpec(key, title, OptionKind.TEXT, default, limit=limit, hint=hint)


def lines(key: str, title: str, default: str = "", *, limit: int = 80, hint: str = "") -> OptionSpec:
    """Text of several lines."""
    return OptionSpec(key, title, OptionKind.LONG_TEXT, default, limit=limit, hint=hint)


def whole(
    key: str, title: str, default: int, *, least: int = 0, most: int = 9999, hint: str = ""
) -> OptionSpec:
    """A whole number between two bounds."""
    return OptionSpec(key, title, OptionKind.WHOLE, default, least=least, most=most, hint=hint)


def yes(key: str, title: str, default: bool, *, hint: str = "") -> OptionSpec:
    """Yes or no."""
    return OptionSpec(key, title, OptionKind.YES, default, hint=hint)


def choice(key: str, title: str, default: str, choices: Choices, *, hint: str = "") -> OptionSpec:
    """One of several (value, word)."""
    return OptionSpec(key, title, OptionKind.CHOICE, default, tuple(choices), hint=hint)


def several(key: str, title: str, default: Sequence[str], choices: Choices, *, hint: str = "") -> OptionSpec:
    """Any of several (value, word)."""
    return OptionSpec(key, title, OptionKind.SEVERAL, list(default), tuple(choices), hint=hint)


def automatic_reminder(key: str, title: str, days_ahead: int) -> tuple[OptionSpec, OptionSpec]:
    """The switch of one kind of automatic reminders, and how many days ahead they come."""
    return (
        yes(f"reminders.{key}", f"{title}提醒", True),
        whole(f"reminders.{key}_days", f"{title}提前（天）", days_ahead, most=60),
    )
