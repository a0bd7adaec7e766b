"""A member's card lost, found, replaced, and his spending PIN: the same at the counter and in the customer hub."""

import tkinter as tk
from collections.abc import Callable
from typing import Any

from meiping.domains.access.passwords import PasswordHash
from meiping.domains.access.rules import PIN_HINT, check_pin
from meiping.domains.customers.cards import freeze_card, replace_card, unfreeze_card
from meiping.domains.customers.rules import PIN_WORDS
from meiping.domains.customers.spending_pins import has_spending_pin, make_spending_pin
from meiping.domains.sales.spending_pins import clear_spending_pin, set_spending_pin
from meiping.kernel.errors import InputError, UserError
from meiping.ui.context import Context, Progress
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_WIDTH = 400
_CARD = (Field("card_number", "新卡号", FieldKind.CODE, required=True, hint="刷卡，或输入卡号"),)
_PIN = (
    Field("pin", "新密码", FieldKind.PASSWORD, required=True, hint=f"{PIN_HINT}，请会员自己输入"),
    Field("again", "再输一次", FieldKind.PASSWORD, required=True),
)


def lost_words(*, lost: bool) -> str:
    """What can be done about a card: it is lost, or it was found again."""
    return "解除挂失" if lost else "会员卡挂失"


def lose_or_find(
    context: Context, customer_id: int, name: str, *, lost: bool, changed: Callable[[], None]
) -> bool:
    """Stop a card, or let one that is ``lost`` be used again; asks first. False where the answer was no."""
    question = f"{name}的会员卡找到了，解除挂失吗？" if lost else f"挂失{name}的会员卡吗？"
    follows = "储值、积分和次卡可以再用。" if lost else "储值、积分和次卡马上停用，找到后可以解除。"
    if not context.ask(question, yes="解除挂失" if lost else "挂失", detail=follows):
        return False
    return context.run(
        unfreeze_card if lost else freeze_card,
        customer_id=customer_id,
        success="已解除挂失。" if lost else "已挂失，储值、积分和次卡停用。",
        done=lambda _none: changed(),
    )


def replace_card_dialog(
    parent: tk.Misc, context: Context, customer_id: int, name: str, changed: Callable[[], None]
) -> FormDialog:
    """Ask for the number of the new card."""

    def submit(values: dict[str, Any]) -> bool:
        return context.run(
            replace_card,
            customer_id=customer_id,
            **values,
            near=dialog,
            success="已换卡，旧卡号不再有效。",
            done=lambda _none: changed(),
        )

    dialog = FormDialog(parent, f"换卡 · {name}", _CARD, submit="换卡", on_submit=submit)
    return dialog


class PinDialog(FormDialog):
    """Sets the spending PIN or another one, or ends it. The slow hash is computed by a worker."""

    def __init__(
        self, parent: tk.Misc, context: Context, customer_id: int, name: str, changed: Callable[[], None]
    ) -> None:
        self._context, self._customer_id, self._changed = context, customer_id, changed
        there = context.read(has_spending_pin, customer_id=customer_id)
        title = f"{PIN_WORDS} · {name}"
        super().__init__(
            parent,
            title,
            _PIN,
            submit="更换密码" if there else "设置密码",
            on_submit=self._submit,
            width=_WIDTH,
        )
        if there:
            self.add_button("不再使用密码", self._end)

    def _submit(self, entered: dict[str, Any]) -> bool:
        try:
            check_pin(entered["pin"], name=PIN_WORDS)
            if entered["pin"] != entered["again"]:
                raise InputError("两次输入的密码不一样，请再输一次。", field="again")
        except InputError as error:
            self.show_error(error)
            return False
        self.button.configure(state="disabled")
        done: Callable[[PasswordHash], None] = self._hashed

        def work(_progress: Progress) -> PasswordHash:
            return make_spending_pin(entered["pin"])

        self._context.background(work, title=f"设置{PIN_WORDS}", done=done, failed=self._failed, quiet=True)
        return False

    def _hashed(self, pin_hash: PasswordHash) -> None:
        if self.winfo_exists():
            self.button.configure(state="normal")
            self._context.run(
                set_spending_pin,
                customer_id=self._customer_id,
                pin_hash=pin_hash,
                near=self,
                success=f"{PIN_WORDS}已设置。",
                done=self._settled,
            )

    def _failed(self, error: Exception) -> None:
        if self.winfo_exists():
            self.button.configure(state="normal")
            if isinstance(error, UserError):
                self.show_error(error)

    def _end(self) -> None:
        question = f"以后用储值和积分不再问{PIN_WORDS}，对吗？"
        if self._context.ask(question, yes="不再使用", danger=True):
            self._context.run(
                clear_spending_pin,
                customer_id=self._customer_id,
                near=self,
                success=f"{PIN_WORDS}已取消。",
                done=self._settled,
            )

    def _settled(self, _none: object) -> None:
        self.close()
        self._changed()
