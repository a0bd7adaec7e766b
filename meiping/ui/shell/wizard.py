"""The first start: shop, administrator, how to begin, and the recovery code. Fills the root until the shop is there."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.access.rules import check_password
from meiping.domains.settings.options import OPTION_BY_KEY
from meiping.kernel.errors import InputError, UserError
from meiping.ui.context import Progress
from meiping.ui.shell.background import Background
from meiping.ui.shell.outcomes import Outcomes
from meiping.ui.shell.password_dialog import same_twice
from meiping.ui.shell.recovery_dialog import RecoveryCode
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_fields import Field, FieldKind

_PRESETS = {
    "all": "商品、收银、客户和跟进都用，以后可以随时收起用不到的",
    "till": "以柜台收银为主，先收起服务和办公",
    "follow": "以联系和跟进客户为主，先收起收银和商品",
}
_BEGINNINGS = (
    ("empty", "空店铺", "从自己的客户和商品开始"),
    ("demo", "先看演示", "另外建一个演示店铺，里面有客户、商品和几个月的业务单；随时可以回到自己的店"),
)
_IDLE = ((0, "不自动锁屏"), (5, "空闲 5 分钟后锁屏"), (15, "空闲 15 分钟后锁屏"), (30, "空闲 30 分钟后锁屏"))
_STEP_TITLES = ("店铺", "管理员", "开始", "恢复码")


@dataclass(frozen=True, slots=True)
class NewShop:
    """What the wizard has asked."""

    shop_name: str
    preset: str
    administrator: str
    password: str
    idle_minutes: int
    demonstration: bool


class Wizard(ttk.Frame):
    """Asks step by step. ``create`` makes the shop in a worker and gives the recovery code; then ``finished``.

    The choice of demonstration data is there if ``demo_offered``. ``message`` stands above the first step.
    """

    def __init__(
        self,
        root: ttk.App,
        *,
        workers: Background,
        outcomes: Outcomes,
        create: Callable[[NewShop, Progress], str],
        finished: Callable[[NewShop], None],
        demo_offered: bool,
        message: str = "",
    ) -> None:
        super().__init__(root, style="Locked.TFrame")
        root.title("meiping · 建立店铺")
        self._workers, self._outcomes = workers, outcomes
        self._create, self._finished = create, finished
        self._new: NewShop | None = None
        card = ttk.Frame(self, bootstyle="bordered", padding=1)
        card.place(relx=0.5, rely=0.46, anchor="center")
        self._side(card)
        self._room = ttk.Frame(card, padding=px(self, 28), width=px(self, 560), height=px(self, 470))
        self._room.pack(side="left", fill="both", expand=True)
        self._room.pack_propagate(False)
        self._foot()
        self.steps: list[_Step] = [_ShopStep(self._room, message), _AdministratorStep(self._room)]
        if demo_offered:
            self.steps.append(_BeginningStep(self._room))
        for step in self.steps:
            step.form.on_submit = self.forward
        self._place = -1
        self.pack(fill="both", expand=True)
        self._go(0)

    def _side(self, card: ttk.Frame) -> None:
        side = ttk.Frame(card, style="Rail.TFrame", padding=(px(self, 24), px(self, 28)), width=px(self, 180))
        side.pack(side="left", fill="y")
        side.pack_propagate(False)
        name = ttk.Label(side, text="meiping", style="Rail.TLabel", font="MpTitle")
        name.pack(anchor="w")
        line = ttk.Label(side, text="客户管理与收银", style="Rail.TLabel", font="MpSmall")
        line.pack(anchor="w", pady=(0, px(self, 28)))
        self._marks: list[ttk.Label] = []
        for title in _STEP_TITLES:
            mark = ttk.Label(side, text=title, style="Rail.TLabel", compound="left")
            mark.pack(anchor="w", pady=px(self, 7))
            self._marks.append(mark)

    def _foot(self) -> None:
        foot = ttk.Frame(self._room)
        foot.pack(side="bottom", fill="x", pady=(px(self, 12), 0))
        self.next = ttk.Button(foot, text="下一步", bootstyle="primary", command=self.forward)
        self.next.pack(side="right")
        self.back = ttk.Button(foot, text="上一步", bootstyle="neutral outline", command=self.backward)
        self.back.pack(side="right", padx=px(self, 8))
        self._said = ttk.Label(foot, style="Muted.TLabel", font="MpSmall")
        self._said.pack(side="left")

    # ---------------------------------------------------------------- going about

    def forward(self) -> None:
        """Check this step and go on; after the last one make the shop."""
        if self.next.instate(["disabled"]):
            return
        try:
            self.steps[self._place].check()
        except InputError as error:
            self.steps[self._place].form.show_error(error)
            return
        if self._place + 1 < len(self.steps):
            self._go(self._place + 1)
        else:
            self._make()

    def backward(self) -> None:
        """The step before; nothing typed is lost."""
        if self._place > 0 and not self.back.instate(["disabled"]):
            self._go(self._place - 1)

    def _go(self, place: int) -> None:
        if self._place >= 0:
            self.steps[self._place].pack_forget()
        self._place = place
        step = self.steps[place]
        step.pack(fill="both", expand=True)
        last = place + 1 == len(self.steps)
        self.next.configure(text="建立店铺" if last else "下一步")
        self.back.configure(state="normal" if place else "disabled")
        self._mark(step.title)
        self.update_idletasks()
        step.take_focus()

    def _mark(self, current: str) -> None:
        shown = [step.title for step in self.steps] + ["恢复码"]
        reached = shown.index(current)
        for mark in self._marks:
            title = str(mark.cget("text")).strip()
            if title not in shown:
                mark.pack_forget()
                continue
            place = shown.index(title)
            name = "check-circle-fill" if place < reached else "circle-fill" if place == reached else "circle"
            colour = "#6a9bf8" if place <= reached else "#64748b"
            mark.configure(text=f"  {title}", image=ttk.Icon(name, 14, colour))

    # ---------------------------------------------------------------- making

    def _make(self) -> None:
        values: dict[str, Any] = {}
        for step in self.steps:
            values |= step.values()
        new = NewShop(
            values["shop_name"],
            values["preset"],
            values["administrator"],
            values["password"],
            values["idle_minutes"],
            values.get("beginning") == "demo",
        )
        self._new = new
        self._hold("正在建立店铺…")
        self._workers.run(
            lambda progress: self._create(new, progress),
            title="建立演示店铺" if new.demonstration else "建立店铺",
            done=self._made,
            failed=self._failed,
            quiet=not new.demonstration,
        )

    def _hold(self, said: str) -> None:
        state = "disabled" if said else "normal"
        self.next.configure(state=state)
        self.back.configure(state=state)
        self._said.configure(text=said)

    def _failed(self, error: Exception) -> None:
        if not self.winfo_exists():
            return
        self._hold("")
        if isinstance(error, UserError):
            self.steps[self._place].form.show_error(error)
        else:
            self._outcomes.unexpected(error, "founding of the shop")

    def _made(self, code: str) -> None:
        if not self.winfo_exists():
            return
        self.steps[self._place].pack_forget()
        self._hold("")
        self._mark("恢复码")
        self.back.pack_forget()
        step = ttk.Frame(self._room)
        _heading(step, "记下恢复码", "忘记管理员密码时，只有它能帮您重新进入。它只显示这一次。")
        self.code = RecoveryCode(step, code, self._kept)
        self.code.pack(fill="x", pady=(px(self, 6), 0))
        step.pack(fill="both", expand=True)
        self.next.configure(text="开始使用", state="disabled", command=self._finish)
        self.code.copy.focus_set()

    def _kept(self, kept: bool) -> None:
        self.next.configure(state="normal" if kept else "disabled")

    def _finish(self) -> None:
        if self._new is not None:
            self._finished(self._new)


def _heading(parent: tk.Misc, title: str, line: str) -> None:
    ttk.Label(parent, text=title, font="MpTitle").pack(anchor="w")
    words = ttk.Label(parent, text=line, style="Muted.TLabel", justify="left")
    words.pack(anchor="w", fill="x", pady=(px(parent, 2), px(parent, 16)))
    wrap_to_width(words)


class _Step(ttk.Frame):
    """One page of the wizard: a form, and what is checked before going on."""

    title = ""

    def __init__(self, parent: tk.Misc, heading: str, line: str, fields: Sequence[Field]) -> None:
        super().__init__(parent)
        _heading(self, heading, line)
        self.form = Form(self, fields, columns=1)
        self.form.pack(fill="x")

    def take_focus(self) -> None:
        """Put the cursor where this step begins."""
        self.form.focus_first()

    def check(self) -> None:
        """Raise InputError unless one may go on."""
        self.form.values()

    def values(self) -> dict[str, Any]:
        """What was asked here."""
        return self.form.values()


class _Choice(ttk.Frame):
    """Radio buttons with a line of explanation each."""

    def __init__(self, parent: tk.Misc, choices: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(parent)
        self.variable = ttk.StringVar(self, choices[0][0])
        self.buttons: list[ttk.Radiobutton] = []
        for value, word, line in choices:
            button = ttk.Radiobutton(self, text=word, value=value, variable=self.variable)
            button.pack(anchor="w")
            self.buttons.append(button)
            words = ttk.Label(self, text=line, style="Muted.TLabel", font="MpSmall", justify="left")
            words.pack(anchor="w", fill="x", padx=(px(self, 26), 0), pady=(px(self, 1), px(self, 10)))
            wrap_to_width(words)


class _ShopStep(_Step):
    title = "店铺"

    def __init__(self, parent: tk.Misc, message: str) -> None:
        fields = (Field("shop_name", "店名", required=True, limit=40, hint="会印在小票和报表上，以后可以改"),)
        super().__init__(parent, "欢迎使用", "先认识一下您的店。全部数据只存在这台电脑上。", fields)
        ttk.Label(self, text="打算怎么用？").pack(anchor="w", pady=(px(self, 14), px(self, 8)))
        words = dict(OPTION_BY_KEY["shop.preset"].choices)
        self.preset = _Choice(self, [(key, words[key], line) for key, line in _PRESETS.items()])
        self.preset.pack(fill="x", padx=(px(self, 4), 0))
        if message:
            said = ttk.Label(self, text=message, style="SoftWarning.TLabel", justify="left")
            said.configure(padding=(px(self, 10), px(self, 6)))
            said.pack(fill="x")
            wrap_to_width(said)

    def values(self) -> dict[str, Any]:
        return {**super().values(), "preset": self.preset.variable.get()}


class _AdministratorStep(_Step):
    title = "管理员"

    def __init__(self, parent: tk.Misc) -> None:
        fields = (
            Field("administrator", "姓名", required=True, limit=20, hint="登录时用，例如：王老板"),
            Field("password", "密码", FieldKind.PASSWORD, required=True, hint="至少 6 位，请不要用电话号码"),
            Field("again", "确认密码", FieldKind.PASSWORD, required=True),
            Field("idle_minutes", "离开时", FieldKind.CHOICE, choices=_IDLE, default=0),
        )
        super().__init__(parent, "系统管理员", "管理员可以做所有的事，再给店员建各自的账号和权限。", fields)

    def check(self) -> None:
        values = self.form.values()
        check_password(values["password"])
        same_twice(values["password"], values["again"])


class _BeginningStep(_Step):
    title = "开始"

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, "怎样开始", "两种都会建立您自己的店，演示数据不会混进来。", ())
        self.beginning = _Choice(self, _BEGINNINGS)
        self.beginning.pack(fill="x", padx=(px(self, 4), 0))
        for key in ("<Return>", "<KP_Enter>"):
            for button in self.beginning.buttons:
                button.bind(key, lambda _event: self.form.on_submit and self.form.on_submit(), add=True)

    def take_focus(self) -> None:
        self.beginning.buttons[0].focus_set()

    def values(self) -> dict[str, Any]:
        return {"beginning": self.beginning.variable.get()}
