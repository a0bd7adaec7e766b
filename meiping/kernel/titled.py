"""Enumerations whose members have a key for the file and a word for the screen."""

from enum import Enum
from typing import Any


class Titled(Enum):
    """The base of such enumerations: a member's value is (key, title, anything else)."""

    value: tuple[Any, ...]

    @property
    def key(self) -> str:
        """How files and the view name it."""
        return str(self.value[0])

    @property
    def title(self) -> str:
        """The word on screen."""
        return str(self.value[1])
