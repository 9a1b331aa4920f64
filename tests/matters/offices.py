"""The smallest offices there are, and a month in their life: people who do what the page offers them, by dice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shuoshi.kernel import calendars, clock, clocks
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.refusal import NotDone
from shuoshi.matters import actions, queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import (
    FOUR_KINDS,
    OPEN,
    Action,
    Adopted,
    Channel,
    Complexity,
    Exit,
    Kind,
    Naming,
    Outcome,
    Proof,
    ReportForm,
    Satisfaction,
    Solved,
    Status,
    Urgency,
    Way,
    WishShown,
)
from shuoshi.organization import actions as organization
from shuoshi.organization.actions import InstitutionGiven
from shuoshi.organization.models import Unit, UnitKind
from shuoshi.organization.roles import Role
from tests.matters.longer import of_time
from tests.matters.minutes import of_emergency
from tests.matters.outside import by_dice
from tests.matters.rarely import RARELY
from tests.matters.to_the_end import somebody_is_left
from tests.support.attempts import shares
from tests.support.kinds import of_kinds
from tests.support.village import EVERYBODY, Place, default_profile, picture

BEGIN = datetime(2026, 3, 2, 8, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
SLOTS = ((9, 20), (12, 10), (15, 30), (19, 15))  # the bands in which a call counts are among them


def village_of_five() -> Place:
    """A village that stands alone: registry and oversight committee beneath it, five people with eleven posts."""
    place = founded("柳湾村", UnitKind.VILLAGE)
    place.unit("村受理室", UnitKind.REGISTRY, "柳湾村")
    place.unit("村务监督委员会", UnitKind.OVERSIGHT, "柳湾村")
    set_up(place, "柳湾村")
    place.person("张书记", ("柳湾村", Role.LEADER), ("柳湾村", Role.HANDLER))
    place.person("李主任", ("柳湾村", Role.DEPARTMENT_HEAD), ("柳湾村", Role.GRID_WORKER))
    place.person("王强", ("村受理室", Role.REGISTRAR), ("村受理室", Role.DISPATCHER), ("柳湾村", Role.HANDLER))
    place.person("陈芳", ("村受理室", Role.REGISTRAR), ("村受理室", Role.FOLLOW_UP_AGENT), ("柳湾村", Role.HANDLER))
    place.person("钱监督", ("村务监督委员会", Role.OVERSIGHT_MEMBER))
    return place


def village_in_a_town() -> Place:
    """The same five beneath a town with a registry of its own: what the village cannot do for itself goes up there."""
    place = founded("青禾镇", UnitKind.TOWN)
    place.unit("镇受理中心", UnitKind.REGISTRY, "青禾镇")
    place.unit("城建办", UnitKind.DEPARTMENT, "青禾镇")
    place.unit("柳湾村", UnitKind.VILLAGE, "青禾镇")
    place.unit("村受理室", UnitKind.REGISTRY, "柳湾村")
    place.unit("村务监督委员会", UnitKind.OVERSIGHT, "柳湾村")
    set_up(place, "青禾镇")
    place.person("张书记", ("柳湾村", Role.LEADER), ("柳湾村", Role.HANDLER))
    place.person("李主任", ("柳湾村", Role.DEPARTMENT_HEAD), ("柳湾村", Role.GRID_WORKER))
    place.person("王强", ("村受理室", Role.REGISTRAR), ("村受理室", Role.DISPATCHER), ("柳湾村", Role.HANDLER))
    place.person("陈芳", ("村受理室", Role.REGISTRAR), ("柳湾村", Role.HANDLER))
    place.person("钱监督", ("村务监督委员会", Role.OVERSIGHT_MEMBER))
    place.person("镇分办", ("镇受理中心", Role.REGISTRAR), ("镇受理中心", Role.DISPATCHER))
    place.person("镇回访", ("镇受理中心", Role.FOLLOW_UP_AGENT))
    place.person("镇长", ("青禾镇", Role.LEADER))
    place.person("周主任", ("城建办", Role.DEPARTMENT_HEAD))
    place.person("孙丽", ("城建办", Role.HANDLER))
    return place


def company_of_four() -> Place:
    """A company without a tier above and without representatives: one clerk is the whole registry."""
    place = founded("青禾纸业", UnitKind.COMPANY)
    place.unit("综合室", UnitKind.REGISTRY, "青禾纸业")
    place.unit("车间", UnitKind.DEPARTMENT, "青禾纸业")
    set_up(place, "青禾纸业")
    place.person("孟总", ("青禾纸业", Role.LEADER), ("青禾纸业", Role.DEPARTMENT_HEAD))
    place.person(
        "白文", ("综合室", Role.REGISTRAR), ("综合室", Role.DISPATCHER), ("综合室", Role.FOLLOW_UP_AGENT),
        ("青禾纸业", Role.HANDLER),
    )  # fmt: skip
    place.person("车主任", ("车间", Role.DEPARTMENT_HEAD))
    place.person("老郭", ("车间", Role.HANDLER))
    return place


def founded(root: str, kind: UnitKind) -> Place:
    place = Place()
    organization.publish_profile(default_profile().model_copy(update={"sampling": EVERYBODY}), actor=SYSTEM)
    place.unit(root, kind)
    return place


def set_up(place: Place, root: str) -> None:
    given = InstitutionGiven(
        name=f"{root}群众说事受理室",
        short_name=root,
        code="XB",
        hotline="000-8812 6600",
        address="民安路 8 号",
        night_number="000-8812 6699",
    )
    organization.set_up_institution(given, root_id=place.units[root].pk, demo=False, actor=SYSTEM)
    organization.open_institution(actor=SYSTEM)
    place.area = organization.create_area(root, None, actor=SYSTEM, unit_id=place.units[root].pk)


@dataclass
class Month:
    """One office for a while. `log` counts the actions done; `stuck` are the matters nobody and nothing moves."""

    place: Place
    dice: random.Random
    raised: list[UUID] = field(default_factory=list)
    log: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    moods: dict[UUID, float] = field(default_factory=dict)
    at_most_kept = 2  # people and units a matter is kept from: more than one, and in an office of four all can be

    def live(self, days: int = 30, at_most: int = 160) -> None:
        """New matters on most working days of the month, then none; ends when all are over."""
        with clock.simulated(BEGIN) as simulation:
            for day in range(at_most):
                morning = BEGIN + timedelta(days=day)
                simulation.move_to(morning)
                clocks.sweep(clock.now())
                if not calendars.load().is_working_day(morning.date()):
                    continue
                if day < days and self.dice.random() < 0.55:
                    self._raise_one()
                for hour, minute in SLOTS:
                    simulation.move_to(morning.replace(hour=hour, minute=minute))
                    self._work()
                if day >= days and not self.waiting():
                    return

    def _open(self):  # type: ignore[no-untyped-def]
        return Matter.objects.filter(status__in=OPEN)

    def waiting(self) -> list[str]:
        """Matters that did not come to an end though somebody could bring them there, with where they stand."""
        left = [matter for matter in self._open() if somebody_is_left(matter)]
        return [f"{matter.number} {matter.status} 第 {matter.turn} 步" for matter in left]

    def _raise_one(self) -> None:
        """By whom, with which name, about what: everything that changes who may act."""
        dice = self.dice
        staff = dice.choice([None, None, *self.place.persons])
        said: dict[str, object] = {
            "content": f"第 {len(self.raised) + 1} 件：路口的灯不亮，夜里看不清路。",
            "naming": dice.choice([Naming.NAMED, Naming.NAMED, Naming.CONFIDENTIAL, Naming.ANONYMOUS]),
            "urgency": dice.choice([Urgency.U4] * 6 + [Urgency.U2]),
            "danger_ticked": dice.random() < 0.1,
        }
        if dice.random() < 0.35:
            said["concerns_people"] = (self.place.persons[dice.choice(list(self.place.persons))],)
        elif dice.random() < 0.1:
            said["concerns_units"] = (dice.choice(list(self.place.units.values())).pk,)
        elif dice.random() < 0.2:
            said["concerns_words"] = dice.choice([*self.place.persons, "一个高个子的"])
        if staff is None:
            said["home"] = dice.choice(self._homes()).pk
        try:
            matter = self.place.raise_matter(staff, **said)
        except NotDone as refusal:
            self.refused[f"register:{refusal.code}"] += 1
            return
        self.raised.append(matter.pk)
        self.moods[matter.pk] = dice.random()
        self.log["register"] += 1

    def _homes(self) -> list[Unit]:
        """The tiers a resident may turn to."""
        registries = [unit for unit in self.place.units.values() if unit.kind == UnitKind.REGISTRY]
        return [unit.parent for unit in registries if unit.parent is not None]

    def _work(self) -> None:
        names = list(self.place.persons)
        self.dice.shuffle(names)
        for name in names:
            actor = self.place.actor(name)
            for pk in list(visible_to(actor).filter(status__in=OPEN).order_by("id").values_list("pk", flat=True)):
                self._take_up(actor, pk)
        for pk in self._open().order_by("id").values_list("pk", flat=True):
            if self.dice.random() < 0.08:
                self._take_up(self.place.speaker(Matter(pk=pk)), pk)

    def _take_up(self, actor: Actor, pk: UUID) -> None:
        """One deed at most: of those offered one that a sensible person would do now."""
        matter = Matter.objects.select_related("assignment", "lead_unit", "round").get(pk=pk)
        offered = {offer.action for offer in queries.offers(actor, matter, clock.now()) if offer.allowed}
        wishes = [action for action in sorted(offered) if self.dice.random() < self._wish(action, matter)]
        if not wishes:
            return
        action = self.dice.choice(wishes)
        given = self._terms(action, matter, actor)
        if given is None:
            return
        try:
            actions.run(action, pk, given, actor=actor, turn=matter.turn)
        except NotDone as refusal:
            self.refused[f"{action}:{refusal.code}"] += 1
        else:
            self.log[str(action)] += 1

    def _wish(self, action: Action, matter: Matter) -> float:
        """How likely somebody who may does it in this hour."""
        if action == Action.CLASSIFY and (matter.category or matter.status != Status.ACCEPTED):
            return 0.01
        if action in (Action.SCREEN_OUT, Action.VOID):
            return 0.03
        return RARELY.get(action, 0.6)

    # ── terms a sensible person gives ──────────────────────────────────────────────────────────────────────────────

    def _terms(self, action: Action, matter: Matter, actor: Actor) -> Terms | None:
        dice, yes = self.dice, self.dice.random() < 0.5
        profile = default_profile()
        kind = Kind(matter.kind) if matter.kind in FOUR_KINDS else dice.choice(sorted(FOUR_KINDS))
        category = dice.choice([leaf.code for _, leaves in profile.choices(kind) for leaf in leaves])
        units = [unit.pk for unit in self.place.units.values()]
        longer = of_time(action, dice, units, yes=yes) or of_emergency(action, dice, self.place, matter, category)
        longer = longer or by_dice(action, matter, dice, yes=yes) or of_kinds(action, matter)
        if longer is not None:
            return longer
        match action:
            case Action.DIVIDE:
                return shares(self.place, matter, *dice.sample(sorted(self.place.units), 2))
            case Action.MERGE:
                return self._merge(matter)
            case Action.CONFIRM_URGENCY:
                return terms.ConfirmUrgency(level=Urgency.U2, reason="电话核实过")
            case Action.LOWER_URGENCY:
                return terms.LowerUrgency(level=Urgency.U4, reason="没有危险")
            case Action.CORRECT_REGISTRATION:
                return terms.CorrectRegistration(reason="地点写错了", place="村尾")
            case Action.CHECK_CONCERNED:
                return terms.CheckConcerned(people=(dice.choice(list(self.place.persons.values())),))
            case Action.TYPE_OUT:
                return terms.TypeOut(text="路灯坏了半个月，照录音记的")
            case Action.HAND_OVER_RECEIPT:
                return terms.HandOverReceipt(to_whom="本人")
            case Action.VOID:
                return terms.Void(reason="登记错了")
            case Action.RULE_VOID:
                return terms.RuleVoid(granted=yes, text="核过了")
            case Action.ACCEPT:
                return terms.Accept(kind=dice.choice([*sorted(FOUR_KINDS), Kind.OTHER, Kind.PRAISE]), title="路灯不亮")
            case Action.SCREEN_OUT:
                return terms.ScreenOut(reason=profile.screening_reasons[0].code, text="请向法院反映")
            case Action.ANSWER_ON_THE_SPOT:
                spot = Kind(matter.kind) if matter.kind else Kind.POLICY_ENQUIRY
                return terms.AnswerOnTheSpot(kind=spot, title="路灯不亮", answer="明天来修", clear=yes)
            case Action.CLASSIFY:
                complexity = dice.choice(list(Complexity))
                return terms.Classify(kind=kind, category=category, complexity=complexity, reason="更准")
            case Action.ASSIGN | Action.DESIGNATE:
                made = terms.Assign if action == Action.ASSIGN else terms.Designate
                return made(unit=dice.choice(list(self.place.units.values())).pk, reason="归这里管")
            case Action.SIGN_FOR | Action.CHANGE_HANDLER:
                handler = dice.choice(list(self.place.persons.values()))
                if action == Action.SIGN_FOR:
                    return terms.SignFor(handler=handler)
                return terms.ChangeHandler(handler=handler, reason="换个人")
            case Action.REQUEST_RETURN:
                unit = dice.choice(list(self.place.units.values()))
                return terms.RequestReturn(reason=profile.return_reasons[0].code, text="不归我们", proper_unit=unit.pk)
            case Action.RULE_RETURN:
                return terms.RuleReturn(granted=yes, text="看过了")
            case Action.RECORD_FIRST_CONTACT:
                return terms.RecordFirstContact(way=Way.CALL, reached=yes, text="打了电话")
            case Action.RECORD_INVESTIGATION:
                return terms.RecordInvestigation(text="看过", public_text="我们看过了")
            case Action.SET_PLAN:
                return terms.SetPlan(text="换灯")
            case Action.RECORD_MEASURE:
                return terms.RecordMeasure(text="换了灯")
            case Action.REPORT_PROGRESS:
                return terms.ReportProgress(done="买了灯", next_step="明天换")
            case Action.PREPARE_RESULT:
                done = Outcome.NOT_JUSTIFIED if matter.adoption == Adopted.NOT else Outcome.SOLVED
                points = tuple(
                    terms.PointAnswer(demand=d.pk, outcome=done, text="换好了", because="依据")
                    for d in self._demands(matter)
                )
                form = dice.choice([ReportForm.SHORT, ReportForm.SHORT, ReportForm.LONG])
                return terms.PrepareResult(
                    points=points, reply="好了", report="换了", form=form, remedies="可以起诉", proofs=(picture(),)
                )
            case Action.SEND_BACK_RESULT:
                return terms.SendBackResult(reason="写明几盏")
            case Action.SIGN_RESULT:
                return terms.SignResult(delivered_by=Way.CALL, delivered_on=clock.local(clock.now()).date())
            case Action.RETURN_REPORT:
                return terms.ReturnReport(reason="缺照片")
            case Action.RECORD_FOLLOW_UP:
                if dice.random() < 0.4:
                    return terms.RecordFollowUp(way=Way.CALL, reached=False, text="没有人接")
                return terms.RecordFollowUp(
                    way=Way.CALL, reached=True, answers=self._answers(matter), proof=Proof.RECORDING, proof_ref="录音 3"
                )
            case Action.RATE:
                return terms.Rate(answers=self._answers(matter))
            case Action.REQUEST_EXIT:
                return terms.RequestExit(exit=Exit.EXPLAINED, text="没有这项政策", basis="办法", rights_notice="可复核")
            case Action.RULE_EXIT:
                return terms.RuleExit(granted=yes, text="看过了")
            case Action.WITHDRAW:
                return terms.Withdraw(text="不用了", shown_by=WishShown.SIGNED, proof_ref="签字件 8")
            case Action.REVOKE_WITHDRAWAL:
                return terms.RevokeWithdrawal(text="说事人改了主意")
            case Action.DECLARE_CONFLICT:
                return self._conflict(matter, actor)
            case Action.RULE_CONFLICT:
                return terms.RuleConflict(granted=yes, text="查过了")
            case Action.ESCALATE:
                return terms.Escalate(reason="办不了")
            case Action.CONSENT_TO_PUBLICATION:
                return terms.ConsentToPublication()
            case Action.WITHDRAW_CONSENT:
                return terms.WithdrawConsent()
            case Action.NOTE:
                return terms.Note(text="备注")
            case Action.WRITE_TO_SPEAKER:
                return terms.WriteToSpeaker(text="明天来")
            case Action.ADD_INFORMATION:
                return terms.AddInformation(text="还有一盏")
            case Action.NUDGE:
                return terms.Nudge()
            case Action.REWORD_DEMANDS:
                said = [str(one.text) for one in self._demands(matter)]
                more = (*said, f"第 {len(said) + 1} 样")
                return terms.RewordDemands(demands=more, shown_by=WishShown.SIGNED, proof_ref="签字件 9")
            case Action.REGISTER_LINKED:
                return terms.RegisterLinked(content=f"另外，水沟也堵了 {len(self.raised)}", channel=Channel.HOTLINE)
            case Action.ADD_SPOKESPERSON | Action.CORRECT_HEADCOUNT:
                return None  # nobody comes together here
            case Action.TICK_ITEMS:
                return None  # changes nobody's turn
            case Action.ANSWER_QUESTIONS:
                return None  # changes nobody's turn
        raise AssertionError(f"nobody knows what to give for {action}")

    def _demands(self, matter: Matter) -> Iterable:  # type: ignore[type-arg]
        return self.place.demands(matter)

    def _merge(self, matter: Matter) -> Terms | None:
        mains = Matter.objects.filter(status__in=[Status.ASSIGNED, Status.IN_HANDLING], kind=matter.kind)
        found = list(mains.exclude(pk=matter.pk).order_by("pk").values_list("pk", flat=True))
        return terms.Merge(main=self.dice.choice(found), why="是同一盏灯") if found else None

    def _conflict(self, matter: Matter, actor: Actor) -> Terms | None:
        """A relative in an office of five is common, and a second one happens."""
        if matter.exclusions.count() >= self.at_most_kept:
            return None
        others = [pk for pk in self.place.persons.values() if pk != actor.person_id]
        person = self.dice.choice([*others, *([actor.person_id] * len(others) if actor.person_id else [])])
        return terms.DeclareConflict(text="是亲戚", person=person)

    def _answers(self, matter: Matter) -> terms.Answers:
        """Some are content at once, some after the second time, a few never."""
        rounds = matter.round.ordinal if matter.round else 1
        content = self.dice.random() < self.moods.get(matter.pk, 0.5) + 0.25 * (rounds - 1)
        level = self.dice.choice([3, 4, 5] if content else [1, 2])
        return terms.Answers(
            contacted=True,
            solved=Solved.YES if content else self.dice.choice([Solved.NO, Solved.PARTLY]),
            result=Satisfaction(str(level)),
            attitude=Satisfaction(str(self.dice.choice([2, 4]))),
            words="还是黑的" if not content else "好了",
            rest_wanted=True,
        )
