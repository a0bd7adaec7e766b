"""Permissions are registered string keys; each room declares its own beside its rules."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """A right an operator may hold. ``title`` is the word on screen, ``group`` its branch in the role editor.

    For an ``approvable`` one, a colleague who holds it may let an operator without it do the thing once, by PIN.
    """

    key: str
    title: str
    group: str
    approvable: bool = False


_registry: dict[str, Permission] = {}

OPEN = Permission("open", "无需登录", "")
"""Marks a verb that needs no right: the wizard, the login."""


def permission(key: str, title: str, *, group: str, approvable: bool = False) -> Permission:
    """Declare a permission once; a second one under the same key raises ValueError."""
    if key in _registry:
        raise ValueError(f"permission {key} is declared twice")
    _registry[key] = Permission(key, title, group, approvable)
    return _registry[key]


def all_permissions() -> tuple[Permission, ...]:
    """Every declared permission, in the order of declaration."""
    return tuple(_registry.values())


def permission_called(key: str) -> Permission:
    """The declared permission of this key. Raises KeyError."""
    return _registry[key]
