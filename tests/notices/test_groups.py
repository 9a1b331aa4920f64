"""Each spokesperson of a group is told as they wish, of what is theirs, and stops it for themselves alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters import terms
from shuoshi.matters.models import Matter, Spokesperson
from shuoshi.matters.vocabulary import Status, TellBy, WishShown
from shuoshi.notices import actions, queries
from shuoshi.notices.leaving import whither
from shuoshi.notices.models import Message, State, Way
from shuoshi.notices.ways import Answer, Came, Outgoing
from tests.notices.told import carried, gateway, of_speaker
from tests.support.village import Place, group

pytestmark = pytest.mark.usefixtures("morning")


def many(town: Place, tell_by: TellBy = TellBy.SMS) -> Matter:
    return town.raise_matter(by="王芳", group=group(), tell_by=tell_by)


def parts(matter: Matter) -> list[Spokesperson]:
    return list(matter.spokespersons.order_by("seat").select_related("party"))


def told(kind: str) -> list[Message]:
    return [one for one in of_speaker(carried()) if one.kind == kind]


def test_one_event_is_told_to_each_of_them_once(town: Place):
    gateway(Way.SMS)
    matter = town.accept(many(town))
    found = told("accepted")
    assert {one.recipient for one in found} == {part.party.person_id for part in parts(matter)}
    assert len(found) == 3 and len({one.occasion for one in found}) == 1


def test_one_who_stops_the_messages_stops_them_for_nobody_else(town: Place):
    gateway(Way.SMS)
    matter = many(town)
    first = parts(matter)[0]
    link = next(one for one in told("registered") if one.recipient == first.party.person_id)
    actions.stop_by(link.token)
    town.accept(matter)
    assert {one.recipient for one in told("accepted") if one.state == State.WAITING} == {
        part.party.person_id for part in parts(matter)[1:]
    }
    matter.refresh_from_db()
    assert not matter.no_messages


def test_what_concerns_one_of_them_is_told_to_that_one(town: Place):
    gateway(Way.SMS)
    matter = town.matter_in(Status.IN_HANDLING, by="王芳", group=group(), tell_by=TellBy.SMS)
    second = parts(matter)[1]
    carried()
    given = terms.Withdraw(shown_by=WishShown.SIGNED, proof_ref="签字件 3", spokesperson=second.pk)
    town.run("王芳", given, matter)
    assert [one.recipient for one in told("withdrawing")] == [second.party.person_id]


def test_each_chooses_alone_and_each_is_a_call_of_its_own(town: Place):
    matter = many(town, TellBy.CALL)
    first = parts(matter)[0]
    actions.choose(matter.pk, TellBy.PAGE, actor=Actor(ActorKind.SPEAKER, matter_id=matter.pk, part=first.pk))
    town.accept(matter)
    assert len(told("accepted")) == 2
    calls = queries.tellings(list(queries.to_tell(town.actor("王芳"))))
    people = [call.party.person_id for call in calls if call.party is not None]
    assert sorted(people, key=str) == sorted((part.party.person_id for part in parts(matter)[1:]), key=str)


def test_who_left_is_told_nothing(town: Place):
    gateway(Way.SMS)
    matter = many(town)
    carried()
    Spokesperson.objects.filter(pk=parts(matter)[0].pk).update(left_at=clock.now())
    town.accept(matter)
    assert len(told("accepted")) == 2


def test_who_leaves_hears_that_it_took_effect_and_nothing_after(town: Place):
    gateway(Way.SMS)
    matter = town.matter_in(Status.IN_HANDLING, by="王芳", group=group(), tell_by=TellBy.SMS)
    second = parts(matter)[1]
    given = terms.Withdraw(shown_by=WishShown.SIGNED, proof_ref="签字件 3", spokesperson=second.pk)
    matter = town.run("王芳", given, matter)
    carried()
    with clock.simulated(clock.now() + timedelta(days=5)):
        clocks.sweep(clock.now())
        [message] = told("part_over")
        assert message.recipient == second.party.person_id
        leaves = whither(message, {"sms": Quiet()}, clock.now())
        assert leaves.stop is None and leaves.to, "it goes out although the part is over"
        town.run("孙丽", terms.ReportProgress(done="买了灯", next_step="明天装"), Matter.objects.get(pk=matter.pk))
        assert second.party.person_id not in {one.recipient for one in told("progress")}


class Quiet:
    def send(self, to: str, out: Outgoing) -> Answer:
        return Answer(Came.OUT)

    def report(self, to: str, ticket: str, sent_at: datetime) -> bool | None:
        return None

    def close(self) -> None:
        """Nothing was open."""
