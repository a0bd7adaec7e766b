"""A customer's points in a window: what there is, how it came about, and putting it right by hand."""

import tkinter as tk
import uuid
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.loyalty.queries import POINT_COLUMNS, CustomerPoints, customer_points, point_moves
from meiping.domains.loyalty.rules import ADJUST
from meiping.domains.loyalty.service import adjust_points
from meiping.kernel.moments import show_date
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Table
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.virtual_list import VirtualList

_WIDTH, _HEIGHT = 880, 360


def points_words(points: CustomerPoints) -> str:
    """``现有 505 分，可抵 ¥5.05 · 100 分将在 2027-03-16 到期``."""
    words = f"现有 {points.points:,} 分，可抵 {show_fen(points.worth_fen)}"
    if points.lapse_date is not None:
        words += f" · {points.lapsing:,} 分将在 {show_date(points.lapse_date)} 到期"
    return words


class PointsDialog(DialogWindow):
    """Esc closes; ``changed`` is called after points were put right."""

    def __init__(
        self, parent: tk.Misc, context: Context, customer_id: int, name: str, changed: Callable[[], None]
    ) -> None:
        super().__init__(parent, f"积分 · {name}", resizable=True)
        self._context, self._customer_id, self._changed = context, customer_id, changed
        self._words = ttk.Label(self.body, font="MpBold")
        self._words.pack(anchor="w", pady=(0, px(self, 10)))
        room = ttk.Frame(self.body, width=px(self, _WIDTH), height=px(self, _HEIGHT))
        room.pack(fill="both", expand=True)
        room.pack_propagate(False)
        self.list = VirtualList(room, POINT_COLUMNS, key="points", view=context.view)
        self.list.set_empty("还没有积分。买了东西就有。", None, None)
        self.list.pack(fill="both", expand=True)
        self.add_button("关闭 Esc", self.dismiss)
        if context.may_get(ADJUST):
            self.add_button("调整积分 F2", self.adjust)
            self.bind("<F2>", lambda _event: self.adjust())
        self._show()
        self.open(self.list.tree)

    def _show(self) -> None:
        asked = {"customer_id": self._customer_id}
        points = self._context.read(customer_points, **asked)
        if points is not None:
            self._words.configure(text=points_words(points))
        moves = self._context.read(point_moves, **asked)
        self.list.set_listing(moves if moves is not None else Table("积分", POINT_COLUMNS, []))

    def adjust(self) -> None:
        """Ask how many more or less, and why."""
        key = str(uuid.uuid4())

        def submit(values: dict[str, Any]) -> bool:
            return self._context.run(
                adjust_points,
                key=key,
                customer_id=self._customer_id,
                points=-values["points"] if values["way"] == "less" else values["points"],
                reason=values["reason"],
                near=dialog,
                button=dialog.button,
                done=self._adjusted,
            )

        fields = (
            Field("way", "", FieldKind.SWITCH, choices=(("more", "增加"), ("less", "减少")), default="more"),
            Field("points", "积分", FieldKind.NUMBER, required=True),
            Field("reason", "原因", required=True, limit=60, hint="例如活动赠送、礼品兑换、录错更正"),
        )
        dialog = FormDialog(self, "调整积分", fields, submit="保存", on_submit=submit, width=340)
        dialog.form.editor("points").target.focus_set()

    def _adjusted(self, left: int) -> None:
        self._show()
        self._changed()
        self._context.toast(f"已调整，现有 {left:,} 分。")
