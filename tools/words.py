"""How the product writes, as far as a program can tell: words it avoids, full-width punctuation, days that say 最晚.

`tools/messages.py --check` holds catalogues and profile to it, the tests hold the invented town to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PROFILE = ROOT / "src" / "shuoshi" / "organization" / "profile" / "default"

FORBIDDEN = {  # patterns, and what is said instead
    "系统": "who does it: 我们, the unit, the centre",
    "系統": "who does it: 我們, the unit, the centre",
    "用户": "您, 说事人, 工作人员",
    "用戶": "您, 說事人, 工作人員",
    "工单(?!位)": "这件事",
    "工單(?!位)": "這件事",
    "提交成功": "登记好了, and what happens next",
    "非法": "what is wrong and how to mend it",
    "不合法": "what is wrong and how to mend it",
    "暂无": "what is not there, and what comes when",
    "暫無": "what is not there, and what comes when",
    "无权限": "the reason, and who may",
    "無權限": "the reason, and who may",
    "耐心等待": "who does what by when",
    "你": "您",
}
ALLOWED = {  # phrases that may stand although they look like a fault
    "系统管理员": "the name of the role",
    "系統管理員": "the name of the role",
    "名称: 内容": "how YAML writes a key and its value",
    "名稱: 內容": "how YAML writes a key and its value",
    "甲, 乙 in 列表": "how a template of a document names the columns of a table",
    "今天 {} 前": "an hour of today; 最晚 is for days",
}
_HAN = r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_CHINESE = {
    "half-width punctuation": re.compile(rf"{_HAN}\s*[,;:?()]|[,;:?()]\s*{_HAN}|{_HAN}\."),
    "doubled punctuation": re.compile(r"[，。；：？、,.;:?]\s*[，。；：？、,.;:?]"),
    "three dots; …": re.compile(r"\.\.\.|。。"),
    "an exclamation mark": re.compile(r"[！!]"),
    "a day with 前; 最晚 and the day": re.compile(r"(?:\d\s*[日月号號年]|\{\})\s*(?:之前|以前|前)(?![后後])"),
}
_ENGLISH = {
    "three dots; …": re.compile(r"\.\.\."),
    "an exclamation mark": re.compile("!"),
    "doubled punctuation": re.compile(r"[,.;:?]{2}"),
    "full-width punctuation": re.compile(r"\w[，。；：？、！（）]"),
}


def faults(text: str) -> list[str]:
    """What is wrong with a Chinese text; empty when nothing is."""
    bare = _PLACEHOLDER.sub("{}", text)
    for phrase in ALLOWED:
        bare = bare.replace(phrase, "字")  # what stands on its two sides stays apart
    found = [f"{word}: {instead}" for word, instead in FORBIDDEN.items() if re.search(word, bare)]
    return found + [what for what, pattern in _CHINESE.items() if pattern.search(bare)]


def english_faults(text: str) -> list[str]:
    return [what for what, pattern in _ENGLISH.items() if pattern.search(_PLACEHOLDER.sub("{}", text))]


def faults_of_the_profile() -> list[str]:
    return [
        f"{file.relative_to(ROOT)}: {fault}: {text}"
        for file in sorted(PROFILE.glob("*.yaml"))
        for text in _chinese_of(yaml.safe_load(file.read_text("utf-8")))
        for fault in faults(text)
    ]


def _chinese_of(value: object) -> Iterator[str]:
    """Every text in Chinese of a YAML file, however deep."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("zh-Hans", "zh-Hant") and isinstance(item, str):
                yield item
            else:
                yield from _chinese_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from _chinese_of(item)
