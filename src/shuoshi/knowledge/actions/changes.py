"""What the verbs of this package share: their names, what somebody gives for an entry, and what may not be given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.refusal import Refused
from shuoshi.knowledge.models import ANSWER_LIMIT, QUESTION_LIMIT, Audience, Source
from shuoshi.organization.profile import Profile

LONGEST_UNREVIEWED = timedelta(days=3 * 366)
CATEGORIES = 10
SOURCES = 4
WAYS = 30
WHY_LIMIT = 200


class Deed(models.TextChoices):
    """Names of the events of this package, with the words of the history of an entry."""

    PROPOSE = "propose_entry", gettext_lazy("写了新条目")
    REVISE = "revise_entry", gettext_lazy("写了新的一版")
    PUBLISH = "publish_entry", gettext_lazy("发布")
    PUBLISH_AGAIN = "publish_entry_again", gettext_lazy("重新发布以前的一版")
    DECLINE = "decline_entry", gettext_lazy("退回，没有发布")
    RETIRE = "retire_entry", gettext_lazy("停用")
    CONFIRM = "confirm_entry", gettext_lazy("核对过，内容没有变")
    HAND_OVER = "hand_over_entry", gettext_lazy("改由别的单位负责")
    SETTLE_TASK = "settle_knowledge_task", gettext_lazy("了结知识任务")


@dataclass(frozen=True, kw_only=True)
class EntryGiven:
    """What somebody writes. `ways` is how people say it, `categories` are codes of the profile, the first one leads."""

    question: str
    answer: str
    categories: tuple[str, ...]
    audience: Audience
    review_on: date
    ways: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


def check(given: EntryGiven, profile: Profile, today: date) -> None:
    """Raises Refused with the words for the page."""
    if not given.question.strip():
        raise Refused("question_missing", _("请写下问题。"))
    if len(given.question) > QUESTION_LIMIT:
        raise Refused("question_too_long", _("问题最多 %(n)d 个字。") % {"n": QUESTION_LIMIT})
    if not given.answer.strip():
        raise Refused("answer_missing", _("请写下答案。"))
    if len(given.answer) > ANSWER_LIMIT:
        raise Refused("answer_too_long", _("答案最多 %(n)d 个字。") % {"n": ANSWER_LIMIT})
    if not given.categories or len(given.categories) > CATEGORIES:
        raise Refused("categories_missing", _("请选类别，最多 %(n)d 个。") % {"n": CATEGORIES})
    known = {category.code for _kind, _group, category in profile.every_category()}
    unknown = [code for code in given.categories if code not in known]
    if unknown:
        raise Refused("category_unknown", _("规则里没有“%(code)s”这个类别。") % {"code": unknown[0]})
    if len(given.ways) > WAYS or any(len(way) > QUESTION_LIMIT for way in given.ways):
        raise Refused(
            "ways_too_many", _("群众的说法最多 %(n)d 行，每行最多 %(m)d 个字。") % {"n": WAYS, "m": QUESTION_LIMIT}
        )
    if len(given.sources) > SOURCES or not all(one.name.strip() for one in given.sources):
        raise Refused("sources_odd", _("依据最多 %(n)d 条，每条要写名称。") % {"n": SOURCES})
    if not all(one.link.startswith(("https://", "http://")) for one in given.sources if one.link):
        raise Refused("link_odd", _("网址要以 https:// 或者 http:// 开头。"))
    check_review(given.review_on, today)


def check_review(review_on: date, today: date) -> None:
    """An entry that nobody would look at again for years is no promise. Raises Refused."""
    if not today < review_on <= today + LONGEST_UNREVIEWED:
        raise Refused("review_odd", _("复核日期要在明天以后、三年以内。"))


def check_why(why: str) -> str:
    """A reason of one line. Raises Refused."""
    said = " ".join(why.split())
    if not said:
        raise Refused("why_missing", _("请写明原因。"))
    if len(said) > WHY_LIMIT:
        raise Refused("why_too_long", _("原因最多 %(n)d 个字。") % {"n": WHY_LIMIT})
    return said
