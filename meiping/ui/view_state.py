"""What a window remembers about itself, as its parts see it."""

from typing import Any, Protocol


class ViewState(Protocol):
    """Kept between starts: widths, orders, sorts, sizes. Values are what JSON can hold."""

    def get(self, key: str, default: Any = None) -> Any: ...

    def set(self, key: str, value: Any) -> None: ...
