"""The sentence below a password that was wrong."""

from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.ui.shell.wait_label import WaitLabel

Pump = Callable[..., None]


def test_that_one_may_try_again_is_good_news_and_not_red(root: ttk.App, pump: Pump):
    label = WaitLabel(root)
    label.show("姓名或密码不对，请 1 秒后再试。", 1)
    assert str(label.cget("style")) == "Bad.TLabel"
    pump(lambda: "可以再试" in str(label.cget("text")))
    assert str(label.cget("style")) == "Good.TLabel"
    label.show("请输入密码。")
    assert str(label.cget("style")) == "Bad.TLabel"
    label.destroy()
