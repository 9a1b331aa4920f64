"""The page of one matter: what, who, clocks, points, what I may do and why not the rest, timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import composing, disclosure, forms, onward, recent, unfinished, words
from shuoshi.desk.forms.checklist import TickItemsForm
from shuoshi.desk.forms.handling import NoteForm, WriteToSpeakerForm
from shuoshi.desk.frame import DeskRequest, quiet
from shuoshi.kernel import clock
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import TEXT_LIMIT
from shuoshi.matters import actions, papers, workflow
from shuoshi.matters.case import Case
from shuoshi.matters.checklist import Line
from shuoshi.matters.models import Deadline, Entry, Matter, Round
from shuoshi.matters.queries.disputes import DisputeView, dispute_of
from shuoshi.matters.queries.emergency import FileView, file_of
from shuoshi.matters.queries.matter import MatterView, matter_page
from shuoshi.matters.queries.outside import Outside, outside_of
from shuoshi.matters.queries.parts import PartView, parts_beside, whole_of
from shuoshi.matters.queries.queues import Queue, mark_places
from shuoshi.matters.queries.together import main_of, merged_here, related
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Audience, DeadlineKind, Status
from shuoshi.matters.workflow import Offer

C = TypeVar("C", bound=forms.ActionForm)

MAIN = (
    Action.DISPATCH_EMERGENCY,
    Action.REPORT_EMERGENCY,
    Action.COMPLETE_PAPERS,
    Action.CHECK_CONCERNED,
    Action.TYPE_OUT,
    Action.ACCEPT,
    Action.ASSIGN,
    Action.SIGN_FOR,
    Action.SIGN_RESULT,
    Action.RECORD_FOLLOW_UP,
    Action.RECORD_SAMPLE,
    Action.RULE_RETURN,
    Action.RULE_EXIT,
    Action.RULE_CONFLICT,
    Action.DECIDE_REVIEW,
    Action.RULE_VOID,
    Action.RULE_ESCALATION,
    Action.RULE_EXTENSION,
    Action.RULE_PAUSE,
    Action.RULE_PARK,
    Action.ANSWER_SUPERVISION,
    Action.ANSWER_INSTRUCTION,
    Action.RECORD_SUPERIOR_ANSWER,
    Action.REPORT_BACK,
    Action.GIVE_CO_OPINION,
    Action.ANSWER_DUTIES,
    Action.CONFIRM_CARRIED_OUT,
    Action.CHECK_PERFORMANCE,
    Action.CONCLUDE_AGREEMENT,
    Action.RECORD_FIRST_CONTACT,
    Action.CLASSIFY,
    Action.ADOPT,
    Action.PREPARE_RESULT,
)  # the first of these that the matter waits for is the filled button
IN_PLACE = composing.COMPOSED | {Action.TICK_ITEMS}  # what has no button: it stands on the page
LONG = 400  # characters
TABS = (("", _("全部")), ("public", _("群众看得到的")), ("internal", _("仅内部")))
SHOWS = {"": None, "public": Audience.PUBLIC, "internal": Audience.INTERNAL}


@dataclass(frozen=True)
class RoundLines:
    """A round of the timeline with its entries, newest first."""

    round: Round
    entries: Sequence[Entry]


@dataclass(frozen=True)
class RoundPromises:
    """The promises of one round; `current` stands open, the others are folded."""

    ordinal: int
    current: bool
    promises: Sequence[words.Promise]


@dataclass(frozen=True)
class Button:
    """An action one may do now; `main` is the one thing the matter waits for from this person, if there is one."""

    offer: Offer
    main: bool


@dataclass(frozen=True)
class Tab:
    """A filter of the timeline, which stands in the address."""

    show: str
    label: str
    current: bool


@dataclass(frozen=True)
class Head:
    """What every page about a matter begins with."""

    view: MatterView
    path: str  # 利益诉求 › 基础设施 › 供水
    state: str
    due: Deadline | None  # the clock of whoever's turn it is
    promise: Deadline | None


@dataclass(frozen=True)
class MatterPage(PageData):
    """`doing` are the allowed actions, what is waited for first; `not_now` the refused ones with their reasons."""

    template: ClassVar[str] = "desk/matter.html"
    head: Head
    view: MatterView
    matter: Matter
    doing: Sequence[Button]
    takes_on: bool  # this person may accept, assign and handle it, all at once
    not_now: Sequence[Offer]
    note: NoteForm | None
    word: WriteToSpeakerForm | None
    checks: Sequence[Line]  # the checklist of its category, once somebody has it in hand
    ticks: TickItemsForm | None  # for whoever may tick it
    rounds: Sequence[RoundLines]
    tabs: Sequence[Tab]
    promises: Sequence[RoundPromises]
    cards: Sequence[disclosure.Card]
    reply: papers.Ref | None  # signed last; every other paper is a page away
    reissues: bool  # a lost receipt may be handed out anew by this person
    last_words: str  # why the last round did not satisfy
    answers: Sequence[tuple[str, str]]
    main: Matter | None  # what it is merged into
    merged: Sequence[Matter]  # what is merged into it
    whole: Matter | None  # of a part
    parts: Sequence[PartView]  # of a divided matter, and beside a part
    related: Sequence[Matter]  # what the same speaker raised from it, or it was raised from
    files: dict[Any, list[Any]]
    origin: str  # where the matter was opened from
    queue: Queue | None  # that place, if it is a queue
    emergency: FileView | None
    outside: Outside
    dispute: DisputeView | None
    unreviewed: bool  # under review, and nobody may decide on it now
    long: bool  # a letter that fills a phone several times over, before what can be done


@page(access=staff, methods=("GET",))
def matter(request: DeskRequest, number: str) -> HttpResponse:
    """Everything about one matter. Eight statements beside the frame, whatever its length."""
    view = found(request, number)
    about = forms.About(matter=view.matter, actor=request.actor, profile=view.profile)
    unsent = composing.unsent(request.account.pk, view.matter)
    shows = request.GET.get("show", "")
    shows = shows if shows in SHOWS else ""
    answer = show(
        request,
        MatterPage(
            head=head(view),
            view=view,
            matter=view.matter,
            doing=_buttons(view),
            takes_on=bool(workflow.takes_on(case(request, view))),
            not_now=[offer for offer in view.offers if not offer.allowed],
            note=_composer(NoteForm, about, unsent, "note_%s") if view.can(Action.NOTE) else None,
            word=_composer(WriteToSpeakerForm, about, unsent, "word_%s") if view.can(Action.WRITE_TO_SPEAKER) else None,
            checks=view.checks if view.matter.handler_id else (),
            ticks=_ticks(view, about),
            rounds=_rounds(disclosure.lines(case(request, view), view.entries), shows),
            tabs=[Tab(show_, str(label), show_ == shows) for show_, label in TABS],
            promises=_promises(view),
            cards=disclosure.cards(case(request, view), view.parties),
            reply=papers.newest_reply(view.entries),
            reissues=actions.reissuable(case(request, view)),
            last_words=view.matter.round.words if view.matter.round else "",
            answers=view.answered,
            main=main_of(request.actor, view.matter),
            merged=merged_here(request.actor, view.matter),
            whole=whole_of(request.actor, view.matter),
            parts=parts_beside(request.actor, view.matter, view.entries),
            related=related(request.actor, view.entries),
            files={entry.pk: view.files_of(entry) for entry in view.entries},
            origin=onward.origin(request),
            queue=onward.queue_of(onward.origin(request)),
            emergency=file_of(view),
            outside=outside_of(view.matter),
            dispute=dispute_of(view.matter, view.entries),
            unreviewed=_nobody_decides(view),
            long=len(view.matter.content) > LONG,
        ),
    )
    recent.note(request, answer, view.matter.pk)
    return answer


@page(access=quiet, methods=("POST",))
def draft(request: DeskRequest, number: str, action: str) -> HttpResponse:
    """Keep what stands in a composer, or in the form of an action; answers with the words beneath it."""
    if action not in Action.values or forms.of(Action(action)) is None:
        raise Http404
    matter = get_object_or_404(visible_to(request.actor), number=number)
    if action in composing.COMPOSED:
        words_ = request.POST.get("text", "")[:TEXT_LIMIT]
        composing.keep(request.account.pk, matter, Action(action), words_)
    else:
        unfinished.keep(request, request.account.pk, matter, Action(action))
    return HttpResponse(draft_kept())


def draft_kept() -> str:
    return str(_now("草稿已存 %(time)s") % {"time": f"{clock.local(clock.now()):%H:%M:%S}"})


def _composer(made: type[C], about: forms.About, unsent: Mapping[str, str], auto_id: str) -> C:
    text = unsent.get(made.action, "")
    return made(about=about, turn=about.matter.turn, auto_id=auto_id, initial={"text": text} if text else None)


def _ticks(view: MatterView, about: forms.About) -> TickItemsForm | None:
    if not view.can(Action.TICK_ITEMS):
        return None
    ticked = [line.item.code for line in view.checks if line.entry is not None]
    return TickItemsForm(about=about, turn=view.matter.turn, auto_id="tick_%s", ticked=ticked)


def found(request: DeskRequest, number: str) -> MatterView:
    """The matter behind a number; 404 when this person may not know of it."""
    try:
        view = matter_page(request.actor, number, clock.now())
        mark_places(request.actor, [view.matter])
        return view
    except Matter.DoesNotExist:
        raise Http404 from None


def case(request: DeskRequest, view: MatterView) -> Case:
    """This person before this matter, for policies."""
    return Case(actor=request.actor, matter=view.matter, standing=view.standing, now=clock.now(), clocks=view.running)


def head(view: MatterView) -> Head:
    matter = view.matter
    running = [one for one in view.deadlines if one.outcome == Outcome.OPEN]
    work = [one for one in running if one.kind not in (DeadlineKind.PROMISE, DeadlineKind.RATING)]
    promise = next((one for one in running if one.kind == DeadlineKind.PROMISE), None)
    nearest = min(work, key=lambda one: one.due_at, default=None)
    return Head(
        view=view,
        path=view.profile.path(matter.category, matter.kind),
        state=words.state(matter),
        due=nearest,
        promise=promise if promise and (nearest is None or promise.due_at != nearest.due_at) else None,
    )


def _buttons(view: MatterView) -> list[Button]:
    order = {action: place for place, action in enumerate(MAIN)}
    allowed = [offer for offer in view.offers if offer.allowed and offer.action not in IN_PLACE]
    ordered = sorted(allowed, key=lambda offer: (not _waited_for(offer, view), order.get(offer.action, len(MAIN))))
    shown = [offer for offer in ordered if forms.of(offer.action)]
    return [Button(offer, place == 0 and _waited_for(offer, view)) for place, offer in enumerate(shown)]


def _waited_for(offer: Offer, view: MatterView) -> bool:
    """Whether the matter waits for this very deed. What may be done again, but was done, is nobody's next step."""
    running = {one.kind for one in view.deadlines if one.outcome == Outcome.OPEN}
    done_before = {
        Action.RECORD_FIRST_CONTACT: DeadlineKind.FIRST_CONTACT not in running,
        Action.REPORT_EMERGENCY: DeadlineKind.REPORT not in running,
        Action.TYPE_OUT: not view.matter.untyped,
        Action.CLASSIFY: bool(view.matter.category),
        Action.ANSWER_DUTIES: view.matter.duties_answered_at is not None,
        Action.CONFIRM_CARRIED_OUT: view.matter.status != Status.CLOSED,
        Action.CHECK_PERFORMANCE: view.matter.status != Status.CLOSED,
        Action.PREPARE_RESULT: view.matter.result_in_hand,
        Action.REPORT_BACK: view.matter.status != Status.IN_FOLLOW_UP,
    }
    return offer.action in MAIN and not done_before.get(offer.action, False)


