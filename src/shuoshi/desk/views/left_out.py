"""What the figures of the overview leave out, in which of them, and why (domain.md §9, 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.spreadsheets import queries as imports
from shuoshi.channels.spreadsheets.models import Run
from shuoshi.desk import rights
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.web import Page, PageData, keyset, page, show
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import left_out as found
from shuoshi.matters.queries.left_out import LeftOut, Reason
from shuoshi.matters.queries.overview import ENOUGH

_RUNS = 20  # of the imports that were undone


@dataclass(frozen=True)
class Words:
    """The figure a matter is not in, and why."""

    figure: str | Promise
    why: str | Promise


_RATED, _ON_TIME, _ENDED = _("评价满意"), _("按时答复"), _("怎样办结的")
WORDS: Mapping[Reason, Words] = {
    Reason.DRILL: Words(_("所有数字"), _("是演练。")),
    Reason.PART: Words(
        _("按件计的数字"), _("是分项，和整件合起来算一件；“谁超期了”和“按时答复”按单位计，分项在里面。")
    ),
    Reason.NO_UNIT: Words(_("谁超期了"), _("超期了，但不在一个单位手里：还没有交办，或者分项办理，由各分项计。")),
    Reason.WITHOUT_LIMIT: Words(
        _ON_TIME, _("没有交办过，没有答复的期限：当场答复、转达、随主件答复、不予受理、撤回、作废的。")
    ),
    Reason.LIMIT_VOID: Words(_ON_TIME, _("答复的期限没有走完就停了：退单、提级、挂账、并单、撤回的。")),
    Reason.UNRATED: Words(_RATED, _("没有评价。没有评价的，不算满意，也不算不满意。")),
    Reason.RATED_FOR_ANOTHER: Words(_RATED, _("是代表或者替别人说的人评价的，和本人的评价分开计。")),
    Reason.UNSORTED: Words(_("说得最多的"), _("还没有分类。")),
    Reason.SCREENED_OUT: Words(_ENDED, _("不予受理，不算办结；台账结转里算。")),
    Reason.BACK: Words(_ENDED, _("办结以后又重新办理，再办结时才计。")),
    Reason.NOBODY_TO_ASK: Words(_("抽查回访"), _("没有留姓名，没法回访。")),
    Reason.NOT_LISTED: Words(
        _("每月办理结果公示"), _("敏感类别、矛盾纠纷、要求保密或者有人要回避的，不逐条列出，只计件数。")
    ),
    Reason.OTHER_KIND: Words(_("每月办理结果公示"), _("不是四类事，没有答应的日期。")),
}


@dataclass(frozen=True)
class Choice:
    """A reason with the number of matters it holds for."""

    reason: str
    words: Words
    n: int
    chosen: bool


@dataclass(frozen=True)
class Shown:
    matter: Matter
    reasons: Sequence[Words]


@dataclass(frozen=True)
class LeftOutPage(PageData):
    template: ClassVar[str] = "desk/left_out.html"
    choices: Sequence[Choice]
    chosen: Choice | None
    lines: Sequence[Shown]
    page: Page[LeftOut]
    undone: Page[Run]  # imports that somebody asked to undo: in no figure, and in no list of matters
    enough: int = ENOUGH


@page(access=rights.overview, methods=("GET",))
def left_out(request: DeskRequest) -> HttpResponse:
    """Three statements beside the frame, whatever there is."""
    now = clock.now()
    only = next((one for one in Reason if one.value == request.GET.get("why", "")), None)
    counts = found.how_many(request.actor, now)
    choices = [Choice(one.value, WORDS[one], counts[one], one is only) for one in Reason if counts[one] or one is only]
    rows = found.left_out(request.actor, now, only, request.GET.get("after", ""))
    lines = [Shown(row.matter, [WORDS[one] for one in row.reasons]) for row in rows.rows]
    chosen = next((one for one in choices if one.chosen), None)
    taken_back = keyset(imports.undone(request.actor), request.GET.get("undone", ""), ("-undo_asked_at", "-pk"), _RUNS)
    return show(request, LeftOutPage(choices=choices, chosen=chosen, lines=lines, page=rows, undone=taken_back))
