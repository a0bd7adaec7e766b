"""Passwords as scrypt hashes with their parameters beside them. Slow on purpose: call off the main thread."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from meiping.domains.access.rules import check_password

COST = 2**17
_BLOCK = 8
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """What is stored: ``scrypt$cost$salt$digest``."""

    text: str


def _digest(password: str, salt: bytes, cost: int) -> bytes:
    memory = 128 * _BLOCK * cost
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=_BLOCK, p=1, maxmem=memory * 2, dklen=32)


def make_hash(password: str, *, cost: int = COST) -> PasswordHash:
    """Hash a new password (0.4 s at the full cost). Raises InputError if it is too weak."""
    check_password(password)
    return hash_of(password, cost=cost)


def hash_of(secret: str, *, cost: int) -> PasswordHash:
    """The hash of what has been checked to be good enough."""
    salt = secrets.token_bytes(16)
    digest = _digest(secret, salt, cost)
    return PasswordHash(
        f"scrypt${cost}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
    )


def matches(password: str, stored: PasswordHash) -> bool:
    """Whether the password is the stored one; takes as long either way."""
    _, cost, salt, digest = stored.text.split("$")
    return hmac.compare_digest(_digest(password, base64.b64decode(salt), int(cost)), base64.b64decode(digest))


NOBODY = PasswordHash(
    f"scrypt${COST}${base64.b64encode(b'0123456789abcdef').decode()}${base64.b64encode(bytes(32)).decode()}"
)
"""Compared with when no such operator exists, so that a wrong name takes as long as a wrong password."""


def new_recovery_code() -> str:
    """Twenty characters in groups of five, without look-alikes; shown once and written down by the owner."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(20))
    return "-".join(code[start : start + 5] for start in range(0, 20, 5))
