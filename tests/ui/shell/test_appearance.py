"""The window comes back as it was left."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.ui.shell.appearance import (
    Appearance,
    WindowPlace,
    remembered_font_size,
    remembered_mode,
    remembered_scaling,
)
from meiping.ui.shell.styles import fit_rail

Pump = Callable[..., None]


class Memory(dict[str, Any]):
    """A view that lives as long as the test."""

    def set(self, key: str, value: Any) -> None:
        self[key] = value


@pytest.fixture
def sized_root(root: ttk.App, pump: Pump) -> Iterator[ttk.App]:
    root.deiconify()
    yield root
    root.minsize(1, 1)
    root.geometry("1180x700+0+0")
    pump()


def test_size_and_place_come_back(sized_root: ttk.App, pump: Pump):
    view = Memory({"window.geometry": "1250x740+30+20", "window.maximised": False})
    WindowPlace(sized_root, view)
    pump(lambda: sized_root.winfo_geometry() == "1250x740+30+20")
    sized_root.geometry("1300x750+10+15")
    pump(lambda: view["window.geometry"] == "1300x750+10+15")


@pytest.mark.parametrize("kept", ["5000x4000+9000+9000", "10x10-500-500", "nonsense", 7])
def test_a_window_is_never_out_of_reach(sized_root: ttk.App, pump: Pump, kept: Any):
    WindowPlace(sized_root, Memory({"window.geometry": kept, "window.maximised": False}))
    pump()
    wide, high = sized_root.winfo_width(), sized_root.winfo_height()
    assert 1180 <= wide <= sized_root.winfo_screenwidth()
    assert 700 <= high <= sized_root.winfo_screenheight()
    assert 0 <= sized_root.winfo_rootx() <= sized_root.winfo_screenwidth() - wide
    assert 0 <= sized_root.winfo_rooty() <= sized_root.winfo_screenheight() - high


def test_what_is_remembered_of_the_look_is_never_nonsense(root: ttk.App):
    for nonsense in (None, "purple", 17, ["dark"]):
        view = Memory({"theme.mode": nonsense, "theme.font_size": nonsense, "theme.scaling": nonsense})
        looks = (remembered_mode(view), remembered_font_size(view), remembered_scaling(view))
        assert looks == ("light", "medium", None)


def test_the_scaling_waits_for_the_next_start(root: ttk.App):
    view = Memory()
    Appearance(root, view).set_scaling(1.5)
    assert remembered_scaling(view) == 1.5
    Appearance(root, view).set_scaling(None)
    assert remembered_scaling(view) is None


def test_the_rail_makes_room_for_all_modules_on_a_low_screen(root: ttk.App):
    def padding() -> list[int]:
        found = root.tk.splitlist(root.style.lookup("Side.TNotebook.Tab", "padding"))
        return [int(str(part)) for part in found]

    usual = padding()
    line = ttk.nametofont("MpBody", root=root).metrics("linespace")
    fit_rail(root, 9, 300)
    assert padding()[0] == usual[0]
    assert 9 * (line + 2 * padding()[1]) <= 300
    fit_rail(root, 9, 2000)
    assert padding() == usual
