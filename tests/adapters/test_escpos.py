"""Receipts on printers that speak ESC/POS: what goes down the line, and what is told when nobody answers."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from meiping.adapters import escpos
from meiping.adapters.escpos import (
    Connection,
    TillPrinter,
    drawer_commands,
    open_drawer,
    print_slip,
    slip_commands,
    trial_slip,
)
from meiping.adapters.printing import PrintWay
from meiping.adapters.receipt_pdf import Item, Pair, Slip, Text, Total

PRINTER = TillPrinter(Connection.NETWORK, "127.0.0.1", drawer_pin=2)


def printed(commands: bytes, encoding: str = "gb18030") -> list[str]:
    """The lines on the paper, without the commands between them."""
    text = re.sub(rb"\x1b[!EaJd].|\x1b@|\x1c&|\x1dV.", b"", commands)
    return text.decode(encoding).splitlines()


def columns(line: str) -> int:
    return sum(1 if character.isascii() else 2 for character in line)


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """A printer in the network: its address and what it was sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            connection, _ = server.accept()
            with connection:
                while part := connection.recv(4096):
                    heard.append(part)

        thread = threading.Thread(target=take)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", heard
        thread.join(5)


@pytest.mark.parametrize(("width", "most"), [(58, 32), (80, 48)])
def test_no_line_is_wider_than_the_paper(width: int, most: int):
    lines = printed(slip_commands(trial_slip(width, PRINTER), PRINTER))
    assert max(columns(line) for line in lines) == most
    assert any("云南普洱熟茶礼盒装" in line for line in lines)


def test_figures_stand_at_the_right_edge():
    slip = Slip(80, (Pair("单号", "XS-20260131-0001"), Total("应收", 17_121)))
    number, total = printed(slip_commands(slip, PRINTER))[:2]
    assert number.endswith(" XS-20260131-0001")
    assert total.endswith("￥171.21")
    assert {columns(number), columns(total)} == {48}


def test_a_long_name_does_not_push_the_figures_off_the_paper():
    item = Item("特级初榨橄榄油礼盒装两瓶送开瓶器一个" * 2, 12_345, 1_234_567, 15_240_730, unit="kg")
    lines = printed(slip_commands(Slip(58, (item,)), PRINTER))
    assert all(columns(line) <= 32 for line in lines)
    assert any(line.endswith(" 152,407.30") for line in lines)


@pytest.mark.parametrize(("encoding", "codec"), [("gb18030",) * 2, ("big5", "cp950"), ("utf-8",) * 2])
def test_the_yuan_sign_is_one_every_printer_has(encoding: str, codec: str):
    printer = replace(PRINTER, encoding=encoding)
    lines = printed(slip_commands(Slip(80, (Text("¥1"),)), printer), codec)
    assert lines[0] == "￥1"


def test_what_an_encoding_lacks_becomes_a_question_mark_and_nothing_breaks():
    printer = replace(PRINTER, encoding="big5")
    assert printed(slip_commands(Slip(80, (Text("图𠮷"),)), printer), "big5")[0] == "??"


def test_the_paper_is_cut_only_where_the_printer_can():
    slip = Slip(58, (Text("好"),))
    assert b"\x1dV" in slip_commands(slip, PRINTER)
    assert b"\x1dV" not in slip_commands(slip, replace(PRINTER, cuts=False))


@pytest.mark.parametrize(("pin", "place"), [(2, 0), (5, 1)])
def test_the_pulse_goes_to_the_drawers_pin_for_the_set_time(pin: int, place: int):
    commands = drawer_commands(replace(PRINTER, drawer_pin=pin, pulse_ms=120))
    assert commands == bytes([27, 112, place, 60, 250])


def test_a_receipt_reaches_a_printer_in_the_network():
    slip = trial_slip(80, PRINTER)
    with listening() as (address, heard):
        outcome = print_slip(slip, replace(PRINTER, target=address))
    assert outcome.way is PrintWay.SENT
    assert b"".join(heard) == slip_commands(slip, PRINTER)


def test_a_receipt_is_written_to_a_device(tmp_path: Path):
    device = tmp_path / "lp0"
    device.touch()
    outcome = print_slip(trial_slip(58, PRINTER), TillPrinter(Connection.DEVICE, str(device)))
    assert outcome.way is PrintWay.SENT
    assert "测试页".encode("gb18030") in device.read_bytes()


@pytest.mark.parametrize(
    ("connection", "target", "word"),
    [
        (Connection.NETWORK, "127.0.0.1:9", "地址"),
        (Connection.NETWORK, "127.0.0.1:不是数", "地址"),
        (Connection.NETWORK, "", "还没有填写"),
        (Connection.DEVICE, "/dev/没有这个", "设备文件"),
        (Connection.QUEUE, "没有这个队列", "队列"),
        (Connection.WINDOWS, "没有这台", "打印机名"),
    ],
)
def test_a_printer_that_does_not_answer_is_told_in_words(connection: Connection, target: str, word: str):
    printer = TillPrinter(connection, target, drawer_pin=2)
    for outcome in (print_slip(trial_slip(80, printer), printer), open_drawer(printer)):
        assert outcome.way is PrintWay.FAILED
        assert word in outcome.sentence


def test_without_the_extra_one_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(escpos, "available", lambda: False)
    outcome = print_slip(trial_slip(80, PRINTER), PRINTER)
    assert outcome.way is PrintWay.FAILED
    assert "run.py add escpos" in outcome.sentence
