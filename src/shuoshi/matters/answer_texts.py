"""The answer to a superior body as text to be copied into its system, in the words it wants (3.1.3).

A text has names between braces, each of them one the paper of the answer has too; they are checked when it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.actions.documents import may_read_paper
from shuoshi.matters.case import Case
from shuoshi.matters.models import AnswerText, Matter, OutsideOrder
from shuoshi.matters.papers import KNOWN, PaperKind, Ref, content_of
from shuoshi.matters.papers.superior import BUILT_IN, SAMPLE
from shuoshi.matters.scope import standing
from shuoshi.matters.vocabulary import OrderState
from shuoshi.organization.actions.changes import write_changed
from shuoshi.organization.policies import require_arranger

LONGEST = 2_000
ORDER_NUMBER = "上级单号"  # without it nobody there knows what it answers
RATED = "满意度"
_OF_THE_PAPER_ITSELF = {"编号", "出具日期", "二维码", "核验", "指纹", "版次"}
NAMES = tuple(name for name in KNOWN[PaperKind.ORDER_ANSWER] if name not in _OF_THE_PAPER_ITSELF)
_NAME = re.compile(r"\{([^{}]*)\}")
_FULL_WIDTH = str.maketrans("｛｝", "{}")
_REF = Ref(PaperKind.ORDER_ANSWER, 1)


class Deed(models.TextChoices):
    """Names of the events of these texts, with the words of their history."""

    WRITE = "write_answer_text", gettext_lazy("写报结的话")
    EDIT = "edit_answer_text", gettext_lazy("修改报结的话")
    DROP = "drop_answer_text", gettext_lazy("停用报结的话")


def built_in() -> str:
    """For whom nothing else was written; like the paper in the institution's own language."""
    return BUILT_IN


def check(text: str) -> str:
    """The text as it is kept. Raises Refused for a name that is none, braces that do not match, and one without number."""
    text = text.replace("\r\n", "\n").translate(_FULL_WIDTH).strip()
    if not text or len(text) > LONGEST:
        raise Refused("answer_text_length", _("请写一到 %(n)d 个字。") % {"n": LONGEST})
    used = [name.strip() for name in _NAME.findall(text)]
    if unknown := [name for name in used if name not in NAMES]:
        raise Refused("answer_text_unknown", _("不认识 {%(name)s}。请改成页面上列出的几个。") % {"name": unknown[0]})
    if "{" in _NAME.sub("", text) or "}" in _NAME.sub("", text):
        raise Refused("answer_text_braces", _("花括号没有写成对。请照页面上的样子写。"))
    if ORDER_NUMBER not in used:
        raise Refused("answer_text_missing", _("少了 {%(name)s}，上级对不上是哪一件。") % {"name": ORDER_NUMBER})
    return text


def filled(text: str, content: Mapping[str, object]) -> str:
    """Values in place of their names; nothing in a value is looked at again. A list is a line for each of its rows."""
    return _NAME.sub(lambda found: _said(content.get(found.group(1).strip(), "")), text)


def sample(text: str) -> str:
    """What it looks like, with an invented matter."""
    return filled(text, SAMPLE)


def text_for(matter: Matter, actor: Actor, *, kept: bool = False) -> str:
    """What can be copied for the superior body of this matter; "" where none sent it down or it took it back, and for
    whoever may not read the paper, which says how satisfied the speaker is. `kept`: as it is kept with the matter, where
    its unit reads it: without that (4.4.1)."""
    case = Case(actor=actor, matter=matter, standing=standing(actor, matter), now=clock.now())
    taken_back = matter.order_state == OrderState.WITHDRAWN
    if not matter.order_state or taken_back or not may_read_paper(case, PaperKind.ORDER_ANSWER):
        return ""
    order = OutsideOrder.objects.filter(matter=matter).only("sender").first()
    if order is None:
        return ""
    own = dict(AnswerText.objects.filter(active=True, sender__in=[order.sender, ""]).values_list("sender", "text"))
    text = own.get(order.sender) or own.get("") or built_in()
    content = content_of(matter, _REF)
    return filled(_unrated(text), content | {RATED: _("见评价")}) if kept else filled(text, content)


def senders(most: int = 200) -> list[str]:
    """Superior bodies that sent something down, by name; one statement."""
    names = OutsideOrder.objects.order_by("sender").values_list("sender", flat=True).distinct()
    return list(names[:most])


def write(sender: str, text: str, *, actor: Actor) -> AnswerText:
    """Words for a superior body that has none of its own. Raises Refused, also to the second of two at once."""
    require_arranger(actor)
    sender, text = sender.strip(), check(text)
    known = Refused("answer_text_known", _("这个上级已经有一份了，请改那一份。"))
    try:
        with transaction.atomic():
            if AnswerText.objects.select_for_update().filter(sender=sender, active=True).exists():
                raise known
            row = AnswerText(sender=sender, text=text)
            story = Story(Stream.of("answer_text", row), Deed.WRITE, by=actor, at=clock.now(), first=True)
            story.add(row)
            story.tell()
    except IntegrityError:
        raise known from None
    return row


def edit(row: AnswerText, text: str, *, actor: Actor) -> AnswerText:
    """Raises Refused."""
    with transaction.atomic():
        require_arranger(actor)
        row = AnswerText.objects.select_for_update().get(pk=row.pk)
        story = Story(Stream.of("answer_text", row), Deed.EDIT, by=actor, at=clock.now())
        if write_changed(story, row, {"text": check(text)}):
            story.tell()
    return row


def drop(row: AnswerText, *, actor: Actor) -> None:
    """The words for all others, or the built-in ones, are used again; a second time does nothing."""
    with transaction.atomic():
        require_arranger(actor)
        row = AnswerText.objects.select_for_update().get(pk=row.pk)
        story = Story(Stream.of("answer_text", row), Deed.DROP, by=actor, at=clock.now())
        if write_changed(story, row, {"active": False}):
            story.tell()


def _unrated(text: str) -> str:
    """Without the lines that say nothing but how satisfied the speaker is."""
    return "\n".join(line for line in text.split("\n") if {n.strip() for n in _NAME.findall(line)} != {RATED})


def _said(value: object) -> str:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return str(value)
    return "\n".join(_line(row) for row in value)


def _line(row: Sequence[str]) -> str:
    """1. 修好路灯：解决。三盏路灯已经换好。"""
    number, *said = [str(one) for one in row]
    return f"{number}. {_('：').join(filter(None, said))}"
