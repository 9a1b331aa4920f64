"""The registration page: one form, saved to a matter or settled on the spot; drafts, earlier matters, repeats beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.signing import Signer
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.channels.boxes import actions as boxes
from shuoshi.channels.boxes import queries as letters
from shuoshi.channels.boxes.queries import Read
from shuoshi.channels.hotline import actions as calls
from shuoshi.channels.hotline import queries as at_the_hotline
from shuoshi.channels.hotline import voicemail as recordings
from shuoshi.channels.hotline.models import Call, Voicemail
from shuoshi.channels.hotline.policies import may_take
from shuoshi.channels.mail import actions as mails
from shuoshi.channels.mail import queries as in_the_inbox
from shuoshi.channels.mail.queries import Seen
from shuoshi.desk import callers, photos, rights
from shuoshi.desk.forms.begun import Begun, of_call, of_letter, of_mail, of_voicemail
from shuoshi.desk.forms.likely import Offer, by_words, picked
from shuoshi.desk.forms.register import RegisterForm
from shuoshi.desk.frame import DeskRequest, quiet
from shuoshi.desk.views.matter import draft_kept
from shuoshi.kernel import blind, clock, drafts
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.kernel.web.kept import AGAIN
from shuoshi.matters import actions
from shuoshi.matters.queries.promises import first_answer
from shuoshi.organization import profile
from shuoshi.organization import queries as organization
from shuoshi.organization.profile import PublicNumber

_FORM = "desk.register"
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


@dataclass(frozen=True)
class Source:
    """What is written down: a letter, a call, a mail, a recording, or nothing but what somebody says."""

    letter: Read | None
    call: Call | None
    mail: Seen | None
    voicemail: Voicemail | None

    def begun(self) -> Begun | None:
        if self.letter is not None:
            return of_letter(self.letter)
        if self.call is not None:
            return of_call(self.call, at_the_hotline.raised_by(self.call))
        if self.voicemail is not None:
            return of_voicemail(self.voicemail, self.voicemail.raised.count())
        return of_mail(self.mail) if self.mail is not None else None

    def register(self, form: RegisterForm, actor: Actor) -> actions.Receipt:
        raised = form.cleaned_data["raised"] or 0
        if self.letter is not None:
            return boxes.register(self.letter.letter.pk, form.terms(), raised=raised, actor=actor)
        if self.call is not None:
            return calls.register(self.call.pk, form.terms(), raised=raised, actor=actor)
        if self.mail is not None:
            return mails.register(self.mail.mail.pk, form.terms(), raised=raised, actor=actor)
        if self.voicemail is not None:
            return recordings.register(self.voicemail.pk, form.terms(), raised=raised, actor=actor)
        return actions.register(form.terms(), actor=actor)

    @property
    def keeps_the_way(self) -> bool:
        """Whether the next registration begins with the same way: not where something came by its own."""
        return self.letter is None and self.mail is None

    def next(self) -> HttpResponse:
        if self.letter is not None:
            return redirect("desk:opening", self.letter.letter.opening_id)
        if self.mail is not None:
            return redirect("desk:mails")
        at_the_calls = self.call is not None or self.voicemail is not None
        return redirect("desk:calls" if at_the_calls else "desk:register")


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
    source = Source(_letter(request, data), _call(request, data), _mail(request, data), _voicemail(request, data))
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
    drafts.save(_token(request), _FORM, typed.urlencode(), owner=request.account.pk)
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
    source: Source,
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


def _letter(request: DeskRequest, data: QueryDict | None) -> Read | None:
    """The letter of a suggestion box that is written down, where one is; Http404 for one that is not the reader's.

    One that was set aside meanwhile is refused before anything is typed.
    """
    named = str(data.get("letter", "")) if data is not None else request.GET.get("letter", "")
    if not named:
        return None
    try:
        found = letters.letter(UUID(named), request.actor)
    except ValueError:
        found = None
    if found is None:
        raise Http404
    if found.letter.because:
        raise Refused("letter_aside", _("这封信已经定了不登记。"))
    return found


def _call(request: DeskRequest, data: QueryDict | None) -> Call | None:
    """The call that is written down, where one is; Http404 for what is none, and for whoever takes none."""
    named = str(data.get("call", "")) if data is not None else request.GET.get("call", "")
    if not named:
        return None
    try:
        found = at_the_hotline.call(UUID(named))
    except ValueError:
        found = None
    if found is None or not may_take(request.actor):
        raise Http404
    return found


def _voicemail(request: DeskRequest, data: QueryDict | None) -> Voicemail | None:
    """The recording that is written down, where one is; Http404 for what is none, and for whoever may not hear it.

    What is sent again is not asked: whoever registered it may be kept from it since, and is given the receipt again.
    """
    named = str(data.get("voicemail", "")) if data is not None else request.GET.get("voicemail", "")
    if not named:
        return None
    try:
        found = at_the_hotline.voicemail(UUID(named))
    except ValueError:
        found = None
    if found is None or not may_take(request.actor):
        raise Http404
    if request.method != "POST" and at_the_hotline.kept_from(found, request.actor):
        raise Http404
    return found


def _mail(request: DeskRequest, data: QueryDict | None) -> Seen | None:
    """The mail that is written down, where one is; Http404 for what is none, and for whoever may not read it."""
    named = str(data.get("mail", "")) if data is not None else request.GET.get("mail", "")
    if not named:
        return None
    try:
        found = in_the_inbox.mail(UUID(named), request.actor)
    except ValueError:
        found = None
    if found is None or found.kept:
        raise Http404
    if found.mail.state not in mails.OPEN:
        raise Refused("mail_settled", _("这封信已经处理过了。"))
    return found


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
    return Signer(salt=_FORM).signature(str(request.account.pk))


def _draft(token: str) -> QueryDict | None:
    kept = drafts.load(token)
    if kept is None:
        return None
    data = QueryDict(kept.body, mutable=True)
    data[AGAIN] = "1"
    return data


__all__: Sequence[str] = ("aside", "draft", "drop_draft", "register")