def _nobody_decides(view: MatterView) -> bool:
    offered = next((one for one in view.offers if one.action == Action.DECIDE_REVIEW), None)
    return offered is not None and offered.code in ("policy", "excluded") and not offered.who_could


def _promises(view: MatterView) -> list[RoundPromises]:
    """Round by round, the current one first."""
    by_round: dict[int, list[Deadline]] = {}
    for one in view.deadlines:
        by_round.setdefault(one.round.ordinal, []).append(one)
    latest = max(by_round, default=0)
    found = [
        RoundPromises(ordinal, ordinal == latest, words.promises(by_round[ordinal]))
        for ordinal in sorted(by_round, reverse=True)
    ]
    return [one for one in found if one.promises]


def _rounds(entries: Sequence[Entry], shows: str) -> list[RoundLines]:
    """Newest first: rounds, and the lines in them."""
    audience = SHOWS[shows]
    kept = [entry for entry in entries if audience is None or entry.audience == audience]
    rounds: dict[Any, tuple[Round, list[Entry]]] = {}
    for entry in kept:
        rounds.setdefault(entry.round_id, (entry.round, []))[1].append(entry)
    ordered = sorted(rounds.values(), key=lambda pair: -pair[0].ordinal)
    return [RoundLines(round_, lines[::-1]) for round_, lines in ordered]
