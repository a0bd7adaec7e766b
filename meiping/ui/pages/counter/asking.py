"""What the counter asks in a window: which customer, which held bill, who sold it, new goods, terms of the bill."""

import tkinter as tk
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.access.queries import colleagues
from meiping.domains.catalog.queries import ProductHit
from meiping.domains.catalog.service import quick_add_product
from meiping.domains.customers.queries import find_customers
from meiping.domains.customers.rules import EDIT as EDIT_CUSTOMERS
from meiping.domains.customers.rules import FIND_ANY
from meiping.domains.customers.service import quick_add_customer
from meiping.domains.sales.at_till import HeldCart, held_carts
from meiping.domains.sales.carts import drop_cart
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.moments import show_moment
from meiping.kernel.money import WHOLE_BP, show_discount, show_fen
from meiping.kernel.phones import show_phone
from meiping.kernel.quantity import show_milli
from meiping.ui.context import Context
from meiping.ui.pages.counter.cart_controller import HALF_BP, CartController
from meiping.ui.pages.counter.chooser import ChooserColumn, ChooserRow, Create, LookingDialog, choose
from meiping.ui.theme import px
from meiping.ui.widgets import privacy
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_WHOLE_PHONE = 7
_TERMS = ("discount_bp", "reduction_fen")
NOBODY = 0
"""The id of no salesperson at all."""


def ask_customer(parent: tk.Misc, context: Context, text: str = "") -> int | None:
    """Choose a customer, or make a member of the phone or name typed; None if the clerk left."""
    columns = (
        ChooserColumn("客户", 28, stretch=True),
        ChooserColumn("等级", 8),
        ChooserColumn("电话", 15),
        ChooserColumn("卡号", 12),
    )
    everyone = context.actor.can(FIND_ANY)

    def search(typed: str) -> list[ChooserRow]:
        hits = context.read(find_customers, text=typed, any_customer=everyone) if typed else []
        return [
            ChooserRow(hit.id, (privacy.said(hit.name), hit.level, privacy.phone(hit.phone), hit.card))
            for hit in hits or ()
        ]

    can_make = context.actor.can(EDIT_CUSTOMERS)
    chosen = choose(
        parent,
        "选择客户",
        columns,
        search=search,
        hint="手机号或后四位、会员卡、姓名、拼音首字母",
        empty="输入手机号、卡号、姓名或拼音首字母",
        create=Create(_new_member_cells, lambda typed: make_member(context, typed)) if can_make else None,
        text=text,
    )
    return int(chosen) if chosen is not None else None


def _new_member_cells(typed: str) -> tuple[str, ...] | None:
    """Offered for a whole phone or a name, not for a phone's tail."""
    digits = typed.replace(" ", "").replace("-", "")
    if digits.isdigit():
        return ("＋ 新建会员", "", show_phone(digits), "") if len(digits) >= _WHOLE_PHONE else None
    return (f"＋ 新建会员 {typed}", "", "", "") if typed else None


def make_member(context: Context, text: str) -> int | None:
    """A member with this phone, or name; None if that was refused."""
    made: list[int] = []
    context.run(quick_add_customer, text=text, done=made.append, success="已新建会员。")
    return made[0] if made else None


def ask_salesperson(parent: tk.Misc, context: Context) -> int | None:
    """Choose who gets the credit for the bill; NOBODY for none, None if the clerk left."""
    people = [(NOBODY, "不指定"), *colleagues(context.actor)]

    def search(typed: str) -> list[ChooserRow]:
        return [ChooserRow(person, (name,)) for person, name in people if typed in name]

    chosen = choose(
        parent, "本单业务员", (ChooserColumn("姓名", 28, stretch=True),), search=search, empty="没有这个人"
    )
    return int(chosen) if chosen is not None else None


def ask_line_salesperson(parent: tk.Misc, context: Context, goods: str, of_bill: str) -> int | None:
    """Choose who gets the credit for one line; NOBODY for who gets it for the bill, None if the clerk left."""
    people = [(NOBODY, f"同整单（{of_bill or '不指定'}）"), *colleagues(context.actor)]

    def search(typed: str) -> list[ChooserRow]:
        return [ChooserRow(person, (name,)) for person, name in people if typed in name]

    columns = (ChooserColumn("姓名", 28, stretch=True),)
    chosen = choose(parent, "本行业务员", columns, search=search, hint=goods, empty="没有这个人")
    return int(chosen) if chosen is not None else None


def ask_held(parent: tk.Misc, context: Context) -> str | None:
    """Choose a held bill by its key; Delete throws one away after a question."""
    columns = (
        ChooserColumn("时间", 17),
        ChooserColumn("客户", 14),
        ChooserColumn("备注", 20, stretch=True),
        ChooserColumn("商品", 8, right=True),
        ChooserColumn("已付定金", 12, right=True),
        ChooserColumn("应收", 14, right=True),
    )

    def search(typed: str) -> list[ChooserRow]:
        held: list[HeldCart] = context.read(held_carts) or []
        return [
            ChooserRow(
                one.key,
                (
                    show_moment(one.held_at),
                    one.customer,
                    one.note,
                    f"{one.lines} 种",
                    show_fen(one.deposit_fen) if one.deposit_fen else "",
                    show_fen(one.total_fen),
                ),
            )
            for one in held
            if typed in one.customer or typed in one.note
        ]

    def drop(key: str) -> None:
        if context.ask("删除这张挂单吗？", yes="删除", danger=True, detail="里面的商品还没有结账。"):
            context.run(drop_cart, key=key)

    chosen = choose(
        parent,
        "取单",
        columns,
        search=search,
        hint="按客户或备注查找 · Delete 删除挂单",
        verb="取单",
        empty="没有挂着的单",
        on_delete=drop,
    )
    return str(chosen) if chosen is not None else None


