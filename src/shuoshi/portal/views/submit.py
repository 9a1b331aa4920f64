"""The four pages of saying something, without a line of script: what, where, who, check. Each keeps what it asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, drafts, throttle
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.files import FileMissing
from shuoshi.kernel.web import PageData, network_of, page, permissions, public, show
from shuoshi.kernel.web.forms import Form
from shuoshi.kernel.web.kept import posted, unsent
from shuoshi.kernel.web.refusals import too_often
from shuoshi.kernel.web.site import current_site
from shuoshi.kernel.web.sound import sound
from shuoshi.knowledge import finding
from shuoshi.knowledge import queries as knowledge
from shuoshi.knowledge.models import Entry
from shuoshi.matters import actions, waiting
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.queries.promises import first_answer
from shuoshi.matters.vocabulary import Channel, Naming, TellBy
from shuoshi.organization import profile, queries
from shuoshi.organization.models import Area, Point
from shuoshi.organization.named import named_in
from shuoshi.organization.profile import PublicNumber
from shuoshi.portal import forms, opened, photos, recordings
from shuoshi.portal.submission import Said, Submission, last_sent, remember_sent
from shuoshi.portal.views.points import scanned

PAGES = ("what", "where", "who")
KNOWN = 3
WHAT = ("what", "danger", "concerns_unit", "concerns_words")


@dataclass(frozen=True)
class Step:
    """One of the four steps as the stepper draws it; `url` "" for one that cannot be opened yet."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class PreparingPage(PageData):
    """Nobody writes four pages that nobody takes in."""

    template: ClassVar[str] = "portal/preparing.html"


@dataclass(frozen=True)
class WhatPage(PageData):
    template: ClassVar[str] = "portal/what.html"
    form: forms.What
    steps: list[Step]
    upload: photos.Upload
    voice: recordings.Shown
    numbers: Sequence[PublicNumber]
    at: Point | None = None  # whose code was read


@dataclass(frozen=True)
class WherePage(PageData):
    template: ClassVar[str] = "portal/where.html"
    form: forms.Where
    steps: list[Step]
    known: Sequence[Entry] = ()  # answers to what was said, where there are any


@dataclass(frozen=True)
class WhoPage(PageData):
    template: ClassVar[str] = "portal/who.html"
    form: forms.Who
    steps: list[Step]


@dataclass(frozen=True)
class CheckPage(PageData):
    template: ClassVar[str] = "portal/check.html"
    said: Said
    steps: list[Step]
    photos: Sequence[drafts.DraftFile]
    voice: recordings.Shown
    area: str
    unit: str
    kept_from: Sequence[str]  # names of units and people whom it will be kept from
    naming: str
    promised: datetime | None
    at: Point | None


@page(access=public, methods=("GET",))
def start(request: HttpRequest) -> HttpResponse:
    """The short address printed on paper."""
    return redirect("portal:what")


