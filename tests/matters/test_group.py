"""条例 20, 4.4: many with one demand, at most five who speak for them, and each of these by their own word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.refusal import NotDone
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, queries, query_code, terms
from shuoshi.matters.models import Matter, Rating, Spokesperson
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    DeadlineKind,
    Heard,
    Naming,
    PartyRole,
    Satisfaction,
    Solved,
    Status,
    Urgency,
    Way,
    WishShown,
)
from tests.support.looking import fresh, running, told, who_may
from tests.support.village import Place, group


def many(town: Place, status: Status = Status.REGISTERED, *names: str, **more: object) -> Matter:
    return town.matter_in(status, by="王芳", group=group(*names, **more))  # type: ignore[arg-type]


def parts(matter: Matter) -> list[Spokesperson]:
    return list(matter.spokespersons.filter(left_at__isnull=True).order_by("seat"))


def speaking(part: Spokesperson) -> Actor:
    return Actor(ActorKind.SPEAKER, matter_id=part.matter_id, part=part.pk)


def rates(town: Place, matter: Matter, part: Spokesperson, result: int) -> Matter:
    answers = terms.Answers(
        contacted=True,
        solved=Solved.YES if result >= 3 else Solved.NO,
        result=Satisfaction(str(result)),
        attitude=Satisfaction.GOOD,
        words=f"第 {part.seat} 位的话",
    )
    return town.run(speaking(part), terms.Rate(answers=answers), matter)


def page_of(part: Spokesperson) -> promises.Told:
    return promises.told(queries.tracking(speaking(part), clock.now()))


def refused(town: Place, who: str | Actor, given: terms.Terms, matter: Matter) -> str:
    with pytest.raises(NotDone) as said:
        town.run(who, given, matter)
    return said.value.code


def asks(part: Spokesperson, **more: object) -> terms.RecordFollowUp:
    given = {"way": Way.CALL, "reached": False, "text": "没有人接", "spokesperson": part.pk} | more
    return terms.RecordFollowUp(**given)  # type: ignore[arg-type]


def test_a_group_is_pressing_and_whoever_leads_hears_of_it(town: Place):
    matter = many(town, headcount=300)
    assert (matter.urgency, matter.headcount, len(parts(matter))) == (Urgency.U3, 300, 3)
    assert {party.role for party in matter.parties.all()} == {PartyRole.SPOKESPERSON}
    assert told(town, matter, "group_registered")
    assert who_may(town, Action.ANSWER_ON_THE_SPOT, matter) == set()
    assert (
        refused(town, "何勇", terms.LowerUrgency(level=Urgency.U4, reason="不急"), urgent(town)) == "group_is_pressing"
    )
    assert list(verify()) == []


def urgent(town: Place) -> Matter:
    return town.raise_matter(by="王芳", group=group(), urgency=Urgency.U2)


def test_each_has_a_code_that_opens_the_matter_as_theirs(town: Place):
    matter = many(town)
    for part in parts(matter):
        found = query_code.opens(matter.number, query_code.code_of(part))
        assert found is not None and (found.matter, found.part) == (matter, part.pk)
    assert query_code.opens(matter.number, query_code.code_of(matter)) is None
    assert refused(town, Actor(ActorKind.SPEAKER, matter_id=matter.pk), terms.Nudge(), matter) == "policy"


def test_each_slip_is_printed_and_handed_over_for_itself(town: Place):
    matter, (first, second, third) = many(town), parts(many(town))
    matter = first.matter
    actor = town.actor("王芳")
    drawn = actions.print_slip(matter.pk, again="", actor=actor, spokesperson=first.pk)
    assert drawn == first and actions.printed(matter, first) and actions.printed(matter, second) is None
    old = query_code.code_of(first)
    again = actions.print_slip(matter.pk, again="spoilt", actor=actor, spokesperson=first.pk)
    assert query_code.code_of(again) != old and query_code.opens(matter.number, old) is None
    for part in (first, second, third):
        assert matter.receipt_handed_over_at is None
        matter = town.run("王芳", terms.HandOverReceipt(to_whom="本人", spokesperson=part.pk), matter)
    assert matter.receipt_handed_over_at is not None


def test_it_ends_when_each_of_them_said_so(town: Place):
    matter = many(town, Status.IN_FOLLOW_UP)
    first, second, third = parts(matter)
    matter = town.follow_up(matter, 5, whom=first.pk)
    assert matter.status == Status.IN_FOLLOW_UP and DeadlineKind.FOLLOW_UP in running(matter)
    assert refused(town, "赵红", asks(first), matter) == "asked_before"
    matter = rates(town, matter, second, 4)
    assert (matter.status, matter.answers_owed) == (Status.IN_FOLLOW_UP, 1)
    matter = town.follow_up(matter, 3, whom=third.pk)
    assert (matter.status, matter.exit) == (Status.CLOSED, "SATISFIED")
    assert Rating.objects.filter(matter=matter).values("spokesperson").distinct().count() == 3
    assert list(verify()) == []


def test_one_who_is_not_content_has_it_done_again_for_all(town: Place):
    matter = many(town, Status.IN_FOLLOW_UP)
    first, second, _third = parts(matter)
    matter = rates(town, town.follow_up(matter, 5, whom=first.pk), second, 1)
    assert matter.status == Status.ASSIGNED and matter.round and matter.round.ordinal == 2
    assert not matter.demands.filter(settled=True).exists()
    matter = town.sign(town.prepare(town.sign_for(matter)))
    assert [part.heard for part in parts(matter)] == [Heard.OWED] * 3 and matter.answers_owed == 3


def test_silence_of_one_is_never_satisfaction(town: Place):
    matter = many(town, Status.IN_FOLLOW_UP)
    first, second, third = parts(matter)
    matter = town.follow_up(town.follow_up(matter, 5, whom=first.pk), 5, whom=second.pk)
    matter = town.run("赵红", asks(third, reached=True, declined=True, text="不愿评价"), matter)
    assert DeadlineKind.FOLLOW_UP not in running(matter) and DeadlineKind.RATING in running(matter)
    with clock.simulated(clock.now() + timedelta(days=20)):
        clocks.sweep(clock.now())
    assert fresh(matter).exit == "UNRATED"


def test_who_would_not_say_is_not_outvoted(town: Place):
    matter = many(town, Status.IN_FOLLOW_UP)
    first, second, third = parts(matter)
    matter = town.run("赵红", asks(third, reached=True, declined=True, text="不愿评价"), matter)
    matter = rates(town, town.follow_up(matter, 5, whom=first.pk), second, 5)
    assert (matter.status, matter.answers_owed) == (Status.IN_FOLLOW_UP, 1)
    assert DeadlineKind.FOLLOW_UP not in running(matter) and DeadlineKind.RATING in running(matter)
    assert rates(town, matter, third, 4).exit == "SATISFIED"


def test_each_is_called_until_the_attempts_are_used_up(town: Place):
    matter = many(town, Status.IN_FOLLOW_UP)
    first, second, third = parts(matter)
    matter = town.follow_up(town.follow_up(matter, 5, whom=first.pk), 4, whom=second.pk)
    begins = clock.now()
    for hours in range(0, 24 * 8, 5):
        if matter.status != Status.IN_FOLLOW_UP:
            break
        with clock.simulated(begins + timedelta(hours=hours)):
            matter = town.run("赵红", asks(third), matter)
    assert matter.exit == "UNREACHABLE"


def test_who_withdraws_ends_their_own_part(town: Place):
    matter = many(town, Status.IN_FOLLOW_UP)
    first, second, third = parts(matter)
    matter = town.run(speaking(third), terms.Withdraw(text="我不参加了"), matter)
    assert matter.status == Status.IN_FOLLOW_UP and matter.withdrawal_asked_at is None
    assert page_of(third).main == "keep-going" and page_of(first).main == "rate"
    assert refused(town, speaking(third), terms.Withdraw(), matter) == "not_withdrawing"
    matter = rates(town, rates(town, matter, first, 5), second, 5)
    assert matter.status == Status.IN_FOLLOW_UP
    with clock.simulated(clock.now() + timedelta(days=5)):
        clocks.sweep(clock.now())
        matter = fresh(matter)
        assert (matter.status, matter.exit) == (Status.CLOSED, "SATISFIED")
    assert told(town, matter, "part_ended")
    assert query_code.opens(matter.number, query_code.code_of(third)) is None
    with pytest.raises(Matter.DoesNotExist):
        town.run(speaking(third), terms.AddInformation(text="还有"), matter)
    assert list(verify()) == []


def test_with_the_last_of_them_the_matter_is_withdrawn(town: Place):
    matter = many(town, Status.IN_HANDLING, "陈大明", "李秀英")
    shown = {"shown_by": WishShown.SIGNED, "proof_ref": "签字件 3"}
    for part in parts(matter):
        matter = town.run("王芳", terms.Withdraw(spokesperson=part.pk, **shown), matter)  # type: ignore[arg-type]
    with clock.simulated(clock.now() + timedelta(days=5)):
        clocks.sweep(clock.now())
    assert (fresh(matter).status, fresh(matter).exit) == (Status.CLOSED, "WITHDRAWN")


def test_a_withdrawal_outlives_the_rework_of_another(town: Place):
    matter = many(town, Status.IN_FOLLOW_UP)
    first, second, _third = parts(matter)
    matter = town.run(speaking(second), terms.Withdraw(), matter)
    matter = rates(town, matter, first, 1)
    assert matter.status == Status.ASSIGNED and DeadlineKind.WITHDRAWAL in running(matter)
    matter = town.run(speaking(second), terms.RevokeWithdrawal(), matter)
    assert DeadlineKind.WITHDRAWAL not in running(matter)


def test_later_ones_join_up_to_five(town: Place):
    matter = many(town, Status.IN_HANDLING)
    joins = [terms.AddSpokesperson(name=name, phone=f"1380000030{n}") for n, name in enumerate("甲乙丙")]
    matter = town.run("王芳", joins[0], matter)
    matter = town.run("王芳", joins[1], matter)
    assert len(parts(matter)) == 5 and refused(town, "王芳", joins[2], matter) == "seats_taken"
    assert who_may(town, Action.ADD_SPOKESPERSON, matter) == {"王芳", "刘敏", "赵红"}
    assert any("增加了一位代表" in said.text for said in page_of(parts(matter)[0]).words)
    matter = town.sign(town.prepare(matter))
    assert matter.answers_owed == 5


def test_both_numbers_of_heads_stay(town: Place):
    matter = many(town, Status.IN_HANDLING, headcount=300)
    matter = town.run("王芳", terms.CorrectHeadcount(headcount=120, reason="点过名"), matter)
    line = matter.entries.get(action=Action.CORRECT_HEADCOUNT)
    assert (line.facts["was"], line.facts["headcount"], line.audience) == (300, 120, Audience.PUBLIC)
    assert matter.headcount == 120 and told(town, matter, "headcount_corrected")
    assert refused(town, "王芳", terms.CorrectHeadcount(headcount=2, reason="少"), matter) == "headcount_too_small"


def test_what_one_of_them_says_is_not_for_the_others(town: Place):
    matter = many(town, Status.IN_FOLLOW_UP)
    first, second, _third = parts(matter)
    matter = town.run(speaking(first), terms.AddInformation(text="我家老人住院了"), matter)
    matter = rates(town, matter, first, 4)
    theirs = page_of(second)
    assert not [said.text for said in theirs.words if "住院" in said.text or "第 1 位" in said.text]
    assert [said.text for said in page_of(first).words if "住院" in said.text]
    assert (theirs.main, page_of(first).main) == ("rate", "add")
    assert any("30 人一起说的事" in said for said in theirs.honest)


def test_one_who_asks_for_confidence_has_it_for_the_matter(town: Place):
    matter = many(town, Status.IN_HANDLING, "陈大明", "李秀英", quiet="李秀英")
    assert matter.naming == Naming.CONFIDENTIAL
    assert [party.naming for party in matter.parties.order_by("spokesperson__seat")] == [
        Naming.NAMED,
        Naming.CONFIDENTIAL,
    ]


def test_a_group_is_not_hidden_behind_what_one_asked_for(town: Place):
    main, matter = town.matter_in(Status.IN_HANDLING), many(town, Status.IN_HANDLING)
    assert refused(town, "刘敏", terms.Merge(main=main.pk, why="同一件"), matter) == "not_a_group"
    single = town.matter_in(Status.ACCEPTED)
    assert town.run("刘敏", terms.Merge(main=matter.pk, why="同一件"), single).status == Status.MERGED
