"""The same matter said by several: handled once, and each keeps number, receipt, reply, rating and end (4.2).

Who merges looks at both. What one is kept from the other is kept from as well, and whoever handles the main matter
reads of the others what was said, never who said it.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel import calendars
from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.clock import local
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import (
    deadlines,
    emergency_guards,
    group_guards,
    guards,
    policies,
    recording_guards,
    terms,
    together_guards,
    veil,
)
from shuoshi.matters.actions import own_words, stopped, triage
from shuoshi.matters.actions.keeping_away import keep_as_there, take_up_again
from shuoshi.matters.actions.locking import locked
from shuoshi.matters.case import Case
from shuoshi.matters.models import Exclusion, Matter, Merging, Result, ResultPoint
from shuoshi.matters.scope import standing, visible_to
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    EMERGENCIES,
    GIVEN,
    INVOLVING,
    Action,
    Audience,
    Bond,
    DeadlineKind,
    EndedBecause,
    Hears,
    Mediated,
    RequestKind,
    ResultState,
    Status,
    Way,
)
from shuoshi.matters.vocabulary import Outcome as Became

MERGEABLE = frozenset({Status.ACCEPTED, Status.ASSIGNED, Status.IN_HANDLING})
MOST = 50  # merged into one: its signature answers them all at once
IN_HAND = frozenset({Status.ASSIGNED, Status.IN_HANDLING})
_STAND_STILL = (
    DeadlineKind.ASSIGN,
    DeadlineKind.SIGN_FOR,
    DeadlineKind.FIRST_CONTACT,
    DeadlineKind.PROGRESS,
    DeadlineKind.COMPLETION,
)
_WEAKEST_FIRST = (Became.NOT_JUSTIFIED, Became.CANNOT_ACT, Became.PARTLY, Became.SOLVED)


# ── into one ───────────────────────────────────────────────────────────────────────────────────────────────────────


def merge(step: Step, given: terms.Merge) -> None:
    """Its own clocks stand still but the promise, which is the earlier of both; the main matter's moves earlier with it."""
    main = _main(step, given)
    matter, unread = step.matter, step.matter.unread_words
    step.add(
        Merging(
            matter=matter,
            main=main,
            came_from=step.came_from,
            merged_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            merged_at=step.now,
            why=given.why,
        )
    )
    step.drop_all(but=(DeadlineKind.PROMISE, DeadlineKind.WITHDRAWAL))
    step.set(merged_into=main, unread_words=0)
    _promise_it(step, main)
    step.say(Audience.PUBLIC, _without_their_names(given.why, main), number=main.number)
    step.notify("merged", Told.LEAD)
    said = veil.without_names(own_words.all_of(matter), matter.parties.select_related("person"))
    promised = matter.promised_by.isoformat() if matter.promised_by else ""
    step.send(
        main.pk, terms.TellMain(what=Hears.JOINED, number=matter.number, text=said, unread=unread, promised=promised)
    )


def _without_their_names(text: str, other: Matter) -> str:
    """What one speaker reads of the other's matter: no name and no number of theirs."""
    return veil.without_names(text, other.parties.select_related("person"))


def _main(step: Step, given: terms.Merge) -> Matter:
    """The matter it is merged into, which this person assigns as well, or why it cannot be."""
    if given.main == step.matter.pk:
        raise Refused("its_own_main", _("不能并到它自己里面。"))
    if not visible_to(step.actor).filter(pk=given.main).exists():
        raise Refused("no_such_main", _("没有这件事，或者它不由您交办。"))
    main = locked(given.main)
    case = Case(actor=step.actor, matter=main, standing=standing(step.actor, main), now=step.now)
    if not policies.dispatcher(case):
        raise Refused("no_such_main", _("没有这件事，或者它不由您交办。"))
    urgent = main.urgency in EMERGENCIES or main.urgency_suspected
    promised = main.deadlines.filter(kind=DeadlineKind.PROMISE, outcome=Outcome.OPEN).exists()
    if main.status not in IN_HAND or not promised or urgent or main.is_part:
        raise Refused("main_not_in_hand", _("主件要是已经交办、正在办的事；暂停、挂账、紧急的和已经并入别件的都不行。"))
    if RequestKind.RECUSAL in case.standing.pending:
        raise Refused("main_recusal_pending", _("主件还有回避申请等着裁定，裁定以后再并单。"))
    if main.mediation == Mediated.OPEN:
        raise Refused("main_mediating", _("主件正在调解，期限是双方同意的，调解结束以后再并单。"))
    if main.merged_here >= MOST:
        raise Refused("main_is_full", _("主件已经并了 %(n)d 件。再有人说的，另选一件作主件。") % {"n": MOST})
    if main.kind != step.matter.kind:
        raise Refused("main_of_other_kind", _("两件事的种类不一样，不能并单。"))
    if _kept_from(main) != _kept_from(step.matter):
        raise Refused("kept_from_others", _("两件事要回避的人或单位不一样，不能并单。"))
    return main


