"""主管批准: a colleague allows one thing by his PIN. The slow hash is computed by a worker."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.till.approvals import approve
from meiping.kernel.actor import Actor, Approval
from meiping.kernel.errors import InputError, UserError
from meiping.store.database import writing
from meiping.ui.context import Context, Progress
from meiping.ui.theme import px
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_LAST = "approval.approver"
_WIDTH = 380


class ApprovalDialog(FormDialog):
    """Says what is wanted and asks who allows it, why, and for his PIN; ``approval`` is there once it was right."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        *,
        permission: str,
        about: str,
        people: Sequence[tuple[int, str]],
        also: Sequence[str] = (),
        cart_key: str = "",
        subject: str = "",
    ) -> None:
        self.approval: Approval | None = None
        self._context, self._permission = context, permission
        self._cart_key, self._subject, self._also = cart_key, subject, also
        last = context.view.get(_LAST)
        first = last if last in dict(people) else people[0][0]
        fields = (
            Field(
                "approver_id", "批准人", FieldKind.CHOICE, required=True, choices=tuple(people), default=first
            ),
            Field("reason", "原因", hint="可以不填", limit=60),
            Field("pin", "主管密码", FieldKind.PASSWORD, required=True),
        )
        super().__init__(parent, "需要主管批准", fields, submit="批准", on_submit=self._submit, width=_WIDTH)
        wanted = ttk.Label(self.body, text=about, style="SoftWarning.TLabel", justify="left")
        wanted.configure(padding=(px(self, 10), px(self, 8)), wraplength=px(self, _WIDTH - 20))
        wanted.pack(fill="x", before=self.form, pady=(0, px(self, 12)))
        self.pin = self.form.editor("pin")
        self.pin.target.focus_set()

    def _submit(self, entered: dict[str, Any]) -> bool:
        actor: Actor = self._context.actor
        values = {
            **entered,
            "permission": self._permission,
            "also": self._also,
            "cart_key": self._cart_key,
            "subject": self._subject,
        }

        def work(_progress: Progress) -> Approval:
            with writing():
                return approve(actor, **values)

        self.button.configure(state="disabled")
        done: Callable[[Approval], None] = self._approved
        self._context.background(work, title="核对主管密码", done=done, failed=self._failed, quiet=True)
        return False

    def _approved(self, approval: Approval) -> None:
        self._context.view.set(_LAST, approval.approver_id)
        if self.winfo_exists():
            self.approval = approval
            self.close()

    def _failed(self, error: Exception) -> None:
        if not self.winfo_exists():
            return
        self.button.configure(state="normal")
        if isinstance(error, UserError):
            field = "pin" if error.field == "password" else error.field
            self.pin.set_value("")
            self.show_error(InputError(error.sentence, field=field))
            self.pin.target.focus_set()

    def dismiss(self) -> None:
        """Leave it unallowed; nothing is asked, there is nothing to lose."""
        self.close()
