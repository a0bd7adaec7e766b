"""The chosen service case at the right of the list: what it is about, what can be done next, its steps."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence

import ttkbootstrap as ttk

from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.support.queries import CaseDetail, case_changes, case_detail
from meiping.domains.support.rules import GIVEN_TITLES, HANDLE, CaseStatus, Step, may_step
from meiping.kernel.moments import show_date, show_moment
from meiping.kernel.phones import show_phone
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets import privacy
from meiping.ui.widgets.cards import DetailPane, Facts, wrap_to_width
from meiping.ui.widgets.scroller import Scroller

StepCommands = Mapping[Step, Callable[[Row], object]]
_NEXT = {
    CaseStatus.REGISTERED: Step.ASSIGN,
    CaseStatus.ASSIGNED: Step.FINISH,
    CaseStatus.DONE: Step.REVISIT,
    CaseStatus.REVISITED: Step.CLOSE,
}
"""The usual next step, whose button stands out."""
_MOST_CHANGES = 100


class CasePane:
    """The pane; ``steps`` is what its buttons do with the row shown."""

    def __init__(self, parent: tk.Misc, context: Context, steps: StepCommands) -> None:
        self._context = context
        self._row: Row | None = None
        self._pane = DetailPane(parent, empty="在左边选择一张服务单，这里显示经过")
        self.widget: tk.Widget = self._pane
        if context.actor.can(VIEW_CUSTOMERS):
            button = ttk.Button(self._pane.actions, text="打开客户", icon="person-lines-fill")
            button.configure(command=self._open, bootstyle="neutral outline")
            button.pack(side="right")
        self._buttons: dict[Step, ttk.Button] = {}
        bar = ttk.Frame(self._pane.body)
        if context.actor.can(HANDLE):
            bar.pack(fill="x", pady=(0, px(parent, 12)))
        for step, command in steps.items():
            self._buttons[step] = ttk.Button(bar, text=step.title, command=self._presser(command))
        scroller = Scroller(self._pane.body)
        scroller.pack(fill="both", expand=True)
        self._content = ttk.Label(scroller.inner, justify="left")
        wrap_to_width(self._content)
        self._facts = Facts(scroller.inner, columns=2)
        self._facts.pack(fill="x")
        heading = ttk.Label(scroller.inner, text="经过", style="Muted.TLabel", font="MpSmall")
        heading.pack(fill="x", pady=(px(parent, 8), px(parent, 4)))
        self._steps = ttk.Frame(scroller.inner)
        self._steps.pack(fill="x")

    def _presser(self, command: Callable[[Row], object]) -> Callable[[], None]:
        def press() -> None:
            if self._row is not None:
                command(self._row)

        return press

    def show(self, row: Row | None) -> None:
        """Show a case with its steps."""
        self._row = row
        detail = self._context.read(case_detail, case_id=row["id"]) if row is not None else None
        if detail is None:
            self._pane.clear()
            return
        late = f" · 逾期 {detail.late_days} 天" if detail.late_days else ""
        self._pane.show(detail.subject or detail.number, f"{detail.number} · {detail.status.title}{late}")
        self._offer(detail.status)
        if detail.content:
            self._content.configure(text=privacy.said(detail.content))
            self._content.pack(fill="x", pady=(0, px(self._pane, 12)), before=self._facts)
        else:
            self._content.pack_forget()
        self._facts.show(_facts(detail))
        self._tell(self._course(detail))

    def _offer(self, status: CaseStatus) -> None:
        """The steps that can be taken now, the usual one first."""
        usual = _NEXT.get(status)
        for button in self._buttons.values():
            button.pack_forget()
        for step in sorted(self._buttons, key=lambda one: one is not usual):
            if may_step(step, status):
                style = "primary outline" if step is usual else "neutral outline"
                again = step is Step.ASSIGN and status is CaseStatus.ASSIGNED
                self._buttons[step].configure(bootstyle=style, text="改派" if again else step.title)
                self._buttons[step].pack(side="left", padx=(0, px(self._pane, 8)))

    def _course(self, detail: CaseDetail) -> list[tuple[int, str, str]]:
        """What was done with it, the newest first: when, the step with who took it, what was noted."""
        found = self._context.read(case_changes, case_id=detail.id)
        changes: dict[tuple[int, str], list[str]] = {}
        for row in found.window(0, _MOST_CHANGES, None) if found is not None else ():
            if row["field"] in GIVEN_TITLES:  # the step says it
                continue
            told = f"{row['field']}：{row['old'] or '空'} → {row['new'] or '空'}"
            changes.setdefault((row["at"], row["operator_name"]), []).insert(0, told)
        course = [(step.at, f"{step.step.title}　{step.operator}", step.note) for step in detail.steps]
        course += [(at, f"修改　{who}", "；".join(told)) for (at, who), told in changes.items()]
        course.sort(key=lambda one: one[0])
        return course[::-1]

    def _tell(self, course: Sequence[tuple[int, str, str]]) -> None:
        for child in self._steps.winfo_children():
            child.destroy()
        for at, done, note in course:
            ttk.Label(self._steps, text=f"{show_moment(at)}　{done}").pack(
                fill="x", pady=(px(self._pane, 4), 0)
            )
            if note:
                words = ttk.Label(self._steps, text=privacy.said(note), style="Muted.TLabel", justify="left")
                wrap_to_width(words)
                words.pack(fill="x")

    def _open(self) -> None:
        if self._row is not None:
            self._context.open_page("customer_hub", customer_id=self._row["customer_id"])


def _facts(detail: CaseDetail) -> list[tuple[str, str]]:
    who = f"{detail.contact_name} {show_phone(detail.contact_phone)}".strip()
    revisited = detail.opinion.title if detail.opinion is not None else ""
    degree = "" if detail.done_percent is None else f"{detail.done_percent}%"
    return [
        ("客户", detail.customer),
        ("电话", show_phone(detail.customer_phone)),
        ("联系人", who),
        ("类型", f"{detail.type} · {detail.priority.title}"),
        ("商品", detail.product),
        ("负责", " ".join(filter(None, (detail.department, detail.person)))),
        ("登记日期", show_date(detail.registered_date)),
        ("期限", show_date(detail.due_date)),
        ("服务人员", detail.done_by),
        ("完成", " · ".join(filter(None, (show_date(detail.done_date), degree)))),
        ("处理结果", detail.result),
        ("回访", " · ".join(filter(None, (show_date(detail.revisited_date), revisited)))),
        ("客户反馈", detail.feedback),
    ]
