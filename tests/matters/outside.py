"""Orders from above, acting for the speaker and letters to others: scenes, refusals and dice for the nets of tests."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import answer_texts, terms
from shuoshi.matters.intake import OrderGiven
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import (
    Action,
    AgencyKind,
    Channel,
    ConsentShown,
    Given,
    Ground,
    Naming,
    OutsideBody,
    PaperBecame,
    Status,
    WishShown,
)
from tests.support.attempts import sample
from tests.support.village import Place, picture


def today() -> date:
    return clock.local(clock.now()).date()


def order(**other: object) -> OrderGiven:
    given: dict[str, object] = {"number": "县转 12 号", "sender": "县信访局", "received_on": today(), "days": 10}
    return OrderGiven(**(given | other))  # type: ignore[arg-type]


def sent_down(town: Place, status: Status = Status.REGISTERED, **other: object) -> Matter:
    return town.matter_in(status, by="王芳", channel=Channel.OUTSIDE, order=order(**other))


def after(town: Place, matter: Matter, *deeds: tuple[str, Action]) -> Matter:
    for who, action in deeds:
        matter = town.run(who, sample(town, action, matter), matter)
    return matter


def objected(town: Place) -> Matter:
    return after(town, sent_down(town, Status.IN_HANDLING), ("刘敏", Action.OBJECT_TO_SUPERIOR))


def entrusted(town: Place, *actions: Action, status: Status = Status.IN_HANDLING) -> Matter:
    deeds = [("孙丽", action) for action in (Action.AUTHORISE_AGENCY, *actions)]
    return after(town, town.matter_in(status), *deeds)


def handed_over(town: Place) -> Matter:
    return after(town, town.matter_in(Status.IN_HANDLING), ("周建国", Action.HAND_OVER_OUTSIDE))


def revoked(town: Place) -> Matter:
    matter = entrusted(town, Action.TAKE_PAPERS)
    return town.run(town.speaker(matter), terms.RevokeAgency(), matter)


SITUATIONS: dict[str, Callable[[Place], Matter]] = {
    "待受理 上级件": sent_down,
    "办理中 上级件": lambda town: sent_down(town, Status.IN_HANDLING),
    "办理中 上级件有异议": objected,
    "待回访 上级件待报结": lambda town: sent_down(town, Status.IN_FOLLOW_UP),
    "待回访 上级件已报结": lambda town: after(town, sent_down(town, Status.IN_FOLLOW_UP), ("刘敏", Action.REPORT_BACK)),
    "办理中 受托代办": entrusted,
    "办理中 收着材料": lambda town: entrusted(town, Action.TAKE_PAPERS),
    "办理中 委托收回 材料未还": revoked,
    "办理中 移送外单位": handed_over,
}


def _authority(town: Place, **other: object) -> object:
    matter = town.matter_in(Status.IN_HANDLING)
    return town.run("孙丽", _changed(sample(town, Action.AUTHORISE_AGENCY, matter), **other), matter)


def _letter(town: Place, naming: Naming = Naming.NAMED, **other: object) -> object:
    matter = town.matter_in(Status.IN_HANDLING, naming=naming)
    return town.run("周建国", _changed(sample(town, Action.HAND_OVER_OUTSIDE, matter), **other), matter)


def _changed(base: Terms, /, **other: object) -> Terms:
    return replace(base, **other)  # type: ignore[arg-type]


def _step(town: Place, day: date) -> object:
    return town.run("孙丽", terms.RecordAgencyStep(text="去过", day=day), entrusted(town))


def _back_twice(town: Place) -> object:
    matter = entrusted(town, Action.TAKE_PAPERS)
    first = matter.papers_taken.get(ordinal=1).pk
    given = terms.HandBackPapers(papers=(first,), became=PaperBecame.RETURNED, receipt="签收")
    return town.run("孙丽", given, town.run("孙丽", given, matter))


def _longer_than_ordered(town: Place) -> object:
    given = terms.RequestExtension(text="等货", plan="到货就装", days=1)
    return town.run("孙丽", given, sent_down(town, Status.IN_HANDLING, days=3))


_LAW = {"ground": Ground.LAW, "basis": "供电条例第九条"}
REFUSED: dict[str, Callable[[Place], object]] = {
    "order_incomplete": lambda t: sent_down(t, sender=" "),
    "order_limit": lambda t: sent_down(t, days=0),
    "order_in_future": lambda t: sent_down(t, received_on=today() + timedelta(days=1)),
    "beyond_the_order": _longer_than_ordered,
    "answer_not_shown": lambda t: t.run(
        "王芳", terms.RecordSuperiorAnswer(withdrawn=True, number="4 号", text="收回"), objected(t)
    ),
    "authority_out_of_reach": lambda t: _authority(t, until=today()),
    "agent_elsewhere": lambda t: _authority(t, agent=t.persons["李国强"]),
    "consent_not_shown": lambda t: _authority(t, proof_ref=""),
    "slip_not_shown": lambda t: _authority(t, files=()),
    "no_papers": lambda t: terms.TakePapers(originals=(" ",), receipt="清单 1"),
    "step_out_of_time": lambda t: _step(t, today() + timedelta(days=1)),
    "no_such_paper": _back_twice,
    "asked_too_late": lambda t: _letter(t, until=today()),
    "ground_missing": lambda t: _letter(t, given=(Given.PHONE,)),
    "identity_in_letter": lambda t: _letter(t, text="身份证 330102197001011234"),
    "names_in_letter": lambda t: _letter(t, text="请打 13800000017"),
    "nobody_to_name": lambda t: _letter(t, Naming.ANONYMOUS, given=(Given.PHONE,), **_LAW),
    "kept_confidential": lambda t: _letter(t, Naming.CONFIDENTIAL, given=(Given.PHONE,), **_LAW),
    "outside_unanswered": lambda t: t.prepare(handed_over(t)),
    "answer_text_length": lambda t: answer_texts.check(" "),
    "answer_text_unknown": lambda t: answer_texts.check("{上级单号}{姓名}"),
    "answer_text_braces": lambda t: answer_texts.check("{上级单号}{"),
    "answer_text_missing": lambda t: answer_texts.check("办好了"),
    "answer_text_known": lambda t: [answer_texts.write("县信访局", "{上级单号}", actor=SYSTEM) for _ in range(2)],
    "no_such_letter": lambda t: t.run("孙丽", terms.RecordOutsideAnswer(letter=9, text="办了"), handed_over(t)),
}


def by_dice(action: Action, matter: Matter, dice: random.Random, *, yes: bool) -> Terms | None:
    """Terms of these rows with days and ends by dice; None for any other row."""
    soon = today() + timedelta(days=dice.randint(1, 12))
    match action:
        case Action.OBJECT_TO_SUPERIOR:
            return terms.ObjectToSuperior(text="不归我们")
        case Action.RECORD_SUPERIOR_ANSWER:
            return terms.RecordSuperiorAnswer(withdrawn=yes, number="3 号", text="看过了", files=(picture(),))
        case Action.REPORT_BACK:
            return terms.ReportBack(text="办好了")
        case Action.AUTHORISE_AGENCY:
            return terms.AuthoriseAgency(
                kind=dice.choice(list(AgencyKind)),
                office="县医保中心",
                scope="代交材料",
                until=soon,
                agent=matter.handler_id,
                shown_by=ConsentShown.RECORDED,
                proof_ref="录音 7",
            )
        case Action.TAKE_PAPERS:
            return terms.TakePapers(originals=("病历",), receipt="清单 3")
        case Action.RECORD_AGENCY_STEP:
            return terms.RecordAgencyStep(text="交了材料", day=today(), done=yes)
        case Action.HAND_BACK_PAPERS:
            out = tuple(matter.papers_taken.filter(became=PaperBecame.OUT).values_list("pk", flat=True))
            became = dice.choice([PaperBecame.RETURNED, PaperBecame.HANDED_IN, PaperBecame.LOST])
            return terms.HandBackPapers(papers=out or (matter.pk,), became=became, receipt="签收")
        case Action.REVOKE_AGENCY:
            return terms.RevokeAgency(text="不用了", shown_by=WishShown.IDENTIFIED, proof_ref="核对身份证")
        case Action.HAND_OVER_OUTSIDE:
            return terms.HandOverOutside(
                kind=dice.choice(list(OutsideBody)), body="县供电公司", ask_where="95598", text="请检修", until=soon
            )
        case Action.ASK_OUTSIDE | Action.RECORD_OUTSIDE_ANSWER:
            waiting = matter.outside_letters.filter(answered_at__isnull=True).values_list("ordinal", flat=True)
            letter = min(waiting, default=1)
            if action == Action.ASK_OUTSIDE:
                return terms.AskOutside(letter=letter, text="还没有", until=soon)
            return terms.RecordOutsideAnswer(letter=letter, text="办了")
    return None
