"""Situations in which a guard is met: how a matter comes there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.matters import (
    terms,
)
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Complexity, Kind, Naming, Status, Urgency, Way
from tests.matters import outside
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.attempts import sample
from tests.support.village import Place, group

Scene = Callable[[Place], Matter]
Meeting = tuple[Action, str, Scene]


def in_(status: Status, **said: object) -> Scene:
    return lambda town: town.matter_in(status, **said)


def raised(by: str | None = None, **said: object) -> Scene:
    return lambda town: town.raise_matter(by, **said)


def after(scene: Scene, who: str, action: Action) -> Scene:
    """Once `who` did this."""

    def made(town: Place) -> Matter:
        matter = scene(town)
        return town.run(actor_named(town, matter, who), sample(town, action, matter), matter)

    return made


def accepted(kind: Kind) -> Scene:
    return lambda town: town.accept(town.raise_matter(), kind)


def forced(scene: Scene, **columns: object) -> Scene:
    """A state that takes several offices and weeks, written at once."""

    def made(town: Place) -> Matter:
        matter = scene(town)
        Matter.objects.filter(pk=matter.pk).update(**columns)
        return Matter.objects.get(pk=matter.pk)

    return made


def returned_once(town: Place) -> Matter:
    matter = after(in_(Status.ASSIGNED), "周建国", Action.REQUEST_RETURN)(town)
    return town.run("刘敏", terms.RuleReturn(granted=True, text="归水利站"), matter)


def designated(town: Place) -> Matter:
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    return town.run("马镇长", sample(town, Action.DESIGNATE, matter), matter)


def complex_by_its_head(town: Place) -> Matter:
    matter = town.classify(town.matter_in(Status.ACCEPTED), complexity=Complexity.COMPLEX)
    return town.prepare(town.sign_for(town.assign(matter), handler="周建国"), by="周建国")


def answered(town: Place) -> Matter:
    matter = town.raise_matter()
    return town.run("王芳", sample(town, Action.ANSWER_ON_THE_SPOT, matter), matter)


def answered_anonymously(town: Place) -> Matter:
    matter = town.raise_matter(naming=Naming.ANONYMOUS)
    return town.run("王芳", sample(town, Action.ANSWER_ON_THE_SPOT, matter), matter)


def declined(town: Place) -> Matter:
    would_not_say = terms.RecordFollowUp(way=Way.CALL, reached=True, declined=True, text="不愿评价")
    return town.run("赵红", would_not_say, town.matter_in(Status.IN_FOLLOW_UP))


def reworked(town: Place) -> Matter:
    return town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), 1)


def exit_after_a_failed_round(town: Place) -> Matter:
    matter = town.sign_for(reworked(town))
    return town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)


def screened_again(town: Place) -> Matter:
    matter = OBJECTED(town)
    return town.run("刘敏", sample(town, Action.SCREEN_OUT, matter), matter)


def praised(town: Place) -> Matter:
    given = terms.AnswerOnTheSpot(kind=Kind.PRAISE, title="感谢", answer="转告了")
    return town.run("王芳", given, accepted(Kind.PRAISE)(town))


def to_divide_a_dispute(town: Place) -> Matter:
    matter = town.accept(town.raise_matter(demands=("把水管改回去", "赔墙")), Kind.DISPUTE)
    return town.classify(matter, "D101", Kind.DISPUTE)


def has_others(town: Place) -> Matter:
    merged = town.matter_in(Status.ACCEPTED)
    town.run("刘敏", sample(town, Action.MERGE, merged), merged)
    return Matter.objects.get(pk=town.mains[-1].pk)


def withdrawn_order(town: Place) -> Matter:
    matter = outside.sent_down(town, Status.IN_HANDLING, days=60)
    return town.run(town.speaker(matter), terms.Withdraw(text="不用了"), matter)


def asked_for(action: Action, who: str = "孙丽") -> Scene:
    return after(in_(Status.IN_HANDLING), who, action)


def in_hand(kind: Kind, category: str) -> Scene:
    def made(town: Place) -> Matter:
        matter = town.accept(town.raise_matter(), kind)
        return town.sign_for(town.assign(town.classify(matter, category, kind)))

    return made


def disputed(town: Place) -> Matter:
    return town.dispute()


def mediated(town: Place) -> Matter:
    return town.mediate()


def answered_dispute(town: Place) -> Matter:
    return town.sign(town.prepare(in_hand(Kind.DISPUTE, "D101")(town)))


SUGGESTED = in_hand(Kind.SUGGESTION, "C101")


def part_ends(town: Place) -> Matter:
    matter = town.matter_in(Status.IN_FOLLOW_UP, by="王芳", group=group())
    return town.run(town.speaker(matter), terms.Withdraw(), matter)


def all_left(town: Place) -> Matter:
    matter = town.matter_in(Status.IN_HANDLING, by="王芳", group=group())
    for part in matter.spokespersons.order_by("seat"):
        town.run(Actor(ActorKind.SPEAKER, matter_id=matter.pk, part=part.pk), terms.Withdraw(), matter)
    sweep_until(clock.now() + timedelta(days=20))
    return Matter.objects.get(pk=matter.pk)


SUPERVISED = after(in_(Status.IN_HANDLING), "刘敏", Action.ORDER_SUPERVISION)
OBJECTED = after(in_(Status.SCREENED_OUT), "说事人", Action.OBJECT_TO_SCREENING)
RETURN_ASKED = after(in_(Status.ASSIGNED), "周建国", Action.REQUEST_RETURN)
EMERGENCY = raised("王芳", urgency=Urgency.U1)
DISPATCHED = after(EMERGENCY, "何勇", Action.DISPATCH_EMERGENCY)
WITHDRAWN = after(in_(Status.IN_HANDLING), "说事人", Action.WITHDRAW)


def actor_named(town: Place, matter: Matter, who: str) -> Actor:
    if who == "规则":
        return SYSTEM
    return town.speaker(matter) if who == "说事人" else town.actor(who)
