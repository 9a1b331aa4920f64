"""What is wrong with rules that somebody wrote, in their words, with its place and the remedy."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from pydantic_core import ErrorDetails


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `line` counts from 1; `where` is the way to it: kinds.1.categories.0.name."""

    file: str
    line: int
    where: str
    text: str

    def __str__(self) -> str:
        return _("%(file)s 第 %(line)d 行（%(where)s）：%(text)s") % vars(self)


class ProfileFaults(Exception):
    """The files do not make a profile. All faults at once, in the order of files and lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.file, fault.line))
        super().__init__("\n".join(map(str, self.faults)))


def said(error: ErrorDetails) -> str:
    """A pydantic error in the words of somebody who writes the files, with the remedy."""
    last = error["loc"][-1] if error["loc"] else ""
    values = {"key": last, "given": str(error["input"])[:60], "problem": error["msg"]}
    values["expected"] = error.get("ctx", {}).get("expected", "")
    match error["type"]:
        case "missing":
            return _("缺少“%(key)s”。请补上。") % values
        case "extra_forbidden":
            return _("不认识“%(key)s”。请删除或改正拼写。") % values
        case "literal_error":
            return _("“%(given)s”不在可选范围内。请改成：%(expected)s。") % values
        case "string_pattern_mismatch":
            return _("“%(given)s”的写法不合要求。代码请只用英文字母、数字和下划线，时刻请写成 18:30。") % values
        case "value_error":
            return _("“%(given)s”不是时限。请写成 7wd（工作日）、4wh（工作小时）、60cd（日）、30min（分钟）。") % values
        case "string_type" | "string_too_short" if error["input"] == "" or not isinstance(error["input"], str):
            return _("请写文字；数字和 yes、no 请加引号。")
        case "bool_type" | "bool_parsing":
            return _("“%(given)s”不对。请填 true 或 false。") % values
        case "int_type" | "int_parsing" | "int_from_float":
            return _("“%(given)s”不是整数。请改正。") % values
        case _other:
            return _("“%(given)s”不合要求（%(problem)s）。请参照默认规则改正。") % values
