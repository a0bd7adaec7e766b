"""Papers and photos of some customers of the demonstration shop: drawn here, kept as any others are."""

import io
import random
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from meiping.adapters.fonts import sans_path
from meiping.adapters.pictures import photo_of
from meiping.domains.documents.keeping import keep_content
from meiping.domains.documents.rules import NewDocument
from meiping.domains.documents.service import add_documents, set_photo
from meiping.domains.settings.queries import words
from meiping.kernel.moments import system_clock
from meiping.store.folder import DataFolder
from meiping.tools.demo_maker import DemoCustomer, Maker

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Colour = tuple[int, int, int]
_FIRMS, _PEOPLE, _PHOTOS = 10, 8, 12
_COLOURS = ((74, 110, 160), (160, 110, 80), (90, 140, 110), (150, 90, 120), (110, 110, 150))
_CLAUSES = (
    "一、甲方向乙方供应护肤、彩妆类商品，以每次的业务单为准。",
    "二、货款月结，账期三十天；超过账期按双方约定处理。",
    "三、商品外包装完好的，七天内可以退换。",
    "四、本合同一式两份，双方各执一份，签字之日起生效。",
)


def make_documents(maker: Maker, folder: DataFolder) -> None:
    """Contracts and quotes for firms, pictures and notes for people, and photos of a few."""
    maker.tell(0, 1, "资料")
    now = system_clock()
    choose = random.Random(maker.size.seed)
    firms = [customer for customer in maker.customers if customer.firm][:_FIRMS]
    people = [customer for customer in maker.customers if not customer.firm]
    shop_front = keep_content(folder, _picture(choose, _draw_front), "门店照片.png")
    quote = keep_content(folder, _quote(), "报价单.csv")
    contract = keep_content(folder, contract_page(), "年度供货合同.pdf")
    for number, firm in enumerate(firms):
        maker.clock.now = _before(now, firm, choose)
        _add(maker, firm, [contract], "合同", "双方已盖章，原件在店长抽屉。")
        _add(maker, firm, [quote] if number % 2 else [quote, shop_front], "报价单", "")
    for person in people[:_PEOPLE]:
        picture = keep_content(folder, _picture(choose, _draw_goods), "常用色号.png")
        maker.clock.now = _before(now, person, choose)
        _add(maker, person, [picture], "图片", choose.choice(("", "客户发来的照片", "上次选中的颜色")))
    for person in people[-_PHOTOS:]:
        photo = keep_content(folder, photo_of(_picture(choose, _draw_person)), "照片.jpg")
        maker.clock.now = _before(now, person, choose)
        set_photo(maker.owner, customer_id=person.id, photo_hash=photo.hash)


def _before(now: datetime, customer: DemoCustomer, choose: random.Random) -> datetime:
    """A moment in the shop's hours between the customer's first day and now."""
    day = customer.since + timedelta(days=choose.randrange(max((now.date() - customer.since).days, 1)))
    return min(datetime.combine(day, time(choose.randrange(9, 20), choose.randrange(60))).astimezone(), now)


def _add(maker: Maker, customer: DemoCustomer, kept: list[NewDocument], category: str, notes: str) -> None:
    known = {word.name: word.id for word in words("document_category")}
    add_documents(
        maker.owner,
        customer_id=customer.id,
        documents=kept,
        category_id=known.get(category),
        notes=notes,
    )


def _quote() -> bytes:
    lines = (
        "商品,单价（元）,备注",
        "补水面膜 5 片装,49.00,满 50 盒九折",
        "修护精华 30ml,168.00,",
        "护手霜 75ml,29.90,",
    )
    return "\r\n".join(lines).encode("utf-8-sig")


def contract_page() -> bytes:
    """A PDF of one page with a title and some lines, as a scanner makes it."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (827, 1169), 255)
    draw = ImageDraw.Draw(page)
    draw.text((414, 140), "年度供货合同", 0, ImageFont.truetype(sans_path(), 40), anchor="mm")
    body = ImageFont.truetype(sans_path(), 20)
    parties = ("甲方：小雅美妆生活馆", "乙方：____________________", "")
    for number, line in enumerate((*parties, *_CLAUSES)):
        draw.text((90, 240 + 48 * number), line, 0, body)
    written = io.BytesIO()
    page.save(written, "PDF", resolution=100)
    return written.getvalue()


def _picture(choose: random.Random, draw: "Callable[[ImageDraw, Colour], None]") -> bytes:
    """A small PNG on a coloured ground."""
    from PIL import Image, ImageDraw

    colour = choose.choice(_COLOURS)
    image = Image.new("RGB", (640, 480), colour)
    draw(ImageDraw.Draw(image), colour)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _lighter(colour: Colour, part: float) -> Colour:
    red, green, blue = (round(one + (255 - one) * part) for one in colour)
    return red, green, blue


def _draw_front(draw: "ImageDraw", colour: Colour) -> None:
    """A shop: sign, window, door."""
    draw.rectangle((0, 400, 640, 480), fill=_lighter(colour, 0.3))
    draw.rectangle((70, 90, 570, 400), fill=_lighter(colour, 0.8))
    draw.rectangle((70, 90, 570, 150), fill=_lighter(colour, 0.5))
    draw.rectangle((110, 190, 380, 340), fill=_lighter(colour, 0.2))
    draw.rectangle((430, 190, 520, 400), fill=_lighter(colour, 0.35))


def _draw_goods(draw: "ImageDraw", colour: Colour) -> None:
    """A row of colours to choose from."""
    for place in range(5):
        left = 50 + 110 * place
        draw.rounded_rectangle((left, 140, left + 90, 340), 18, fill=_lighter(colour, 0.15 + 0.16 * place))


def _draw_person(draw: "ImageDraw", colour: Colour) -> None:
    """A head and shoulders."""
    draw.ellipse((245, 100, 395, 260), fill=_lighter(colour, 0.75))
    draw.pieslice((170, 285, 470, 640), 180, 360, fill=_lighter(colour, 0.75))
