"""The second administrator: deeds on privileged accounts and posts wait for one (security.md 2.2, 2.4).

The verb itself asks `seconded`. Without a proposal of somebody else it raises SecondNeeded; the page then has it proposed,
and another administrator carries the same deed out. Where nobody answers, whoever proposed may after WAIT; where there is
only one administrator, at once, with an alarm. All of it stands in the events.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, outbox, steady
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.people.models import Person, PrivilegedDeed, Proposal, ProposalState
from shuoshi.people.policies import ADMINISTRATOR, PRIVILEGED, posts_of, reaches, require_account_arranger

ASKED, DONE = "account_asked", "account_changed"  # what the owner is told
_NOBODYS = frozenset({PrivilegedDeed.USE_TEMPLATE})  # done to no account or post
WAIT = timedelta(days=7)  # long enough for the others, and the person concerned, to see it and decline


class SecondNeeded(Refused):
    """Another administrator has to agree. Hand it to `propose`, outside the transaction it ended."""

    def __init__(self, deed: PrivilegedDeed, person_id: UUID, subject: UUID, detail: str, title: str) -> None:
        super().__init__(
            "second_needed", _("这个账号权限高，要另一位管理员同意才能办。"), who_could=_("另一位系统管理员")
        )
        self.deed, self.person_id, self.subject, self.detail = deed, person_id, subject, detail
        self.title = title


def seconded(
    deed: PrivilegedDeed,
    person_id: UUID,
    subject: UUID,
    *,
    actor: Actor,
    at: datetime,
    detail: str = "",
    role: str = "",
    title: str = "",
) -> dict[str, str | bool]:
    """Let a deed pass, inside its transaction, with what its event tells of it; {} where nothing is privileged.

    `role` is the one given or taken, beside those the person holds; the person is told, before and after. Raises
    SecondNeeded, and Refused while an own proposal still waits.
    """
    if actor.kind is ActorKind.SYSTEM or not (role in PRIVILEGED or _is_privileged(person_id)):
        return {}
    if not _other_administrators(actor, person_id):
        steady.alarm(steady.Kind.DONE_ALONE, str(actor.account_id))
        tell_owner(DONE, deed, person_id, actor, at)
        return {"alone": True}
    same = Proposal.objects.select_for_update().filter(deed=deed, person_id=person_id, subject=subject, detail=detail)
    found = same.filter(state=ProposalState.OPEN).first()
    if found is None:
        raise SecondNeeded(deed, person_id, subject, detail, title)
    own = found.by == actor.person_id
    if own and at < found.at + WAIT:
        raise Refused("second_waits", _("已经提出，正在等另一位管理员同意。"), who_could=_("另一位系统管理员"))
    _settle(found, "carry_out", ProposalState.DONE, actor, at)
    tell_owner(DONE, deed, person_id, actor, at)
    return {"proposed_by": str(found.by), "by_second": not own}


def propose(needed: SecondNeeded, *, actor: Actor) -> Proposal:
    """Put the deed before the other administrators; one that waits already answers for both."""
    now = clock.now()
    with transaction.atomic():
        require_account_arranger(actor, needed.person_id)
        assert actor.person_id is not None
        same = Proposal.objects.filter(deed=needed.deed, subject=needed.subject, detail=needed.detail)
        Person.objects.select_for_update().get(pk=needed.person_id)  # two at once propose one after the other
        found = same.filter(person_id=needed.person_id, state=ProposalState.OPEN).first()
        if found is not None:
            return found
        row = Proposal(deed=needed.deed, person_id=needed.person_id, subject=needed.subject, detail=needed.detail)
        row.by, row.at, row.title = actor.person_id, now, needed.title
        story = Story(Stream.of("proposal", row), "propose", by=actor, at=now)
        story.add(row)
        story.tell()
        steady.alarm(steady.Kind.SECOND_WANTED, str(row.pk), lasts=None)
        tell_owner(ASKED, row.deed, row.person_id, actor, now)
    return row


def decline(proposal_id: UUID, *, actor: Actor) -> Proposal:
    """Say no, or take the own proposal back. Raises Refused when it was settled before."""
    now = clock.now()
    with transaction.atomic():
        row = Proposal.objects.select_for_update().get(pk=proposal_id)
        require_account_arranger(actor, row.person_id)
        if row.state != ProposalState.OPEN:
            raise Refused("proposal_settled", _("这件事已经有结果了。"))
        _settle(row, "decline", ProposalState.DECLINED, actor, now)
    return row


def waiting() -> list[Proposal]:
    """What waits for a second administrator, oldest first."""
    return list(Proposal.objects.filter(state=ProposalState.OPEN).select_related("person").order_by("at", "id"))


def waits_for_another(row: Proposal, actor: Actor) -> bool:
    """Whether this is the actor's own proposal, which only somebody else may carry out yet."""
    return row.by == actor.person_id and clock.now() < row.at + WAIT


def _settle(row: Proposal, action: str, state: ProposalState, actor: Actor, at: datetime) -> None:
    story = Story(Stream.of("proposal", row), action, by=actor, at=at)
    story.change(row, state=state, settled_by=actor.person_id, settled_at=at)
    story.tell()
    steady.settle(steady.Kind.SECOND_WANTED, str(row.pk))


def tell_owner(kind: str, deed: str, person_id: UUID, actor: Actor, at: datetime) -> None:
    """Whose account or post it is reads of it on the own desk, so that nothing is done to it unseen."""
    if person_id == actor.person_id or deed in _NOBODYS:
        return
    notice = outbox.Notice(kind=kind, channel=outbox.Channel.DESK, to_person=person_id, created_at=at)
    notice.about_kind, notice.about_id, notice.facts_json = "person", person_id, outbox.facts_of({"deed": deed})
    outbox.put_all([notice])


def _is_privileged(person_id: UUID) -> bool:
    held = Person.objects.filter(pk=person_id, posts__role__in=PRIVILEGED, posts__until__isnull=True)
    return held.exists()


def _other_administrators(actor: Actor, person_id: UUID) -> bool:
    """Whether another natural person could answer: one with an administrator's post that reaches them, and an account.

    A disabled account counts: else one administrator would disable the other first and then act alone.
    """
    others = Person.objects.filter(posts__role=ADMINISTRATOR, posts__until__isnull=True, accounts__isnull=False)
    if actor.person_id is not None:
        others = others.exclude(pk=actor.person_id)
    held = posts_of(person_id)
    return any(reaches(path, held) for path in others.values_list("posts__unit__path", flat=True))
