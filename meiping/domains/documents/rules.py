"""What a document is: its name and refusals, what its name may be on a disk, what it is found by."""

import re
import unicodedata
from dataclasses import dataclass

from meiping.kernel.errors import InputError
from meiping.kernel.search_terms import name_terms
from meiping.kernel.text import clean

KIND = "document"
"""The document's kind in the search index and in the logs."""
CATEGORIES = "document_category"
"""The shop's list of categories."""
NAME_LIMIT, NOTES_LIMIT = 255, 500
MOST_AT_ONCE = 100
"""How many files are added in one go."""
PURGE = "purge"
"""The token that confirms that something goes for good."""
RUNS_ANYWAY = "runs"
"""The token that confirms that a program or script is opened."""

PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff"})
"""Endings of files shown as pictures."""
_PROGRAMS = re.compile(
    "exe|com|bat|cmd|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|msi|msp|scr|pif|cpl|hta|reg|lnk|url|scf|inf|jar|dll|chm|hlp|"
    "sh|bash|zsh|csh|run|bin|app|command|workflow|desktop|py|pyw|pyc|rb|pl|php|apk|deb|rpm|dmg|pkg|iso|img|"
    "docm|dotm|xlsm|xltm|xlam|pptm|potm|ppam|sldm"
)
"""Endings of what may do something when it is opened: programs, scripts, links, office files with macros."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
_MOST_BYTES_IN_NAME, _LONGEST_ENDING = 180, 12
_INDEXED = 80
"""Characters of a name and of notes that can be searched for by pinyin too."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """Kept bytes about to become a document: the user's name for them, their SHA-256 in hex, and how many."""

    name: str
    hash: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """What is entered about a document."""

    name: str
    category_id: int | None = None
    notes: str = ""


def check_document(document: DocumentInput) -> DocumentInput:
    """The form in which a document is stored. Raises InputError with the field."""
    try:
        name = check_name(document.name)
    except InputError as error:
        raise InputError(error.sentence, field="name") from None
    return DocumentInput(name, document.category_id, check_notes(document.notes))


def check_name(text: str) -> str:
    """A name as it is stored: without folders, control characters and marks that turn the reading round."""
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    name = clean(re.split(r"[/\\]", seen.rstrip("/\\"))[-1], name="资料名称", limit=NAME_LIMIT)
    if not name.strip(". "):
        raise InputError("请填写资料名称。")
    return name


def check_notes(text: str) -> str:
    """Notes as they are stored. Raises InputError."""
    try:
        return clean(text, name="备注", limit=NOTES_LIMIT, lines=True)
    except InputError as error:
        raise InputError(error.sentence, field="notes") from None


def ending(name: str) -> str:
    """What kind of file a name says it is: ``pdf``; empty where it says nothing."""
    stem, dot, last = name.strip().rstrip(". ").rpartition(".")
    return last.casefold() if dot and stem else ""


def with_ending_of(other: str, name: str) -> str:
    """The name with the ending of another file: bytes of another format must not open as the former one."""
    if ending(other) == ending(name):
        return name
    stem = name[: len(name) - len(ending(name)) - 1] if ending(name) else name
    return check_name(f"{stem}.{ending(other)}" if ending(other) else stem)


def may_run(name: str) -> bool:
    """Whether opening a file of this name may start a program, script or macro."""
    return bool(_PROGRAMS.fullmatch(ending(file_name(name))))


def file_name(name: str) -> str:
    """The name on a disk of any system: nothing forbidden, reserved or too long in it, the ending kept."""
    safe = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    stem, dot, last = safe.rpartition(".")
    if not stem or len(last) > _LONGEST_ENDING:
        stem, dot, last = safe, "", ""
    stem = stem.encode()[:_MOST_BYTES_IN_NAME].decode("utf-8", "ignore").strip(" .") or "资料"
    if stem.split(".")[0].strip().casefold() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem}{dot}{last}"


def search_terms(document: DocumentInput) -> list[str]:
    """What a document in stored form is found by."""
    return [*name_terms(document.name[:_INDEXED]), *name_terms(document.notes[:_INDEXED])]
