"""When two customers may be one: what is left of a name, and how near two names lie. Pure; nothing is read here."""

import re
from collections.abc import Iterable, Iterator

from meiping.kernel.pinyin import sort_key
from meiping.kernel.text import fold

_ENDINGS = (
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "股份公司",
    "总公司",
    "公司",
    "企业集团",
    "集团",
    "股份",
    "个体工商户",
    "经营部",
    "门市部",
    "批发部",
    "服务部",
    "营业部",
    "专卖店",
    "旗舰店",
    "商行",
)
"""What says only in which form a firm does business."""
_PLACES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|石家庄|太原|沈阳|大连|长春|哈尔滨|南京|苏州|无锡|杭州"
    "|宁波|温州|合肥|福州|厦门|泉州|南昌|济南|青岛|烟台|郑州|洛阳|武汉|长沙|广州|深圳|东莞|佛山|珠海|中山|惠州|南宁|海口"
    "|成都|贵阳|昆明|西安|兰州|西宁|银川|乌鲁木齐|呼和浩特|拉萨"
)
_PLACE = re.compile(rf"^(?:(?:{_PLACES})(?:壮族自治区|自治区|省|市)?|[\u4e00-\u9fff]{{2,3}}[省市])")
_NUMBERS = re.compile(r"\d+")
_NOISE = re.compile(r"[\W_]+")
_SHORTEST = 2
"""So much of a name always stays."""
NEAR_FROM = 4
"""A name must have so many characters before one that differs goes unnoticed."""
_SWAP_FROM = 3
LONGEST_KEYWORD = 12


def core_name(name: str) -> str:
    """What a name says beyond the place it begins with and the form of firm it ends with; folded, no punctuation.

    ``深圳市美萍科技有限公司`` and ``美萍科技(集团)`` both leave ``美萍科技``. Never less than two characters.
    """
    core = _NOISE.sub("", fold(name))
    core = _without_endings(core)
    while (place := _PLACE.match(core)) and len(core) - place.end() >= _SHORTEST:
        core = core[place.end() :]
    return core


def _without_endings(core: str) -> str:
    shorter = True
    while shorter:
        shorter = False
        for ending in _ENDINGS:
            if core.endswith(ending) and len(core) - len(ending) >= _SHORTEST:
                core, shorter = core[: -len(ending)], True
                break
    return core


def numbers_of(core: str) -> tuple[str, ...]:
    """The numbers in a core: where they differ, two names are never near (``3号仓``, ``4号仓``)."""
    return tuple(_NUMBERS.findall(core))


def is_near(core: str, other: str) -> bool:
    """Whether two different cores differ by one character, or by two neighbours that changed places."""
    if core == other or numbers_of(core) != numbers_of(other):
        return False
    return differs_by_one(core, other)


def differs_by_one(core: str, other: str) -> bool:
    """The same of two different cores with the same numbers."""
    if min(len(core), len(other)) >= NEAR_FROM:
        from rapidfuzz.distance import OSA  # with the first name compared, not with the window

        return OSA.distance(core, other, score_cutoff=1) <= 1
    return len(core) >= _SWAP_FROM and other in swapped(core)


def swapped(core: str) -> list[str]:
    """The core with each two neighbours in each other's place."""
    turned = (core[:i] + core[i + 1] + core[i] + core[i + 2 :] for i in range(len(core) - 1))
    return [one for one in dict.fromkeys(turned) if one != core]


def hints(core: str) -> Iterator[str]:
    """Near cores have one of these in common: the core, and it without each of its characters.

    Of short ones, which are near only where two neighbours changed places, it is the characters in order.
    """
    if len(core) < NEAR_FROM:
        if len(core) >= _SWAP_FROM:
            yield "".join(sorted(core))
        return
    yield core
    yield from dict.fromkeys(core[:i] + core[i + 1 :] for i in range(len(core)))


def sounds(name: str) -> str:
    """The pinyin of a Chinese name of two characters or more; empty for any other."""
    return sort_key(name) if len(re.findall(r"[\u4e00-\u9fff]", name)) >= _SHORTEST else ""


def pieces(name: str) -> list[str]:
    """Everything in a name that could be somebody's keyword: two characters and more."""
    text = name.strip()
    return list(
        dict.fromkeys(
            text[start:end]
            for start in range(len(text))
            for end in range(start + _SHORTEST, min(len(text), start + LONGEST_KEYWORD) + 1)
        )
    )


def name_reason(name: str, core: str, sound: str, other: str) -> str:
    """Why another customer's name may mean the same one, in words on screen; empty where it does not.

    ``core`` and ``sound`` are those of ``name``.
    """
    if not other or not core:
        return ""
    if fold(name) == fold(other):
        return "名称相同"
    theirs = core_name(other)
    if core == theirs:
        return "主要名称相同"
    if sound and sound == sounds(other):
        return "读音相同"
    return "名称相近" if is_near(core, theirs) else ""


def pairs_of(ids: Iterable[int], *, all_below: int = 7) -> Iterator[tuple[int, int]]:
    """Every two of a few; of many each with the first."""
    ordered = sorted(set(ids))
    if len(ordered) >= all_below:
        yield from ((ordered[0], other) for other in ordered[1:])
        return
    for place, one in enumerate(ordered):
        yield from ((one, other) for other in ordered[place + 1 :])
