"""Stored value that customers of the demonstration shop asked back."""

import uuid

from meiping.domains.wallet.service import refund
from meiping.kernel.moments import system_clock
from meiping.store.database import fetch
from meiping.tools.demo_maker import Maker

_MOST = 3
_PRINCIPAL = (
    "SELECT party_id, -amount_fen FROM balance WHERE account = 'stored_principal' AND amount_fen < 0"
    " ORDER BY party_id DESC LIMIT ?"
)


def make_refunds(maker: Maker) -> None:
    """Two customers get a part of it back, a third all of it; what was a gift lapses then.

    They come one after the other between the last bill and now.
    """
    pause = (system_clock() - maker.clock.now) / (_MOST + 1)
    for place, (customer_id, principal_fen) in enumerate(fetch(_PRINCIPAL, _MOST)):
        maker.clock.now += pause
        whole = place == _MOST - 1
        refund(
            maker.actors["林静"],
            key=str(uuid.UUID(int=maker.random.getrandbits(128), version=4)),
            customer_id=customer_id,
            principal_fen=principal_fen if whole else -(-principal_fen // 2),
            tender="wechat" if place else "cash",
            lapse_bonus=True,
            note="客户要求退还储值",
        )