@page(access=public)
def what(request: HttpRequest) -> HttpResponse:
    """Page 1. The words are kept before the photos are looked at; a refused photo costs nothing else."""
    if request.method == "GET" and current_site().preparing:
        return show(request, PreparingPage())
    mine, at, numbers = _current(request), scanned(request), profile.current().public_numbers
    data = posted(request)
    if data is not None and not mine.stored:  # a draft may become one matter and hold nine photos: it is counted
        left = throttle.take(throttle.SUBMIT_BY_NETWORK.scope, network_of(request), clock.now())
        if left is not None:
            return too_often(request, max(1, -(-int(left.total_seconds()) // 60)))
    note = recordings.sent(request)
    spoken = recordings.stands(request, mine, note)
    form = forms.What(data, initial=_initial(mine.said, *WHAT), spoken=spoken)
    here = at or _point_of(mine.said)
    if not form.is_bound:
        shown = WhatPage(form, _steps(mine, "what"), _upload(mine), recordings.shown(mine), numbers, here)
        return permissions.with_microphone(show(request, shown))
    fits = form.is_valid()
    if fits:
        mine.save("what", **_values(form, *WHAT), at=str(at.pk) if at else mine.said.at)
    elif photos.uploads(request) or note.sound:
        mine.save("")  # something for the files to lie in
    refusals = photos.change(request, mine.token) if mine.stored else []
    refusals += [note.refusal] if note.refusal else []
    if mine.stored:
        recordings.change(request, mine, note)
    if photos.pressed(request) or recordings.pressed(request):
        form = forms.What(unsent(request))
    elif fits and not refusals:
        return _onward(mine, request, "where")
    else:
        form.mention(refusals)
    status = 422 if refusals else None
    of_photos = [sentence for sentence in refusals if sentence != note.refusal]
    voice = recordings.shown(mine, note)
    shown = WhatPage(form, _steps(mine, "what"), _upload(mine, of_photos), voice, numbers, here)
    response = permissions.with_microphone(show(request, shown, status=status))
    return mine.keep_in(response) if mine.stored else response


@page(access=public)
def where(request: HttpRequest) -> HttpResponse:
    """Page 2. 不清楚 is an answer."""
    mine = _current(request)
    if missing := mine.missing("what"):
        return _to_begin(request, missing)
    names = ("area", "place", "latitude", "longitude")
    form = forms.Where(posted(request), initial=_initial(mine.said, *names))
    if form.is_valid():
        values = _values(form, "place") | {"area": form.where}
        placed = {name: form.cleaned_data[name] for name in ("latitude", "longitude")}
        values |= {name: str(value) if value is not None else "" for name, value in placed.items()}
        mine.save("" if form.asks_group else "where", **values)
        if not form.asks_group:
            return _onward(mine, request, "who")
        form = forms.Where(initial=_initial(mine.said, *names))
        form.fields["group"].widget.attrs["autofocus"] = True
    return show(request, WherePage(form, _steps(mine, "where"), _known(mine.said)))


@page(access=public)
def who(request: HttpRequest) -> HttpResponse:
    """Page 3. Somebody who leaves no name is told what that costs, and nothing more is asked."""
    mine = _current(request)
    if missing := mine.missing("what", "where"):
        return _to_begin(request, missing)
    names = ("naming", "name", "phone", "for_other", "other_name", "other_phone", "tell_by", "consent")
    form = forms.Who(posted(request), initial=_initial(mine.said, *names))
    if form.is_valid():
        mine.save("who", **_values(form, *names))
        return _onward(mine, request, "check")
    return show(request, WhoPage(form, _steps(mine, "who")))


@page(access=public)
def check(request: HttpRequest) -> HttpResponse:
    """Page 4: everything once more, who will see it, what is promised; and the one press that counts."""
    mine = Submission.of(request)
    if mine.said.done:
        return _to_receipt(request, mine) if request.method == "POST" else redirect("portal:done")
    if missing := mine.missing(*PAGES):
        return _to_begin(request, missing)
    if request.method == "POST":
        receipt = actions.register(_intake(mine), actor=Actor(ActorKind.SPEAKER))
        mine.finish(str(receipt.matter_id), receipt.number)
        return _to_receipt(request, mine)
    said = mine.said
    unit = next((unit.name for unit in queries.units() if str(unit.pk) == said.concerns_unit), "")
    named = named_in(said.concerns_words).names
    areas = Area.objects.filter(pk=said.area) if said.area else Area.objects.none()
    return show(
        request,
        CheckPage(
            said=said,
            steps=_steps(mine, "check"),
            photos=mine.photos,
            voice=recordings.shown(mine),
            area=next((area.name for area in areas), ""),
            unit=unit,
            kept_from=list(dict.fromkeys([unit, *named] if unit else named)),
            naming=str(Naming(said.naming).label),
            promised=first_answer(Actor(ActorKind.SPEAKER), profile.current(), clock.now()),
            at=_point_of(said),
        ),
    )


@page(access=public, methods=("GET",))
def photo(request: HttpRequest, position: int) -> HttpResponse:
    """One photo of the own draft, small; nobody else's can be asked for, there is no id to guess."""
    mine = Submission.of(request)
    here = mine.photos
    if position >= len(here):
        raise Http404
    small = bool(here[position].thumbnail)
    try:
        found = drafts.open_file(mine.token, here[position].pk, thumbnail=small)
    except FileMissing:
        found = None
    if found is None:
        raise Http404
    return HttpResponse(found[1], content_type=found[0].media_type)


@page(access=public, methods=("GET",))
def voice(request: HttpRequest) -> HttpResponse:
    """The recording of the own draft, to listen to it before it is sent."""
    mine = Submission.of(request)
    try:
        found = drafts.open_file(mine.token, mine.voice.pk) if mine.voice else None
    except FileMissing:
        found = None
    if found is None:
        raise Http404
    return sound(request, found[1], found[0].media_type)


@page(access=public, methods=("POST",))
def afresh(request: HttpRequest) -> HttpResponse:
    """Forget what was written and begin again."""
    Submission.of(request).drop()
    return redirect("portal:what")


def _to_receipt(request: HttpRequest, mine: Submission) -> HttpResponse:
    """To the receipt; a press whose answer was lost on the way has nothing but the draft's cookie to get it with."""
    done = mine.said.done
    response = opened.grant_to(request, redirect("portal:done"), UUID(done["matter"]), done["number"])
    return remember_sent(mine.keep_in(response), done["number"])


def _to_begin(request: HttpRequest, missing: str) -> HttpResponse:
    """To the page that was left out; from a form that was sent a while ago to what became of it."""
    sent_before = missing == PAGES[0] and last_sent(request)
    return redirect("portal:done" if sent_before else f"portal:{missing}")


def _current(request: HttpRequest) -> Submission:
    """The open draft; once it was sent, the next words are another matter."""
    mine = Submission.of(request)
    return Submission(drafts.new_token(), Said(), stored=False) if mine.said.done else mine


def _onward(mine: Submission, request: HttpRequest, page_name: str) -> HttpResponse:
    """The next page, or back to the check that sent here to mend something."""
    target = "check" if request.POST.get("back") == "check" and not mine.missing(*PAGES) else page_name
    return mine.keep_in(HttpResponseRedirect(reverse(f"portal:{target}")))


def _steps(mine: Submission, current: str) -> list[Step]:
    labels = {"what": _("什么事"), "where": _("在哪里"), "who": _("您是谁（可不留名）"), "check": _("核对")}
    steps = []
    for name, label in labels.items():
        open_ = name in mine.said.seen or (name == "check" and not mine.missing(*PAGES))
        steps.append(Step(label, reverse(f"portal:{name}") if open_ and name != current else "", name == current))
    return steps


def _known(said: Said) -> list[Entry]:
    """Answers that are there already; none where there may be danger or somebody is complained about."""
    if not said.what or said.danger or said.concerns_unit or said.concerns_words:
        return []
    return finding.suggest(knowledge.for_everybody(), said.what, most=KNOWN)


def _point_of(said: Said) -> Point | None:
    """Where it was said, by the code that was read there; also when the point has been closed since."""
    return next((one for one in queries.points(closed=True) if str(one.pk) == said.at), None) if said.at else None


def _initial(said: Said, *names: str) -> dict[str, Any]:
    return {name: getattr(said, name) for name in names}


def _values(form: Form, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _upload(mine: Submission, refusals: Sequence[str] = ()) -> photos.Upload:
    here = enumerate(mine.photos)
    shown = [photos.Shown(reverse("portal:draft-photo", args=[place]), file.size) for place, file in here]
    return photos.Upload(shown, refusals)


def _intake(mine: Submission) -> Intake:
    """What the four pages said, as every way of raising says it. The draft's token is the key."""
    said = mine.said
    named, at = said.naming != Naming.ANONYMOUS, _point_of(said)
    return Intake(
        channel=Channel.ONLINE,
        key=mine.token,
        content=said.what,
        naming=Naming(said.naming),
        speaker=PersonSaid(name=said.name, phone=said.phone) if named else None,
        on_behalf_of=PersonSaid(name=said.other_name, phone=said.other_phone) if said.for_other else None,
        said_point=at.pk if at else None,
        said_place=_("扫码") if at else _("网上"),
        area=next(iter(Area.objects.filter(pk=said.area).values_list("pk", flat=True)), None) if said.area else None,
        place=said.place,
        latitude=said.latitude,
        longitude=said.longitude,
        danger_ticked=said.danger,
        concerns_units=forms.unit_of(said.concerns_unit),
        concerns_words=said.concerns_words,
        consent_to_publication=said.consent,
        tell_by=TellBy(said.tell_by or TellBy.PAGE),
        no_messages=not said.phone,
        files=waiting.given(mine.token),
    )
