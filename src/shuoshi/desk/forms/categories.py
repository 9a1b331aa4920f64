"""Forms that change the categories of the rules: a new one, and what is special about one. They write into plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import choice, tick, words
from shuoshi.desk.forms.rules import WordsForm
from shuoshi.organization.profile.check import LONGEST_ITEM
from shuoshi.organization.profile.editing import FLAGS, Data
from shuoshi.organization.profile.editing import words as words_of

_MOST = 80  # words of one category
_SHORTEST, _LONGEST = 2, 20  # characters, as the profile takes them (Spoken)
MOST_ITEMS = 12  # of a checklist, as the profile takes them
_STARS = "*＊"
_BETWEEN = re.compile(r"[、，,；;\s]+")


class CategoryForm(WordsForm):
    """A group or category: its name, what is special about it, and how residents speak of it where it can be chosen."""

    spoken = words(
        _("群众怎么说"),
        rows=4,
        required=False,
        help_text=_("说事人的话里有这些词，分类的时候就把这一类列出来供参考。每个词两个字以上，中间用顿号。"),
    )

    checklist = words(
        _("核对清单"),
        rows=4,
        required=False,
        help_text=_("办的时候要核对的事，一行一件。写答复前一定要核对的，行首写“*”。"),
    )

    def __init__(self, *args: Any, standing: Data | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed: list[Data] = standing.get("checklist", []) if standing else []
        self.three("name", _now("名称"), standing["name"] if standing else None)
        for flag, label in FLAGS.items():
            self.fields[flag] = tick(label)
            self.fields[flag].initial = bool(standing and standing.get(flag))
        self.fields["spoken"].initial = _now("、").join(standing["spoken"]) if standing else ""
        self.fields["checklist"].initial = "\n".join(map(_line_of, self.listed))
        if standing and standing["children"]:
            del self.fields["spoken"], self.fields["checklist"]  # one of those beneath it is chosen
        self._settle()

    def _settle(self) -> None:
        names = [name for name in self.fields if name.startswith("name:")]
        self.order_fields([*names, "spoken", "checklist", *FLAGS])

    def clean_spoken(self) -> list[str]:
        given = list(dict.fromkeys(filter(None, _BETWEEN.split(self.cleaned_data["spoken"]))))
        wrong = next((word for word in given if not _SHORTEST <= len(word) <= _LONGEST), "")
        if wrong:
            raise ValidationError(_now("“%(word)s”不行：每个词要有 2 到 20 个字。") % {"word": wrong})
        if len(given) > _MOST:
            raise ValidationError(_now("最多 %(most)d 个词，现在是 %(n)d 个。") % {"most": _MOST, "n": len(given)})
        return given

    def clean_checklist(self) -> list[Data]:
        lines = list(filter(None, map(str.strip, self.cleaned_data["checklist"].split("\n"))))
        if len(lines) > MOST_ITEMS:
            raise ValidationError(_now("最多 %(most)d 件，现在是 %(n)d 件。") % {"most": MOST_ITEMS, "n": len(lines)})
        return _items(lines, self.listed)

    def write(self, category: Data) -> None:
        category["name"] = self.given("name")
        category |= {flag: self.cleaned_data[flag] for flag in FLAGS}
        if "spoken" in self.fields:
            category["spoken"] = self.cleaned_data["spoken"]
            category["checklist"] = self.cleaned_data["checklist"]


def _line_of(item: Data) -> str:
    return ("* " if item.get("needed") else "") + str(item["name"]["zh-Hans"])


def _items(lines: Sequence[str], before: Sequence[Data]) -> list[Data]:
    """An item keeps its code, under which it was ticked, and its other languages, as long as its words stay."""
    known = {item["name"]["zh-Hans"]: item for item in before}
    taken = {item["code"] for item in before}
    free = (f"c{n}" for n in count(1) if f"c{n}" not in taken)
    found: dict[str, Data] = {}
    for line in lines:
        needed, said = line[0] in _STARS, line.lstrip(_STARS).strip()
        if not said or len(said) > LONGEST_ITEM:
            raise ValidationError(
                _now("“%(line)s”不行：每件要有 1 到 %(most)d 个字。") % {"line": line, "most": LONGEST_ITEM}
            )
        if said in found:
            raise ValidationError(_now("“%(line)s”写了两次。") % {"line": said})
        old = known.get(said)
        name = old["name"] if old else words_of({"zh-Hans": said})
        found[said] = {"code": old["code"] if old else next(free), "name": name, "needed": needed}
    return list(found.values())


class NewCategoryForm(WordsForm):
    """Beneath which kind or group, and its name."""

    def __init__(self, *args: Any, data_of_rules: Data, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["beneath"] = choice(_now("加在哪里"))
        self.offer("beneath", [("", "——"), *_places(data_of_rules)])
        self.three("name", _now("名称"))


def _places(rules: Data) -> Iterator[tuple[str, str]]:
    for kind in rules["kinds"]:
        if kind["letter"]:
            name = kind["name"]["zh-Hans"]
            yield kind["code"], _now("%(kind)s（新的大类）") % {"kind": name}
            for group in kind["categories"]:
                yield group["code"], f"{name} › {group['name']['zh-Hans']}"
