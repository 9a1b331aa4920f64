"""ux.md §7: each fault of wording is found by the tool, and what is allowed is let through."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Message

from tools import messages, words


@pytest.mark.parametrize(
    "text",
    [
        "您的诉求已提交成功",
        "本系统正在维护",
        "本系統正在維護",
        "用户不存在",
        "工单已派出",
        "输入不合法",
        "暂无数据",
        "请耐心等待",
        "你的手机号",
        "登记好了!",
        "登记好了！",
        "正在收下...",
        "请写手机号,例如",
        "请写手机号:",
        "承办单位(镇水利站)",
        "写好了.",
        "写好了。。",
        "请写，，再发",
        "请写，。",
        "最晚，11月9日前",
        "请在 %(day)s 之前评价",
        "{day}前评价",
        "星期五和 5 日以前都行",
    ],
)
def test_what_is_badly_worded_is_found(text: str) -> None:
    assert words.faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "您说的事登记好了。最晚 11月25日告诉您由谁来办。",
        "只有系统管理员可以修改这里的内容。",
        "登记员、系统管理员、领导都看得到。",
        "今天 %(time)s 前",
        "正在收下…",
        "《信访工作条例》（2022 年）第 33 条",
        "手机号应是 11 位数字，例如 138 0000 0000。",
        "%(who)s 已于 14:32 签收了这件事。",
        "前一天、以前、裁定前都可以",
        "施工单位下个还款日前来，10 日前后完工。",
        "这些页面按 GB/T 37668 和 WCAG 2.2 AA 级来做。",
    ],
)
def test_what_is_well_worded_is_let_through(text: str) -> None:
    assert words.faults(text) == []


@pytest.mark.parametrize("text", ["Sent!", "Sending...", "Well,, then", "Name：value"])
def test_english_is_read_too(text: str) -> None:
    assert words.english_faults(text)
    assert not words.english_faults("Sending … Mon 3 Nov, 17:00. SS-QH-20261117-0012")


def test_the_catalogues_are_held_to_it() -> None:
    assert messages._ill_worded("zh_Hans", Message("%(n)s 个工单", "%(n)s 个工单", locations=[("desk/words.py", 0)]))
    assert messages._ill_worded("en", Message("登记好了", "Registered!"))
    assert messages._ill_worded("en", Message("登记好了", "Registered.")) == []


def test_each_phrase_that_may_stand_is_needed() -> None:
    """An allowance nobody uses any more would let a new fault through."""
    held = "".join(
        text
        for language in ("zh_Hans", "zh_Hant")
        for message in messages._messages(messages.read(language))
        for text in messages._texts(message.string)
    )
    assert [phrase for phrase in words.ALLOWED if "{}" not in phrase and phrase not in held] == []
