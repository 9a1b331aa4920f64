"""Lawful terms of the steps of disputes and suggestions, on any matter at any place."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import (
    Action,
    Adopted,
    DeadlineKind,
    Duty,
    EndsBecause,
    Looked,
    Mediated,
    Performed,
    Proof,
    Satisfaction,
    Side,
    Way,
)


def picture() -> terms.FileGiven:
    return terms.FileGiven(name="路灯.jpg", data=b"\xff\xd8\xff picture", media_type="image/jpeg")


def of_kinds(action: Action, matter: Matter, mediator: UUID | None = None) -> Terms | None:
    """Terms of a step that only disputes or suggestions, or the checklist of a category have; None for any other."""
    today = clock.local(clock.now()).date()
    match action:
        case Action.ANSWER_DUTIES:
            return no_duties()
        case Action.NAME_OTHER_SIDE:
            return terms.NameOtherSide(name="周立", phone="13900000021")
        case Action.OPEN_MEDIATION:
            both = terms.Consent(by=Way.FACE_TO_FACE, on=today)
            by, until = mediator or matter.handler_id, today + timedelta(days=20)
            assert by is not None
            return terms.OpenMediation(mediator=by, speaker=both, other=both, until=until, no_conflict=True)
        case Action.RECORD_SESSION:
            return terms.RecordSession(held_on=today, speaker_there=True, other_there=True, text="各说各的理")
        case Action.CONCLUDE_AGREEMENT:
            return agreement()
        case Action.END_MEDIATION:
            why, ways = EndsBecause.NO_AGREEMENT, "可以向人民法院起诉"
            return terms.EndMediation(text="谈了两次，差得太远", because=why, remedies=ways, told_other=Way.CALL)
        case Action.CHECK_PERFORMANCE:
            running = matter.deadlines.filter(kind=DeadlineKind.PERFORMANCE, outcome="OPEN").first()
            which, done = int(running.about) if running else 1, "水管改走了，墙刷好了"
            return terms.CheckPerformance(obligation=which, performed=Performed.YES, heard=Way.CALL, text=done)
        case Action.ASK_OTHER_SIDE:
            good = Satisfaction.GOOD
            return terms.AskOtherSide(
                way=Way.CALL, result=good, attitude=good, words="还行", proof=Proof.RECORDING, proof_ref="录音 2"
            )
        case Action.RECORD_SAMPLE:
            some = matter.spokespersons.order_by("seat").values_list("pk", flat=True).first()
            return looked(Looked.CONFIRMED, spokesperson=some)
        case Action.TICK_ITEMS:
            return terms.TickItems(ticked=("scene",))
        case Action.ADOPT:
            return terms.Adopt(extent=Adopted.WHOLE, text="下月起实行", until=today + timedelta(days=20))
        case Action.DECLINE_SUGGESTION:
            return terms.DeclineSuggestion(because="上面有统一规定，镇里改不了")
        case Action.CONFIRM_CARRIED_OUT:
            return terms.ConfirmCarriedOut(done=True, text="已经实行", files=(picture(),))
    return None


def looked(found: Looked | None, **more: object) -> terms.RecordSample:
    """What a third person wrote down of one call, with what proves it."""
    given: dict[str, object] = {"way": Way.CALL, "found": found, "words": "没有人给我打过电话"}
    proof = {"proof": Proof.RECORDING, "proof_ref": "录音 31"} if found else {}
    return terms.RecordSample(**(given | proof | more))  # type: ignore[arg-type]


def no_duties() -> terms.AnswerDuties:
    """Asked both sides and the neighbours: nothing the law obliges to report."""
    return terms.AnswerDuties(answers=tuple(terms.DutyFound(duty=duty, found=False) for duty in Duty), text="问过双方")


def agreement(form: Mediated = Mediated.SIGNED, days: int = 10) -> terms.ConcludeAgreement:
    """The water pipe goes back until a day, and both let the rest be."""
    today = clock.local(clock.now()).date()
    signed = form == Mediated.SIGNED
    return terms.ConcludeAgreement(
        form=form,
        facts="水管沿墙敷设，接头漏水，墙面受潮",
        issue="墙面受潮由谁负责",
        obligations=(terms.Owed(by=Side.OTHER, text="把水管改走，墙面刷好", due_on=today + timedelta(days=days)),),
        way="自己找人施工，做完双方一起看",
        concluded_on=today,
        proof=Proof.SIGNED_SLIP if signed else Proof.WITNESS,
        proof_ref="协议原件一式三份" if signed else "村民小组长在场",
        files=(picture(),) if signed else (),
    )
