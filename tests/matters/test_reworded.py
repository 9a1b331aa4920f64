"""Rule 5: what the registry summed up stands beneath the speaker's words, and the speaker may correct it; both stay."""

from __future__ import annotations

import pytest
from django.utils import translation

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, DeadlineKind, Proof, Satisfaction, Solved, Status, Way, WishShown
from tests.support.village import Place, group

SAID = ("修好三盏路灯", "以后有人管")


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}:")


def in_hand(town: Place, status: Status = Status.IN_HANDLING) -> Matter:
    return town.matter_in(status, demands=SAID)


def points(town: Place, matter: Matter) -> list[str]:
    return [str(one.text) for one in town.demands(matter)]


def reword(town: Place, matter: Matter, *wanted: str) -> Matter:
    return town.run(town.speaker(matter), terms.RewordDemands(demands=wanted), matter)


def test_the_new_wording_is_answered_and_the_earlier_one_stays_readable(town: Place):
    matter = in_hand(town)
    own, promised = str(matter.content), matter.promised_by
    matter = reword(town, matter, "村口和桥头的路灯都修好", "以后有人管", "告诉我们找谁报修")
    assert points(town, matter) == ["村口和桥头的路灯都修好", "以后有人管", "告诉我们找谁报修"]
    assert (str(matter.content), matter.promised_by, matter.demand_count) == (own, promised, 3)
    entry = matter.entries.get(action=Action.REWORD_DEMANDS)
    entry.matter = matter
    assert "修好三盏路灯" in str(entry.text) and "以后有人管" not in str(entry.text)
    matter = town.prepare(matter)
    assert matter.results.get().points.count() == 3
    assert list(verify()) == []


def test_whoever_works_on_it_is_told_and_finds_it_unread(town: Place):
    matter = reword(town, in_hand(town), *SAID, "灯要亮到十点")
    assert matter.unread_words == 1
    told = Notice.objects.filter(kind="reworded").values_list("to_person", flat=True)
    assert town.persons["孙丽"] in set(told)


def test_before_it_is_given_out_the_dispatcher_is_told_and_a_point_may_go(town: Place):
    matter = in_hand(town, Status.ACCEPTED)
    matter = reword(town, matter, "修好三盏路灯")
    assert points(town, matter) == ["修好三盏路灯"]
    assert Notice.objects.filter(kind="reworded").exists()


def test_a_form_that_was_drawn_before_is_stale(town: Place):
    matter = in_hand(town)
    before = matter.turn
    assert reword(town, matter, "换掉三盏路灯", "以后有人管").turn > before


def test_what_was_given_out_gets_no_fewer_points_and_too_many_nobody_can_answer(town: Place):
    matter = in_hand(town)
    with refused("demands_vanish"):
        reword(town, matter, "修好三盏路灯")
    with refused("demands_missing"):
        reword(town, matter, " ")
    with refused("nothing_changed"):
        reword(town, matter, *SAID)
    with refused("too_many_demands"):
        reword(town, matter, *(f"第 {n} 盏灯" for n in range(21)))
    assert points(town, matter) == list(SAID)


def test_a_point_written_twice_or_of_nothing_one_can_see_is_none(town: Place):
    matter = in_hand(town)
    with refused("demand_twice"):
        reword(town, matter, SAID[0], SAID[0])
    with refused("demand_twice"):
        reword(town, matter, SAID[0], f"{SAID[0][:2]}\u200b{SAID[0][2:]}")
    with refused("demands_missing"):
        reword(town, matter, "\u200b", "\u2060")
    with refused("nothing_changed"):
        reword(town, matter, *reversed(SAID))
    assert points(town, matter) == list(SAID) and matter.demand_count == 2


def test_a_letter_of_many_points_can_be_corrected_too(town: Place):
    many = tuple(f"第 {n} 盏灯" for n in range(1, 26))
    matter = town.matter_in(Status.IN_HANDLING, demands=many)
    matter = reword(town, matter, "第一盏灯", *many[1:])
    assert points(town, matter)[:2] == ["第一盏灯", "第 2 盏灯"]


