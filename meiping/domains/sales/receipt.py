"""The receipt of a posted bill, made from what is stored: the same the second time, only marked 补打."""

from meiping.adapters.receipt_pdf import Block, Item, ItemHead, Pair, Rule, Slip, Total
from meiping.domains.loyalty.card_queries import cards_back_on, cards_sold_on
from meiping.domains.loyalty.queries import points_left, points_of_bill, points_on
from meiping.domains.sales.invoice_rules import contained_tax_fen, rate_words
from meiping.domains.sales.queries import NOBODY_WORD, BillDetail, BillLineDetail, bill_detail
from meiping.domains.settings.queries import option
from meiping.domains.till.queries import balance_pairs, shop_paper
from meiping.kernel.actor import Actor
from meiping.kernel.moments import show_date, show_moment
from meiping.kernel.money import show_discount, show_fen


def receipt_slip(actor: Actor, *, sale_id: int, reprint: bool = False) -> Slip:
    """The slip of a bill in the width the shop has set. Raises NotFound outside the actor's scope."""
    bill = bill_detail(actor, sale_id=sale_id)
    blocks: list[Block] = [Rule(), Pair("单号", bill.number), Pair("时间", show_moment(bill.posted_at))]
    if bill.original_number:
        blocks.append(Pair("原单", bill.original_number))
    blocks.append(Pair("收银员", bill.operator))
    if bill.salesperson and option("receipt.salespersons"):
        blocks.append(Pair("业务员", bill.salesperson))
    if bill.customer_id:
        blocks.append(Pair("客户", bill.customer))
    blocks += [Rule(), ItemHead()]
    blocks += [_item(line, sold=bill.kind == "sale") for line in bill.lines]
    blocks += [Rule(), *_sums(bill)]
    if bill.customer_id:
        blocks += balance_pairs(bill.company_id, bill.customer_id)
        blocks += _cards(bill)
        blocks += _points(actor, bill.id, bill.customer_id)
    title = {"return": "退货单", "exchange": "换货单"}.get(bill.kind, "")
    return shop_paper(bill.company_id, blocks, title=title, reprint=reprint)


def _cards(bill: BillDetail) -> list[Block]:
    """The count cards that were sold, and how much of one that comes back had been used."""
    if bill.kind == "return":
        return [Pair(f"次卡 {name}", said) for name, said in cards_back_on(bill.id)]
    return [
        Pair(f"次卡 {service}", f"{uses} 次" + (f"，{show_date(until)} 到期" if until else ""))
        for service, uses, until in cards_sold_on(bill.id)
    ]


def _points(actor: Actor, sale_id: int, customer_id: int) -> list[Block]:
    """The points that moved with the bill, and those there are now."""
    moved = points_of_bill(sale_id)
    told = (("本次积分", moved.earned), ("积分付款", moved.used))
    pairs: list[Block] = [Pair(word, f"{points:+,}") for word, points in told if points]
    if pairs or points_on():
        pairs.append(Pair("积分余额", f"{points_left(customer_id, actor.today()):,}"))
    return pairs


def _item(line: BillLineDetail, *, sold: bool) -> Item:
    """Goods sold as anybody can reckon, the bill's discounts below; of a return or an exchange what goes back."""
    said = ["赠品"] if line.gift else [show_discount(line.discount_bp)]
    if line.price_fen != line.list_price_fen and not line.gift:
        said.append(f"原价 {show_fen(line.list_price_fen)}")
    if line.returned_from:
        said.append(f"退自 {line.returned_from}")
    if line.salesperson and line.salesperson != NOBODY_WORD and option("receipt.salespersons"):
        said.append(f"业务员 {line.salesperson}")
    note = " ".join(word for word in said if word)
    return Item(
        line.product_name,
        line.qty_milli,
        line.price_fen,
        line.own_fen if sold else line.net_fen,
        note,
        line.unit,
    )


def _off_the_whole(bill: BillDetail) -> list[Block]:
    """From what the lines come to, to what is due."""
    lines_fen = sum(line.own_fen for line in bill.lines)
    off_fen = lines_fen + bill.rounding_fen - bill.total_fen
    blocks: list[Block] = [Pair("合计", show_fen(lines_fen))] if off_fen or bill.rounding_fen else []
    if off_fen:
        blocks.append(Pair("整单优惠", show_fen(-off_fen)))
    if bill.rounding_fen:
        blocks.append(Pair("抹零", show_fen(bill.rounding_fen)))
    return blocks


def _off_the_list(bill: BillDetail) -> list[Block]:
    """From list prices to what goes back."""
    blocks: list[Block] = []
    if bill.discount_fen or bill.rounding_fen:
        blocks.append(Pair("合计", show_fen(bill.list_fen)))
    if bill.discount_fen:
        blocks.append(Pair("优惠", show_fen(-bill.discount_fen)))
    if bill.rounding_fen:
        blocks.append(Pair("抹零", show_fen(bill.rounding_fen)))
    return blocks


def _sums(bill: BillDetail) -> list[Block]:
    blocks: list[Block] = []
    if bill.kind == "exchange":
        blocks.append(Pair("换走商品", show_fen(bill.total_fen + bill.came_back_fen)))
        blocks.append(Pair("退回商品", show_fen(-bill.came_back_fen)))
    elif bill.kind == "sale":
        blocks += _off_the_whole(bill)
    else:
        blocks += _off_the_list(bill)
    blocks.append(Total("退款" if bill.total_fen < 0 else "应收", abs(bill.total_fen)))
    if bill.kind == "sale" and bill.discount_fen > 0:
        blocks.append(Pair("已优惠", show_fen(bill.discount_fen)))
    if bill.tax_bp and bill.total_fen:
        tax_fen = contained_tax_fen(abs(bill.total_fen), bill.tax_bp)
        blocks.append(Pair(f"含税 {rate_words(bill.tax_bp)} 税额", show_fen(tax_fen)))
    for word, amount_fen, received_fen in bill.tenders:
        if amount_fen < 0:
            blocks.append(Pair(f"{word}退回", show_fen(-amount_fen)))
        else:
            blocks.append(Pair(word, show_fen(received_fen)))
    if bill.change_fen:
        blocks.append(Pair("找零", show_fen(bill.change_fen)))
    if bill.deposit_back_fen:
        blocks.append(Pair("定金退回现金", show_fen(bill.deposit_back_fen)))
    if bill.stored_change_fen:
        blocks.append(Pair("找零存入储值", show_fen(bill.stored_change_fen)))
    return blocks
