"""Deeds in disputes and suggestions that are refused, for the table of test_refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from shuoshi.kernel import clock
from shuoshi.kernel.ids import new_id
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import (
    Action,
    Adopted,
    Duty,
    EndsBecause,
    Exit,
    Kind,
    Looked,
    Mediated,
    Outcome,
    Performed,
    Way,
)
from tests.support.attempts import sample
from tests.support.kinds import agreement, looked, no_duties
from tests.support.village import Place

DAY = timedelta(days=1)


def _today(days: int = 0) -> date:
    return clock.local(clock.now()).date() + timedelta(days=days)


def _suggestion(town: Place) -> Matter:
    matter = town.accept(town.raise_matter(), Kind.SUGGESTION)
    return town.sign_for(town.assign(town.classify(matter, "C101", Kind.SUGGESTION)))


def _duties(town: Place, matter: Matter, *, found: bool, days: int = 0) -> Matter:
    threat = terms.DutyFound(duty=Duty.THREAT, found=found, reported_to="派出所", reported_at=clock.now() + days * DAY)
    others = [one for one in no_duties().answers if one.duty != Duty.THREAT]
    return town.run("孙丽", terms.AnswerDuties(answers=(threat, *others), text="问过"), matter)


def _said_violence(town: Place) -> object:
    matter = town.accept(town.raise_matter(category="D101", answers={"violence": "yes"}), Kind.DISPUTE)
    matter = town.sign_for(town.assign(town.classify(matter, "D101", Kind.DISPUTE)))
    return town.run("孙丽", no_duties(), matter)


def _many_others(town: Place) -> object:
    matter = town.dispute()
    for n in range(10):
        matter = town.run("孙丽", terms.NameOtherSide(name=f"邻居{n}"), matter)
    return matter


def _opened(town: Place, **other: object) -> object:
    matter = town.dispute()
    given = sample(town, Action.OPEN_MEDIATION, matter)
    assert isinstance(given, terms.OpenMediation)
    return town.run("孙丽", replace(given, **other), matter)  # type: ignore[arg-type]


def _session(town: Place, matter: Matter | None = None, **more: object) -> Matter:
    given = {"held_on": _today(), "speaker_there": True, "other_there": True, "text": "谈了"} | more
    return town.run("孙丽", terms.RecordSession(**given), matter or town.mediate())  # type: ignore[arg-type]


def _extended(town: Place, days: int, matter: Matter | None = None) -> Matter:
    return _session(town, matter, until=_today(days), agreed="都同意")


def _ended(town: Place, **other: object) -> object:
    matter = town.mediate()
    given = sample(town, Action.END_MEDIATION, matter)
    assert isinstance(given, terms.EndMediation)
    return town.run("孙丽", replace(given, **other), matter)  # type: ignore[arg-type]


def _agreed(**other: object) -> terms.ConcludeAgreement:
    return replace(agreement(), **other)  # type: ignore[arg-type]


def _looked(town: Place, **other: object) -> object:
    matter = town.agree(town.mediate(), days=1)
    given = sample(town, Action.CHECK_PERFORMANCE, matter)
    assert isinstance(given, terms.CheckPerformance)
    return town.run("孙丽", replace(given, **other), matter)  # type: ignore[arg-type]


def _other_asked_twice(town: Place) -> object:
    matter = town.sign(town.prepare(town.agree(town.mediate())))
    given = sample(town, Action.ASK_OTHER_SIDE, matter)
    return town.run("赵红", given, town.run("赵红", given, matter))


def _declined_and_solved(town: Place) -> object:
    matter = _suggestion(town)
    matter = town.run("孙丽", sample(town, Action.DECLINE_SUGGESTION, matter), matter)
    return town.prepare(matter)


def _failed_without_ways(town: Place) -> object:
    matter = _ended(town)
    assert isinstance(matter, Matter)
    points = tuple(
        terms.PointAnswer(demand=one.pk, outcome=Outcome.CANNOT_ACT, text="没有谈成", because="双方意见差得远")
        for one in town.demands(matter)
    )
    return town.run("孙丽", terms.PrepareResult(points=points, reply="没有谈成", report="没有谈成"), matter)


def _exit_without_mediation(town: Place) -> object:
    given = terms.RequestExit(exit=Exit.MEDIATION_ENDED, text="谈不拢", basis="调解法", rights_notice="可以起诉")
    return town.run("周建国", given, town.dispute())


OF_KINDS: dict[str, Callable[[Place], object]] = {
    "duty_not_reported": lambda t: terms.DutyFound(duty=Duty.CRIME, found=True),
    "duties_left_out": lambda t: terms.AnswerDuties(answers=no_duties().answers[:2], text="问过"),
    "reported_in_future": lambda t: _duties(t, t.dispute(), found=True, days=1),
    "violence_was_said": _said_violence,
    "duty_taken_back": lambda t: t.run("孙丽", no_duties(), _duties(t, t.dispute(), found=True)),
    "other_side_missing": lambda t: terms.NameOtherSide(),
    "unit_named_by_registry": lambda t: t.run("周建国", terms.NameOtherSide(unit=t.units["城建办"].pk), t.dispute()),
    "too_many_others": _many_others,
    "mediator_has_conflict": lambda t: _opened(t, no_conflict=False),
    "not_a_mediator": lambda t: _opened(t, mediator=new_id()),
    "consent_out_of_time": lambda t: _opened(t, other=terms.Consent(by=Way.CALL, on=_today(1))),
    "mediation_too_long": lambda t: _opened(t, until=_today(31)),
    "session_out_of_time": lambda t: _session(t, held_on=_today(-3)),
    "mediation_extended_before": lambda t: _extended(t, 30, _extended(t, 25)),
    "mediation_not_longer": lambda t: _extended(t, 20),
    "ending_not_explained": lambda t: _ended(t, remedies=""),
    "mediation_not_over": lambda t: _ended(t, because=EndsBecause.TIME_OVER),
    "nothing_agreed": lambda t: _agreed(obligations=()),
    "agreement_form": lambda t: _agreed(form=Mediated.FAILED),
    "agreement_not_shown": lambda t: _agreed(files=()),
    "owed_out_of_reach": lambda t: t.run(
        "孙丽", _agreed(obligations=(replace(agreement().obligations[0], due_on=_today(-1)),)), t.mediate()
    ),
    "mediation_not_failed": _exit_without_mediation,
    "remedies_missing": _failed_without_ways,
    "not_to_be_looked_at": lambda t: _looked(t, obligation=7),
    "owed_later": lambda t: _looked(t, performed=Performed.NO),
    "look_out_of_reach": lambda t: _looked(t, again_on=_today(90)),
    "other_side_asked": _other_asked_twice,
    "adopted_how_far": lambda t: terms.Adopt(extent=Adopted.NOT, text="不做", until=_today(5)),
    "new_day_missing": lambda t: terms.ConfirmCarriedOut(done=False, text="还没有"),
    "carried_out_of_reach": lambda t: t.run(
        "孙丽", terms.Adopt(extent=Adopted.WHOLE, text="做", until=_today(400)), _suggestion(t)
    ),
    "sample_found_by_rule": lambda t: looked(Looked.UNREACHED),
    "sample_proof_missing": lambda t: looked(Looked.CONFIRMED, proof_ref=""),
    "sample_words_missing": lambda t: looked(Looked.CONTRADICTED, words=" "),
    "not_as_decided": _declined_and_solved,
}
