"""Bad input is refused under a stable code and with words for the person; every code of the package is met here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from shuoshi import matters
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.events import Event
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions, destroying, papers, readiness, terms
from shuoshi.matters.actions.slip import print_slip
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import (
    Action,
    Channel,
    Complexity,
    Exit,
    Kind,
    Naming,
    Outcome,
    ReportForm,
    Satisfaction,
    Solved,
    Status,
    Urgency,
    Way,
    WishShown,
)
from shuoshi.organization.models import Institution, Post, Unit, UnitKind
from shuoshi.organization.roles import Role
from tests.knowledge.written import answered
from tests.matters import refused
from tests.support.attempts import sample
from tests.support.village import ONLINE, Place

# Codes that a guard or policy of the same row makes unreachable; they say why should the table ever be opened.
# The default profile gives kinds outside the loop no categories, so that nobody can name one of them.
BEHIND_A_GUARD = {"no_report", "no_result", "kind_outside_loop"}


def intake(**other: object) -> Intake:
    speaker = PersonSaid(name="陈大明")
    given = Intake(channel=Channel.ONLINE, key="one form", content="路灯不亮。", naming=Naming.NAMED, speaker=speaker)
    return replace(given, **other)  # type: ignore[arg-type]


def say(given: Intake, town: Place | None = None, who: str = "") -> object:
    return actions.register(given, actor=town.actor(who) if town else ONLINE)


def did(town: Place, status: Status, who: str, given: Terms | Callable[[Matter], Terms], **said: object) -> Matter:
    matter = town.matter_in(status, **said)
    return town.run(who, given(matter) if callable(given) else given, matter)


def demands_vanish(town: Place) -> object:
    matter = town.raise_matter(demands=("修路灯", "写清楚谁来管"))
    matter = town.assign(town.classify(town.accept(matter)))
    matter = town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    matter = town.run("刘敏", terms.RuleReturn(granted=True, text="归水利站"), matter)
    return town.run("王芳", terms.CorrectRegistration(reason="写错了", demands=("修路灯",)), matter)


def delivered(town: Place, days: int) -> Matter:
    day = clock.local(clock.now()).date() + timedelta(days=days)
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    return town.run("周建国", terms.SignResult(delivered_by=Way.CALL, delivered_on=day), matter)


def issued_by_a_leader(town: Place) -> None:
    matter = town.raise_matter()
    actions.issue_paper(matter.pk, papers.refs(matter)[0], actor=town.actor("马镇长"))


def printed_twice(town: Place) -> object:
    matter, actor = town.raise_matter(by="王芳"), town.actor("王芳")
    print_slip(matter.pk, again="", actor=actor)
    return print_slip(matter.pk, again="", actor=actor)


def answering(town: Place, *several: dict[str, str]) -> object:
    matter = town.matter_in(Status.IN_HANDLING)
    for answers in several:
        matter = town.run(town.speaker(matter), terms.AnswerQuestions(answers=answers), matter)
    return matter


def nobody_there(town: Place) -> object:
    town.unit("空办", UnitKind.DEPARTMENT, "青禾镇")
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    return town.run("刘敏", terms.Assign(unit=town.units["空办"].pk, reason="归它管"), matter)


def nobody_signs(town: Place) -> object:
    matter = town.raise_matter(concerns_people=(town.persons["周建国"], town.persons["马镇长"]))
    return town.assign(town.classify(town.accept(matter)))


def only_signer_handles(town: Place, complexity: Complexity) -> Matter:
    """A village whose head is its only signer: the leader of the town must stay away."""
    matter = town.raise_matter(concerns_people=(town.persons["马镇长"],))
    matter = town.assign(town.classify(town.accept(matter), complexity=complexity), unit="柳湾村")
    return town.sign_for(matter, handler="陈书记")


def long_report_by_the_only_signer(town: Place) -> object:
    matter = only_signer_handles(town, Complexity.STANDARD)
    given = sample(town, Action.PREPARE_RESULT, matter)
    assert isinstance(given, terms.PrepareResult)
    return town.run("陈书记", replace(given, form=ReportForm.LONG), matter)


def returned_twice_by_one_unit(town: Place) -> object:
    matter = town.matter_in(Status.ASSIGNED)
    asked = sample(town, Action.REQUEST_RETURN, matter)
    matter = town.run("周建国", asked, matter)
    matter = town.run("刘敏", terms.RuleReturn(granted=True, text="归水利站"), matter)
    return town.run("周建国", asked, town.assign(matter))


def recusal_twice(town: Place) -> object:
    matter = town.matter_in(Status.IN_HANDLING)
    given = terms.DeclareConflict(text="是邻居", person=town.persons["孙丽"])
    return town.run("刘敏", given, town.run("王芳", given, matter))


def kept_from_one_of_many(town: Place) -> object:
    matter = town.accept(town.raise_matter(concerns_people=(town.persons["孙丽"],)))
    return town.run("王芳", sample(town, Action.SCREEN_OUT, matter), matter)


def no_registry(town: Place) -> object:
    Unit.objects.filter(kind=UnitKind.REGISTRY).update(active=False)
    return say(intake())


def no_institution(town: Place) -> object:
    Institution.objects.all().delete()
    return say(intake())


def no_proof(town: Place) -> object:
    def bare(matter: Matter) -> Terms:
        given = sample(town, Action.PREPARE_RESULT, matter)
        assert isinstance(given, terms.PrepareResult)
        return replace(given, proofs=())

    matter = town.classify(town.matter_in(Status.ACCEPTED), category="B501")
    matter = town.sign_for(town.assign(matter))
    return town.run("孙丽", bare(matter), matter)


def answers(**other: object) -> terms.Answers:
    given = terms.Answers(contacted=True, solved=Solved.YES, result=Satisfaction.GOOD, attitude=Satisfaction.GOOD)
    return replace(given, **other)  # type: ignore[arg-type]


def rated(town: Place, given: terms.Answers) -> object:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    return town.run(town.speaker(matter), terms.Rate(answers=given), matter)


def a_return_to_itself(town: Place) -> object:
    def given(matter: Matter) -> Terms:
        usual = sample(town, Action.REQUEST_RETURN, matter)
        assert isinstance(usual, terms.RequestReturn)
        return replace(usual, proper_unit=town.units["城建办"].pk)

    return did(town, Status.ASSIGNED, "周建国", given)


def unit_of(town: Place, name: str) -> terms.Assign:
    return terms.Assign(unit=town.units[name].pk, reason="归它管")


def assigned(town: Place, given: terms.Assign, **said: object) -> object:
    return town.run("刘敏", given, town.classify(town.accept(town.raise_matter(**said))))


def not_open(town: Place) -> bool:
    """The institution as it is before it began: nobody may rule."""
    Institution.objects.update(opened_at=None)
    Post.objects.filter(role__in=[Role.DISPATCHER, Role.LEADER]).update(until=clock.now())
    return True


def a_suggestion(town: Place) -> Matter:
    matter = town.accept(town.raise_matter(), Kind.SUGGESTION)
    return town.sign_for(town.assign(town.classify(matter, "C101", Kind.SUGGESTION)))


def answered_by_the_same(town: Place) -> object:
    return town.sign_for(town.follow_up(town.sign(town.prepare(a_suggestion(town))), 1))


def exit_of_a_claim_for_a_suggestion(town: Place) -> object:
    given = terms.RequestExit(exit=Exit.STATUTORY_ROUTE, text="去法院", basis="依据", rights_notice="可以起诉")
    return town.run("周建国", given, a_suggestion(town))


def already_assigned(town: Place) -> object:
    given = terms.Classify(kind=Kind.INTEREST_CLAIM, category="B604", complexity=Complexity.SIMPLE)
    return did(town, Status.ASSIGNED, "刘敏", given)


def classified(town: Place, **other: object) -> object:
    given = terms.Classify(kind=Kind.INTEREST_CLAIM, category="B604", complexity=Complexity.SIMPLE)
    return did(town, Status.ACCEPTED, "刘敏", replace(given, **other))  # type: ignore[arg-type]


REFUSALS: dict[str, Callable[[Place], object]] = {
    **refused.ELSEWHERE,
    "too_many_numbers": refused.too_many_numbers,
    "persons_changed": refused.named_otherwise,
    # registration
    "content_missing": lambda t: say(intake(content=" \n ")),
    "content_too_long": lambda t: say(intake(content="长" * 20_001)),
    "speaker_missing": lambda t: say(intake(speaker=None)),
    "speaker_anonymous": lambda t: say(intake(naming=Naming.ANONYMOUS)),
    "key_missing": lambda t: say(intake(key="")),
    "channel": lambda t: say(intake(channel=Channel.HOTLINE)),
    "channel_of_programs": lambda t: say(intake(channel=Channel.PLATFORM), t, "王芳"),
    "no_intake_post": lambda t: say(intake(), t, "钱监督"),
    "no_institution": no_institution,
    "no_registry": no_registry,
    "not_open": lambda t: not_open(t) and say(intake()),
    "not_ready": lambda t: not_open(t) and readiness.begin(actor=SYSTEM),
    "same_level": lambda t: t.run(
        "王芳", terms.ConfirmUrgency(level=Urgency.U1, reason="还急"), t.raise_matter("王芳", urgency=Urgency.U1)
    ),
    "not_urgent": lambda t: did(t, Status.REGISTERED, "王芳", terms.ConfirmUrgency(level=Urgency.U3, reason="不急")),
    "still_urgent": lambda t: t.run(
        "王芳", terms.LowerUrgency(level=Urgency.U2, reason="还急"), t.raise_matter("王芳", urgency=Urgency.U1)
    ),
    "demands_missing": lambda t: did(
        t, Status.REGISTERED, "王芳", terms.CorrectRegistration(reason="改", demands=(" ",))
    ),
    "concerned_unsaid": lambda t: terms.CheckConcerned(),
    "no_such_concerned": lambda t: t.run(
        "王芳", terms.CheckConcerned(people=(new_id(),)), t.raise_matter(concerns_words="一个姓周的")
    ),
    "nothing_changed": lambda t: did(t, Status.REGISTERED, "王芳", terms.CorrectRegistration(reason="改")),
    # texts
    "missing": lambda t: terms.Note(text=" "),
    "too_long": lambda t: terms.Note(text="长" * 20_001),
    "title_too_long": lambda t: terms.Accept(kind=Kind.OTHER, title="题" * 41),
    "title_has_number": lambda t: terms.Accept(kind=Kind.OTHER, title="请打 13800000017"),
    # triage
    "invalid_is_voided": lambda t: did(t, Status.REGISTERED, "王芳", terms.Accept(kind=Kind.INVALID, title="无效")),
    "not_citable": lambda t: answered(t, terms.Cite(7, 1)),
    "cites_too_many": lambda t: answered(t, *(terms.Cite(n, 1) for n in range(6))),
    "not_on_the_spot": lambda t: did(
        t, Status.REGISTERED, "王芳", terms.AnswerOnTheSpot(kind=Kind.DISPUTE, title="争地", answer="好", clear=True)
    ),
    "category_of_other_kind": lambda t: classified(t, kind=Kind.DISPUTE),
    "reason_missing": already_assigned,
    "no_such_unit": lambda t: assigned(t, terms.Assign(unit=new_id(), reason="归它管")),
    "unit_concerned": lambda t: assigned(t, unit_of(t, "城建办"), concerns_units=(t.units["城建办"].pk,)),
    "unit_elsewhere": lambda t: assigned(t, unit_of(t, "县水务局")),
    "nobody_in_unit": nobody_there,
    "nobody_to_sign": nobody_signs,
    "limit_too_long": lambda t: assigned(t, replace(unit_of(t, "城建办"), limit=Limit.parse("30wd"))),
    # handling
    "not_of_unit": lambda t: t.sign_for(t.matter_in(Status.ASSIGNED), handler="李国强", by="周建国"),
    "person_concerned": lambda t: t.sign_for(
        t.matter_in(Status.ASSIGNED, concerns_people=(t.persons["孙丽"],)), by="周建国"
    ),
    "nobody_else_to_sign": lambda t: only_signer_handles(t, Complexity.COMPLEX),
    "same_handler": lambda t: did(
        t, Status.IN_HANDLING, "周建国", terms.ChangeHandler(handler=t.persons["孙丽"], reason="换")
    ),
    # result
    "because_missing": lambda t: terms.PointAnswer(demand=new_id(), outcome=Outcome.CANNOT_ACT, text="办不了"),
    "demand_unanswered": lambda t: did(
        t, Status.IN_HANDLING, "孙丽", terms.PrepareResult(points=(), reply="好了", report="好了")
    ),
    "short_report_only": long_report_by_the_only_signer,
    "delivery_in_future": lambda t: delivered(t, days=1),
    "delivery_before_answer": lambda t: delivered(t, days=-1),
    "proof_missing": no_proof,
    # follow-up
    "declined_answers": lambda t: terms.RecordFollowUp(way=Way.CALL, reached=False, declined=True),
    "answered_last_round": answered_by_the_same,
    "answers_missing": lambda t: terms.RecordFollowUp(way=Way.CALL, reached=True),
    "ask_again": lambda t: rated(t, answers(solved=Solved.NO)),
    "ask_rest": lambda t: rated(t, answers(solved=Solved.PARTLY)),
    "printed_before": printed_twice,
    "not_yours_to_issue": issued_by_a_leader,
    # questions of the category
    "nothing_answered": lambda t: answering(t, {}),
    "not_asked": lambda t: answering(t, {"employer": "王老板"}),
    "answer_does_not_fit": lambda t: answering(t, {"what": "spaceship"}),
    "answered_before": lambda t: answering(t, {"what": "lamp"}, {"what": "road"}),
    # ways off
    "same_unit": a_return_to_itself,
    "proper_unit_missing": lambda t: did(
        t, Status.ASSIGNED, "周建国", terms.RequestReturn(reason="NOT_OUR_DUTY", text="不归我们")
    ),
    "returned_before": returned_twice_by_one_unit,
    "recusal_waiting": recusal_twice,
    "not_for_speaker": lambda t: did(
        t,
        Status.IN_HANDLING,
        "孙丽",
        terms.DeclareConflict(text="是邻居", person=t.persons["周建国"], for_speaker=True),
    ),
    "somebody_can_handle": kept_from_one_of_many,
    "exit_not_decided": lambda t: did(
        t,
        Status.IN_HANDLING,
        "周建国",
        terms.RequestExit(exit=Exit.SATISFIED, text="办好了", basis="没有", rights_notice="没有"),
    ),
    "exit_of_other_kind": exit_of_a_claim_for_a_suggestion,
    "wish_not_shown": lambda t: did(t, Status.IN_HANDLING, "王芳", terms.Withdraw()),
    "no_number": lambda t: did(
        t,
        Status.IN_HANDLING,
        "王芳",
        terms.Withdraw(shown_by=WishShown.CALLED_BACK, proof_ref="录音 2"),
        speaker=PersonSaid(name="陈大明"),
    ),
    "demands_vanish": demands_vanish,
    "conflict_person": lambda t: (
        lambda matter: t.run(t.speaker(matter), terms.DeclareConflict(text="是他亲戚"), matter)
    )(t.matter_in(Status.IN_HANDLING)),
    # the end of its time
    "not_over": lambda t: destroying.destroy(t.raise_matter().pk, actor=SYSTEM),
}


def codes() -> Iterator[str]:
    """Every code that the package refuses under, read from its source."""
    for path in Path(next(iter(matters.__path__))).rglob("*.py"):
        yield from re.findall(r'Refused\(\s*"(\w+)"', path.read_text("utf-8"))


def test_every_code_is_met_here():
    assert set(codes()) - BEHIND_A_GUARD == set(REFUSALS)


@pytest.mark.once  # rules, not rows
def test_every_code_is_said_in_words_and_changes_nothing(town: Place):
    wrong = {}
    for code, deed in REFUSALS.items():
        with transaction.atomic():
            said = refusal_of(deed, town)
            transaction.set_rollback(True)
        if said != code:
            wrong[code] = said
    assert not wrong


def refusal_of(deed: Callable[[Place], object], town: Place) -> str:
    """The code it is refused under. What came before the refusal is undone with it."""
    try:
        deed(town)
    except Refused as refusal:
        return refusal.code if refusal.text.endswith("。") else f"{refusal.code}: {refusal.text}"
    return "done"


def test_a_rating_by_call_without_proof_is_refused():
    with pytest.raises(Refused) as refused:
        terms.RecordFollowUp(way=Way.CALL, reached=True, answers=answers(), proof_ref="录音 3")
    assert refused.value.code == "proof_missing"


def test_leaving_the_duty_list_needs_a_reason(town: Place):
    with pytest.raises(Refused) as refused:
        assigned(town, terms.Assign(unit=town.units["城建办"].pk))
    assert refused.value.code == "reason_missing"


def test_a_refused_action_leaves_no_event(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    before = Event.objects.count()
    with pytest.raises(Refused):
        town.run("周建国", terms.ChangeHandler(handler=town.persons["孙丽"], reason="换"), matter)
    assert Event.objects.count() == before


def test_content_though_unsolved_is_taken_when_it_was_asked_again(town: Place):
    rated(town, answers(solved=Solved.NO, meant=True))
