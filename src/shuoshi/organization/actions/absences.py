"""Verbs on absences: who is away, and who takes the place meanwhile. Who acts then is `deputies.acting_for`.

A deputy gets the duties of somebody, so that whoever enters an absence for another is never the one who gains by it,
and what two administrators or an election gave is lent to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization import deputies, holders
from shuoshi.organization.absence import Absence, AwayBecause
from shuoshi.organization.actions.changes import Deed
from shuoshi.organization.models import Post
from shuoshi.organization.roles import SECOND_FACTOR, Role
from shuoshi.people.models import Account, Person

LONGEST = timedelta(days=366)  # who is away longer leaves the post
ENTERS = (Role.ADMINISTRATOR, Role.DEPARTMENT_HEAD, Role.LEADER)  # for people of the own unit and beneath
WATCHES = (Role.OVERSIGHT_MEMBER, Role.SUPERVISOR)  # never handle or approve, in nobody's place either


def enter_absence(
    person_id: UUID,
    deputy_id: UUID | None,
    starts_at: datetime,
    ends_at: datetime,
    why: AwayBecause,
    *,
    actor: Actor,
) -> Absence:
    """Say that somebody is away from now, or a later moment, until another, and who takes the place.

    Without a deputy whoever heads the unit acts. Raises Refused for a time that is over, odd or longer than a year,
    and for a deputy who may not be one.
    """
    now = clock.now()
    with transaction.atomic():
        person = _locked(person_id)
        starts_at = max(starts_at, now)  # nobody was away before it was said
        if ends_at <= starts_at:
            raise Refused("absence_odd", _("结束时间要晚于开始时间，也不能已经过去。"))
        if ends_at - starts_at > LONGEST:
            raise Refused("absence_too_long", _("一次请假最长一年。离开更久的，请办离任和交接。"))
        posts = _posts_of(person_id, now)
        _may_enter(actor, person_id, posts)
        if deputy_id is not None:
            _may_be_deputy(deputy_id, person_id, posts, starts_at, ends_at, now, actor)
        absence = Absence(
            person=person,
            deputy_id=deputy_id,
            why=why,
            starts_at=starts_at,
            ends_at=ends_at,
            entered_by_id=actor.person_id,
            entered_at=now,
        )
        story = Story(Stream.of("absence", absence), Deed.ENTER_ABSENCE, by=actor, at=now)
        story.add(absence)
        story.tell()
        _tell(absence, actor, now)
    holders.forget()
    return absence


def end_absence(absence_id: UUID, *, actor: Actor) -> Absence:
    """Back earlier, or it was entered by mistake: from now on the person acts again. Raises Refused once it is over."""
    now = clock.now()
    with transaction.atomic():
        absence = _still_to_come(absence_id, now)
        _may_enter(actor, absence.person_id, _posts_of(absence.person_id, now))
        story = Story(Stream.of("absence", absence), Deed.END_ABSENCE, by=actor, at=now)
        if absence.starts_at < now:
            story.change(absence, ends_at=now)
        else:
            story.change(absence, active=False)
        story.tell()
    holders.forget()
    return absence


def change_deputy(absence_id: UUID, deputy_id: UUID | None, *, actor: Actor) -> Absence:
    """Somebody else takes the place, or whoever heads the unit. Raises Refused as enter_absence does."""
    now = clock.now()
    with transaction.atomic():
        absence = _still_to_come(absence_id, now)
        posts = _posts_of(absence.person_id, now)
        _may_enter(actor, absence.person_id, posts)
        if deputy_id is not None:
            begins = max(absence.starts_at, now)
            _may_be_deputy(deputy_id, absence.person_id, posts, begins, absence.ends_at, now, actor)
        story = Story(Stream.of("absence", absence), Deed.CHANGE_DEPUTY, by=actor, at=now)
        if absence.deputy_id != deputy_id:
            story.change(absence, deputy_id=deputy_id)
            story.tell()
            _tell(absence, actor, now)
    holders.forget()
    return absence


def may_enter_for(actor: Actor, posts: Sequence[Post]) -> bool:
    """Whether this is somebody who heads or administers a unit of these posts, or one above; the system always."""
    return actor.kind is ActorKind.SYSTEM or any(
        post.unit.path.startswith(own.unit_path) for post in posts for own in actor.posts if own.role in ENTERS
    )


def _still_to_come(absence_id: UUID, now: datetime) -> Absence:
    """The absence, under the lock of whose it is."""
    _locked(Absence.objects.values_list("person_id", flat=True).get(pk=absence_id))
    absence = Absence.objects.get(pk=absence_id)
    if not absence.active or absence.ends_at <= now:
        raise Refused("absence_over", _("这次请假已经结束。"))
    return absence


def _locked(person_id: UUID) -> Person:
    return Person.objects.select_for_update(of=("self",)).get(pk=person_id)


def _posts_of(person_id: UUID, now: datetime) -> list[Post]:
    held = Post.objects.filter(deputies.held_at(now), person=person_id, unit__active=True)
    return list(held.select_related("unit"))


def _may_enter(actor: Actor, person_id: UUID, posts: Sequence[Post]) -> None:
    if actor.person_id != person_id and not may_enter_for(actor, posts):
        raise Refused(
            "absence_of_another",
            _("只能登记自己的请假；别人的由他的单位负责人或系统管理员登记。"),
            who_could=_("本人、单位负责人、系统管理员"),
        )
    if not posts:
        raise Refused("absence_without_post", _("此人没有任职，不用登记请假。"))


def _may_be_deputy(
    deputy_id: UUID,
    person_id: UUID,
    posts: Sequence[Post],
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    actor: Actor,
) -> None:
    if deputy_id == person_id:
        raise Refused("deputy_of_oneself", _("代理人要是另一个人。"))
    if actor.person_id not in (None, person_id) and actor.person_id == deputy_id:
        raise Refused(
            "deputy_is_who_enters", _("替别人登记请假，不能让自己当代理人。请本人登记，或请上一级负责人登记。")
        )
    theirs = _posts_of(deputy_id, now)
    if not theirs:
        raise Refused("deputy_without_post", _("代理人要在单位里任职。"))
    if any(post.role in WATCHES for post in theirs):
        raise Refused("deputy_watches", _("监督委员会和监督小组的人只监督，不能代别人办理、审批。"))
    account = Account.objects.filter(person=deputy_id, is_active=True)
    if not account.exists():
        raise Refused("deputy_without_account", _("代理人没有能登录的账号。"))
    strong = {post.role for post in posts} & SECOND_FACTOR & deputies.LENT
    if strong and not account.filter(totp_confirmed=True).exists():
        raise Refused("deputy_without_factor", _("领导的职责只能由绑定了动态口令的人代。请代理人先绑定，或换一个人。"))
    if _leads_back(deputy_id, person_id, starts_at, ends_at):
        raise Refused("deputy_in_a_circle", _("这段时间里这位代理人也请假，转来转去又由请假的人自己代。请换一个人。"))


def _leads_back(start: UUID, person_id: UUID, begin: datetime, end: datetime) -> bool:
    """Whether at some moment between these the deputies would lead from `start` back to this person."""
    known = Absence.objects.filter(active=True, starts_at__lt=end, ends_at__gt=begin, deputy__isnull=False)
    spans = list(known.values_list("person_id", "deputy_id", "starts_at", "ends_at"))
    waiting, seen = [(start, begin, end)], set()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        for away, deputy, starts, ends in spans:
            since, until = max(here[1], starts), min(here[2], ends)
            if away != here[0] or since >= until or deputy is None:
                continue
            if deputy == person_id:
                return True
            waiting.append((deputy, since, until))
    return False


def _tell(absence: Absence, actor: Actor, now: datetime) -> None:
    """The deputy hears of it, and whose absence it is where somebody else entered it."""
    told = [("deputy_named", absence.deputy_id), ("absence_entered", absence.person_id)]
    outbox.put_all(
        [
            outbox.Notice(
                kind=kind,
                channel=outbox.Channel.DESK,
                to_person=person,
                about_kind="person",
                about_id=person,
                created_at=now,
            )
            for kind, person in told
            if person is not None and person != actor.person_id
        ]
    )