def _kept_from(matter: Matter) -> set[object]:
    rows = Exclusion.objects.in_force().filter(matter=matter).values_list("person", "unit")
    return {person or unit for person, unit in rows}


def _promise_it(step: Step, main: Matter) -> None:
    """Who was promised a date keeps it. Who was not is promised one now: by the rule, or with the main matter if earlier."""
    if step.matter.promised_by is not None:
        return
    rule = deadlines.made(step.matter, step.profile, DeadlineKind.PROMISE, step.now)
    earlier = main.promised_by if main.promised_by and main.promised_by > step.now else None
    if rule is None or (earlier is not None and earlier < rule.due_at):
        promise = step.start(DeadlineKind.PROMISE, due_at=main.promised_by, ordered=True, basis="merged")
    else:
        promise = step.start(DeadlineKind.PROMISE)
    if promise is None:
        raise Refused("main_not_in_hand", _("主件要是已经交办、正在办的事；暂停、挂账、紧急的和已经并入别件的都不行。"))
    step.set(promised_by=promise.due_at)


# ── apart again ────────────────────────────────────────────────────────────────────────────────────────────────────


def unmerge(step: Step, given: terms.Unmerge | terms.BySystem) -> None:
    """Back to where it came from, with the date its speaker was given; the clocks that stood still run on.

    By rule where the main matter ended without a reply, and where this one turned out to be an emergency.
    """
    urgent = step.matter.urgency in EMERGENCIES
    given = given if isinstance(given, terms.Unmerge) else terms.Unmerge()
    if step.actor.kind is ActorKind.STAFF and not given.why.strip():
        raise Refused("reason_missing", _("撤销并单，要写明为什么不是同一件事。"))
    merging = _end(step)
    step.move(Status(merging.came_from))
    _run_on(step, merging)
    take_up_again(step)
    why = _("核实为紧急，从这一刻起单独办。") if urgent else given.why
    step.say(Audience.PUBLIC, _without_their_names(why, merging.main), number=merging.main.number)
    unread = step.matter.entries.filter(by_speaker=True, at__gte=merging.merged_at).count()
    if unread:  # said while it was merged: read there, answered here
        step.set(unread_words=step.matter.unread_words + unread)
        step.notify("information", Told.HANDLER, Told.REGISTRY)
    step.notify("unmerged", Told.DISPATCHER, *([Told.LEAD] if step.matter.status in GIVEN else []))
    if step.actor.kind is ActorKind.STAFF or urgent:
        step.send(merging.main_id, terms.TellMain(what=Hears.PARTED, number=step.matter.number))


def _run_on(step: Step, merging: Merging) -> None:
    """With the working days that were left, the limit not after the promise; what was late already stays late."""
    days = calendars.load().working_days_between(local(merging.merged_at).date(), local(step.now).date())
    stood = step.matter.deadlines.filter(
        kind__in=_STAND_STILL, settled_at=merging.merged_at, done_at__isnull=True, successor__isnull=True
    )
    promised = step.matter.promised_by
    for clock in stood.order_by("started_at", "id"):
        clock.matter = step.matter
        due_at = stopped.later(step, clock.due_at, days) if clock.outcome == Outcome.VOID else clock.due_at
        if clock.kind == DeadlineKind.COMPLETION and promised is not None and step.now < promised < due_at:
            due_at = promised
        step.start(DeadlineKind(clock.kind), due_at=due_at, ordered=True, basis="ran_on", follows=clock)


def _end(step: Step) -> Merging:
    merging = step.matter.mergings.select_related("main__lead_unit").get(ended_at__isnull=True)
    merging.matter = step.matter
    step.change(merging, ended_at=step.now)
    step.set(merged_into=None)
    return merging


def leave(step: Step) -> None:
    """Its speaker wants it no longer: this part ends, and the main matter goes on for the others (1.3.1)."""
    if step.came_from == Status.MERGED:
        merging = _end(step)
        step.send(merging.main_id, terms.TellMain(what=Hears.PARTED, number=step.matter.number))


# ── the result ─────────────────────────────────────────────────────────────────────────────────────────────────────


def share_result(step: Step, given: object) -> None:
    """The main matter's reply as its own: follow-up, rating and what comes of them are its own from here on."""
    from shuoshi.matters.actions.result import hand_to_follow_up

    main = _end(step).main
    if main.status != Status.IN_FOLLOW_UP:
        raise Refused("main_not_answered", _("主件还没有答复。"))
    result = main.results.filter(state=ResultState.SIGNED).latest("ordinal")
    result.matter = main
    _under_the_same_hands(step, main)
    reply = _reply(step, main, result)
    assert step.matter.round is not None
    step.change(step.matter.round, replied_at=step.now)
    until = deadlines.review_until(step.matter, step.profile, step.now)
    step.set(review_until=until, reviews_asked=0, finally_reviewed_at=None)
    step.say(Audience.PUBLIC, reply.reply, result=reply.ordinal, number=main.number, duty_overlap=reply.duty_overlap)
    hand_to_follow_up(step)
    step.notify("replied", Told.REGISTRY)


