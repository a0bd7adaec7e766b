"""A service case on paper: for who goes to the customer, with room for what was done and to sign."""

from meiping.domains.support.queries import CaseDetail, case_detail
from meiping.kernel.moments import show_date
from meiping.kernel.phones import show_phone
from meiping.kernel.tabular import Column, Table
from meiping.ui.context import Context
from meiping.ui.list_output import print_table

_COLUMNS = (Column("what", "项目", width=12), Column("said", "内容", width=70, stretch=True))
_APART = " " * 8


def print_case(context: Context, case_id: int) -> None:
    """Lay a case out on A4 and show it in the system's own viewer, which prints it or saves it as PDF."""
    detail: CaseDetail | None = context.read(case_detail, case_id=case_id)
    if detail is None:
        return
    facts = context.facts()
    head = {
        "shop": facts.get("shop", "") or facts.get("company", ""),
        "单号": detail.number,
        "登记日期": show_date(detail.registered_date),
        "登记人": detail.operator,
        "状态": detail.status.title,
    }
    rows = [
        {"id": place, "what": what, "said": said}
        for place, (what, said) in enumerate(((what, said) for what, said in _facts(detail) if said), start=1)
    ]
    signed = (
        f"服务人员：{detail.done_by or '_' * 14}",
        f"完成度：{'_' * 8 if detail.done_percent is None else f'{detail.done_percent}%'}",
        f"客户签字：{'_' * 14}",
        f"日期：{'_' * 12}",
    )
    below = (f"处理结果：{detail.result or '_' * 60}", "", _APART.join(signed))
    print_table(context, Table("服务单", _COLUMNS, rows), head, below)


def _facts(detail: CaseDetail) -> tuple[tuple[str, str], ...]:
    return (
        ("客户", f"{detail.customer}　{show_phone(detail.customer_phone)}".strip()),
        ("联系人", f"{detail.contact_name}　{show_phone(detail.contact_phone)}".strip()),
        ("主题", detail.subject),
        ("内容", detail.content),
        ("类型", f"{detail.type} · {detail.priority.title}"),
        ("商品", detail.product),
        ("期限", show_date(detail.due_date)),
        ("负责", " ".join(filter(None, (detail.department, detail.person)))),
    )