def test_what_was_settled_already_hides_no_point_that_is_not(town: Place):
    matter = in_hand(town, Status.IN_FOLLOW_UP)
    first, second = town.demands(matter)
    partly = terms.Answers(
        contacted=True,
        solved=Solved.PARTLY,
        result=Satisfaction.BAD,
        attitude=Satisfaction.GOOD,
        words="没有人管",
        rest_wanted=True,
        unsettled=(second.pk,),
    )
    given = terms.RecordFollowUp(way=Way.CALL, reached=True, answers=partly, proof=Proof.RECORDING, proof_ref="LY-1")
    matter = town.sign_for(town.run("赵红", given, matter))
    assert [one.pk for one in town.demands(matter)] == [second.pk]
    with refused("demand_twice"):
        reword(town, matter, str(first.text), str(first.text))


def test_in_a_group_everybody_reads_what_one_of_them_changed(town: Place):
    matter = town.matter_in(Status.ACCEPTED, by="王芳", demands=SAID, group=group("陈大明", "李小燕"))
    one, two = (
        Actor(ActorKind.SPEAKER, matter_id=matter.pk, part=row.pk) for row in matter.spokespersons.order_by("seat")
    )
    matter = town.run(one, terms.RewordDemands(demands=("修好五盏路灯", SAID[1])), matter)
    for who in (one, two):
        seen = queries.tracking(who, clock.now())
        assert [line for line in seen.entries if line.action == Action.REWORD_DEMANDS and "修好三盏" in str(line.text)]
    page = queries.matter_page(town.actor("王芳"), matter.number, clock.now())
    assert [line.seat for line in page.entries if line.action == Action.REWORD_DEMANDS] == [1]


def test_a_pause_that_waits_for_the_speaker_ends_with_it(town: Place):
    matter = in_hand(town, Status.PAUSED)
    assert matter.waits_for_speaker
    assert reword(town, matter, *SAID, "产权证在我哥哥那里").status == Status.IN_HANDLING


def test_the_earlier_wording_is_kept_in_the_language_of_the_institution(town: Place):
    with translation.override("en"):
        matter = reword(town, in_hand(town), "修好五盏路灯", SAID[1])
    entry = matter.entries.get(action=Action.REWORD_DEMANDS)
    entry.matter = matter
    assert str(entry.text) == "原来写的是：修好三盏路灯"


def test_an_answer_that_waits_for_its_signature_stands_under_the_words_it_answers(town: Place):
    matter = town.prepare(in_hand(town))
    with refused("no_result_waiting"):
        reword(town, matter, *SAID, "再加一条")


def test_after_a_first_answer_the_new_wording_gets_a_number_of_its_own(town: Place):
    matter = in_hand(town, Status.IN_FOLLOW_UP)
    matter = town.sign_for(town.follow_up(matter, 1))
    matter = reword(town, matter, "三盏路灯都要亮", "以后有人管")
    assert {one.ordinal: str(one.text) for one in town.demands(matter)} == {2: "以后有人管", 3: "三盏路灯都要亮"}
    assert str(matter.demands.get(ordinal=1).text) == "修好三盏路灯"
    assert list(verify()) == []


def test_the_registry_does_it_for_somebody_who_rings_up_and_shows_the_wish(town: Place):
    matter = in_hand(town)
    with refused("wish_not_shown"):
        town.run("王芳", terms.RewordDemands(demands=(*SAID, "再加一条")), matter)
    shown = terms.RewordDemands(demands=(*SAID, "再加一条"), shown_by=WishShown.CALLED_BACK, proof_ref="录音 2026-31")
    matter = town.run("王芳", shown, matter)
    assert len(points(town, matter)) == 3
    for who in ("孙丽", "周建国"):
        with refused("policy"):
            town.run(who, shown, matter)


def test_no_clock_moves(town: Place):
    matter = in_hand(town)
    running = matter.deadlines.filter(outcome=Outcome.OPEN)
    before = list(running.order_by("pk").values_list("pk", "kind", "due_at"))
    matter = reword(town, matter, *SAID, "灯要亮到十点")
    assert list(running.order_by("pk").values_list("pk", "kind", "due_at")) == before
    assert DeadlineKind.COMPLETION in {kind for _pk, kind, _due in before}
