"""2.2.4: a dispute is mediated with the consent of both until a day both know; what both sign binds, the rest goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, papers, queries, terms
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    DeadlineKind,
    Duty,
    EndsBecause,
    ExcludedBecause,
    Exit,
    Kind,
    Mediated,
    PartyRole,
    Performed,
    RequestKind,
    Status,
    Way,
)
from shuoshi.organization.roles import Role
from tests.kernel.documents import words_of_pdf
from tests.matters.test_clocks_run_out import later, sweep_until
from tests.support.attempts import attempt, sample
from tests.support.kinds import agreement, no_duties
from tests.support.looking import fresh, offered, running, told, who_may
from tests.support.village import Place


def refused(town: Place, who: str, given: terms.Terms, matter: Matter) -> str:
    with pytest.raises(Refused) as said:
        town.run(who, given, matter)
    return str(said.value.code)


def clock_of(matter: Matter, kind: DeadlineKind) -> Deadline:
    return matter.deadlines.get(kind=kind, outcome=Outcome.OPEN)


def ended(town: Place, matter: Matter) -> Matter:
    return town.run("孙丽", sample(town, Action.END_MEDIATION, matter), matter)


def read(town: Place, matter: Matter) -> str:
    """What the speaker reads of what was said."""
    seen = queries.tracking(town.speaker(matter), clock.now())
    return "\n".join(f"{one.label}：{one.text}" for one in promises.words(seen))


# ── duties to report ───────────────────────────────────────────────────────────────────────────────────────────────


def a_dispute_in_hand(town: Place, **said: object) -> Matter:
    matter = town.accept(town.raise_matter(**said), Kind.DISPUTE)
    return town.sign_for(town.assign(town.classify(matter, "D101", Kind.DISPUTE)))


@pytest.mark.parametrize(
    "action", [Action.SET_PLAN, Action.PREPARE_RESULT, Action.REQUEST_EXIT, Action.OPEN_MEDIATION, Action.REQUEST_PAUSE]
)
def test_no_step_of_a_dispute_before_the_duties_are_answered(town: Place, action: Action):
    matter = a_dispute_in_hand(town)
    who = "周建国" if action == Action.REQUEST_EXIT else "孙丽"
    assert attempt(town, action, matter, town.actor(who)) == (False, "duties_answered")


def test_a_yes_says_to_whom_it_was_reported_and_when():
    with pytest.raises(Refused) as said:
        terms.DutyFound(duty=Duty.VIOLENCE, found=True, reported_to="派出所")
    assert said.value.code == "duty_not_reported"


def test_what_was_found_is_told_and_never_taken_back(town: Place):
    matter = a_dispute_in_hand(town)
    found = terms.DutyFound(duty=Duty.THREAT, found=True, reported_to="镇派出所 王警官", reported_at=clock.now())
    others = tuple(terms.DutyFound(duty=duty, found=False) for duty in Duty if duty != Duty.THREAT)
    matter = town.run("孙丽", terms.AnswerDuties(answers=(found, *others), text="他说要拼命"), matter)
    assert outbox.Notice.objects.filter(about_id=matter.pk, kind="duty_found").count() >= 3
    assert refused(town, "孙丽", no_duties(), matter) == "duty_taken_back"
    line = matter.entries.get(action=Action.ANSWER_DUTIES)
    assert line.audience == Audience.INTERNAL


def test_violence_the_speaker_told_of_is_not_answered_away(town: Place):
    matter = a_dispute_in_hand(town, category="D101", answers={"violence": "yes"})
    assert refused(town, "孙丽", no_duties(), matter) == "violence_was_said"


# ── the other side ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_other_side_is_a_party_and_no_speaker(town: Place):
    matter = town.dispute()
    assert {one.role for one in matter.parties.all()} == {PartyRole.SPEAKER, PartyRole.OPPONENT}
    assert queries.earlier_of_phone(town.actor("王芳"), "13900000021") == []


def test_a_unit_as_party_keeps_away_with_all_its_people(town: Place):
    """D2: what the town itself is party to is handled above."""
    matter = a_dispute_in_hand(town)
    matter = town.run("王芳", terms.NameOtherSide(unit=town.units["城建办"].pk), matter)
    assert matter.status == Status.ACCEPTED
    assert matter.exclusions.get(unit=town.units["城建办"]).why == ExcludedBecause.CONCERNED
    assert Action.ASSIGN in offered(town, "刘敏", matter)
    assert "城建办" not in read(town, matter) or "不再" in read(town, matter)


def test_a_unit_does_not_get_rid_of_the_work_by_calling_itself_a_party(town: Place):
    matter = a_dispute_in_hand(town)
    own = terms.NameOtherSide(unit=town.units["城建办"].pk)
    assert refused(town, "孙丽", own, matter) == "unit_named_by_registry"
    assert refused(town, "周建国", own, matter) == "unit_named_by_registry"


# ── dates ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_day_of_the_mediation_replaces_both_dates_and_is_told(town: Place):
    matter = town.dispute()
    before = matter.promised_by
    matter = town.mediate(matter, days=20)
    until = matter.mediations.get().until
    for kind in (DeadlineKind.COMPLETION, DeadlineKind.PROMISE):
        assert clock.local(clock_of(matter, kind).due_at).date() >= until
    assert matter.promised_by is not None and before is not None and matter.promised_by > before
    assert "同意调解" in read(town, matter)


def test_thirty_days_at_most_and_once_more_with_the_consent_of_both(town: Place):
    today = clock.local(clock.now()).date()
    matter = town.dispute()
    with pytest.raises(Refused) as said:
        town.mediate(matter, days=31)
    assert said.value.code == "mediation_too_long"
    matter = town.mediate(matter, days=20)
    longer = {"held_on": today, "speaker_there": True, "other_there": True, "text": "再谈谈"}
    until = today + timedelta(days=40)
    matter = town.run("孙丽", terms.RecordSession(**longer, until=until, agreed="双方当面同意"), matter)
    assert clock.local(matter.promised_by).date() >= until
    again = terms.RecordSession(**longer, until=until + timedelta(days=2), agreed="双方同意")
    assert refused(town, "孙丽", again, matter) == "mediation_extended_before"


def test_a_mediation_for_show_gains_nobody_a_day(town: Place):
    """4.2.2: opened and ended the same day, all dates are what they were."""
    matter = town.dispute()
    dates = [clock_of(matter, kind).due_at for kind in (DeadlineKind.COMPLETION, DeadlineKind.PROMISE)]
    matter = ended(town, town.mediate(matter, days=30))
    assert [clock_of(matter, kind).due_at for kind in (DeadlineKind.COMPLETION, DeadlineKind.PROMISE)] == dates
    assert attempt(town, Action.OPEN_MEDIATION, matter, town.actor("孙丽")) == (False, "not_mediated_yet")


def test_what_both_took_of_the_time_is_given_back(town: Place):
    matter = town.dispute()
    before = clock_of(matter, DeadlineKind.COMPLETION).due_at
    matter = town.mediate(matter, days=20)
    with clock.simulated(clock.now() + timedelta(days=7)):
        after = clock_of(ended(town, matter), DeadlineKind.COMPLETION).due_at
        assert timedelta(days=5) <= after - before <= timedelta(days=11)


@pytest.mark.parametrize("action", [Action.REQUEST_EXTENSION, Action.REQUEST_PAUSE, Action.PREPARE_RESULT])
def test_nothing_moves_the_time_of_a_mediation_or_answers_past_it(town: Place, action: Action):
    assert attempt(town, action, town.mediate(), town.actor("孙丽")) == (False, "not_mediating")


# ── who may ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_mediator_of_the_town_sees_and_records_it(town: Place):
    town.person("调解员", ("青禾镇", Role.MEDIATOR))
    matter = town.mediate(mediator="调解员")
    assert who_may(town, Action.RECORD_SESSION, matter) == {"孙丽", "调解员"}
    assert outbox.Notice.objects.filter(to_person=town.persons["调解员"], kind="to_mediate").exists()


def test_whom_it_concerns_does_not_mediate(town: Place):
    matter = town.dispute(concerns_people=(town.persons["周建国"],))
    with pytest.raises(Refused) as said:
        town.mediate(matter, mediator="周建国")
    assert said.value.code == "not_a_mediator"


def test_both_agree_to_another_mediator_who_goes_on(town: Place):
    town.person("马调解", ("青禾镇", Role.MEDIATOR))
    matter = town.mediate()
    until = matter.mediations.get().until
    given = terms.RecordSession(
        held_on=clock.local(clock.now()).date(),
        speaker_there=True,
        other_there=True,
        text="原来的调解员住院了",
        agreed="双方当面同意换马调解",
        mediator=town.persons["马调解"],
        no_conflict=True,
    )
    matter = town.run("孙丽", given, matter)
    assert matter.mediator_id == town.persons["马调解"] == matter.mediations.get().mediator_id
    assert matter.mediations.get().until == until and told(town, matter, "to_mediate") >= {("马调解", "")}
    assert "换了一位调解员" in read(town, matter) and "双方当面同意换马调解" in read(town, matter)
    assert refused(town, "孙丽", given, matter) == "same_mediator"
    assert list(verify()) == []


def test_one_side_says_no_and_it_is_over(town: Place):
    """人民调解法 26: nobody is kept at the table."""
    matter = town.mediate()
    matter = town.run(town.speaker(matter), terms.EndMediation(text="不想再谈"), matter)
    mediation = matter.mediations.get()
    assert (mediation.outcome, mediation.because) == (Mediated.FAILED, EndsBecause.REFUSED)
    assert "人民法院" in read(town, matter)


def test_another_unit_may_begin_anew(town: Place):
    matter = town.mediate()
    matter = town.run("孙丽", terms.DeclareConflict(text="是亲戚"), matter)
    matter = town.run("周建国", terms.DeclareConflict(text="也是亲戚"), matter)
    assert (matter.status, matter.mediation, matter.mediator_id) == (Status.ACCEPTED, "", None)
    assert matter.mediations.get().outcome == Mediated.DROPPED


# ── what comes of it ───────────────────────────────────────────────────────────────────────────────────────────────


def answered(town: Place, matter: Matter) -> Matter:
    return town.sign(town.prepare(matter))


def test_a_signed_agreement_is_never_handled_again(town: Place):
    """4.4.2: breach is urged, or goes to court."""
    matter = town.follow_up(answered(town, town.agree(town.mediate())), 1)
    assert (matter.status, matter.exit, matter.round.ordinal) == (Status.CLOSED, Exit.AGREED_MEDIATION, 1)
    assert matter.ratings.get().result == "1"
    assert DeadlineKind.PERFORMANCE in running(matter)


def test_content_it_ends_by_the_persons_own_word(town: Place):
    matter = town.follow_up(answered(town, town.agree(town.mediate())), 5)
    assert matter.exit == Exit.SATISFIED


@pytest.mark.parametrize(("form", "exit_"), [(Mediated.ORAL, Exit.AGREED_MEDIATION), (None, Exit.MEDIATION_ENDED)])
def test_without_signatures_somebody_outside_rules_whether_it_ends(town: Place, form: Mediated | None, exit_: Exit):
    matter = town.mediate()
    matter = town.agree(matter, form) if form else ended(town, matter)
    matter = town.follow_up(answered(town, matter), 1)
    assert matter.status == Status.IN_FOLLOW_UP
    assert matter.requests.get(kind=RequestKind.EXIT).exit == exit_
    assert who_may(town, Action.RULE_EXIT, matter) == {"刘敏", "马镇长"}
    matter = town.run("马镇长", terms.RuleExit(granted=True, text="看过记录"), matter)
    assert (matter.status, matter.exit) == (Status.CLOSED, exit_)


def test_refused_it_is_handled_once_more(town: Place):
    matter = town.follow_up(answered(town, ended(town, town.mediate())), 1)
    matter = town.run("马镇长", terms.RuleExit(granted=False, text="再谈"), matter)
    assert (matter.status, matter.round.ordinal) == (Status.ASSIGNED, 2)


def test_it_ends_as_not_mediated_only_after_a_mediation(town: Place):
    given = terms.RequestExit(exit=Exit.MEDIATION_ENDED, text="谈不拢", basis="调解法", rights_notice="可以起诉")
    assert refused(town, "周建国", given, town.dispute()) == "mediation_not_failed"
    matter = town.run("周建国", given, ended(town, town.mediate()))
    assert matter.requests.get(kind=RequestKind.EXIT).exit == Exit.MEDIATION_ENDED


def test_a_review_may_open_what_was_agreed(town: Place):
    matter = town.follow_up(answered(town, town.agree(town.mediate())), 1)
    matter = town.run(town.speaker(matter), terms.RequestReview(text="那不是我签的"), matter)
    matter = town.run("县分办", sample(town, Action.DECIDE_REVIEW, matter), matter)
    assert (matter.status, matter.mediation) == (Status.ACCEPTED, "")


# ── performance ────────────────────────────────────────────────────────────────────────────────────────────────────


def look(town: Place, matter: Matter, performed: Performed, days: int = 0) -> Matter:
    again = clock.local(clock.now()).date() + timedelta(days=days) if days else None
    given = terms.CheckPerformance(obligation=1, performed=performed, heard=Way.CALL, text="问过双方", again_on=again)
    return town.run("孙丽", given, matter)


def test_the_look_outlives_the_end_and_is_told_to_the_speaker(town: Place):
    matter = town.follow_up(answered(town, town.agree(town.mediate(), days=5)), 5)
    due = clock_of(matter, DeadlineKind.PERFORMANCE).due_at
    assert clock.local(due).date() == matter.obligations.get().due_on + timedelta(days=30)
    with clock.simulated(due - timedelta(hours=2)):
        matter = look(town, fresh(matter), Performed.YES)
        assert "问过双方" in read(town, matter)
    assert matter.deadlines.get(kind=DeadlineKind.PERFORMANCE).outcome == Outcome.MET
    assert DeadlineKind.PERFORMANCE not in running(matter)


def test_what_is_not_performed_is_looked_at_again(town: Place):
    matter = town.agree(town.mediate(), days=5)
    assert refused_to_look(town, matter) == "owed_later"
    with clock.simulated(clock.now() + timedelta(days=6)):
        matter = look(town, matter, Performed.NO, days=10)
        assert running(matter) >= {DeadlineKind.PERFORMANCE}
        assert matter.obligations.get().performed == Performed.NO


def refused_to_look(town: Place, matter: Matter) -> str:
    with pytest.raises(Refused) as said:
        look(town, matter, Performed.NO)
    return str(said.value.code)


def test_a_look_nobody_took_is_missed_by_name(town: Place):
    matter = town.follow_up(answered(town, town.agree(town.mediate(), days=1)), 5)
    with clock.simulated(clock.now()):
        sweep_until(later(60))
        notices = outbox.Notice.objects.filter(about_id=matter.pk, kind="clock_overdue_beside")
        assert notices.filter(to_person=town.persons["孙丽"]).exists()


# ── both rate ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_sides_say_how_it_went_and_one_does_not_stand_for_the_other(town: Place):
    matter = answered(town, town.agree(town.mediate()))
    assert who_may(town, Action.ASK_OTHER_SIDE, matter) == {"赵红"}
    matter = town.run("赵红", sample(town, Action.ASK_OTHER_SIDE, matter), matter)
    assert matter.status == Status.IN_FOLLOW_UP
    assert not matter.ratings.exists()
    assert refused(town, "赵红", sample(town, Action.ASK_OTHER_SIDE, matter), matter) == "other_side_asked"


def test_a_written_agreement_shows_its_signatures():
    with pytest.raises(Refused) as said:
        terms.ConcludeAgreement(**{**vars(agreement()), "files": ()})
    assert said.value.code == "agreement_not_shown"


# ── the paper ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_agreement_on_paper_says_who_owes_what_and_names_nobody_unasked(town: Place, papers_made_here: None):
    matter = town.agree(town.mediate())
    ref = papers.ref(matter, "agreement-1")
    assert ref is not None
    document = actions.issue_paper(matter.pk, ref, actor=town.actor("孙丽"))
    assert document.number == f"{matter.number}-TX01"
    said = words_of_pdf(papers.of_document(document, "https://x.example/").pdf().data).replace("\n", "")
    for word in ("调解协议书", "陈某某", "周某", "把水管改走", "司法确认", "接头漏水"):
        assert word in said, word
    assert "陈大明" not in said and "13900000021" not in said
    content = papers.content_of(matter, ref)
    clear = papers.in_clear(content, papers.parties_of(matter))
    assert (clear["说事人"], clear["对方"]) == ("陈大明", "周立")
