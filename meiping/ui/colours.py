"""The colours, light and dark; the only place that spells them."""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode, as ``#rrggbb``."""

    mode: Mode
    background: str
    foreground: str
    muted: str
    """Hints and facts: readable, but second to what is said."""
    faint: str
    """Words inside empty fields."""
    hairline: str
    chrome: str
    """Strips, cards and bars around the content."""
    accent: str
    accent_soft: str
    on_accent: str
    success: str
    success_soft: str
    warning: str
    """Amber as text and icon, dark enough to read on the background."""
    warning_soft: str
    danger: str
    danger_soft: str
    stripe: str
    heading: str
    heading_text: str
    heading_hover: str
    selection: str
    hover: str
    rail: str
    rail_text: str
    rail_hover: str


LIGHT = Palette(
    mode="light",
    background="#ffffff",
    foreground="#1f2937",
    muted="#5b6a80",
    faint="#8592a6",
    hairline="#d6d6d6",
    chrome="#f7f7f7",
    accent="#2f63c4",
    accent_soft="#e3ecfd",
    on_accent="#ffffff",
    success="#177a4e",
    success_soft="#e3f5ec",
    warning="#9a6100",
    warning_soft="#fff4d6",
    danger="#c22f36",
    danger_soft="#fdeaea",
    stripe="#f8fafc",
    heading="#f1f5f9",
    heading_text="#475569",
    heading_hover="#e2e8f0",
    selection="#d8e5fd",
    hover="#eef3fb",
    rail="#1e293b",
    rail_text="#cbd5e1",
    rail_hover="#2b3a52",
)
DARK = Palette(
    mode="dark",
    background="#1b212b",
    foreground="#e5e9f0",
    muted="#9aa6b8",
    faint="#7b889c",
    hairline="#3f444d",
    chrome="#222831",
    accent="#75a3fa",
    accent_soft="#263754",
    on_accent="#ffffff",
    success="#4ec08d",
    success_soft="#1d3a30",
    warning="#f3b852",
    warning_soft="#3a2f14",
    danger="#f0757a",
    danger_soft="#43262b",
    stripe="#1f2631",
    heading="#262e3a",
    heading_text="#b6c0cf",
    heading_hover="#303a48",
    selection="#2a4470",
    hover="#252d3a",
    rail="#11161e",
    rail_text="#b8c3d3",
    rail_hover="#222c3b",
)
