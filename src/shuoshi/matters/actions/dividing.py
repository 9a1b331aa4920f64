"""Several demands for several units under one number: each unit gets a part to work on (分项交办, 4.2.2).

The whole keeps number, code, receipt, consents and the date its speaker was promised. A part is a matter of its own in
all that concerns work, with copies of what its unit must read, and none of what is the speaker's.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shuoshi.kernel import files
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import (
    dividing_guards,
    group_guards,
    guards,
    policies,
    recording_guards,
    terms,
    together_guards,
    veil,
)
from shuoshi.matters.actions import own_words, triage, whole_and_parts
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.keeping_away import keep_as_there
from shuoshi.matters.actions.perform import following, perform
from shuoshi.matters.actions.triage import TO_BE_ASSIGNED
from shuoshi.matters.case import Case, Standing
from shuoshi.matters.models import Demand, Matter, Party, Round
from shuoshi.matters.step import Step
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    DeadlineKind,
    RoundBecause,
    Status,
    TellBy,
)
from shuoshi.organization.models import Unit

COPIED = (  # of the whole, as it stands when it is divided
    "tail", "channel", "registered_at", "happened_at", "reopened_at", "registered_by_id", "registry", "home_path",
    "tier_path", "tier_above_path", "said_point_id", "said_place", "area_id", "place", "coordinates", "content", "spoken",
    "answers", "title", "kind", "category", "sensitive", "complexity", "urgency", "naming", "petition", "profile_id",
    "promised_by", "read_back",
)  # fmt: skip


def divide(step: Step, given: terms.Divide) -> None:
    """A part for each unit, created and assigned at once; the promise to the speaker runs on, or begins here."""
    wanted = whole_and_parts.wanted(step.matter)
    by_unit = _by_unit(step, given, wanted)
    assert step.matter.round is not None
    if step.matter.promised_by is None and step.matter.round.because != RoundBecause.REWORK:
        promise = step.start(DeadlineKind.PROMISE)
        step.set(promised_by=promise.due_at if promise else None)
    shown, said, unread = _files(step), own_words.added(step.matter), step.matter.unread_words
    step.set(parts_open=len(by_unit), assignment=None, lead_unit=None, handler_id=None, unread_words=0)
    last = step.matter.parts.order_by("-part").values_list("part", flat=True).first() or 0
    for place, (unit, demands) in enumerate(by_unit.items(), start=last + 1):
        lines = {share.duty_line for share in given.shares if share.unit == unit.pk and share.duty_line}
        part = _part(step.matter, place)
        case = Case(actor=SYSTEM, matter=part, standing=Standing(), now=step.now, profile=step.profile)
        opened = Step(OPEN_PART, case, step.profile, occurred_at=step.matter.happened_at)
        asked = tuple(one.ordinal for one in demands)
        perform(opened, terms.OpenPart(demands=asked, said=said, unread=unread, files=shown))
        chosen = terms.Assign(unit=unit.pk, duty_line=min(lines, key=str, default=None), reason=given.reason)
        perform(following(opened, Action.ASSIGN, step.case.natural or step.actor), chosen)
    names = [unit.short_name for unit in by_unit]
    step.say(Audience.PUBLIC, parts=len(names), units=_("、").join(names))


def _by_unit(step: Step, given: terms.Divide, wanted: Sequence[Demand]) -> dict[Unit, list[Demand]]:
    """The demands of each unit, the unit of the first demand first. Each demand has one unit, and there are several."""
    chosen = {share.demand: share.unit for share in given.shares}
    missing = [demand.ordinal for demand in wanted if demand.pk not in chosen]
    if missing:
        listed = _("、").join(str(ordinal) for ordinal in missing)
        raise Refused("demand_unassigned", _("第 %(n)s 条要求还没有选由哪个单位办。") % {"n": listed})
    units = {pk: at_hand.unit_for(step, pk) for pk in dict.fromkeys(chosen[demand.pk] for demand in wanted)}
    if triage.came_up(step, step.matter.assignments.order_by("-ordinal").first()):
        listed_units = {share.unit for share in given.shares if share.duty_line}
        for pk in units.keys() - listed_units:
            triage.not_handed_down(step, units[pk])
    if len(units) < 2:
        raise Refused("one_unit_only", _("几条要求都由一个单位办，用“交办”，不用分项。"))
    found: dict[Unit, list[Demand]] = {}
    for demand in wanted:
        found.setdefault(units[chosen[demand.pk]], []).append(demand)
    return found


def _part(whole: Matter, place: int) -> Matter:
    """All that a unit must read, under the number of the whole with the part's behind it."""
    copied = {name: getattr(whole, name) for name in COPIED}
    return Matter(
        id=new_id(),
        number=f"{whole.number}-{place}",
        status=Status.ACCEPTED,
        part_of=whole,
        part=place,
        tell_by=TellBy.PAGE,
        **copied,
    )


def open_part(step: Step, given: terms.OpenPart) -> None:
    """The first round of the part, its demands under the ordinals of the whole, its parties, and who is kept from it."""
    part, whole = step.matter, step.matter.part_of
    assert whole is not None and whole.round is not None
    words, because = whole.round.words, whole.round.because
    opened = Round(matter=part, ordinal=1, because=because, tier_path=part.tier_path, opened_at=step.now, words=words)
    part.round = step.add(opened)
    step.set(round=part.round, demand_count=len(given.demands), unread_words=given.unread)
    for demand in whole.demands.filter(ordinal__in=given.demands).order_by("ordinal"):
        demand.matter = whole
        step.add(Demand(matter=part, ordinal=demand.ordinal, text=demand.text))
    for party in whole.parties.order_by("role", "id"):
        step.add(
            Party(
                matter=part,
                role=party.role,
                naming=party.naming,
                person_id=party.person_id,
                contact_id=party.contact_id,
            )
        )
    keep_as_there(step, whole)
    step.say(Audience.INTERNAL, given.said, files_given=given.files, number=whole.number)


def _files(step: Step) -> tuple[FileGiven, ...]:
    """What the speaker showed at any time, to be kept under the key of each part."""
    key, found = step.matter.data_key(), []
    shown = step.matter.attachments.filter(veil.given_by_them(), audience=Audience.PUBLIC)
    for file in shown.order_by("id"):
        file.matter = step.matter
        small = files.read(file.thumbnail, key) if file.thumbnail else b""
        whole = files.read(file.stored, key)
        found.append(FileGiven(str(file.name), whole, file.media_type, small, file.seconds))
    return tuple(found)


OPEN_PART = Transition(
    action=Action.OPEN_PART,
    source=frozenset(),
    target=Status.ACCEPTED,
    clause="4.2.2",
    allow=policies.system,
    do=open_part,
)
ROWS = (
    Transition(
        action=Action.DIVIDE,
        source=TO_BE_ASSIGNED,
        target=Status.DIVIDED,
        clause="4.2.2",
        allow=policies.dispatcher,
        when=(
            dividing_guards.several_demands,
            dividing_guards.of_a_kind_to_divide,
            guards.classified,
            guards.assignable,
            guards.concerns_checked,
            recording_guards.recordings_typed,
            guards.no_void_pending,
            group_guards.not_a_group,
            together_guards.nothing_merged_into_it,
            together_guards.nothing_pending,
            dividing_guards.neither_ordered_nor_urgent,
        ),
        do=divide,
        start=(DeadlineKind.PROMISE,),
        stop=(DeadlineKind.ASSIGN,),
        resident=True,
    ),
    OPEN_PART,
)
