"""Chinese text on any machine: the font that comes along, and the families to ask the screen for."""

import ctypes
import sys
from pathlib import Path

_FAMILIES = {
    "win32": ("Microsoft YaHei UI", "Microsoft YaHei", "DengXian", "SimHei", "SimSun"),
    "aqua": ("PingFang SC", "Hiragino Sans GB", "Heiti SC"),
    "x11": (
        "Noto Sans CJK SC",
        "Source Han Sans SC",
        "Source Han Sans CN",
        "Noto Sans SC",
        "WenQuanYi Micro Hei",
        "WenQuanYi Zen Hei",
        "Droid Sans Fallback",
    ),
}


def sans_path() -> Path:
    """The file of Noto Sans SC Regular that comes along: for PDFs and charts always, for the screen at need."""
    import pylopdf_fonts_zh_cn

    return Path(pylopdf_fonts_zh_cn.sans_path())


def screen_families(windowing_system: str) -> tuple[str, ...]:
    """Families with Chinese, the best first, for what ``tk windowingsystem`` says."""
    return (*_FAMILIES.get(windowing_system, ()), "Noto Sans SC")


def register_screen_font() -> bool:
    """Give this process the font that comes along where the system has no Chinese one.

    To be called before ``Tk()``. Returns whether it was needed and added; Linux only.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        fontconfig = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return False  # a Tk without fontconfig can't use the file either
    if _known_families(fontconfig).intersection(_FAMILIES["x11"]):
        return False
    return bool(fontconfig.FcConfigAppFontAddFile(None, bytes(sans_path())))


def _known_families(fontconfig: ctypes.CDLL) -> set[str]:
    """Every family name of the fonts that can write Simplified Chinese, those added by us as well."""
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    fontconfig.FcNameParse.restype = pointer
    fontconfig.FcObjectSetCreate.restype = pointer
    fontconfig.FcObjectSetAdd.argtypes = [pointer, text]
    fontconfig.FcFontList.restype = ctypes.POINTER(_FontSet)
    fontconfig.FcFontList.argtypes = [pointer, pointer, pointer]
    fontconfig.FcPatternGetString.argtypes = [pointer, text, ctypes.c_int, ctypes.POINTER(text)]
    fontconfig.FcFontSetDestroy.argtypes = [ctypes.POINTER(_FontSet)]
    fontconfig.FcObjectSetDestroy.argtypes = [pointer]
    fontconfig.FcPatternDestroy.argtypes = [pointer]

    pattern = fontconfig.FcNameParse(b":lang=zh-cn")
    wanted = fontconfig.FcObjectSetCreate()
    fontconfig.FcObjectSetAdd(wanted, b"family")
    found = fontconfig.FcFontList(None, pattern, wanted)
    names: set[str] = set()
    value = text()
    for index in range(found.contents.count):
        nth = 0
        while fontconfig.FcPatternGetString(found.contents.fonts[index], b"family", nth, value) == 0:
            names.add((value.value or b"").decode(errors="replace"))
            nth += 1
    fontconfig.FcFontSetDestroy(found)
    fontconfig.FcObjectSetDestroy(wanted)
    fontconfig.FcPatternDestroy(pattern)
    return names


class _FontSet(ctypes.Structure):
    _fields_ = [
        ("count", ctypes.c_int),
        ("room", ctypes.c_int),
        ("fonts", ctypes.POINTER(ctypes.c_void_p)),
    ]
