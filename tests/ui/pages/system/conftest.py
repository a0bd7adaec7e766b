"""Hands for the pages about the program."""

from collections.abc import Callable
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.ui.widgets.form_dialog import FormDialog
from tests.windows import dialogs


@pytest.fixture
def front(root: ttk.App) -> Callable[[], Any]:
    """The dialog in front."""

    def found() -> Any:
        root.update()
        return dialogs(root)[-1]

    return found


@pytest.fixture
def fill(root: ttk.App) -> Callable[..., None]:
    """Type values into the fields of a form, as they are typed."""

    def into(dialog: FormDialog, **values: Any) -> None:
        for key, value in values.items():
            editor = dialog.form.editor(key.replace("__", "."))
            if isinstance(value, str):
                entry: Any = editor.target
                entry.delete(0, "end")
                entry.insert(0, value)
            else:
                editor.set_value(value)
        root.update()

    return into
