"""4.3.2, 4.4.1: who is not reached, and who would not say: tried so often, then left in peace, and never counted content."""

from __future__ import annotations

import pytest

from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Audience, Channel, DeadlineKind, Exit, Satisfaction, Solved, Status, Way
from tests.matters.test_clocks_run_out import later, sweep_until
from tests.support.looking import fresh, offered, queues_with, running
from tests.support.village import Place, default_profile

IN_VAIN = terms.RecordFirstContact(way=Way.CALL, reached=False, text="没有人接")
REACHED = terms.RecordFirstContact(way=Way.CALL, reached=True, text="说好明天去")
WOULD_NOT_SAY = terms.RecordFollowUp(way=Way.CALL, reached=True, declined=True, text="说不用评了")
GOOD = terms.Answers(contacted=True, solved=Solved.YES, result=Satisfaction.GOOD, attitude=Satisfaction.GOOD)


def test_so_many_calls_in_vain_as_the_profile_asks_for_end_the_first_contact(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    for _call in range(default_profile().attempts.calls - 1):
        matter = town.run("孙丽", IN_VAIN, matter)
        assert DeadlineKind.FIRST_CONTACT in running(matter)
    matter = town.run("孙丽", IN_VAIN, matter)
    assert matter.deadlines.get(kind=DeadlineKind.FIRST_CONTACT).outcome == Outcome.MET


def test_calls_of_an_earlier_round_do_not_count(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    for _call in range(2):
        matter = town.run("孙丽", IN_VAIN, matter)
    matter = town.sign_for(town.follow_up(town.sign(town.prepare(matter)), 1))
    assert DeadlineKind.FIRST_CONTACT in running(town.run("孙丽", IN_VAIN, matter))


def test_only_who_handles_records_the_first_contact_once_somebody_does(town: Place):
    assert Action.RECORD_FIRST_CONTACT in offered(town, "周建国", town.matter_in(Status.ASSIGNED))
    matter = town.matter_in(Status.IN_HANDLING)
    assert Action.RECORD_FIRST_CONTACT not in offered(town, "周建国", matter)
    assert Action.RECORD_FIRST_CONTACT in offered(town, "孙丽", matter)


def test_who_would_not_say_is_asked_no_more_and_may_still_rate(town: Place):
    matter = town.run("赵红", WOULD_NOT_SAY, town.matter_in(Status.IN_FOLLOW_UP))
    assert (matter.status, running(matter)) == (Status.IN_FOLLOW_UP, {DeadlineKind.RATING})
    assert matter.deadlines.get(kind=DeadlineKind.FOLLOW_UP).outcome == Outcome.MET
    assert not matter.ratings.exists()
    assert Action.RECORD_FOLLOW_UP not in offered(town, "赵红", matter)
    assert "follow_up" not in queues_with(town, "赵红", matter)
    matter = town.run(town.speaker(matter), terms.Rate(answers=GOOD), matter)
    assert matter.exit == Exit.SATISFIED


def test_who_would_not_say_and_stays_silent_ends_unrated(town: Place):
    matter = town.run("赵红", WOULD_NOT_SAY, town.matter_in(Status.IN_FOLLOW_UP))
    sweep_until(later(30))
    assert fresh(matter).exit == Exit.UNRATED


def test_a_recusal_afterwards_has_nobody_ask_again(town: Place):
    matter = town.run("赵红", WOULD_NOT_SAY, town.matter_in(Status.IN_FOLLOW_UP))
    matter = town.run("赵红", terms.DeclareConflict(text="是亲戚"), matter)
    assert DeadlineKind.FOLLOW_UP not in running(matter)


def test_the_next_reply_is_asked_about_anew(town: Place):
    matter = town.run("赵红", WOULD_NOT_SAY, town.matter_in(Status.IN_FOLLOW_UP))
    matter = town.run("王芳", terms.ReturnReport(reason="缺照片"), matter)
    matter = town.sign(town.prepare(matter))
    assert DeadlineKind.FOLLOW_UP in running(matter)
    assert Action.RECORD_FOLLOW_UP in offered(town, "赵红", matter)


@pytest.mark.parametrize("more", [{"answers": GOOD}, {"reached": False}])
def test_no_answer_is_written_down_for_who_would_not_say(more: dict):
    with pytest.raises(Refused) as refused:
        terms.RecordFollowUp(**({"way": Way.CALL, "reached": True, "declined": True} | more))
    assert refused.value.code == "declined_answers"


def spoken_for(town: Place, matter: Matter) -> bool:
    return town.run(town.speaker(matter), terms.Rate(answers=GOOD), matter).ratings.get().for_another


def test_the_rating_of_who_spoke_for_another_is_marked(town: Place):
    said = PersonSaid(name="李奶奶", phone="13800000099")
    assert spoken_for(town, town.matter_in(Status.IN_FOLLOW_UP, on_behalf_of=said))
    assert not spoken_for(town, town.matter_in(Status.IN_FOLLOW_UP))


def test_the_rating_of_what_a_representative_brought_is_marked(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    Matter.objects.filter(pk=matter.pk).update(channel=Channel.REPRESENTATIVE)
    assert spoken_for(town, matter)


def test_what_is_done_and_what_comes_next_are_told_in_the_readers_language(town: Place):
    from django.utils import translation

    matter = town.matter_in(Status.IN_HANDLING)
    with translation.override("en"):
        matter = town.run("孙丽", terms.ReportProgress(done="买了灯\n三盏", next_step="明天换"), matter)
    entry = matter.entries.get(action=Action.REPORT_PROGRESS)
    entry.matter = matter
    assert entry.words == "买了灯\n三盏\n下一步：明天换"
    with translation.override("en"):
        assert "下一步" not in entry.words


def test_what_is_not_accepted_is_not_withdrawn_any_more(town: Place):
    from tests.support.attempts import sample

    matter = town.run(town.speaker(town.raise_matter()), terms.Withdraw(text="不用了"), Matter.objects.get())
    matter = town.run("王芳", sample(town, Action.SCREEN_OUT, matter), matter)
    assert matter.withdrawal_asked_at is None


# ── classified again ───────────────────────────────────────────────────────────────────────────────────────────────

AGAIN = terms.Classify(kind="POLICY_ENQUIRY", category="A105", complexity="simple")


def test_classified_anew_after_a_return_it_needs_a_reason_and_is_told(town: Place):
    from tests.support.attempts import sample

    matter = town.matter_in(Status.ASSIGNED)
    matter = town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    matter = town.run("刘敏", terms.RuleReturn(granted=True, text="归别人"), matter)
    with pytest.raises(Refused) as refused:
        town.run("刘敏", AGAIN, matter)
    assert refused.value.code == "reason_missing"
    given = terms.Classify(kind=AGAIN.kind, category=AGAIN.category, complexity="simple", reason="其实是问政策")
    matter = town.run("刘敏", given, matter)
    assert matter.entries.filter(action=Action.CLASSIFY).latest("at").audience == Audience.PUBLIC


def test_a_kind_other_than_the_one_accepted_is_told(town: Place):
    matter = town.matter_in(Status.ACCEPTED)
    same = town.run("刘敏", terms.Classify(kind="INTEREST_CLAIM", category="B604", complexity="simple"), matter)
    assert same.entries.filter(action=Action.CLASSIFY).latest("at").audience == Audience.INTERNAL
    other = town.run("刘敏", AGAIN, matter)
    assert other.entries.filter(action=Action.CLASSIFY).latest("at").audience == Audience.PUBLIC
