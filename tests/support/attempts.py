"""Lawful terms for every action, so that a test may try any row of the table on any matter as anybody."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from uuid import UUID

from django.db import transaction

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import NotDone
from shuoshi.matters import actions, terms
from shuoshi.matters.answering import answering
from shuoshi.matters.case import HANDLING
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import (
    Action,
    Adopted,
    AgencyKind,
    BeyondUs,
    Channel,
    Complexity,
    ConsentShown,
    EmergencyReportKind,
    Exit,
    FromMain,
    Hears,
    Kind,
    Outcome,
    OutsideBody,
    PaperBecame,
    Proof,
    RequestKind,
    Satisfaction,
    Shared,
    Solved,
    Status,
    TakenUp,
    Urgency,
    Way,
    WishShown,
)
from shuoshi.organization.models import Post
from shuoshi.organization.profile import current
from tests.support.kinds import of_kinds
from tests.support.village import Place, picture

_SATISFIED = terms.Answers(
    contacted=True, solved=Solved.YES, result=Satisfaction.GOOD, attitude=Satisfaction.GOOD, words="可以"
)


def sample(place: Place, action: Action, matter: Matter) -> Terms:
    """Terms that pass whenever the row itself may run on this matter."""
    came_up = matter.assignments.order_by("-ordinal").values_list("ended_because", flat=True).first() == "escalated"
    unit = place.units["县水务局" if came_up and "县水务局" in place.units else "城建办"]
    today = clock.local(clock.now()).date()
    match action:
        case Action.CONFIRM_URGENCY:
            level = Urgency.U1 if matter.urgency == Urgency.U2 else Urgency.U2
            return terms.ConfirmUrgency(level=level, reason="已打电话核实")
        case Action.DISPATCH_EMERGENCY:
            handler = place.persons["孙丽"]
            return terms.DispatchEmergency(
                unit=unit.pk, handler=handler, goes="孙丽带两个人", done="已打 119", title="村口电线垂下来了"
            )
        case Action.REGISTER_LINKED:
            return terms.RegisterLinked(content="水沟也堵了", channel=Channel.HOTLINE, spokesperson=_part(matter))
        case Action.ADD_SPOKESPERSON:
            return terms.AddSpokesperson(name="赵五", phone="13800000555")
        case Action.CORRECT_HEADCOUNT:
            return terms.CorrectHeadcount(headcount=(matter.headcount or 2) + 1, reason="点过名")
        case Action.COMPLETE_PAPERS:
            return terms.CompletePapers(
                kind=Kind.INTEREST_CLAIM,
                category="B604",
                complexity=Complexity.STANDARD,
                title="村口电线垂下来了",
                reason="夜里先派的",
            )
        case Action.REPORT_EMERGENCY:
            return report(matter)
        case Action.STAND_DOWN:
            return terms.StandDown(text="电线接好了")
        case Action.LOWER_URGENCY:
            return terms.LowerUrgency(level=Urgency.U4, reason="没有危险")
        case Action.CORRECT_REGISTRATION:
            return terms.CorrectRegistration(reason="地点写错了", place="村尾")
        case Action.CHECK_CONCERNED:
            return terms.CheckConcerned(people=(place.persons["李国强"],))
        case Action.TYPE_OUT:
            return terms.TypeOut(text="路灯坏了半个月，照录音记的")
        case Action.HAND_OVER_RECEIPT:
            without = matter.spokespersons.filter(left_at__isnull=True, receipt_handed_over_at__isnull=True)
            whose = without.order_by("seat").values_list("pk", flat=True).first()
            return terms.HandOverReceipt(to_whom="陈大明本人", spokesperson=whose)
        case Action.VOID:
            return terms.Void(reason="登记错了")
        case Action.RULE_VOID:
            return terms.RuleVoid(granted=False, text="不是误登")
        case Action.ACCEPT:
            return terms.Accept(kind=Kind.INTEREST_CLAIM, title="村口路灯不亮")
        case Action.SCREEN_OUT:
            return terms.ScreenOut(reason=_screening_reason(), text="请向法院反映")
        case Action.REMIND:
            return terms.Remind(text="请抓紧办")
        case Action.ORDER_SUPERVISION:
            return terms.OrderSupervision(text="写清楚为什么慢")
        case Action.ANSWER_SUPERVISION:
            return terms.AnswerSupervision(text="材料明天到，后天装好")
        case Action.OBJECT_TO_SCREENING:
            return terms.ObjectToScreening(text="没有人看过现场")
        case Action.MERGE:
            return terms.Merge(main=main_for(place, matter).pk, why="都是村口那盏灯")
        case Action.UNMERGE:
            return terms.Unmerge(why="不是同一盏灯")
        case Action.TELL_MAIN:
            return terms.TellMain(what=Hears.SAID, number="SS-1", text="又坏了一盏")
        case Action.TELL_MERGED:
            return terms.TellMerged(what=FromMain.RETURNED, number="SS-1")
        case Action.SHARE_RESULT:
            return terms.ShareResult()
        case Action.DIVIDE:
            return shares(place, matter, "城建办", "水利站", "柳湾村")
        case Action.TELL_WHOLE:
            until = clock.now() + timedelta(days=30)
            return terms.TellWhole(what=Shared.LATER, part=1, until=until.isoformat())
        case Action.TELL_PART:
            return terms.TellPart(what=Shared.SAID, text="又坏了一盏")
        case Action.TAKE_UP_PART:
            return terms.TakeUpPart(because=TakenUp.RETURNED, text="没有照片")
        case Action.GATHER_PARTS:
            return terms.GatherParts(part=1)
        case Action.REOPEN:
            return terms.Reopen(text="又坏了")
        case Action.OBJECT_TO_SUPERIOR:
            return terms.ObjectToSuperior(text="路灯是县里建的，还没有移交")
        case Action.RECORD_SUPERIOR_ANSWER:
            return terms.RecordSuperiorAnswer(
                withdrawn=False, number="县信复〔2026〕3 号", text="由你镇先修", files=(picture(),)
            )
        case Action.REPORT_BACK:
            return terms.ReportBack(text="三盏路灯已经换好")
        case Action.AUTHORISE_AGENCY:
            return terms.AuthoriseAgency(
                kind=AgencyKind.ACTS,
                office="县不动产登记中心",
                scope="代交补证申请",
                until=today + timedelta(days=10),
                agent=matter.handler_id,
                shown_by=ConsentShown.SIGNED,
                proof_ref="委托书 7 号",
                files=(picture(),),
            )
        case Action.TAKE_PAPERS:
            return terms.TakePapers(originals=("不动产权证",), copies=("身份证",), receipt="清单 7 号")
        case Action.RECORD_AGENCY_STEP:
            return terms.RecordAgencyStep(text="在窗口交了申请，五天后取证", day=today)
        case Action.HAND_BACK_PAPERS:
            out = matter.papers_taken.filter(became=PaperBecame.OUT).values_list("pk", flat=True)
            papers = tuple(out) or (matter.pk,)
            return terms.HandBackPapers(papers=papers, became=PaperBecame.RETURNED, receipt="陈大明签收")
        case Action.REVOKE_AGENCY:
            return terms.RevokeAgency(text="我自己去办", shown_by=WishShown.IDENTIFIED, proof_ref="核对身份证")
        case Action.HAND_OVER_OUTSIDE:
            return terms.HandOverOutside(
                kind=OutsideBody.UTILITY,
                body="县供电公司",
                ask_where="95598",
                text="请检修村口的供电线路",
                until=today + timedelta(days=5),
            )
        case Action.ASK_OUTSIDE:
            return terms.AskOutside(letter=_letter(matter), text="说已经派单", until=today + timedelta(days=3))
        case Action.RECORD_OUTSIDE_ANSWER:
            return terms.RecordOutsideAnswer(letter=_letter(matter), text="线路已经检修")
        case Action.ADD_CO_UNIT:
            until = today + timedelta(days=clock.local(clock.now()).hour >= 17)  # after hours today is over
            return terms.AddCoUnit(unit=place.units["水利站"].pk, task="查一下供电的线路", until=until)
        case Action.GIVE_CO_OPINION:
            return terms.GiveCoOpinion(text="线路没有问题，是灯坏了")
        case Action.SPONSOR:
            return terms.Sponsor(text="每周看一次", until=today + timedelta(days=7))
        case Action.REVIEW_SPONSORED:
            return terms.ReviewSponsored(text="灯买到了", until=today + timedelta(days=7))
        case Action.INSTRUCT:
            return terms.Instruct(text="这周办完", until=today + timedelta(days=5))
        case Action.ANSWER_INSTRUCTION:
            return terms.AnswerInstruction(text="灯已经买到，后天装")
        case Action.CONFER:
            both = (place.units["城建办"].pk, place.units["水利站"].pk)
            return terms.Confer(units=both, text="城建办主办，水利站配合")
        case Action.REQUEST_REVIEW:
            return terms.RequestReview(
                text="灯只换了一盏，不能算办好", shown_by=WishShown.IDENTIFIED, proof_ref="核对身份证"
            )
        case Action.DECIDE_REVIEW:
            return terms.DecideReview(upheld=False, text="现场只换了一盏", basis="照明维护办法第 5 条")
        case Action.ANSWER_ON_THE_SPOT:
            return terms.AnswerOnTheSpot(kind=Kind.POLICY_ENQUIRY, title="怎么缴费", answer="在手机上缴", clear=True)
        case Action.CLASSIFY:
            return terms.Classify(
                kind=Kind.INTEREST_CLAIM, category="B604", complexity=Complexity.STANDARD, reason="分类更准"
            )
        case Action.ASSIGN:
            return terms.Assign(unit=unit.pk, reason="归城建办管")
        case Action.DESIGNATE:
            return terms.Designate(unit=unit.pk, reason="领导指定")
        case Action.SIGN_FOR:
            return terms.SignFor(handler=_handler(place, matter))
        case Action.REQUEST_RETURN:
            return terms.RequestReturn(reason=_return_reason(), text="归水利站管", proper_unit=place.units["水利站"].pk)
        case Action.RULE_RETURN:
            return terms.RuleReturn(granted=False, text="就是你们管")
        case Action.CHANGE_HANDLER:
            return terms.ChangeHandler(handler=place.persons["周建国"], reason="孙丽请假")
        case Action.RECORD_FIRST_CONTACT:
            return terms.RecordFirstContact(way=Way.CALL, reached=True, text="电话里说好明天上门")
        case Action.RECORD_INVESTIGATION:
            return terms.RecordInvestigation(text="现场看过", public_text="我们到现场看过了")
        case Action.SET_PLAN:
            return terms.SetPlan(text="换灯", public_text="准备换灯")
        case Action.RECORD_MEASURE:
            return terms.RecordMeasure(text="换了三盏", public_text="换了三盏灯")
        case Action.REPORT_PROGRESS:
            return terms.ReportProgress(done="买了灯", next_step="明天换")
        case Action.NOTE:
            return terms.Note(text="同事之间的话")
        case Action.WRITE_TO_SPEAKER:
            return terms.WriteToSpeaker(text="明天上门")
        case Action.ADD_INFORMATION:
            return terms.AddInformation(text="又坏了一盏")
        case Action.REWORD_DEMANDS:
            return terms.RewordDemands(
                demands=(*(str(one.text) for one in place.demands(matter)), "灯要亮到夜里十点"),
                shown_by=WishShown.IDENTIFIED,
                proof_ref="核对身份证",
            )
        case Action.ANSWER_QUESTIONS:
            return terms.AnswerQuestions(answers={"what": "lamp"})
        case Action.CONSENT_TO_PUBLICATION:
            return terms.ConsentToPublication()
        case Action.WITHDRAW_CONSENT:
            return terms.WithdrawConsent()
        case Action.NUDGE:
            return terms.Nudge()
        case Action.REQUEST_ESCALATION:
            return terms.RequestEscalation(reason=BeyondUs.POWERS, text="要县里的执法队才能拆")
        case Action.RULE_ESCALATION:
            return terms.RuleEscalation(granted=False, text="镇里能办")
        case Action.REQUEST_EXTENSION:
            return terms.RequestExtension(text="灯具要定做", plan="到货就装", days=2)
        case Action.RULE_EXTENSION:
            return terms.RuleExtension(granted=False, text="按期办")
        case Action.REQUEST_PAUSE:
            cause = current().pause_causes[0].code
            return terms.RequestPause(cause=cause, text="等他拿来产权证", until=today + timedelta(days=5))
        case Action.RULE_PAUSE:
            return terms.RulePause(granted=False, text="不用等")
        case Action.RESUME:
            return terms.Resume(text="材料拿来了")
        case Action.REQUEST_PARK:
            reason, until = current().park_reasons[0].code, today + timedelta(days=90)
            return terms.RequestPark(reason=reason, text="改造资金明年才有", measures="先装临时灯", until=until)
        case Action.RULE_PARK:
            return terms.RulePark(granted=False, text="先办能办的")
        case Action.REVIEW_PARKED:
            return terms.ReviewParked(text="资金还没有下来")
        case Action.STRIKE_OFF:
            return terms.StrikeOff(text="资金到了")
        case Action.PREPARE_RESULT:
            outcome = Outcome.NOT_JUSTIFIED if matter.adoption == Adopted.NOT else Outcome.SOLVED
            points = tuple(
                terms.PointAnswer(demand=demand.pk, outcome=outcome, text="换好了", because="依据")
                for demand in place.demands(matter)
            )
            ways = "可以向人民法院起诉"
            return terms.PrepareResult(
                points=points, reply="修好了", report="已更换", remedies=ways, proofs=(picture(),)
            )
        case Action.SEND_BACK_RESULT:
            return terms.SendBackResult(reason="写明换了几盏")
        case Action.SIGN_RESULT:
            return terms.SignResult(delivered_by=Way.CALL, delivered_on=today)
        case Action.RETURN_REPORT:
            parts = () if matter.assignment_id else tuple(one.part for one in answering(matter))
            return terms.ReturnReport(reason="缺照片", parts=parts)
        case Action.RECORD_FOLLOW_UP:
            return terms.RecordFollowUp(
                way=Way.CALL,
                reached=True,
                answers=_SATISFIED,
                proof=Proof.RECORDING,
                proof_ref="录音 1",
                spokesperson=_part(matter, to_ask=True),
            )
        case Action.RATE:
            return terms.Rate(answers=_SATISFIED)
        case Action.ESCALATE:
            return terms.Escalate(reason="本级办不了")
        case Action.REQUEST_EXIT:
            return terms.RequestExit(
                exit=Exit.EXPLAINED, text="政策没有这一项", basis="办法第九条", rights_notice="可以申请复核"
            )
        case Action.RULE_EXIT:
            return terms.RuleExit(granted=False, text="再办一办")
        case Action.WITHDRAW:
            part = _part(matter)
            return terms.Withdraw(text="不用办了", shown_by=WishShown.SIGNED, proof_ref="签字件 3", spokesperson=part)
        case Action.REVOKE_WITHDRAWAL:
            return terms.RevokeWithdrawal(text="说事人改了主意", spokesperson=_part(matter))
        case Action.DECLARE_CONFLICT:
            return terms.DeclareConflict(text="是邻居", person=place.persons["孙丽"])
        case Action.RULE_CONFLICT:
            return terms.RuleConflict(granted=False, text="查过，不是")
        case Action.TRANSFER_DUTIES:
            return terms.TransferDuties(transfer=place.transfer().pk)
        case Action.LAPSE_REQUEST:
            return terms.LapseRequest(kind=RequestKind.RETURN)
    return of_kinds(action, matter, matter.handler_id or place.persons.get("孙丽")) or terms.BySystem()


def _part(matter: Matter, *, to_ask: bool = False) -> UUID | None:
    """The first who speaks for a group; `to_ask`: whom nobody has asked yet. None where there is no group."""
    speaking = matter.spokespersons.filter(left_at__isnull=True)
    if to_ask:
        speaking = speaking.filter(heard__in=["owed", "unreached"])
    return speaking.order_by("seat").values_list("pk", flat=True).first()


def main_for(place: Place, matter: Matter) -> Matter:
    """Another matter of the town that this one may be merged into, made when none is at hand."""
    for known in place.mains:
        here = Matter.objects.filter(pk=known.pk, status=Status.IN_HANDLING, tier_path=matter.tier_path)
        if known.pk != matter.pk and here.filter(exclusions__isnull=True).exists():
            return known
    made = place.matter_in(Status.IN_HANDLING, content="村口的路灯坏了，晚上看不见。")
    place.mains.append(made)
    return made


def shares(place: Place, matter: Matter, *units: str) -> terms.Divide:
    """These units in turn, a demand each."""
    given = zip(place.demands(matter), cycle(units), strict=False)
    return terms.Divide(
        shares=tuple(terms.Share(demand=one.pk, unit=place.units[unit].pk) for one, unit in given),
        reason="各有各的职责",
    )


def report(matter: Matter, kind: EmergencyReportKind | None = None) -> terms.ReportEmergency:
    """The report that comes next: the first, and then the last."""
    written = matter.emergency_reports.filter(emergency__stood_down_at__isnull=True).exists()
    kind = kind or (EmergencyReportKind.FINAL if written else EmergencyReportKind.INITIAL)
    known = terms.Known(happened="电线垂下来了", measures="断了电，封了路", losses="无", advice="换新线")
    return terms.ReportEmergency(kind=kind, known=known, arrived=True)


def _handler(place: Place, matter: Matter) -> UUID:
    """孙丽 where she may; else somebody else who handles for the lead unit and is not kept from the matter."""
    kept = matter.exclusions.in_force().filter(person__isnull=False).values("person")
    held = Post.objects.filter(unit=matter.lead_unit, role__in=HANDLING, until__isnull=True)
    free = list(held.exclude(person__in=kept).order_by("id").values_list("person_id", flat=True))
    return place.persons["孙丽"] if place.persons["孙丽"] in free or not free else free[0]


def _letter(matter: Matter) -> int:
    """The first letter to an outside body that waits for its answer."""
    waiting = matter.outside_letters.filter(answered_at__isnull=True)
    return waiting.order_by("ordinal").values_list("ordinal", flat=True).first() or 1


def _screening_reason() -> str:
    return current().screening_reasons[0].code


def _return_reason() -> str:
    return current().return_reasons[0].code


class _Undo(Exception):
    pass


def attempt(place: Place, action: Action, matter: Matter, actor: Actor) -> tuple[bool, str]:
    """Whether the action would run, and the code of the refusal; everything it did is undone."""
    given = sample(place, action, matter)
    try:
        with transaction.atomic():
            actions.run(action, matter.pk, given, actor=actor)
            raise _Undo
    except _Undo:
        return True, ""
    except NotDone as refusal:
        return False, refusal.code
    except Matter.DoesNotExist:
        return False, "unseen"
