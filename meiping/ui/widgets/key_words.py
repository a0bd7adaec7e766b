"""Keys in words, as printed on keyboards."""

_SHOWN = {
    "Control": "Ctrl",
    "Return": "Enter",
    "Prior": "PgUp",
    "Next": "PgDn",
    "plus": "+",
    "minus": "-",
    "asterisk": "*",
    "slash": "/",
    "period": ".",
}


def shown_key(key: str) -> str:
    """A key as printed on keyboards: ``Control-f`` is Ctrl+F."""
    if "-" not in key.strip("-"):
        return _SHOWN.get(key, key)
    parts = [_SHOWN.get(part, part) for part in key.strip("<>").split("-")]
    return "+".join(part.upper() if len(part) == 1 else part for part in parts)


MODIFIERS = frozenset(
    f"{name}_{side}" for name in ("Control", "Shift", "Alt", "Meta", "Super") for side in ("L", "R")
) | {"Caps_Lock", "Num_Lock", "ISO_Level3_Shift", "Win_L", "Win_R"}
"""Keys that are only held while another is pressed."""