def ask_price(
    parent: tk.Misc, search: Callable[[str], list[ProductHit]], till: CartController
) -> ProductHit | None:
    """查价: goods with their list price, what this customer pays, and stock; Enter takes one into the bill."""
    columns = (
        ChooserColumn("编码", 14),
        ChooserColumn("商品", 22, stretch=True),
        ChooserColumn("售价", 10, right=True),
        ChooserColumn("本单价", 10, right=True),
        ChooserColumn("库存", 9, right=True),
    )
    found: dict[int, ProductHit] = {}

    def rows(typed: str) -> list[ChooserRow]:
        hits = search(typed) if typed else []
        found.update({hit.id: hit for hit in hits})
        pays = zip(hits, till.pays_fen(hits), strict=True)
        return [ChooserRow(hit.id, _price_cells(hit, pays_fen)) for hit, pays_fen in pays]

    chosen = choose(
        parent,
        "查价",
        columns,
        search=rows,
        hint="扫码，或输入名称、拼音首字母、编码 · 看过价格再按 Enter 加入本单",
        verb="加入本单",
        kind=LookingDialog,
        empty="扫码或输入要查的商品",
    )
    return found.get(chosen) if chosen is not None else None


def _price_cells(hit: ProductHit, pays_fen: int) -> tuple[str, ...]:
    stock = f"{show_milli(hit.stock_milli)} {hit.unit}".strip() if hit.stock_milli is not None else ""
    name = f"{hit.name}  {hit.specification}".rstrip()
    return hit.code, name, show_fen(hit.price_fen), show_fen(pays_fen), stock


def ask_new_product(parent: tk.Misc, context: Context, text: str, *, weighed: bool = False) -> int | None:
    """Name and price of goods nobody knows yet; gives the product's id, None if the clerk left."""
    made: list[int] = []
    code = text if text.isascii() else ""

    def save(values: dict[str, Any]) -> bool:
        return context.run(
            quick_add_product,
            name=values["name"],
            list_price_fen=values["list_price_fen"],
            code=code,
            weighed=weighed,
            near=dialog,
            done=made.append,
        )

    about = f"编码 {code}，保存后标为“待完善”。" if code else "编码自动生成，保存后标为“待完善”。"
    fields = (
        Field("about", "", FieldKind.NOTE, hint=about),
        Field("name", "名称", required=True, limit=80, default="" if code else text),
        Field("list_price_fen", "每公斤售价" if weighed else "售价", FieldKind.MONEY, required=True),
    )
    dialog = FormDialog(parent, "新建商品", fields, submit="保存并加入本单", on_submit=save, width=380)
    dialog.wait_window()
    return made[0] if made else None


class BillTermsDialog(DialogWindow):
    """Discount and reduction of the whole bill; what it would come to stands below while one types."""

    def __init__(self, parent: tk.Misc, context: Context, till: CartController) -> None:
        super().__init__(parent, "整单优惠")
        self._context, self._till = context, till
        self.form = Form(
            self.body,
            (
                Field("discount_bp", "整单折扣", FieldKind.DISCOUNT, hint="0.85、8.5、85 都是 8.5 折"),
                Field("reduction_fen", "减免金额", FieldKind.MONEY, hint="打折以后再减的元数，例如抹去零头"),
            ),
            columns=1,
            values={
                "discount_bp": till.cart.bill_discount_bp,
                "reduction_fen": till.cart.bill_reduction_fen or None,
            },
            on_submit=self._save,
        )
        self.form.on_change = lambda _key: self._preview()
        ttk.Frame(self.body, width=px(self, 360), height=0).pack()
        self.form.pack(fill="x")
        self._said = ttk.Label(self.body, style="Accent.TLabel", font="MpBig")
        self._said.pack(anchor="e", pady=(px(self, 10), 0))
        self.add_button("确定", self._save, bootstyle="primary")
        self.add_button("不优惠", self._clear)
        self._preview()
        self.open(self)
        self.form.editor("discount_bp").target.focus_set()

    def _terms(self) -> tuple[int, int]:
        values = self.form.values()
        return values["discount_bp"] or WHOLE_BP, values["reduction_fen"] or 0

    def _preview(self) -> None:
        try:
            discount_bp, reduction_fen = (self.form.editor(key).get_value() for key in _TERMS)
            discount_bp, reduction_fen = discount_bp or WHOLE_BP, reduction_fen or 0
            total_fen = self._till.bill_with(discount_bp=discount_bp, reduction_fen=reduction_fen).total_fen
        except InputError:
            self._said.configure(text="")
            return
        words = show_discount(discount_bp)
        self._said.configure(text=f"{words}  应收 {show_fen(total_fen)}".strip())

    def _save(self) -> None:
        try:
            discount_bp, reduction_fen = self._terms()
        except InputError:
            return
        if discount_bp < HALF_BP and not self._context.ask(
            f"整单打 {show_discount(discount_bp)}吗？", yes=f"打 {show_discount(discount_bp)}", danger=True
        ):
            return
        self._apply(discount_bp, reduction_fen)

    def _clear(self) -> None:
        self._apply(WHOLE_BP, 0)

    def _apply(self, discount_bp: int, reduction_fen: int) -> None:
        try:
            self._till.set_bill_terms(discount_bp=discount_bp, reduction_fen=reduction_fen)
        except UserError as error:
            self.form.show_error(error)
        else:
            self.close()
