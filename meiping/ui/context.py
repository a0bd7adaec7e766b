"""What a page may ask of the program around it."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from meiping.kernel.actor import Actor
from meiping.kernel.errors import UserError
from meiping.kernel.permissions import Permission
from meiping.store.folder import DataFolder
from meiping.ui.view_state import ViewState

Command = Callable[[], object]


class Progress(Protocol):
    """Handed to background work: tells how far it is and hears that it should stop."""

    def report(self, done: int, total: int, what: str = "") -> None:
        """Show the progress; raises Cancelled once the user asked to stop."""


class ShowsErrors(Protocol):
    """A form or field that can show a refusal beside what caused it."""

    def show_error(self, error: UserError) -> None: ...


class Keys(Protocol):
    """The one dispatcher of shortcuts; see ``widgets.keys.KeyDispatcher``."""

    def bind(
        self,
        scope: tk.Misc,
        table: Mapping[str, Command],
        *,
        on_char: Mapping[str, Command] | None = None,
        entry: tk.Misc | None = None,
        on_scan: Callable[[str], object] | None = None,
    ) -> Command:
        """Make keys work while ``scope`` (a page, a dialog) is in front; gives the way to end it."""

    def taken_around(self, scope: tk.Misc) -> frozenset[str]:
        """The keys that mean something in all that lies around ``scope``: the window's own."""

    def name_of(self, event: "tk.Event[tk.Misc]") -> str:
        """The key of an event: a printable character is that character, whatever its keysym says."""


class Context(Protocol):
    """The one door from pages to the program; implemented by the shell."""

    actor: Actor
    view: ViewState
    keys: Keys
    folder: DataFolder
    """The data folder in use: for what concerns files, such as backups."""
    practice: bool
    """Whether the shop is a throwaway copy: nothing is printed, no drawer opens."""

    def run(
        self,
        verb: Callable[..., Any],
        *,
        done: Callable[[Any], None] | None = None,
        success: str | Callable[[Any], str] | None = None,
        near: ShowsErrors | None = None,
        button: tk.Widget | None = None,
        **values: Any,
    ) -> bool:
        """Call ``verb(actor, **values)`` on this thread and show the outcome.

        A UserError is shown in ``near`` if given, else as a toast; NeedsConfirmation asks and calls again with
        ``confirmed``; where a right is missing that a colleague may give, his PIN is asked for.
        Anything else is logged with its traceback and shown as one calm box. ``button`` is
        disabled meanwhile. True if the verb succeeded; then ``done(result)`` has been called.
        """

    def may_get(self, permission: Permission) -> bool:
        """Whether the actor holds a right, or a colleague could allow it to him by PIN."""

    def approved(self, permission: Permission, about: str) -> AbstractContextManager[bool]:
        """Gives whether the actor may do ``about``; if need be he acts with an approval while the block runs."""

    def alone(self) -> AbstractContextManager[None]:
        """Within ``approved``, for something beside it: a verb called meanwhile does not use up the approval."""

    def require_on_cart(
        self, rights: Sequence[tuple[Permission, str]], *, cart_key: str, subject: str
    ) -> None:
        """Have terms on this cart that want these rights, each with what is told, allowed by one PIN of a colleague.

        Rights that the actor holds, and those allowed already, are not asked for.

        Raises PermissionDenied.
        """

    def read(self, query: Callable[..., Any], **values: Any) -> Any:
        """``query(actor, **values)``; a UserError becomes a toast and None."""

    def background(
        self,
        work: Callable[[Progress], Any],
        *,
        title: str,
        done: Callable[[Any], None] | None = None,
        success: str | Callable[[Any], str] | None = None,
        failed: Callable[[Exception], None] | None = None,
        quiet: bool = False,
    ) -> None:
        """Run ``work`` off the main thread, with a progress dialog that can be cancelled (none if ``quiet``).

        ``done`` and ``failed`` are called on the main thread. The work never touches Tk.
        """

    def toast(
        self, text: str, *, kind: str = "success", action: tuple[str, Callable[[], None]] | None = None
    ) -> None:
        """Tell an outcome inside the window and in the status bar; ``action`` is a word and what it does (撤销)."""

    def ask(
        self, question: str, *, yes: str, no: str = "取消", danger: bool = False, detail: str = ""
    ) -> bool:
        """A question with verbs on its buttons; Esc is no."""

    def open_page(self, key: str, **arguments: Any) -> None:
        """Bring a page to the front; its ``open(**arguments)`` is called if it has one."""

    def option(self, key: str) -> Any:
        """A setting of the shop."""

    def facts(self) -> Mapping[str, str]:
        """Shop name, company and operator, for print heads."""

    def restart(self, message: str) -> None:
        """Close all pages and the file, open what ``CURRENT`` now names and log in anew, telling ``message`` there."""
