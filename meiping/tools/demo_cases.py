"""Service cases of the demonstration shop: complaints and requests, at every step a case can be at."""

import uuid
from datetime import date, datetime, time, timedelta
from random import Random

from meiping.domains.settings.queries import words
from meiping.domains.support.rules import (
    TYPES,
    Assigned,
    CaseInput,
    DoneInput,
    Opinion,
    Priority,
    RevisitInput,
)
from meiping.domains.support.service import add_case, close_cases, finish_case, revisit_case
from meiping.kernel.actor import Actor
from meiping.kernel.moments import system_clock
from meiping.tools.demo_maker import DemoCustomer, Maker

_SAID = {
    "远程售后": (
        ("扫码付款后没有收到小票", "微信付款成功，想补一张小票。"),
        ("会员卡积分不对", "上次消费没有积分。"),
    ),
    "现场售后": (("美容仪充不上电", "买了两周，充电灯不亮。"), ("上门安装陈列架", "门店二楼，需要带电钻。")),
    "客户投诉": (
        ("面霜用后发红", "用了三天脸上发红，要求退货。"),
        ("送货晚了两天", "说好周三到，周五才送到。"),
        ("瓶口漏液", "打开时盒子里已经湿了。"),
    ),
    "客户回访": (("新品试用回访", "问问小样用得怎么样。"), ("护理套餐到期回访", "")),
}
_RESULTS = (
    "换了一件新的，客户带走。",
    "已退款并致歉。",
    "远程指导后解决。",
    "上门处理完毕。",
    "补了小样，说明用法。",
)
_FEEDBACK = {
    Opinion.SATISFIED: ("很快，谢谢。", "态度很好。", ""),
    Opinion.FAIR: ("还可以。", "等得有点久。"),
    Opinion.UNSATISFIED: ("问题又出现了。", "来了两次才弄好。"),
}
_HANDLERS = ("林静", "陈强", "赵敏", "小周")
_FEWEST, _MOST, _OLDEST_DAYS, _FRESH = 8, 80, 120, 6


def make_cases(maker: Maker, today: date) -> None:
    """Over the last months, nearly all of the older ones done and closed, the newest in the midst of it."""
    chance = Random(maker.size.seed)
    types = {word.name: word.id for word in words(TYPES)}
    count = min(max(len(maker.customers) // 6, _FEWEST), _MOST)
    known = [one for one in maker.customers if one.since < today - timedelta(days=_OLDEST_DAYS)]
    for place in range(count if known else 0):
        age = _OLDEST_DAYS * (count - 1 - place) // count
        _make_case(maker, chance, types, chance.choice(known), today - timedelta(days=age), age)


def _make_case(
    maker: Maker, chance: Random, types: dict[str, int], customer: DemoCustomer, day: date, age: int
) -> None:
    kind = chance.choice(list(_SAID))
    subject, content = chance.choice(_SAID[kind])
    handler = maker.actors[chance.choice(_HANDLERS)]
    _at(maker, day, 10)
    case_id = add_case(
        maker.owner,
        key=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        customer_id=customer.id,
        case=CaseInput(
            subject,
            types[kind],
            chance.choice((Priority.URGENT, Priority.NORMAL, Priority.NORMAL, Priority.LOW)),
            content,
            product_id=chance.choice(maker.products).id if kind != "远程售后" else None,
            due_date=day + timedelta(days=chance.choice((2, 3, 5, 7))),
        ),
        assigned=Assigned(handler.operator_id) if age or chance.random() < 0.5 else Assigned(),
    )
    if age > _FRESH:
        _deal_with(maker, chance, case_id, handler, day, age)


def _deal_with(maker: Maker, chance: Random, case_id: int, handler: Actor, day: date, age: int) -> None:
    """A few are forgotten, a few done late; most customers are asked afterwards."""
    if chance.random() < 0.06:
        return
    took = min(chance.choice((0, 1, 1, 2, 3, 5, 9)), age)
    _at(maker, day + timedelta(days=took), 15)
    done = DoneInput(
        handler.operator_id, chance.choice((100, 100, 100, 90, 80)), result=chance.choice(_RESULTS)
    )
    finish_case(maker.owner, case_id=case_id, finished=done)
    if age - took < 2 or chance.random() < 0.15:
        return
    _at(maker, day + timedelta(days=took + 1), 11)
    opinion = chance.choice(
        (Opinion.SATISFIED, Opinion.SATISFIED, Opinion.SATISFIED, Opinion.FAIR, Opinion.UNSATISFIED)
    )
    revisit_case(
        maker.owner, case_id=case_id, revisit=RevisitInput(opinion, chance.choice(_FEEDBACK[opinion]))
    )
    if age > 3 * _FRESH:
        close_cases(maker.owner, case_ids=[case_id])


def _at(maker: Maker, day: date, hour: int) -> None:
    maker.clock.now = min(datetime.combine(day, time(hour)).astimezone(), system_clock())
