"""Invented residents: names by dice, numbers that begin with 138 0000, and who speaks more than once. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random
from uuid import UUID

_SURNAMES = "陈王李张刘杨黄吴周徐朱孙胡林何高罗郑梁谢宋唐许邓冯韩曹曾彭肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_GIVEN = [
    "桂英",
    "秀兰",
    "德明",
    "建军",
    "玉梅",
    "国华",
    "春花",
    "志强",
    "丽萍",
    "大海",
    "小燕",
    "金花",
    "永福",
    "文杰",
    "佳怡",
    "浩然",
    "子涵",
    "雨欣",
    "俊杰",
    "美玲",
    "长根",
    "水生",
    "腊梅",
    "银娣",
    "阿根",
    "根宝",
    "凤仙",
    "月娥",
    "巧珍",
    "宝珠",
    "福根",
    "土生",
    "火旺",
    "冬生",
    "秋菊",
    "夏莲",
    "国庆",
    "建华",
    "卫东",
    "红梅",
    "爱民",
    "援朝",
    "跃进",
    "新民",
    "丽娟",
    "晓东",
    "海涛",
    "雪琴",
    "婷婷",
    "磊",
    "静",
    "敏",
    "鹏",
    "超",
    "勇",
    "艳",
    "娟",
    "霞",
    "辉",
    "斌",
    "玲",
    "燕",
    "波",
    "涛",
    "晨曦",
    "思远",
    "梓萱",
    "一鸣",
    "诗雨",
    "泽宇",
    "欣怡",
    "嘉豪",
    "可欣",
    "明轩",
    "若曦",
    "天佑",
    "玉莲",
    "素芬",
    "菊香",
    "招娣",
    "兰芳",
    "翠萍",
    "月红",
    "大勇",
    "小军",
    "阿明",
    "进财",
    "有福",
    "来喜",
    "满堂",
    "正清",
    "世荣",
    "兴旺",
    "立新",
    "东升",
    "开明",
    "庆云",
    "顺昌",
    "桃花",
    "杏芳",
    "莲香",
]


@dataclass
class Resident:
    name: str
    phone: str
    person: UUID | None = None  # once the registry knows the person


class Residents:
    """Who speaks. About one in five matters comes from somebody of that village who has spoken before."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._numbers = dice.sample(range(10, 9000), 600)
        self._names: set[str] = set()
        self._known: dict[str, list[Resident]] = defaultdict(list)

    def somebody(self, village: str, *, known: bool = True) -> Resident:
        """A new resident of the village, or (where `known` ones will do) one who was here before."""
        neighbours = self._known[village]
        if known and neighbours and self._dice.random() < 0.22:
            return self._dice.choice(neighbours)
        resident = Resident(self._name(), f"1380000{self._numbers.pop():04d}")
        neighbours.append(resident)
        return resident

    def _name(self) -> str:
        while True:
            made = name(self._dice)
            if made not in self._names:
                self._names.add(made)
                return made


def name(dice: Random) -> str:
    """A family name and a given one, as they are common here."""
    return dice.choice(_SURNAMES) + dice.choice(_GIVEN)
