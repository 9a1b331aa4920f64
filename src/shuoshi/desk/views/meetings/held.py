"""One meeting on the desk: its page with all that belongs to it, and the page of each deed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.desk import rights
from shuoshi.desk.forms import meetings as forms
from shuoshi.desk.forms.meetings import About, DeedForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.meetings import calling, holding, minutes, queries, resolving
from shuoshi.meetings.holding import Entry, Several
from shuoshi.meetings.models import Meeting
from shuoshi.meetings.policies import may_hold
from shuoshi.meetings.queries import Whole
from shuoshi.meetings.rules import EARLY, days_of_notice, needed
from shuoshi.meetings.vocabulary import Part, State

_BEFORE = (State.CALLED, State.OPEN)
_HELD = (State.OPEN, State.CLOSED)
_AFTER = (State.OPEN, State.CLOSED, State.APPROVED)


_WRITTEN = gettext_lazy("记下了。")


@dataclass(frozen=True)
class Deed:
    """A page with one form: `label` is its heading and the words of its link, `done` what is said afterwards."""

    label: str | Promise
    form: type[DeedForm]
    act: Any  # meetings.deeds.Verb of what the form gives
    states: Sequence[State]
    done: str | Promise = _WRITTEN
    hint: str | Promise = ""
    back: str = ""  # the part of the page it belongs to


_L = gettext_lazy
DEEDS: Mapping[str, Deed] = {
    "open": Deed(_L("开始开会"), forms.OpenForm, holding.open_, (State.CALLED,), _L("会开始了。请登记到会的人。")),
    "close": Deed(
        _L("结束会议"),
        forms.CloseForm,
        holding.close,
        (State.OPEN,),
        _L("会结束了。请把纪要写好。"),
        _L("结束以后，到会和表决只能更正，要写原因，原来的还留着。"),
    ),
    "cancel": Deed(_L("这个会不开了"), forms.BecauseForm, calling.cancel, (State.CALLED,)),
    "not-held": Deed(_L("会没有开成"), forms.BecauseForm, calling.not_held, (State.OPEN,)),
    "add": Deed(_L("添议题"), forms.ItemForm, calling.add_item, _BEFORE, back="agenda"),
    "from-matters": Deed(_L("从在办的事里选"), forms.MattersForm, calling.add_matters, _BEFORE, back="agenda"),
    "look-back": Deed(
        _L("列上还在落实的决议"),
        DeedForm,
        calling.carry_over,
        _BEFORE,
        hint=_L("这个单位以前会上定了、还没有落实的决议，都列入这次的议程。"),
        back="agenda",
    ),
    "drop": Deed(_L("撤下议题"), forms.DropForm, calling.drop_item, _BEFORE, back="agenda"),
    "presence": Deed(_L("登记到会的人"), forms.PresenceForm, holding.enter, _HELD, back="people"),
    "left": Deed(_L("补记什么时候走的"), forms.LeaveForm, holding.leave, (State.OPEN,), back="people"),
    "strike": Deed(_L("划去这个人的签到"), forms.StrikeForm, holding.strike, _HELD, back="people"),
    "strike-waiting": Deed(_L("没有确认的都划去"), forms.AllForm, holding.strike_waiting, (State.OPEN,), back="people"),
    "due": Deed(_L("更正应到人数"), forms.DueForm, holding.correct_due, _HELD, back="people"),
    "vote": Deed(
        _L("记一次表决"),
        forms.VoteForm,
        holding.vote,
        (State.OPEN,),
        hint=_L("按表决那一刻在场的应到人员算。先把到会的、中途走的登记好。"),
        back="votes",
    ),
    "strike-vote": Deed(_L("划去这次表决"), forms.StrikeForm, holding.strike_vote, _HELD, back="votes"),
    "resolve": Deed(_L("记一条决议"), forms.ResolveForm, resolving.resolve, _HELD, back="resolutions"),
    "told": Deed(_L("记落实情况"), forms.ToldForm, resolving.follow_up, _AFTER, back="resolutions"),
    "note": Deed(_L("写进一件事的记录"), forms.NoteForm, resolving.note_on, _AFTER, back="resolutions"),
    "minutes": Deed(_L("写纪要"), forms.MinutesForm, minutes.write, _HELD, back="minutes"),
    "approve": Deed(
        _L("纪要通过了"),
        forms.ApproveForm,
        minutes.approve,
        (State.CLOSED,),
        hint=_L("纪要在以后的会上念过、大家同意了，才算通过。通过以后不能再改。"),
        back="minutes",
    ),
    "release": Deed(
        _L("公开纪要"),
        forms.ReleaseForm,
        minutes.release,
        (State.APPROVED,),
        hint=_L("公开的和原件分开存。写纪要的人自己不能定公开。"),
        back="minutes",
    ),
    "withdraw": Deed(_L("不再公开"), forms.WithdrawForm, minutes.withdraw, (State.APPROVED,), back="minutes"),
}


@dataclass(frozen=True)
class MeetingPage(PageData):
    """`can`: deeds that are open to the reader now. `notice`: days between the notice and the meeting."""

    template: ClassVar[str] = "desk/meetings/meeting.html"
    whole: Whole
    can: Mapping[str, bool]
    notice: int
    late: bool  # written down more than an hour after it began
    late_end: bool
    parts: Sequence[tuple[str, str]]  # as whom somebody who checked in is confirmed
    needed: int


@dataclass(frozen=True)
class DeedPage(PageData):
    template: ClassVar[str] = "desk/meetings/deed.html"
    meeting: Meeting
    deed: Deed
    form: DeedForm
    original: str = ""  # of the minutes, beside what is to be published


@page(access=rights.meetings)
def meeting(request: DeskRequest, key: UUID) -> HttpResponse:
    """All of one meeting. Twelve statements at most beside the frame; a press confirms who is there, or that they left."""
    whole = queries.meeting(key, request.actor)
    if whole is None:
        raise Http404
    do = posted_deed(request)
    if do == "confirm-several":
        holding.confirm_several(key, Several(_ticked(request)), actor=request.actor)
        messages.success(request, _("记下了。"))
        return redirect(f"{request.path}#people")
    if do in ("confirm", "leave"):
        verb = holding.confirm if do == "confirm" else holding.leave
        part = request.POST.get("part", "")
        known = Part(part) if do == "confirm" and part in Part.values else None
        verb(key, Entry(posted_row(request), part=known), actor=request.actor)
        messages.success(request, _("记下了。"))
        return redirect(f"{request.path}#people")
    row = whole.meeting
    state = State(row.state)
    can = {name.replace("-", "_"): whole.holds and state in one.states for name, one in DEEDS.items()}
    can["release"] = can["release"] and whole.published is None
    can["withdraw"] = can["withdraw"] and whole.published is not None
    can["approve"] = can["approve"] and bool(whole.minutes)
    can["not_held"] = can["not_held"] and not (whole.people or whole.votes or whole.resolutions or whole.minutes)
    can["register"] = whole.holds and state in _AFTER
    can["open"] = can["open"] and clock.now() >= row.begins_at - EARLY
    late = _late(row.recorded_at, row.opened_at)
    return show(
        request,
        MeetingPage(
            whole=whole,
            can=can,
            notice=days_of_notice(row.told_at, row.begins_at),
            late=late,
            late_end=_late(row.close_recorded_at, row.closed_at),
            parts=[(one.value, str(one.label)) for one in Part],
            needed=needed(row.kind, row.due),
        ),
    )


@page(access=rights.meetings)
def deed(request: DeskRequest, key: UUID, action: str) -> HttpResponse:
    """One deed at a meeting: the form, and what is posted carried out. `?row=` names what it is about."""
    row, one = queries.readable_meeting(key, request.actor), DEEDS.get(action)
    if row is None or one is None or not may_hold(request.actor, row.unit.path):
        raise Http404  # some forms show what only those read who keep the record
    about = About(row, request.actor, _row(request))
    if one.form.about_a_row and about.row is None:
        raise Http404
    form = one.form(posted(request), about=about)
    if request.method == "POST" and form.is_valid():
        one.act(key, form.given(), actor=request.actor, key=form.key)
        messages.success(request, str(one.done))
        return redirect(f"/desk/meetings/{key}/#{one.back}" if one.back else f"/desk/meetings/{key}/")
    original = form.original if isinstance(form, forms.ReleaseForm) else ""
    return show(request, DeedPage(meeting=row, deed=one, form=form, original=original))


def _late(recorded: datetime | None, was: datetime | None) -> bool:
    return recorded is not None and was is not None and recorded - was > EARLY


def _ticked(request: DeskRequest) -> tuple[UUID, ...]:
    """Whom the recorder ticked; Http404 for what is no key."""
    try:
        return tuple(dict.fromkeys(UUID(one) for one in request.POST.getlist("rows")))
    except ValueError:
        raise Http404 from None


def _row(request: DeskRequest) -> UUID | None:
    """What the address names; Http404 for what is no key."""
    named = request.GET.get("row", "")
    try:
        return UUID(named) if named else None
    except ValueError:
        raise Http404 from None
