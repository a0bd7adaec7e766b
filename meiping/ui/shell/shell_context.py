"""The one door from pages to the program, with the window behind it."""

import logging
import tkinter as tk
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any, cast

from meiping.domains.access.queries import company_name
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor, Approval
from meiping.kernel.errors import Cancelled, LoggedOut, NeedsConfirmation, PermissionDenied, UserError
from meiping.kernel.permissions import Permission, permission_called
from meiping.store.folder import DataFolder
from meiping.ui.context import Keys, Progress, ShowsErrors
from meiping.ui.shell.background import Background
from meiping.ui.shell.outcomes import Outcomes, ToastAction, front
from meiping.ui.view_state import ViewState
from meiping.ui.widgets import dialogs
from meiping.ui.widgets.toast import Kind

DOUBLE_PRESS_MS = 300
"""A second press on the same button within this time after a success is the same click."""
log = logging.getLogger(__name__)


def _name(call: Callable[..., Any]) -> str:
    return str(getattr(call, "name", None) or getattr(call, "__qualname__", repr(call)))


def _approvals() -> ModuleType:
    """What colleagues may allow each other: asked where a right is lacking, and not needed before."""
    from meiping.domains.till import approvals

    return approvals


class ShellContext:
    """Implements ``ui.context.Context``.

    ``open_page``, ``restart`` and ``logged_out`` are what the window does about it; they may be set later.
    """

    def __init__(
        self,
        root: tk.Misc,
        *,
        actor: Actor,
        folder: DataFolder,
        view: ViewState,
        keys: Keys,
        background: Background,
        outcomes: Outcomes,
        restart: Callable[[str], None],
        logged_out: Callable[[str], None],
        practice: bool = False,
    ) -> None:
        self.actor, self.folder, self.view, self.keys = actor, folder, view, keys
        self.outcomes, self.practice = outcomes, practice
        self.show_page: Callable[..., None] = lambda key, **arguments: None
        self._root, self._workers = root, background
        self._restart, self._logged_out = restart, logged_out
        self._pressed: set[object] = set()

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
        """Call ``verb(actor, **values)`` now and show the outcome; True if it succeeded.

        A second press of the same ``button``, or from the same ``near``, while it runs and shortly after is ignored.
        """
        pressed: set[object] = {part for part in (near, button) if part is not None}
        if pressed & self._pressed:
            return False
        self._hold(pressed, button)
        succeeded = False
        try:
            result = self._confirmed(verb, values)
            succeeded = True
        except NeedsConfirmation:
            return False
        except UserError as error:
            self._refused(error, near)
            return False
        except Exception as error:  # noqa: BLE001  here a verb's unforeseen error becomes a calm box
            self.outcomes.unexpected(error, _name(verb))
            return False
        finally:
            self._release_later(pressed, button, DOUBLE_PRESS_MS if succeeded else 0)
        self._succeed(result, success, done)
        return True

    def may_get(self, permission: Permission) -> bool:
        """Whether the actor holds a right, or a colleague could allow it to him by PIN."""
        return self.actor.can(permission) or bool(
            _approvals().approvers(self.actor, permission=permission.key)
        )

    @contextmanager
    def approved(self, permission: Permission, about: str) -> Iterator[bool]:
        """Gives whether the actor may do ``about``; if need be he acts with an approval while the block runs."""
        alone = self.actor
        if not alone.can(permission):
            approval = self._ask_approval(permission, about)
            if approval is None:
                yield False
                return
            self.actor = replace(alone, approvals=(approval,))
        try:
            yield True
        finally:
            self.actor = alone

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Within ``approved``, for something beside it: a verb called meanwhile does not use up the approval."""
        allowed = self.actor
        self.actor = replace(allowed, approvals=())
        try:
            yield
        finally:
            self.actor = allowed

    def require_on_cart(
        self, rights: Sequence[tuple[Permission, str]], *, cart_key: str, subject: str
    ) -> None:
        """Have terms on this cart that want these rights, each with what is told, allowed by one PIN of a colleague.

        Rights that the actor holds, and those allowed already, are not asked for. Raises PermissionDenied.
        """
        terms = {"cart_key": cart_key, "subject": subject}
        lacking = [
            (permission, about)
            for permission, about in rights
            if not self.actor.can(permission)
            and not _approvals().approved_on(self.actor, permission=permission.key, **terms)
        ]
        if not lacking:
            return
        wanted = [permission for permission, _about in lacking]
        told = "\n".join(about for _permission, about in lacking)
        if self._ask_approval(wanted[0], told, also=wanted[1:], **terms) is None:
            for permission in wanted:
                self.actor.require(permission)

    def read(self, query: Callable[..., Any], **values: Any) -> Any:
        """``query(actor, **values)``; None after a refusal or an error, which has been told."""
        try:
            return query(self.actor, **values)
        except UserError as error:
            self._refused(error, None)
        except Exception as error:  # noqa: BLE001  as in run
            self.outcomes.unexpected(error, _name(query))
        return None

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
        """Run ``work`` off the main thread; refusals become toasts unless ``failed`` takes them.

        An unforeseen error is logged and told in any case, by a box or, if ``quiet``, by a toast.
        """

        def broke(error: Exception) -> None:
            foreseen = isinstance(error, UserError | Cancelled)
            if not foreseen:
                self._broke(error, title, quiet)
            if failed is not None:
                failed(error)
            elif isinstance(error, Cancelled):
                self.outcomes.tell(f"已取消：{title}", "info")
            elif isinstance(error, UserError):
                self._refused(error, None)

        if not quiet and title in self._workers.busy():
            self.outcomes.tell(f"{title}还在进行，请稍候", "info")
            return
        self._workers.run(
            work,
            title=title,
            done=lambda result: self._succeed(result, success, done),
            failed=broke,
            quiet=quiet,
        )

    def toast(self, text: str, *, kind: str = "success", action: ToastAction | None = None) -> None:
        """Tell an outcome inside the window and in the status bar."""
        self.outcomes.tell(text, cast(Kind, kind), action)

    def ask(
        self, question: str, *, yes: str, no: str = "取消", danger: bool = False, detail: str = ""
    ) -> bool:
        """A question over the window in front."""
        return dialogs.ask(front(self._root), question, yes=yes, no=no, danger=danger, detail=detail)

    def open_page(self, key: str, **arguments: Any) -> None:
        """Bring a page to the front."""
        self.show_page(key, **arguments)

    def option(self, key: str) -> Any:
        """A setting of the shop."""
        return option(key)

    def facts(self) -> Mapping[str, str]:
        """Shop name, company and operator, for print heads."""
        shop, company = str(option("shop.name")), company_name(self.actor.company_id)
        branch = {"company": company} if company != shop else {}
        return {"shop": shop, **branch, "operator": self.actor.name}

    def restart(self, message: str) -> None:
        """Close everything and begin anew at the login, where ``message`` is told; once this call has returned."""
        self._root.after_idle(self._restart, message)

    # ---------------------------------------------------------------- inside

    def _confirmed(self, verb: Callable[..., Any], values: Mapping[str, Any]) -> Any:
        """Call until nothing is left to confirm or to approve; the last refusal passes on if nobody says yes."""
        tokens: frozenset[str] = frozenset()
        actor = self.actor
        while True:
            try:
                return verb(actor, **values, **({"confirmed": tokens} if tokens else {}))
            except NeedsConfirmation as wanted:
                if wanted.token in tokens:
                    raise RuntimeError(f"{_name(verb)} asks again for {wanted.token}") from None
                if not self.ask(wanted.sentence, yes=wanted.verb, danger=wanted.danger, detail=wanted.detail):
                    raise
                tokens |= {wanted.token}
            except PermissionDenied as denied:
                approval = None
                if denied.approvable:
                    wanted_right = permission_called(denied.permission)
                    approval = self._ask_approval(wanted_right, denied.about or denied.title)
                if approval is None:
                    raise
                actor = replace(actor, approvals=(*actor.approvals, approval))

    def _ask_approval(
        self,
        permission: Permission,
        about: str,
        *,
        also: Sequence[Permission] = (),
        cart_key: str = "",
        subject: str = "",
    ) -> Approval | None:
        """Ask for the PIN of a colleague who holds all these rights; None if nobody could give it or nobody did."""
        further = [one.key for one in also]
        people = _approvals().approvers(self.actor, permission=permission.key, also=further)
        if not people:
            return None
        from meiping.ui.shell.approval_dialog import ApprovalDialog

        dialog = ApprovalDialog(
            front(self._root),
            self,
            permission=permission.key,
            also=further,
            about=about,
            people=people,
            cart_key=cart_key,
            subject=subject,
        )
        dialog.wait_window()
        return dialog.approval

    def _succeed(
        self, result: Any, success: str | Callable[[Any], str] | None, done: Callable[[Any], None] | None
    ) -> None:
        if success is not None:
            self.outcomes.tell(success if isinstance(success, str) else success(result), "success")
        if done is not None:
            done(result)

    def _refused(self, error: UserError, near: ShowsErrors | None) -> None:
        if isinstance(error, LoggedOut):
            self._root.after_idle(self._logged_out, error.sentence)  # not under the feet of who called
        elif near is None:
            self.outcomes.tell(error.sentence, "danger")
        else:
            near.show_error(error)
            self.outcomes.note(error.sentence, "danger")

    def _broke(self, error: Exception, title: str, quiet: bool) -> None:
        if quiet:
            log.error("unexpected error in %s", title, exc_info=error)
            self.outcomes.tell(f"{title}没有完成", "warning")
        else:
            self.outcomes.unexpected(error, title)

    def _hold(self, pressed: set[object], button: tk.Widget | None) -> None:
        self._pressed |= pressed
        if button is not None:
            cast(Any, button).configure(state="disabled")

    def _release_later(self, pressed: set[object], button: tk.Widget | None, delay_ms: int) -> None:
        def release() -> None:
            self._pressed -= pressed
            if button is not None and button.winfo_exists():
                cast(Any, button).configure(state="normal")

        if pressed:
            self._root.after(delay_ms, release) if delay_ms else self._root.after_idle(release)