def _under_the_same_hands(step: Step, main: Matter) -> None:
    """Whoever had to do with the answer had to do with this one too, and who was kept from it is kept from this."""
    matter, unit = step.matter, main.lead_unit
    assert unit is not None
    if matter.assignment is not None and matter.assignment.ended_at is None:
        step.change(matter.assignment, ended_at=step.now, ended_because=EndedBecause.MERGED)
    keep_as_there(step, main)
    for bond in main.involvements.filter(bond__in=INVOLVING).order_by("at", "id"):
        step.involve(bond.person_id, Bond(bond.bond), [bond.over_path])
    step.set(
        lead_unit=unit,
        handler_id=main.handler_id,
        tier_path=main.tier_path,
        tier_above_path=main.tier_above_path,
        complexity=matter.complexity or main.complexity,
    )
    if not matter.category:
        step.set(category=main.category, sensitive=main.sensitive)
        triage.index(step)
    assignment = triage.new_assignment(step, unit, basis="merged", binding=True)
    step.change(assignment, handler_id=main.handler_id, signed_for_at=step.now)
    step.set(assignment=assignment)


def _reply(step: Step, main: Matter, result: Result) -> Result:
    """The words the main matter's speaker reads, without any name; each demand has the weakest outcome of the reply."""
    parties = list(main.parties.select_related("person"))

    def said(text: str) -> str:
        return veil.without_names(str(text), parties)

    points = list(result.points.order_by("demand__ordinal"))
    for point in points:
        point.matter = main
    reply = step.add(
        Result(
            matter=step.matter,
            round=step.matter.round,
            assignment=step.matter.assignment,
            ordinal=step.next_result(),
            state=ResultState.SIGNED,
            form=result.form,
            reply=said(result.reply),
            report=said(result.reply),
            basis=said(result.basis),
            remedies=said(result.remedies),
            prepared_by_id=result.prepared_by_id,
            prepared_at=result.prepared_at,
            issuer_id=result.issuer_id,
            signed_at=step.now,
            delivered_by=Way.PAGE,
            delivered_on=local(step.now).date(),
            duty_overlap=result.duty_overlap,
        )
    )
    weakest = min((Became(point.outcome) for point in points), key=_WEAKEST_FIRST.index)
    text = "\n".join(dict.fromkeys(str(point.text) for point in points))
    because = "\n".join(dict.fromkeys(str(point.because) for point in points if point.because))
    for demand in step.matter.demands.filter(dropped=False, settled=False).order_by("ordinal"):
        step.add(
            ResultPoint(
                matter=step.matter,
                result=reply,
                demand=demand,
                outcome=weakest,
                text=said(text),
                because=said(because),
            )
        )
    return reply


ROWS = (
    Transition(
        action=Action.MERGE,
        source=MERGEABLE,
        target=Status.MERGED,
        clause="4.2",
        allow=policies.dispatcher,
        when=(
            guards.of_the_four_kinds,
            group_guards.not_a_group,
            guards.no_result_waiting,
            together_guards.nothing_merged_into_it,
            guards.concerns_checked,
            recording_guards.recordings_typed,
            emergency_guards.papers_made,
            together_guards.nothing_pending,
            together_guards.date_still_runs,
            together_guards.not_ordered_by_a_superior,
            together_guards.waits_for_nobody,
        ),
        do=merge,
        start=(DeadlineKind.PROMISE,),
        notify=(Told.LEAD,),
        resident=True,
    ),
    Transition(
        action=Action.UNMERGE,
        source=frozenset({Status.MERGED}),
        also=MERGEABLE,
        clause="4.2",
        allow=policies.dispatcher | policies.leader_stands_in | policies.system,
        do=unmerge,
        start=_STAND_STILL,
        notify=(Told.DISPATCHER, Told.LEAD),
        then=(Action.START_EMERGENCY,),
        resident=True,
    ),
    Transition(
        action=Action.SHARE_RESULT,
        source=frozenset({Status.MERGED}),
        target=Status.IN_FOLLOW_UP,
        clause="4.2",
        allow=policies.system,
        do=share_result,
        start=(DeadlineKind.FOLLOW_UP, DeadlineKind.RATING),
        stop=(DeadlineKind.PROMISE,),
        notify=(Told.REGISTRY, Told.FOLLOW_UP),
        resident=True,
    ),
)
