"""4.3.1: staff act for the speaker elsewhere by their consent, every paper is accounted for, and the speaker ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.queries.promises import Told
from shuoshi.matters.vocabulary import (
    Action,
    AgencyEnded,
    Audience,
    ConsentShown,
    DeadlineKind,
    Naming,
    PaperBecame,
    Status,
)
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.attempts import sample
from tests.support.looking import fresh, offered, running, who_may
from tests.support.village import Place


def does(town: Place, who: str, action: Action, matter: Matter) -> Matter:
    return town.run(who, sample(town, action, matter), matter)


def entrusted(town: Place, *then: Action) -> Matter:
    matter = town.matter_in(Status.IN_HANDLING)
    for action in (Action.AUTHORISE_AGENCY, *then):
        matter = does(town, "孙丽", action, matter)
    return matter


def with_papers(town: Place) -> Matter:
    return entrusted(town, Action.TAKE_PAPERS)


def refused(code: str):
    return pytest.raises(Refused, match=rf"^{code}:")


def told(town: Place, matter: Matter) -> Told:
    return promises.told(queries.tracking(town.speaker(matter), clock.now()))


def authority(town: Place, matter: Matter, **other: object) -> terms.AuthoriseAgency:
    given = sample(town, Action.AUTHORISE_AGENCY, matter)
    assert isinstance(given, terms.AuthoriseAgency)
    return replace(given, **other)  # type: ignore[arg-type]


def test_nobody_acts_on_the_word_of_staff_alone(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    for without in ({"shown_by": None}, {"proof_ref": " "}):
        with refused("consent_not_shown"):
            town.run("孙丽", authority(town, matter, **without), matter)
    with refused("slip_not_shown"):
        town.run("孙丽", authority(town, matter, files=()), matter)
    recorded = authority(town, matter, shown_by=ConsentShown.RECORDED, files=())
    assert town.run("孙丽", recorded, matter).agencies == 1


def test_who_is_not_known_entrusts_nobody(town: Place):
    matter = town.matter_in(Status.IN_HANDLING, naming=Naming.ANONYMOUS)
    with refused("known_speaker"):
        does(town, "孙丽", Action.AUTHORISE_AGENCY, matter)


def test_the_speaker_reads_all_of_it_and_the_proof_stays_inside(town: Place):
    matter = with_papers(town)
    seen = told(town, matter)
    assert [one.office for one in seen.seen.outside.authorisations] == ["县不动产登记中心"]
    assert [(one.what, one.original) for one in seen.seen.outside.papers] == [("不动产权证", True), ("身份证", False)]
    said = "\n".join(word.text for word in seen.words)
    assert "代交补证申请" in said and "2 件材料" in said and "7 号" not in said
    assert not matter.attachments.filter(audience=Audience.PUBLIC).exists(), "the signed slip is no page of theirs"


def test_it_moves_no_clock_of_the_work(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    before = {clock_.pk: clock_.due_at for clock_ in matter.deadlines.filter(outcome="OPEN")}
    matter = does(town, "孙丽", Action.TAKE_PAPERS, does(town, "孙丽", Action.AUTHORISE_AGENCY, matter))
    after = {clock_.pk: clock_.due_at for clock_ in matter.deadlines.filter(outcome="OPEN")}
    assert before.items() <= after.items()


def test_only_who_was_named_goes_there_and_takes_papers(town: Place):
    matter = entrusted(town)
    for action in (Action.TAKE_PAPERS, Action.RECORD_AGENCY_STEP):
        assert who_may(town, action, matter) == {"孙丽"}
    with refused("agent_elsewhere"):
        town.run("孙丽", authority(town, matter, agent=town.persons["李国强"]), matter)


def test_no_answer_is_signed_while_papers_are_out(town: Place):
    matter = town.prepare(with_papers(town))
    with refused("papers_back"):
        town.sign(matter)
    matter = does(town, "孙丽", Action.HAND_BACK_PAPERS, matter)
    matter = town.sign(matter)
    assert matter.authorisations.get().ended_because == AgencyEnded.ANSWERED
    assert matter.agent_id is None and DeadlineKind.AGENCY not in running(matter)
    assert list(verify()) == []


def test_a_part_comes_back_and_the_rest_stays_owed(town: Place):
    matter = with_papers(town)
    original = matter.papers_taken.get(ordinal=1)
    given = terms.HandBackPapers(papers=(original.pk,), became=PaperBecame.HANDED_IN, receipt="受理单 8")
    matter = town.run("孙丽", given, matter)
    assert matter.papers_out == 1
    with refused("no_such_paper"):
        town.run("孙丽", given, matter)


def test_the_speaker_ends_it_any_time_and_gets_the_papers_back(town: Place):
    matter = with_papers(town)
    assert who_may(town, Action.REVOKE_AGENCY, matter) == {"王芳", "刘敏", "赵红"}, "nobody of the unit"
    matter = town.run(town.speaker(matter), terms.RevokeAgency(), matter)
    assert matter.authorisations.get().ended_because == AgencyEnded.REVOKED
    assert DeadlineKind.HAND_BACK in running(matter) and Action.TAKE_PAPERS not in offered(town, "孙丽", matter)
    assert outbox.waiting_for(town.actor("孙丽")).filter(about_id=matter.pk, kind="agency_revoked").exists()
    assert any("材料" in line.what for line in told(town, matter).lines)
    matter = does(town, "孙丽", Action.HAND_BACK_PAPERS, matter)
    assert matter.deadlines.get(kind=DeadlineKind.HAND_BACK).outcome == "MET"
    assert list(verify()) == []


def test_staff_end_it_for_the_speaker_only_with_what_shows_the_wish(town: Place):
    matter = entrusted(town)
    with refused("wish_not_shown"):
        town.run("王芳", terms.RevokeAgency(text="不用了"), matter)
    assert does(town, "王芳", Action.REVOKE_AGENCY, matter).agent_id is None


def test_on_its_last_day_it_lapses_and_nobody_was_late_for_that(town: Place):
    matter = with_papers(town)
    sweep_until(clock.now() + timedelta(days=11))
    matter = fresh(matter)
    assert matter.authorisations.get().ended_because == AgencyEnded.LAPSED
    assert matter.deadlines.get(kind=DeadlineKind.AGENCY).outcome == "VOID"
    assert DeadlineKind.HAND_BACK in running(matter)


def test_another_authority_takes_the_place_of_the_one_before(town: Place):
    matter = with_papers(town)
    matter = town.run("孙丽", authority(town, matter, agent=town.persons["孙丽"], office="县医保中心"), matter)
    assert [one.ended_because for one in matter.authorisations.order_by("ordinal")] == [AgencyEnded.REPLACED, ""]
    assert DeadlineKind.HAND_BACK not in running(matter), "the same hands"


def test_given_to_another_unit_the_papers_follow_nobody_there(town: Place):
    matter = with_papers(town)
    matter = town.run("刘敏", terms.Escalate(reason="要县里办"), matter)
    assert matter.authorisations.get().ended_because == AgencyEnded.HANDED_ON
    assert DeadlineKind.HAND_BACK in running(matter)
    assert {"孙丽", "王芳"} <= who_may(town, Action.HAND_BACK_PAPERS, matter)


def test_a_withdrawal_waits_for_the_papers(town: Place):
    matter = with_papers(town)
    matter = town.run(town.speaker(matter), terms.Withdraw(text="不用了"), matter)
    later = clock.now() + timedelta(days=8)
    sweep_until(later)
    matter = fresh(matter)
    assert matter.status == Status.IN_HANDLING
    with clock.simulated(later):
        matter = does(town, "孙丽", Action.HAND_BACK_PAPERS, matter)
    assert matter.exit == "WITHDRAWN"


def test_a_ruling_does_not_end_it_with_papers_out(town: Place):
    matter = does(town, "周建国", Action.REQUEST_EXIT, with_papers(town))
    with refused("papers_back"):
        town.run("刘敏", terms.RuleExit(granted=True, text="说清了"), matter)


def test_what_was_lost_is_said_to_the_speaker_and_to_whoever_heads(town: Place):
    matter = with_papers(town)
    papers = tuple(matter.papers_taken.values_list("pk", flat=True))
    lost = terms.HandBackPapers(papers=papers, became=PaperBecame.LOST, receipt="路上丢的")
    matter = town.run("孙丽", lost, matter)
    assert outbox.waiting_for(town.actor("周建国")).filter(about_id=matter.pk, kind="papers_lost").exists()
    assert any("我们的责任" in word.text for word in told(town, matter).words)


def test_a_step_has_a_day_within_the_authority(town: Place):
    matter = entrusted(town)
    today = local(clock.now()).date()
    with refused("step_out_of_time"):
        town.run("孙丽", terms.RecordAgencyStep(text="去过", day=today + timedelta(days=1)), matter)
    matter = town.run("孙丽", terms.RecordAgencyStep(text="取到证了", day=today, done=True), matter)
    assert matter.authorisations.get().ended_because == AgencyEnded.DONE


def test_the_database_closes_nothing_with_papers_out(town: Place):
    matter = town.matter_in(Status.CLOSED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).update(papers_out=1)
