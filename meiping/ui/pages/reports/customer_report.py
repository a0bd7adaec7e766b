"""A report about customers: from its rows to their list, and to a reminder about each of them."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from meiping.domains.reminders.rules import USE
from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.reports.opening import open_customers
from meiping.ui.pages.reports.report import ReportPage, report_parts
from meiping.ui.pages.reports.report_spec import ReportSpec
from meiping.ui.pages.reports.segment_reminders import cut_points_dialog, remind_of_dialog

WATCHES = frozenset({Topic.SALES, Topic.CUSTOMERS, Topic.SETTINGS})
Who = tuple[str, Sequence[int]]
"""Words that say which customers are meant, and their ids."""


class CustomerReportPage(ReportPage):
    """A report whose rows are customers: several selected ones are meant, else all that are shown."""

    def _build_head(self) -> None:
        super()._build_head()
        if self.context.actor.can(USE):
            self.head.action("建提醒", "bell", self.remind)
        self.head.action("客户列表", "people", self.show_customers)
        if self.context.actor.can(MANAGE_SETTINGS):
            self.head.action("分界点", "sliders", self.change_cut_points)

    def who(self) -> Who | None:
        """Whom the actions are about; None where there is nobody, which has been said."""
        ids = self.list.selected_ids() if self.list.selected_count() > 1 else self._rows.all_ids(None)
        if not ids:
            self.context.toast("这里还没有客户。", kind="info")
            return None
        return self.spec.title, [int(one) for one in ids]

    def show_customers(self) -> None:
        """Open the list of these customers: to export, to print, to change them."""
        if (who := self.who()) is not None:
            open_customers(self.context, *who)

    def remind(self) -> None:
        """Ask for a reminder about each of them."""
        if (who := self.who()) is not None:
            remind_of_dialog(self.widget, self.context, *who)

    def change_cut_points(self) -> None:
        """Where the owner draws the lines."""
        cut_points_dialog(self.widget, self.context)

    def _menu(self, row: Row) -> list[tuple[str, Any]]:
        entries = super()._menu(row)
        if self.context.actor.can(USE):
            entries.append(("建提醒…", self.remind))
        return entries


def customer_parts(
    spec: ReportSpec, *, help: str, page: Callable[[tk.Misc, Context, ReportSpec], ReportPage]
) -> PageParts:
    """The page of such a report, for its module's ``PAGE``."""
    parts = report_parts(spec, watches=WATCHES, help=help)
    return replace(parts, build=lambda parent, context: page(parent, context, spec))
