"""Whom a step tells, on the desk and beyond it, as outbox rows. They carry a number and codes, never words of a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from shuoshi.kernel import outbox, rows
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models import Matter, Spokesperson
from shuoshi.matters.transition import Told
from shuoshi.matters.vocabulary import AFTERWARDS, Action, DeadlineKind, FollowUpBy, Naming, OrderState, TellBy
from shuoshi.organization import duty
from shuoshi.organization.models import Unit, UnitKind
from shuoshi.organization.roles import Role

CLOCK = ("clock_warned", "clock_overdue")  # one of these at a time for a matter: the newest
BESIDE = ("clock_warned_beside", "clock_overdue_beside")  # to a unit that helps, to the sponsor
WORDS = ("information", "nudged", "answered", "reworded")  # the speaker said something: until somebody answers

_ONCE = (
    "emergency",
    "danger_ticked",
    "duty_called",
    "papers_owed",
    "help_asked",
    "review_asked",
    "report_owed",
    "to_sample",
    "objected_to_superior",
    "agency_revoked",
)

PART_OVER = "part_over"  # to a spokesperson who speaks for the group no longer
CODE_RENEWED = "code_renewed"  # a lost receipt was handed out anew: the old contact hears of it
NEWS = "news"  # something happened that the page says better
SPEAKER = {  # what the speaker hears of beyond the page, and as what; only of steps that wrote a public line
    Action.REGISTER: "registered",
    Action.REGISTER_GROUP: "registered",
    Action.ACCEPT: "accepted",
    Action.SCREEN_OUT: "screened_out",
    Action.ASSIGN: "assigned",
    Action.DESIGNATE: "assigned",
    Action.DIVIDE: "assigned",
    Action.GATHER_PARTS: "replied",
    Action.REPORT_PROGRESS: "progress",
    Action.REVIEW_PARKED: "progress",
    Action.WRITE_TO_SPEAKER: "word",
    Action.RULE_EXTENSION: "extended",
    Action.RULE_PAUSE: "paused",
    Action.RESUME: "resumed",
    Action.STRIKE_OFF: "resumed",
    Action.RULE_PARK: "parked",
    Action.SIGN_RESULT: "replied",
    Action.START_REWORK: "rework",
    Action.CONFIRM_SATISFIED: "satisfied",
    Action.CLOSE_UNREACHED: "closed",
    Action.CLOSE_UNRATED: "closed",
    Action.RULE_EXIT: "closed",
    Action.CONFIRM_WITHDRAWN: "closed",
    Action.RULE_VOID: "closed",
    Action.WITHDRAW: "withdrawing",
    Action.SHARE_RESULT: "replied",
    Action.DECIDE_REVIEW: "reviewed",
    Action.CLOSE_AGREED: "closed",
    Action.OPEN_MEDIATION: "mediation",
    Action.CONCLUDE_AGREEMENT: "agreed",
    Action.END_MEDIATION: "mediation_over",
    Action.ADOPT: "adopted",
    Action.CONFIRM_CARRIED_OUT: "carried_out",
    Action.RECORD_SAMPLE: NEWS,
    **dict.fromkeys(
        (
            Action.START_EMERGENCY,
            Action.CORRECT_REGISTRATION,
            Action.REWORD_DEMANDS,
            Action.ADD_SPOKESPERSON,
            Action.CORRECT_HEADCOUNT,
            Action.REGISTER_LINKED,
            Action.CLASSIFY,
            Action.RULE_RETURN,
            Action.RULE_ESCALATION,
            Action.ESCALATE,
            Action.SPONSOR,
            Action.INSTRUCT,
            Action.CONFER,
            Action.REQUEST_REVIEW,
            Action.LAPSE_REVIEW,
            Action.RECORD_SUPERIOR_ANSWER,
            Action.AUTHORISE_AGENCY,
            Action.TAKE_PAPERS,
            Action.RECORD_AGENCY_STEP,
            Action.HAND_BACK_PAPERS,
            Action.REVOKE_AGENCY,
            Action.LAPSE_AGENCY,
            Action.HAND_OVER_OUTSIDE,
            Action.ASK_OUTSIDE,
            Action.RECORD_OUTSIDE_ANSWER,
            Action.NAME_OTHER_SIDE,
            Action.RECORD_SESSION,
            Action.CHECK_PERFORMANCE,
            Action.DECLINE_SUGGESTION,
            Action.MERGE,
            Action.UNMERGE,
            Action.TELL_MAIN,
            Action.TELL_WHOLE,
            Action.DISPATCH_EMERGENCY,
            Action.STAND_DOWN,
            Action.REFER,
            Action.REOPEN,
            Action.RULE_CONFLICT,
            Action.RECOUNT,
            Action.REARRANGE,
            Action.TRANSFER_DUTIES,
        ),
        NEWS,
    ),
}

Facts = Mapping[str, str | int | bool | None]
Target = tuple[UUID | None, UUID | None, str]  # person, or unit and role


def made(matter: Matter, now: datetime, kind: str, audiences: Iterable[str], facts: Facts) -> list[outbox.Notice]:
    """Unsaved desk notices for these audiences; who is excluded from the matter finds none, for lists ask `scope`."""
    found = dict.fromkeys(target for audience in audiences for target in _targets(matter, Told(audience), now))
    occasion = new_id()
    return [_notice(matter, now, kind, target, facts, occasion) for target in found]


def to_people(matter: Matter, now: datetime, kind: str, people: Iterable[UUID], facts: Facts) -> list[outbox.Notice]:
    """Unsaved desk notices for these persons by name."""
    occasion = new_id()
    return [_notice(matter, now, kind, (person, None, ""), facts, occasion) for person in people]


def to_unit(matter: Matter, now: datetime, kind: str, unit: UUID, facts: Facts | None = None) -> outbox.Notice:
    """An unsaved desk notice to everybody of one unit, such as one that was asked to help."""
    return _notice(matter, now, kind, (None, unit, ""), facts or {}, new_id())


def _notice(matter: Matter, now: datetime, kind: str, to: Target, facts: Facts, occasion: UUID) -> outbox.Notice:
    person, unit, role = to
    return rows.new(
        outbox.Notice,
        id=new_id(),
        kind=kind,
        channel=outbox.Channel.DESK,
        to_person=person,
        to_unit=unit,
        to_role=role,
        about_kind="matter",
        about_id=matter.id,
        number=matter.number,
        event_id=occasion,
        facts_json=outbox.facts_of({**facts, "drill": True} if matter.drill else facts),
        created_at=now,
    )


def lasting(matter: Matter, running: Collection[str]) -> list[str]:
    """Kinds that a new state of the matter does not take back: what they ask for is still to be done.

    `running` are the keys of its open clocks.
    """
    found = ["relay", "attitude", "talk_due", "sample_contradicted"]  # until somebody passed it on, or took note
    if DeadlineKind.EMERGENCY in running:
        found += ["emergency", "duty_called"]
    if matter.urgency_suspected:
        found += ["danger_ticked", "duty_called"]
    if DeadlineKind.PAPERS in running:
        found.append("papers_owed")
    if matter.unread_words:
        found += WORDS
    if DeadlineKind.SAMPLE in running:
        found.append("to_sample")
    helped = any(key.startswith(f"{DeadlineKind.CO_OPINION}:") for key in running)
    if helped:
        found.append("help_asked")
    later = any(key.partition(":")[0] in AFTERWARDS for key in running)
    if helped or later or DeadlineKind.SPONSOR in running:
        found += BESIDE
    if matter.papers_out:
        found.append("agency_revoked")
    if DeadlineKind.OUTSIDE_ORDER in running:
        found.append("report_owed")
    if matter.order_state == OrderState.OBJECTED:
        found.append("objected_to_superior")
    if DeadlineKind.REVIEW in running:
        found.append("review_asked")
    return found


def done(matter: Matter, running: Collection[str]) -> list[str]:
    """Of the kinds that outlive a state those whose wish is fulfilled, whatever the step was."""
    still = lasting(matter, running)
    once = (*_ONCE, *BESIDE, *WORDS)
    return [kind for kind in once if kind not in still]


def slip(matter: Matter, now: datetime) -> outbox.Notice:
    """The printed receipt of a matter that staff entered, on the list of receipts to deliver."""
    return outbox.Notice(
        id=new_id(),
        kind="receipt",
        channel=outbox.Channel.SLIP,
        to_person=None,
        to_unit=matter.registry_id,
        to_role="",
        about_kind="matter",
        about_id=matter.id,
        number=matter.number,
        to_carry=False,
        facts_json="{}",
        created_at=now,
    )


def to_speaker(matter: Matter, now: datetime, action: str, parts: Collection[str] | None = None) -> list[outbox.Notice]:
    """What the speaker hears of a step beyond the page; nothing where the page is all that was asked for.

    It goes to the registry of the matter, which tells by hand what no gateway can. `parts`: of a group only to these
    spokespersons; how each wishes to hear is read when the message is made.
    """
    kind = SPEAKER.get(Action(action))
    page_alone = matter.tell_by == TellBy.PAGE and not matter.is_group
    if kind is None or matter.drill or page_alone or matter.naming == Naming.ANONYMOUS:
        return []
    people: list[UUID | None] = [None]
    if parts is not None:
        rows = Spokesperson.objects.filter(pk__in=list(parts), left_at__isnull=True).order_by("seat")
        people = list(rows.values_list("party__person", flat=True))
    return [to_one_speaker(matter, now, kind, person) for person in people]


def to_program(matter: Matter, now: datetime, action: str) -> outbox.Notice:
    """An unsaved notice that the matter stands another way now, to the program by which its speaker spoke."""
    return outbox.Notice(
        id=new_id(),
        kind=action[:30],
        channel=outbox.Channel.PROGRAM,
        to_person=None,
        to_unit=matter.registry_id,
        to_role="",
        about_kind="matter",
        about_id=matter.id,
        number=matter.number,
        facts_json="{}",
        created_at=now,
    )


def to_one_speaker(matter: Matter, now: datetime, kind: str, person: UUID | None) -> outbox.Notice:
    """An unsaved notice to this person, or to everybody who speaks in the matter."""
    return outbox.Notice(
        id=new_id(),
        kind=kind,
        channel=outbox.Channel.SPEAKER,
        to_person=person,
        to_unit=matter.registry_id,
        to_role="",
        about_kind="matter",
        about_id=matter.id,
        number=matter.number,
        facts_json="{}",
        created_at=now,
    )


def _targets(matter: Matter, audience: Told, now: datetime) -> list[Target]:
    lead = matter.lead_unit_id
    match audience:
        case Told.LEAD:
            return [(None, lead, "")] if lead else []
        case Told.HANDLER:
            person = matter.handler_id or (matter.assignment and matter.assignment.handler_id)
            return [(person, None, "")] if person else []
        case Told.HEAD:
            return [(None, lead, role) for role in _heading(matter)] if lead else []
        case Told.REGISTRY:
            return [(None, unit, "") for unit in dict.fromkeys([matter.registry_id, *_tier(matter)[:1]])]
        case Told.DUTY:
            return _on_duty(matter, now)
        case Told.DISPATCHER:
            return [(None, unit, Role.DISPATCHER) for unit in _tier(matter)]
        case Told.LEADER:
            return [(None, unit, Role.LEADER) for unit in _tier(matter)]
        case Told.SPONSOR:
            return [(matter.sponsor_id, None, "")] if matter.sponsor_id else []
        case Told.ABOVE:
            return _leading(matter.tier_above_path)
        case Told.MEDIATOR:
            return [(matter.mediator_id, None, "")] if matter.mediator_id else []
        case Told.REVIEWER:
            return _leading(matter.review_path)
        case Told.FOLLOW_UP:
            return _asking(matter, matter.follow_up_by, matter.follow_up_path)
        case Told.SAMPLER:
            return _asking(matter, matter.sample_by, matter.sample_path)
        case Told.REGISTRY_HEAD:
            return [(None, matter.registry_id, Role.DEPARTMENT_HEAD)]


def _on_duty(matter: Matter, now: datetime) -> list[Target]:
    """Who stands on the roster now; else the post, which every duty officer of the tier holds. One statement."""
    home = _home(matter)
    people = duty.on_roster(home, now)
    return [(person, None, "") for person in people] or [(None, unit, Role.DUTY_OFFICER) for unit in home]


def _heading(matter: Matter) -> list[Role]:
    """Who heads the lead unit: a tier may have a leader only."""
    tier = matter.lead_unit is not None and matter.lead_unit.is_tier
    return [Role.DEPARTMENT_HEAD, Role.LEADER] if tier else [Role.DEPARTMENT_HEAD]


def _home(matter: Matter) -> list[UUID]:
    """The registry and the unit it serves: the duties of a tier are posts in either."""
    return [pk for pk in (matter.registry_id, matter.registry.parent_id) if pk]


def _tier(matter: Matter) -> list[UUID]:
    """The same of the tier the matter lies at now, its registry first; one statement once it has moved up."""
    return _home(matter) if matter.tier_path == matter.home_path else _serving(matter.tier_path, UnitKind.REGISTRY)


def _asking(matter: Matter, by: str, path: str) -> list[Target]:
    """Whoever's turn it is in the order of fall-back; nobody where the resident answers alone."""
    if by in ("", FollowUpBy.SPEAKER):
        return []
    if by == FollowUpBy.OVERSIGHT:
        return [(None, unit, Role.OVERSIGHT_MEMBER) for unit in _serving(path, UnitKind.OVERSIGHT)]
    units = _serving(path, UnitKind.REGISTRY) if by == FollowUpBy.ABOVE else _home(matter)
    return [(None, unit, Role.FOLLOW_UP_AGENT) for unit in units]


def _leading(tier: str) -> list[Target]:
    """Who dispatches and leads at a tier; nobody where there is none."""
    units = _serving(tier, UnitKind.REGISTRY) if tier else []
    return [(None, unit, role) for unit in units for role in (Role.DISPATCHER, Role.LEADER)]


def _serving(path: str, kind: UnitKind) -> list[UUID]:
    """Units of a kind that serve the tier at `path`, and the tier's own unit last."""
    found = Unit.objects.filter(Q(path=path) | Q(parent__path=path, kind=kind), active=True)
    return list(found.order_by("-path").values_list("pk", flat=True))
