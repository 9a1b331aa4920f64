"""Drill 6 in small: what is privileged takes two administrators; alone or late it can be done, but never unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shuoshi.kernel import clock, outbox, steady
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.organization import actions as organization
from shuoshi.organization import actors
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from shuoshi.people import actions
from shuoshi.people.actions.seconds import WAIT, SecondNeeded
from shuoshi.people.models import Account
from tests.support.village import Place, build_town

pytestmark = [pytest.mark.django_db, pytest.mark.drill(6)]

ROOT = "青禾镇"


@pytest.fixture
def town(db: None) -> Place:
    town = build_town()
    town.person("第二管理员", (ROOT, Role.ADMINISTRATOR))
    return town


def account(town: Place, name: str) -> Account:
    return Account.objects.get(person=town.persons[name])


def proposed(town: Place, who: str, deed: Callable[[], object]) -> None:
    with pytest.raises(SecondNeeded) as needed:
        deed()
    actions.propose(needed.value, actor=town.actor(who))


def kinds() -> list[steady.Kind]:
    steady.forget()
    return [alarm.kind for alarm in steady.alarms()]


def test_one_administrator_neither_resets_nor_grants_nor_ends_what_is_privileged(town: Place):
    rogue, target = town.actor("管理员"), account(town, "钱监督")
    unit = town.units[ROOT].pk
    post = Post.objects.get(person=town.persons["第二管理员"])
    for deed in (
        lambda: actions.reset_password(target.pk, actor=rogue),
        lambda: actions.drop_totp(target.pk, actor=rogue),
        lambda: actions.create_account(target.person_id, "second", actor=rogue),
        lambda: organization.appoint(town.persons["王芳"], unit, Role.SUPERVISOR, actor=rogue),
        lambda: organization.appoint(town.persons["管理员"], unit, Role.SEALED_OFFICER, actor=rogue),
        lambda: organization.end_post(post.pk, actor=rogue),
    ):
        with pytest.raises(SecondNeeded):
            deed()
    actions.disable(target.pk, actor=rogue)
    with pytest.raises(SecondNeeded):
        actions.enable(target.pk, actor=rogue)


def test_what_is_not_privileged_needs_one(town: Place):
    actor = town.actor("管理员")
    actions.reset_password(account(town, "王芳").pk, actor=actor)
    organization.appoint(town.persons["王芳"], town.units[ROOT].pk, Role.HANDLER, actor=actor)


def test_the_second_carries_it_out_and_both_stand_in_the_events(town: Place):
    target = account(town, "钱监督")
    proposed(town, "管理员", lambda: actions.reset_password(target.pk, actor=town.actor("管理员")))
    assert steady.Kind.SECOND_WANTED in kinds()
    with pytest.raises(Refused) as waits:
        actions.reset_password(target.pk, actor=town.actor("管理员"))
    assert waits.value.code == "second_waits"
    actions.reset_password(target.pk, actor=town.actor("第二管理员"))
    told = Event.objects.get(stream_id=str(target.pk), action="reset_password")
    assert told.facts() == {"proposed_by": str(town.persons["管理员"]), "by_second": True}
    assert str(town.persons["第二管理员"]) in told.actor
    assert actions.waiting() == []
    assert steady.Kind.SECOND_WANTED not in kinds()
    assert list(verify()) == []


def test_the_owner_is_told_before_and_after(town: Place):
    target = account(town, "钱监督")
    proposed(town, "管理员", lambda: actions.reset_password(target.pk, actor=town.actor("管理员")))
    actions.reset_password(target.pk, actor=town.actor("第二管理员"))
    told = [(one.kind, one.facts) for one in outbox.waiting_for(town.actor("钱监督")).order_by("created_at")]
    assert told == [("account_asked", {"deed": "reset_password"}), ("account_changed", {"deed": "reset_password"})]
    assert not outbox.waiting_for(town.actor("王芳")).exists()


def test_one_person_with_two_accounts_is_no_second(town: Place):
    target = account(town, "钱监督")
    actions.create_account(town.persons["管理员"], "spare", actor=SYSTEM, password="lantern orchard 48 river")
    proposed(town, "管理员", lambda: actions.reset_password(target.pk, actor=town.actor("管理员")))
    spare = Account.objects.get(username="spare")
    with pytest.raises(Refused) as waits:
        actions.reset_password(target.pk, actor=actors.of(spare))
    assert waits.value.code == "second_waits"


def test_a_declined_proposal_is_no_way_and_an_unanswered_one_is_after_its_wait(town: Place):
    target = account(town, "钱监督")

    def alone() -> object:
        return actions.drop_totp(target.pk, actor=town.actor("管理员"))

    proposed(town, "管理员", alone)
    actions.decline(actions.waiting()[0].pk, actor=town.actor("第二管理员"))
    proposed(town, "管理员", alone)
    with clock.simulated(clock.now() + WAIT - timedelta(minutes=1)), pytest.raises(Refused):
        alone()
    with clock.simulated(clock.now() + WAIT):
        alone()
    told = Event.objects.get(stream_id=str(target.pk), action="drop_totp")
    assert told.facts()["by_second"] is False


def test_where_there_is_one_administrator_it_is_done_and_told(town: Place):
    organization.end_post(Post.objects.get(person=town.persons["第二管理员"]).pk, actor=SYSTEM)
    target = account(town, "钱监督")
    actions.reset_password(target.pk, actor=town.actor("管理员"))
    assert Event.objects.get(stream_id=str(target.pk), action="reset_password").facts() == {"alone": True}
    assert steady.Kind.DONE_ALONE in kinds()


def test_to_disable_the_other_administrator_opens_no_way(town: Place):
    actions.disable(account(town, "第二管理员").pk, actor=town.actor("管理员"))
    with pytest.raises(SecondNeeded):
        actions.reset_password(account(town, "钱监督").pk, actor=town.actor("管理员"))


def test_the_same_deed_is_proposed_once(town: Place):
    target = account(town, "钱监督")
    with pytest.raises(SecondNeeded) as needed:
        actions.reset_password(target.pk, actor=town.actor("管理员"))
    first = actions.propose(needed.value, actor=town.actor("管理员"))
    assert actions.propose(needed.value, actor=town.actor("第二管理员")) == first
    assert len(actions.waiting()) == 1
