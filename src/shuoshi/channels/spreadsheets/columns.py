"""What a column of a sheet can be, how it is recognised by its heading, and the choices that are kept as a layout."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuoshi.channels import messages
from shuoshi.channels.moments import Order, likely_order
from shuoshi.matters.vocabulary import Naming

if TYPE_CHECKING:
    from shuoshi.channels.spreadsheets.reading import Grid

MOST_VALUES = 120  # different words in one column that are put to ours, one by one
SAMPLES = 3
_SAMPLE_LENGTH = 40


class Field(models.TextChoices):
    """What stands in a column. Several columns may be the content, written one below the other."""

    ID = "id", _("原来的编号")
    TITLE = "title", _("标题")
    CONTENT = "content", _("说的内容")
    SAID_AT = "said_at", _("什么时候说的")
    NAME = "name", _("姓名")
    PHONE = "phone", _("电话")
    PLACE = "place", _("地点")
    AREA = "area", _("村、社区")
    CATEGORY = "category", _("类别")
    LATITUDE = "latitude", _("纬度")
    LONGITUDE = "longitude", _("经度")
    STATE = "state", _("办到哪一步")
    SETTLED_AT = "settled_at", _("什么时候办结的")
    NAMING = "naming", _("要不要保密")


TRANSLATED = (Field.CATEGORY, Field.AREA, Field.STATE, Field.NAMING)  # whose words are put to ours
SETTLED = "settled"  # what a word of Field.STATE is put to, where it says that the matter is over
_OURS = {
    Field.AREA: (
        "村",
        "社区",
        "村社区",
        "所属村",
        "所在村",
        "所属社区",
        "所属区域",
        "区域",
        "辖区",
        "borough",
        "district",
        "area",
    ),
    Field.CATEGORY: ("类别", "类型", "诉求类型", "问题类型", "事项类别", "分类", "category", "complaint type", "type"),
    Field.LATITUDE: ("纬度", "latitude", "lat"),
    Field.LONGITUDE: ("经度", "longitude", "lng", "lon", "long"),
    Field.STATE: ("状态", "办理状态", "当前状态", "status", "state"),
    Field.SETTLED_AT: ("办结时间", "办结日期", "结案时间", "完成时间", "closed date", "closed_at", "closed"),
    Field.NAMING: (
        "是否保密",
        "保密",
        "要求保密",
        "要不要保密",
        "是否匿名",
        "匿名",
        "是否公开身份",
        "confidential",
        "anonymous",
    ),
    Field.ID: ("unique key", "流水号", "登记号", "受理编号", "信访件编号"),
    Field.TITLE: ("事项名称", "诉求标题", "问题标题", "subject"),
    Field.CONTENT: ("descriptor", "description", "反映内容", "反映事项", "问题描述", "诉求", "事项", "问题"),
    Field.SAID_AT: ("created date", "登记时间", "登记日期", "反映时间", "来访时间", "来电时间", "受理日期"),
    Field.NAME: ("反映人", "诉求人", "来访人", "群众姓名"),
    Field.PHONE: ("电话号码", "手机号码", "联系方式", "phone number"),
    Field.PLACE: ("incident address", "address", "事发地址", "详细地址", "发生地点", "location"),
}
_OVER = ("办结", "已结", "结案", "完成", "closed", "resolved", "done")
_NOT_OVER = ("未", "不", "待")
_NOT = ("否", "不", "无", "未", "no", "false", "n", "0", "×")  # how a word begins that asks for nothing


def _words() -> dict[str, Field]:
    """The field of a heading, in small letters."""
    found = {word.casefold(): Field(name) for name, words in messages.KNOWN.items() for word in words}
    for one, words in _OURS.items():
        found |= {word.casefold(): one for word in words}
    return found


_WORDS = _words()


@dataclass(frozen=True)
class Settings:
    """`columns`: a heading and what stands beneath it; `values`: for some of these fields, their words and ours."""

    columns: Mapping[str, Field] = field(default_factory=dict)
    order: Order = Order.YEAR_FIRST
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def headings(self, of: Field) -> list[str]:
        return [heading for heading, one in self.columns.items() if one is of]

    def written(self) -> str:
        whole = {"columns": self.columns, "order": self.order, "values": self.values}
        return json.dumps(whole, ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Settings:
        whole = json.loads(text)
        columns = {heading: Field(one) for heading, one in whole["columns"].items()}
        return cls(columns, Order(whole["order"]), whole["values"])


def known(heading: str) -> Field | str:
    """What a heading says its column is; "" where nobody knows it."""
    return _WORDS.get(" ".join(heading.split()).casefold(), "")


def recognised(grid: Grid) -> Settings:
    """What the headings say; of two columns for one field the first is taken, and of content all that are known."""
    columns: dict[str, Field] = {}
    for heading in grid.headings:
        one = known(heading)
        if isinstance(one, Field) and (one is Field.CONTENT or one not in columns.values()):
            columns[heading] = one
    dates = [heading for heading, one in columns.items() if one is Field.SAID_AT]
    return Settings(columns, likely_order(list(grid.column(dates[0]))) if dates else Order.YEAR_FIRST)


def samples(grid: Grid, heading: str) -> list[str]:
    """Three different values that stand beneath a heading, shortened."""
    found: dict[str, None] = {}
    for value in grid.column(heading):
        found[value if len(value) <= _SAMPLE_LENGTH else f"{value[:_SAMPLE_LENGTH]}…"] = None
        if len(found) == SAMPLES:
            break
    return list(found)


def words(grid: Grid, heading: str) -> list[tuple[str, int]]:
    """The different words beneath a heading and how often each stands there, the most frequent first."""
    return Counter(grid.column(heading)).most_common()


def unput(settings: Settings, grid: Grid) -> bool:
    """Whether a word stands beneath the columns whose words are put to ours, and nobody said yet what it means."""
    return any(
        not settings.values.get(one, {}).keys() >= set(grid.column(heading))
        for one in TRANSLATED
        for heading in settings.headings(one)
    )


def likely(one: Field, word: str, ours: Mapping[str, str]) -> str:
    """What of ours a word means by itself: `ours` are keys by their words."""
    if one is Field.STATE:
        plain = word.casefold()
        over = any(part in plain for part in _OVER) and not any(part in plain for part in _NOT_OVER)
        return SETTLED if over else ""
    if one is Field.NAMING:  # in doubt nobody is named to those it is about
        if word.casefold().startswith(_NOT):
            return ""
        return Naming.ANONYMOUS if "匿名" in word else Naming.CONFIDENTIAL
    return ours.get(word.strip(), "")


def faults(columns: Mapping[str, Field], grid: Grid) -> dict[str, list[str]]:
    """By heading: why these columns do not fit; an empty heading for the whole."""
    found: dict[str, list[str]] = {}
    if Field.CONTENT not in columns.values() and Field.TITLE not in columns.values():
        found[""] = [gettext("请选哪一列是“说的内容”。")]
    for heading, one in columns.items():
        first = next(other for other, its in columns.items() if its is one)
        if one is not Field.CONTENT and first != heading:
            said = gettext("“%(first)s”已经是“%(field)s”了，只能有一列。")
            found.setdefault(heading, []).append(said % {"first": first, "field": one.label})
        many = len(set(grid.column(heading))) if one in TRANSLATED else 0
        if many > MOST_VALUES:
            said = gettext("这一列有 %(n)d 种写法，太多，对不上。村、社区写得太细的，请选“地点”。")
            found.setdefault(heading, []).append(said % {"n": many})
    return found
