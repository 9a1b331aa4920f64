"""The registration page: one form, saved to a matter or settled on the spot; drafts, earlier matters, repeats beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar

from django.contrib import messages
from django.core.signing import Signer
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.channels.boxes.queries import Read
from shuoshi.channels.hotline.models import Voicemail
from shuoshi.channels.mail.queries import Seen
from shuoshi.channels.points.models import Ticket
from shuoshi.channels.points.waiting import ReadSheet
from shuoshi.desk import callers, photos, rights
from shuoshi.desk.forms.likely import Offer, by_words, picked
from shuoshi.desk.forms.register import RegisterForm
from shuoshi.desk.frame import DeskRequest, quiet
from shuoshi.desk.views import sources
from shuoshi.desk.views.matter import draft_kept
from shuoshi.kernel import blind, clock, drafts
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.kernel.web.kept import AGAIN
from shuoshi.matters import actions
from shuoshi.matters.queries.promises import first_answer
from shuoshi.meetings.queries import At
from shuoshi.organization import profile
from shuoshi.organization import queries as organization
from shuoshi.organization.profile import PublicNumber

FORM = "desk.register"
_BESIDE = tuple(field.name for field in fields(callers.Typed))
_USE = "use"  # 用这个人 without script: a button of the form that carries the person


@dataclass(frozen=True)
class RegisterPage(PageData):
    template: ClassVar[str] = "desk/register.html"
    form: RegisterForm
    aside: callers.Aside
    started_at: datetime
    kept_draft: bool  # an unfinished registration waits and is not in the form yet
    first_answer: datetime | None  # until when they hear whether it is taken on
    numbers: Sequence[PublicNumber]  # to be called before anything else
    offers: Sequence[Offer]  # categories the words speak for
    letter: Read | None  # out of a suggestion box, which is written down
    mail: Seen | None  # of the inbox, likewise
    voicemail: Voicemail | None  # left on the hotline, likewise
    ticket: Ticket | None  # whose number was called
    sheet: ReadSheet | None  # a paper form, written down likewise
    at: At | None  # said at a meeting


@dataclass(frozen=True)
class AsidePage(PageData):
    template: ClassVar[str] = "desk/register_beside.html"
    aside: callers.Aside
    first_answer: datetime | None
    offers: Sequence[Offer]


@dataclass(frozen=True)
class RefusedPage(PageData):
    """Instead of a form that could not be sent. `begins` is for who may begin: the page on which it is done."""

    template: ClassVar[str] = "desk/register_refused.html"
    refused: Refused
    begins: bool


@page(access=staff)
def register(request: DeskRequest) -> HttpResponse:
    """GET shows the form, POST registers and goes to the matter, or on to the next caller."""
    refused = actions.refusal(request.actor) if request.method == "GET" else None
    if refused is not None:
        begins = rights.administers(request.actor) and not organization.institution().opened_at
        return show(request, RefusedPage(refused=refused, begins=begins))
    rules = profile.current()
    token = _token(request)
    data = _draft(token) if request.method == "GET" and "kept" in request.GET else picked(_with_person(posted(request)))
    waiting = photos.waiting(request, data)
    last = request.session.get("register_last", {})
    source = sources.of(request, data)
    form = RegisterForm(
        data,
        actor=request.actor,
        profile=rules,
        waiting=waiting,
        channel=last.get("channel", ""),
        point=last.get("point", ""),
        begun=source.begun(),
    )
    if request.method == "POST" and form.is_valid():
        return _registered(request, form, token, waiting, source)
    return show(
        request,
        RegisterPage(
            form=form,
            aside=_beside(request, {name: str(form[name].value() or "") for name in _BESIDE}),
            started_at=clock.now(),
            kept_draft=request.method == "GET" and "kept" not in request.GET and drafts.load(token) is not None,
            first_answer=first_answer(request.actor, rules, clock.now()),
            numbers=rules.public_numbers,
            offers=by_words(str(form["content"].value() or ""), rules),
            letter=source.letter,
            mail=source.mail,
            voicemail=source.voicemail,
            ticket=source.ticket,
            sheet=source.sheet,
            at=source.at,
        ),
    )


@page(access=quiet, methods=("POST",))
def aside(request: DeskRequest) -> HttpResponse:
    """What stands beside the form, for what is typed so far; posted, because addresses end in histories and logs."""
    found = _beside(request, {name: request.POST.get(name, "") for name in _BESIDE})
    rules = profile.current()
    answer = first_answer(request.actor, rules, clock.now())
    likely = by_words(request.POST.get("content", ""), rules)
    return show(request, AsidePage(aside=found, first_answer=answer, offers=likely))


@page(access=quiet, methods=("POST",))
def draft(request: DeskRequest) -> HttpResponse:
    """Keep what is typed so far; answers with the words beside the heading."""
    typed = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "key", "turn"):
        typed.pop(name, None)
    drafts.save(_token(request), FORM, typed.urlencode(), owner=request.account.pk)
    return HttpResponse(draft_kept())


@page(access=staff, methods=("POST",))
def drop_draft(request: DeskRequest) -> HttpResponse:
    drafts.drop(_token(request))
    return redirect("desk:register")


def _registered(
    request: DeskRequest,
    form: RegisterForm,
    token: str,
    waiting: photos.Waiting,
    source: sources.Source,
) -> HttpResponse:
    receipt = source.register(form, request.actor)
    drafts.drop(token)
    waiting.settle()
    last = {name: form.cleaned_data[name] for name in ("channel", "point")}
    if source.keeps_the_way and request.session.get("register_last") != last:  # else a commit more for each
        request.session["register_last"] = last
    for sentence in waiting.refused:
        messages.warning(request, sentence)
    if form.cleaned_data.get("drill"):
        messages.success(request, _("演练 %(number)s 登记好了，开始按分钟计时。") % {"number": receipt.number})
    elif form.settles:
        messages.success(request, _("%(number)s 登记好了，答复已记下。") % {"number": receipt.number})
    else:
        messages.success(
            request,
            _("%(number)s 登记好了。最晚 %(day)s告诉说事人受理不受理。回执在“待交付的回执”里打印。")
            % {"number": receipt.number, "day": day(receipt.promised)},
        )
    if "next" in form.data:
        return source.next()
    return redirect("desk:matter", receipt.number)


def _with_person(data: QueryDict | None) -> QueryDict | None:
    if data is None or _USE not in data:
        return data
    chosen = data.copy()
    chosen["person"] = str(data[_USE])
    chosen[AGAIN] = "1"
    return chosen


def _beside(request: DeskRequest, typed: dict[str, str]) -> callers.Aside:
    """Asked again for the same number, as after each change of the form, finding nobody is counted once."""
    number = blind.index("phone", typed["phone"])
    again = request.session.get("last_number") == number
    if not again and typed["phone"]:
        request.session["last_number"] = number
    return callers.aside(request.actor, callers.Typed(**typed), asked_before=again)


def _token(request: DeskRequest) -> str:
    """One unfinished registration per account; the token cannot be guessed from outside."""
    return Signer(salt=FORM).signature(str(request.account.pk))


def _draft(token: str) -> QueryDict | None:
    kept = drafts.load(token)
    if kept is None:
        return None
    data = QueryDict(kept.body, mutable=True)
    data[AGAIN] = "1"
    return data


__all__: Sequence[str] = ("aside", "draft", "drop_draft", "register")
