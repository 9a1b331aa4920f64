"""Short cuts that somebody might try: none ends a matter, signs a report or proves a repair without the right person."""

from __future__ import annotations

import pytest

from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters import actions, terms
from shuoshi.matters.intake import Intake
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import (
    Channel,
    Complexity,
    Kind,
    Naming,
    Outcome,
    ReportForm,
    Satisfaction,
    Solved,
    Status,
)
from shuoshi.organization.profile import load
from shuoshi.organization.roles import Role
from tests.support.village import Place, picture

PRAISE = terms.AnswerOnTheSpot(kind=Kind.PRAISE, title="谢谢", answer="已转达。")


def returned(town: Place) -> Matter:
    """Assigned once, given back, and with the dispatcher again."""
    matter = town.matter_in(Status.ASSIGNED)
    reason = load.load().return_reasons[0].code
    asked = terms.RequestReturn(reason=reason, text="归水利站管", proper_unit=town.units["水利站"].pk)
    matter = town.run("周建国", asked, matter)
    return town.run("刘敏", terms.RuleReturn(granted=True, text="同意"), matter)


def test_what_was_promised_cannot_be_voided_or_passed_on_as_praise(town: Place):
    matter = returned(town)
    assert matter.status == Status.ACCEPTED and matter.promised_by is not None
    for given, code in ((PRAISE, "not_given_out_yet"), (terms.Void(reason="重复登记"), "never_assigned")):
        with pytest.raises(Refused) as refused:
            town.run("王芳", given, matter)
        assert refused.value.code == code


def test_a_matter_that_failed_a_round_cannot_be_answered_away_by_the_tier_above(town: Place):
    town.person("县登记", ("县受理中心", Role.REGISTRAR))
    matter = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), 1)
    matter = town.follow_up(town.sign(town.prepare(town.sign_for(matter))), 1)
    assert matter.status == Status.ACCEPTED
    with pytest.raises(Refused) as refused:
        town.run("县登记", PRAISE, matter)
    assert refused.value.code == "not_given_out_yet"


def test_handing_the_matter_on_does_not_let_a_head_sign_the_own_long_report(town: Place):
    town.person("周兼", ("城建办", Role.HANDLER), ("城建办", Role.DEPARTMENT_HEAD))
    matter = town.assign(town.classify(town.accept(town.raise_matter()), complexity=Complexity.COMPLEX))
    matter = town.sign_for(matter, "周兼")
    points = tuple(terms.PointAnswer(demand=d.pk, outcome=Outcome.CANNOT_ACT, text="办不了", because="归县里管")
                   for d in town.demands(matter))  # fmt: skip
    given = terms.PrepareResult(points=points, reply="办不了。", report="经查，归县里管。", form=ReportForm.LONG)
    matter = town.run("周兼", given, matter)
    matter = town.run("周兼", terms.ChangeHandler(handler=town.persons["孙丽"], reason="另有任务"), matter)
    with pytest.raises(Refused):
        town.sign(matter, by="周兼")


def test_the_speakers_own_photo_is_no_proof_that_it_was_mended(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run(town.speaker(matter), terms.AddInformation(text="还是黑的", files=(picture(),)), matter)
    points = tuple(terms.PointAnswer(demand=d.pk, outcome=Outcome.SOLVED, text="修好了") for d in town.demands(matter))
    with pytest.raises(Refused) as refused:
        town.run("孙丽", terms.PrepareResult(points=points, reply="修好了。", report="修好了。"), matter)
    assert refused.value.code == "proof_missing"


def test_who_withdraws_and_then_is_not_satisfied_may_withdraw_again_later(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    speaker = town.speaker(matter)
    matter = town.run(speaker, terms.Withdraw(), matter)
    bad = Satisfaction.VERY_BAD
    answers = terms.Answers(contacted=True, solved=Solved.NO, result=bad, attitude=bad, words="没有修")
    matter = town.run(speaker, terms.Rate(answers=answers), matter)
    assert matter.status == Status.ASSIGNED and matter.withdrawal_asked_at is None
    assert town.run(speaker, terms.Withdraw(), matter).withdrawal_asked_at is not None


def test_one_key_does_not_pass_a_saved_matter_off_as_settled(town: Place):
    said = Intake(channel=Channel.HOTLINE, key="k1", content="问社保怎么补缴", naming=Naming.ANONYMOUS)
    actions.register(said, actor=town.actor("王芳"))
    spot = terms.AnswerOnTheSpot(kind=Kind.POLICY_ENQUIRY, title="社保补缴", answer="到窗口办。", clear=True)
    settled = Intake(channel=Channel.HOTLINE, key="k1", content=said.content, naming=Naming.ANONYMOUS, settle=spot)
    with pytest.raises(KeyReused):
        actions.register(settled, actor=town.actor("王芳"))
