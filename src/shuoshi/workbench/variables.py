"""Names between braces in a phrase, and what stands in their place on a matter. Pure.

A phrase is kept with codes, so that it reads in whichever language it is opened; it is typed and shown with labels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.refusal import Refused

GAP = "____"  # what is not known here: to be seen, and written by hand
LONGEST = 2_000
_NAME = re.compile(r"\{([^{}]*)\}")
_FULL_WIDTH = str.maketrans("｛｝", "{}")


class Variable(models.TextChoices):
    """What a phrase may speak of. Nothing of a person but how they are addressed, masked as on the page."""

    NUMBER = "number", _("编号")
    TITLE = "title", _("事项")
    ADDRESS = "address", _("称呼")
    UNIT = "unit", _("承办单位")
    HANDLER = "handler", _("承办人")
    PROMISED = "promised", _("答应的日期")
    PHONE = "phone", _("回访电话")
    TODAY = "today", _("今天")
    ME = "me", _("我的姓名")
    OFFICE = "office", _("我的单位")


def kept(text: str) -> str:
    """A phrase as it is kept. Raises Refused for one without words, too long, with names that are none or loose braces."""
    text = text.replace("\r\n", "\n").translate(_FULL_WIDTH).strip()
    if not text or len(text) > LONGEST:
        raise Refused("phrase_length", _now("请写 1 到 %(n)d 个字。") % {"n": LONGEST})
    known = _codes()
    unknown = [name for name in _NAME.findall(text) if name.strip() not in known]
    if unknown:
        names = _now("、").join(shown_names())
        values = {"name": unknown[0].strip()[:40], "names": names}
        raise Refused("phrase_unknown_name", _now("不认识 {%(name)s}。能用的是 %(names)s。") % values)
    if set("{}") & set(_NAME.sub("", text)):
        raise Refused("phrase_braces", _now("花括号没有写成对，请补上或者去掉。"))
    return _NAME.sub(lambda found: _braced(known[found[1].strip()]), text)


def shown(text: str) -> str:
    """A phrase as it is read and changed: its names in the language of the page."""
    return _NAME.sub(lambda found: _braced(str(Variable(found[1]).label)), text)


def filled(text: str, values: Mapping[Variable, str]) -> str:
    """With values in place of the names; nothing in a value is looked at again."""
    return _NAME.sub(lambda found: values.get(Variable(found[1])) or GAP, text)


def shown_names() -> list[str]:
    """Every name as it is typed, in the language of the page."""
    return [_braced(str(one.label)) for one in Variable]


def _braced(name: str) -> str:
    return f"{{{name}}}"


def _codes() -> dict[str, str]:
    """Labels of all languages, and the codes themselves, to codes."""
    found = {one.value: one.value for one in Variable}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(one.label): one.value for one in Variable}
    return found
