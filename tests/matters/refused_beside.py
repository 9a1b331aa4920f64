"""What is refused beside the table and in its later rows: talks, orders that are corrected, mediators who change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.ids import new_id
from shuoshi.matters import actions, terms
from shuoshi.matters.actions import telling
from shuoshi.matters.intake import GroupSaid
from shuoshi.matters.models import Card, Matter
from shuoshi.matters.vocabulary import CardCause, Channel, Status, TellBy
from shuoshi.organization import actions as organization
from shuoshi.organization.roles import Role
from tests.matters.lists import item, rules
from tests.matters.refused_when_lost import LOST
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.village import Place, group


def asked_for_a_talk(town: Place) -> Card:
    """A card that asks for a talk with whoever heads 城建办."""
    town.matter_in(Status.IN_HANDLING)
    sweep_until(clock.now() + timedelta(days=60))
    return Card.objects.select_related("matter", "unit").get(cause=CardCause.LONG)


@contextmanager
def the_day_after(town: Place) -> Iterator[Card]:
    """When a card asked for a talk."""
    card = asked_for_a_talk(town)
    with clock.simulated(card.at + timedelta(days=1)):
        yield card


def talked(
    town: Place, who: str, person: str = "周建国", days: int = 1, text: str = "本周答复。", times: int = 1
) -> object:
    with the_day_after(town) as card:
        at = card.at + timedelta(days=days)
        for _each in range(times):
            actions.record_talk(card.pk, town.persons[person], at, text, actor=town.actor(who))
    return card


def _head_of_the_county(town: Place) -> object:
    """Whoever heads the unit leads the county, too: the town's leader is beneath them."""
    organization.appoint(town.persons["周建国"], town.units["青禾县"].pk, Role.LEADER, actor=SYSTEM)
    return talked(town, "马镇长")


def _another(matter: Matter, mediator: UUID | None) -> terms.RecordSession:
    today = clock.local(clock.now()).date()
    return terms.RecordSession(
        held_on=today,
        speaker_there=True,
        other_there=True,
        text="换人",
        agreed="双方同意",
        mediator=mediator,
        no_conflict=True,
    )


def _reworded(town: Place, *wanted: str, group: GroupSaid | None = None, times: int = 1) -> object:
    """Corrected by whoever said it; the last of several times is another wording again."""
    matter = town.matter_in(
        Status.ACCEPTED, by="王芳", demands=("修灯", "有人管"), **({"group": group} if group else {})
    )
    for n in range(times):
        given = terms.RewordDemands(demands=wanted if n == times - 1 else ("修灯", f"有 {n} 人管"))
        matter = town.run(town.speaker(matter), given, matter)
    return matter


def _no_follower(town: Place) -> object:
    matter = town.raise_matter()
    return telling.choose_notices(matter.pk, TellBy.WECHAT, actor=town.speaker(matter))


def _item_open(town: Place) -> object:
    """The rules want something looked at first, and nobody did."""
    organization.publish_profile(rules(item("see", "到现场看过", needed=True)), actor=SYSTEM)
    return town.prepare(town.matter_in(Status.IN_HANDLING))


def _ticks(town: Place, *codes: str) -> object:
    return town.run("孙丽", terms.TickItems(ticked=codes), town.matter_in(Status.IN_HANDLING))


def worked_on_since_it_was_imported(town: Place) -> object:
    matter = town.run("刘敏", terms.Note(text="打电话问过了"), town.raise_matter("刘敏", channel=Channel.IMPORT))
    given = terms.UndoImport(run=new_id(), by=town.persons["王芳"])
    return actions.run(given.action, matter.pk, given, actor=SYSTEM)


BESIDE: dict[str, Callable[[Place], object]] = {
    "checklist_open": _item_open,
    "no_such_item": lambda t: _ticks(t, "else"),
    "nothing_ticked": _ticks,
    "import_touched": worked_on_since_it_was_imported,
    "not_the_leader": lambda t: talked(t, "刘敏"),
    "talk_recorded": lambda t: talked(t, "马镇长", times=2),
    "not_the_head": lambda t: talked(t, "马镇长", "孙丽"),
    "talk_at_no_time": lambda t: talked(t, "马镇长", days=3),
    "nothing_agreed": lambda t: talked(t, "马镇长", text=" "),
    "talk_with_oneself": _head_of_the_county,
    "too_many_demands": lambda t: _reworded(t, *(f"第 {n} 条" for n in range(21))),
    "demand_twice": lambda t: _reworded(t, "修灯", "修灯"),
    "demands_of_others": lambda t: _reworded(t, "修灯", group=group("陈大明", "李小燕")),
    "reworded_often": lambda t: _reworded(t, "换灯", "有人管", times=6),
    "no_follower": _no_follower,
    "channel_of_followers": lambda t: t.raise_matter("王芳", channel=Channel.WECHAT),
    "same_mediator": lambda t: t.run("孙丽", _another(matter := t.mediate(), matter.mediator_id), matter),
    "no_order_to_correct": lambda t: t.run(
        "王芳",
        terms.CorrectRegistration(reason="写错了", order=terms.OrderCorrected(number="1", days=3)),
        t.raise_matter(),
    ),
} | LOST
