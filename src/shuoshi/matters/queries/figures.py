"""The lists behind the figures of the overview, in words; what is in each, overview says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.actors import Actor
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.overview import (
    answered_on_time,
    contradicted,
    ended_as,
    in_the_weeks,
    late_work,
    looked_at,
    of_age,
    overdue,
    printed_again,
    recent,
    satisfied,
    unfinished,
)
from shuoshi.matters.vocabulary import Exit


@dataclass(frozen=True)
class Listed:
    label: str | Promise
    matters: Callable[[Actor, datetime], QuerySet[Matter]]


def _ended(exit_: Exit) -> str:
    return _now("近 30 天办结的事：%(exit)s") % {"exit": exit_.label}


_ended_lazily = lazy(_ended, str)


AGES = (_("3 天以内"), _("4 到 15 天"), _("16 到 30 天"), _("30 天以上"))
LISTS = {
    "open": Listed(_("没有办结的事"), unfinished),
    "over": Listed(_("已经超期的事"), overdue),
    "late": Listed(_("单位超期没有答复的事"), late_work),
    "due": Listed(_("近 30 天按时答复的事"), answered_on_time),
    "rated": Listed(_("近 30 天评价满意的事"), satisfied),
    "recent": Listed(_("近 30 天登记的事"), recent),
    "weeks": Listed(_("近 12 周登记的事"), in_the_weeks),
    "reprinted": Listed(_("近 30 天登记、回执印过不止一次的事"), printed_again),
    "looked-at": Listed(_("近 30 天办结、抽查回访过的事"), looked_at),
    "contradicted": Listed(_("近 30 天办结、抽查和记录不一样的事"), contradicted),
    **{
        f"ended-{one.value}": Listed(_ended_lazily(one), partial(ended_as, one.value))
        for one in Exit
        if one != Exit.DRILL
    },
    **{f"age-{place}": Listed(label, partial(of_age, place)) for place, label in enumerate(AGES)},
}
