"""How personal data looks before anybody asked to see it: enough to recognise, not enough to know."""

from __future__ import annotations

from shuoshi.kernel.crypto import ErasedText

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "巫马",
        "公西",
        "颛孙",
        "壤驷",
        "公良",
        "漆雕",
        "乐正",
        "宰父",
        "谷梁",
        "拓跋",
        "夹谷",
        "轩辕",
        "令狐",
        "段干",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "公户",
        "公玉",
        "公仪",
        "梁丘",
        "公仲",
        "公上",
        "公门",
        "公山",
        "公坚",
        "左丘",
        "公伯",
        "西门",
        "公祖",
        "第五",
        "公乘",
        "贯丘",
        "公皙",
        "歐陽",
        "司馬",
        "東方",
        "諸葛",
        "尉遲",
        "赫連",
        "澹臺",
        "濮陽",
        "公冶",
        "仲孫",
        "鍾離",
        "長孫",
        "鮮于",
        "閭丘",
        "公孫",
    ]
)


def masked_name(name: str) -> str:
    """陈某某, 欧阳某某: never how long the given name is. Other scripts keep the first letter. Of the erased, that they are."""
    if isinstance(name, ErasedText):
        return str(name)
    name = name.strip()
    if not name:
        return ""
    if name[0].isascii():
        return f"{name[0]}***"
    return (name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[0]) + "某某"


def masked_phone(number: str) -> str:
    """138****0017; shorter numbers keep their last two digits; a short service number belongs to nobody and stays."""
    if len(number) <= 6:
        return number
    if len(number) >= 11:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    return f"{'*' * (len(number) - 2)}{number[-2:]}"


def masked_id_number(number: str) -> str:
    """330105**********12: the region, and the last two."""
    return f"{number[:6]}{'*' * (len(number) - 8)}{number[-2:]}" if len(number) > 8 else "*" * len(number)


def masked_address(address: str) -> str:
    """The first six characters, which name town or village."""
    return f"{address[:6]}…" if len(address) > 6 else address


def masked_email(address: str) -> str:
    """c***@example.com: the first sign, and where it is."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}" if name else ""
