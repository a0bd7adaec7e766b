"""How a sheet of customers is taken in: what is chosen, and what becomes of each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from meiping.domains.contacts.rules import ContactInput
from meiping.domains.customers.rules import CustomerInput
from meiping.kernel.errors import InputError
from meiping.kernel.tabular import Column, Kind
from meiping.kernel.titled import Titled

IMPORT_AGAIN = "import_again"
"""The token that confirms that a file is imported although it was before."""


class Mode(Titled):
    """What may come of a row."""

    BOTH = ("both", "新增和更新")
    CREATE = ("create", "只新增")
    UPDATE = ("update", "只更新已有的")


class Duplicates(Titled):
    """What becomes of a row whose customer is there already."""

    SKIP = ("skip", "跳过")
    UPDATE = ("update", "更新已有客户")
    ADD = ("add", "仍作为新客户")


class MatchBy(Titled):
    """By what a row's customer is known again."""

    PHONE = ("phone", "编号、卡号或电话")
    NAME_PHONE = ("name_phone", "编号、卡号，或名称加电话")
    CODE = ("code", "编号或卡号")


class Action(Titled):
    """What becomes of a row."""

    CREATE = ("create", "新增")
    UPDATE = ("update", "更新")
    SAME = ("same", "无变化")
    SKIP = ("skip", "跳过")
    REFUSE = ("refuse", "不导入")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user chose. ``create_words`` makes unknown words of the shop's lists instead of refusing the row.

    ``remedy`` says, where rows are refused for such words, how that would have been chosen.
    """

    mode: Mode = Mode.BOTH
    duplicates: Duplicates = Duplicates.SKIP
    match_by: MatchBy = MatchBy.PHONE
    create_words: bool = False
    remedy: str = "选择“自动建立新的词”"

    def check(self) -> None:
        """Raise InputError for choices that contradict each other."""
        if self.mode is Mode.CREATE and self.duplicates is Duplicates.UPDATE:
            raise InputError("“只新增”时，重复的行只能跳过或仍作为新客户。", field="duplicates")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a row of the file: its number there, who it is about, and what is said about it.

    ``problems`` are (title of the column, sentence) for which it is not taken, ``doubts`` only make one think.
    """

    number: int
    action: Action
    name: str
    problems: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """All that is said about the row, in one line."""
        return " ".join([*(sentence for _, sentence in self.problems), *self.doubts])


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A row to be added. ``contact`` lacks its customer; the money and points are what he had before."""

    number: int
    customer: CustomerInput
    contact: ContactInput | None = None
    stored_fen: int = 0
    debt_fen: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class ChangedCustomer:
    """A row to be written over a customer that is there; ``contact`` is a person not known there yet."""

    number: int
    customer_id: int
    before: CustomerInput
    after: CustomerInput
    contact: ContactInput | None = None


@dataclass(slots=True)
class Plan:
    """Everything an import would do. ``new_words`` are words to be made first, by the field they are for."""

    outcomes: list[Outcome] = field(default_factory=list)
    new: list[NewCustomer] = field(default_factory=list)
    changed: list[ChangedCustomer] = field(default_factory=list)
    new_words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def count(self, action: Action) -> int:
        """How many rows come to this."""
        return sum(outcome.action is action for outcome in self.outcomes)

    def summary(self) -> str:
        """``新增 120，更新 3，跳过 2，不导入 1``; what does not occur is left out."""
        counts = [(action.title, self.count(action)) for action in Action]
        return "，".join(f"{title} {count:,}" for title, count in counts if count) or "没有内容"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; without anything taken in there is no batch."""

    batch_id: int | None
    created: int
    updated: int
    same: int
    outcomes: Sequence[Outcome]

    @property
    def left_out(self) -> list[Outcome]:
        """The rows that were not taken in, with their reasons."""
        return [one for one in self.outcomes if one.action in (Action.SKIP, Action.REFUSE)]

    @property
    def sentence(self) -> str:
        """What is told after it."""
        parts = [
            (f"新增 {self.created:,}", self.created),
            (f"更新 {self.updated:,}", self.updated),
            (f"无变化 {self.same:,}", self.same),
            (f"未导入 {len(self.left_out):,}", self.left_out),
        ]
        told = "，".join(text for text, there in parts if there)
        return f"导入完成：{told or '没有可导入的行'}。"


OUTCOME_COLUMNS = (
    Column("number", "行号", Kind.NUMBER, width=7),
    Column("action", "结果", width=8),
    Column("name", "客户", width=16),
    Column("remark", "说明", width=40, stretch=True),
)
BATCH_COLUMNS = (
    Column("at", "时间", Kind.MOMENT, width=17),
    Column("kind", "内容", width=10),
    Column("file_name", "文件", width=18, stretch=True),
    Column("operator_name", "操作员", width=10),
    Column("created_count", "新增", Kind.NUMBER, width=8),
    Column("updated_count", "更新", Kind.NUMBER, width=8),
    Column("refused_count", "未导入", Kind.NUMBER, width=8),
    Column("state", "状态", width=26),
)
_TONES = {Action.REFUSE: "danger", Action.SKIP: "muted", Action.SAME: "muted"}


def undo_words(created: int, updated: int) -> str:
    """What taking an import back would do; what does not occur is left out."""
    parts = [
        (f"新增的 {created:,} 条会删除", created),
        (f"更新的 {updated:,} 条会改回原样", updated),
    ]
    return "，".join(text for text, there in parts if there) + "。"


def outcome_row(outcome: Outcome) -> dict[str, Any]:
    """A row of the preview, by OUTCOME_COLUMNS: what is refused in red, doubts in amber."""
    tone = _TONES.get(outcome.action, "warning" if outcome.doubts else None)
    return {
        "id": outcome.number,
        "number": outcome.number,
        "action": outcome.action.title,
        "name": outcome.name,
        "remark": outcome.remark,
        "tone": tone,
    }


def stored(value: Any) -> Any:
    """A value of a field as it is kept in JSON; days are told from texts."""
    return {"day": value.isoformat()} if isinstance(value, date) else value


def unstored(value: Any) -> Any:
    """The way back from ``stored``."""
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value
