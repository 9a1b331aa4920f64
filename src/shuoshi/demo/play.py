"""One matter of the demo from its first word to its end: a script that acts, then says when it wants to go on.

Scripts call the real verbs as the people of the town. Moments are in `timetable`, words in `words`; here is who does what
next. A script that is dropped half-way leaves a matter in hand, which is how open ones come about.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from shuoshi.demo import words
from shuoshi.demo.intake import said
from shuoshi.demo.pictures import drawn
from shuoshi.demo.residents import Resident, Residents
from shuoshi.demo.stories import Voice, Want
from shuoshi.demo.timetable import DAY, Timetable
from shuoshi.demo.town import Town
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters import actions, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import (
    EMERGENCIES,
    Channel,
    Complexity,
    Exit,
    Kind,
    Naming,
    Outcome,
    ReportForm,
    Urgency,
    Way,
)
from shuoshi.organization import queries as organization
from shuoshi.organization.profile import Profile

Moments = Iterator[datetime]
ONLINE = Actor(ActorKind.SPEAKER)
VILLAGE_FIRST = ("B501", "B803", "C203", "D101", "D103", "D104")  # villages try these themselves, as often as not
COUNTY = {"B1": "county_labour", "B2": "county_labour", "B5": "county_water", "B6": "county_water"}
RIGHTS = "不服本答复的，可以自收到之日起 30 日内向县群众工作中心请求复核，也可以依法申请行政复议或者提起诉讼。"
WAYS = {
    Channel.HOTLINE: Way.CALL,
    Channel.ONLINE: Way.PAGE,
    Channel.POINT: Way.FACE_TO_FACE,
    Channel.VISIT: Way.VISIT,
}


@dataclass
class Stage:
    """What all scripts share."""

    town: Town
    times: Timetable
    dice: Random
    residents: Residents
    profile: Profile


class Play:
    """The script of one voice. `at` is the moment it acts at, set by whoever runs the scripts."""

    def __init__(self, voice: Voice, start: datetime, stage: Stage, number: int) -> None:
        self.voice, self.start, self.stage, self.number = voice, start, stage, number
        self.dice, self.times, self.town = stage.dice, stage.times, stage.town
        self.matter_id: UUID | None = None
        self.resident: Resident | None = None
        self.unit = self.handler = ""
        self.found = self.done = ""
        self.again = False

    # ── acting ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def act(self, who: str | Actor, *several: terms.Terms) -> None:
        actor = self.town.actor(who) if isinstance(who, str) else who
        assert self.matter_id is not None
        actions.run_all(self.matter_id, list(several), actor=actor)

    @property
    def speaker(self) -> Actor:
        return Actor(ActorKind.SPEAKER, matter_id=self.matter_id)

    @property
    def matter(self) -> Matter:
        return Matter.objects.select_related("lead_unit").get(pk=self.matter_id)  # type: ignore[misc]

    @property
    def now(self) -> datetime:
        return clock.local(clock.now())

    def soon(self, least: float, most: float) -> datetime:
        return self.times.soon(self.now, least, most)

    def minutes(self, least: float, most: float) -> datetime:
        """Minutes by day and night, where something is urgent."""
        return self.now + timedelta(minutes=self.dice.uniform(least, most))

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def takes(self, path: str) -> bool:
        return self.voice.takes(path)

    @property
    def urgent(self) -> bool:
        suspected = self.takes("suspected_lowered") or self.takes("suspected_confirmed")
        return self.voice.urgency in EMERGENCIES and not suspected  # those were looked into before

    @property
    def kind(self) -> Kind:
        known = {"PRAISE": Kind.PRAISE, "OTHER": Kind.OTHER, "INVALID": Kind.INVALID, "SCREENED": Kind.OTHER}
        category = self.voice.family.category
        return known[category] if category in known else Kind(self.stage.profile.kind_of(category).code)

    # ── the whole ──────────────────────────────────────────────────────────────────────────────────────────────────

    def script(self) -> Moments:
        yield self.start
        settled = self._register()
        if settled:
            yield from self._hand_over()
            return
        if self.takes("void"):
            yield self.soon(20, 90)
            self.act("wangfang", terms.Void(reason=self.voice.reason))
            yield self.soon(60, 240)
            self.act("tangjing", terms.RuleVoid(granted=True, text="核对过登记，同意作废。"))
            return
        if self.takes("screened"):
            yield self.soon(60, 200)
            self.act("wangfang", terms.ScreenOut(reason=self.voice.reason, text=self.voice.answer))
            return
        if self.takes("praise") or self.takes("other"):
            yield self.soon(10, 120)
            self.act("heping", self._on_the_spot())
            return
        if self.takes("suspected_lowered") or self.takes("suspected_confirmed"):
            yield from self._judge_the_danger()
        if self.takes("stalled_accept"):
            return
        yield from self._accept()
        if self.takes("stalled_assign"):
            return
        if self.takes("spot"):
            yield self.soon(20, 100)
            self.act(self._registrar(), self._on_the_spot())
            yield from self._after_reply()
            return
        yield from self._assign()
        yield from self._handle_rounds()

    def _register(self) -> bool:
        """Register as whoever takes it in; whether it was settled at once."""
        settle = None
        if self.takes("spot") and self.voice.channel in (Channel.HOTLINE, Channel.POINT, Channel.VISIT):
            settle = self._on_the_spot(clear=self.kind == Kind.POLICY_ENQUIRY)
        by = ONLINE if self.voice.channel == Channel.ONLINE else self.town.actor(self._takes_in())
        if settle is not None:
            by = self.town.actor(self._registrar())
        self.resident = self._who()
        intake = said(self.voice, self.stage.town, self.resident, self.now, self.number, self.dice, settle)
        self.matter_id = actions.register(intake, actor=by).matter_id
        if self.resident is not None and self.resident.person is None and by is not ONLINE:
            party = self.matter.parties.filter(role="speaker").first()
            self.resident.person = party.person_id if party else None
        return settle is not None

    def _who(self) -> Resident | None:
        if self.voice.naming == Naming.ANONYMOUS:
            return None
        village = self.voice.area[0] if self.voice.area else ""
        return self.stage.residents.somebody(village, known=self.voice.naming == Naming.NAMED)

    def _registrar(self) -> str:
        return self.dice.choice(("wangfang", "wangfang", "heping"))

    def _takes_in(self) -> str:
        if self.takes("self"):
            return "wangqiang"
        village = self.voice.area[0] if self.voice.area else ""
        keys = {"柳湾村": "shenyue", "石桥村": "kangna", "东塘社区": "wenjing", "集镇社区": "bailu"}
        if self.voice.channel in (Channel.POINT, Channel.VISIT) and village in keys:
            return keys[village]
        if self.voice.channel == Channel.REPRESENTATIVE:
            return "dairong" if village == "东塘社区" else "quhe"
        return self._registrar()

    def _on_the_spot(self, clear: bool = False) -> terms.AnswerOnTheSpot:
        answer = self.voice.answer or "\n".join(
            f"{want.answer}（{want.because}）" if want.because else want.answer for want in self.voice.wants
        )
        category = "" if self.kind in (Kind.PRAISE, Kind.OTHER) else self.voice.family.category
        return terms.AnswerOnTheSpot(
            kind=self.kind,
            title=self.voice.title,
            answer=answer,
            category=category,
            basis="现行规定和办事指南",
            clear=clear,
        )

    def _hand_over(self) -> Moments:
        """The printed slip: most are handed over within the day, some lie on the list a while."""
        if self.matter.staff_entered and self.matter.receipt_handed_over_at is None and self.chance(0.85):
            yield self.soon(5, 300)
            whom = ("本人当面签收", "网格员送到家，本人签收", "本人手机收到，念了编号核对", "家里人代收，已签字")
            self.act(self._registrar(), terms.HandOverReceipt(to_whom=self.dice.choice(whom)))

    def _judge_the_danger(self) -> Moments:
        yield self.minutes(4, 9)
        if self.takes("suspected_confirmed"):
            self.act("luotao", terms.ConfirmUrgency(level=Urgency.U2, reason=words.CONFIRMED[0]))
            yield self.minutes(3, 8)
            self.act("luotao", self._contact(Way.CALL, True))
        else:
            self.act("luotao", terms.LowerUrgency(level=Urgency.U3, reason=self.dice.choice(words.LOWERED)))

    # ── to a unit ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _accept(self) -> Moments:
        if self.urgent and self.voice.naming != Naming.ANONYMOUS:
            yield self.minutes(5, 12)
            self.act("luotao", self._contact(Way.CALL, True))
        yield self.minutes(2, 6) if self.urgent else self.soon(15, 200)
        self.act(self._accepts(), terms.Accept(kind=self.kind, title=self.voice.title))

    def _accepts(self) -> str:
        return "wangqiang" if self.takes("self") else self._registrar()

    def _assign(self) -> Moments:
        complexity = "standard" if self.voice.family.complexity == "standard" else self.voice.family.complexity
        classify = terms.Classify(
            kind=self.kind, category=self.voice.family.category, complexity=Complexity(complexity)
        )
        yield self.minutes(2, 6) if self.urgent else self.soon(10, 150)
        if self.takes("self"):
            self.unit, self.handler = "registry", "wangqiang"
            mine = terms.Assign(
                unit=self.town.units["registry"].pk,
                person=self.town.persons["wangqiang"],
                myself=True,
                reason="当事双方都愿意由受理中心直接出面。",
            )
            self.act("wangqiang", classify, mine)
            return
        dispatcher = "wangqiang" if self.chance(0.3) else "tangjing"
        if self.takes("returned") or self.takes("returned_refused") or self.takes("designated"):
            yield from self._returned(dispatcher, classify)
            return
        self.act(dispatcher, classify, self._to_unit())

    def _to_unit(self) -> terms.Assign:
        """By the duty list; what a village can settle goes to it first, with the reason."""
        category, area = self.voice.family.category, self.town.areas[self.voice.area]
        lines = organization.duty(category, area.path)
        co_units: tuple[UUID, ...] = ()
        village = organization_village(self.town, self.voice)
        if self.takes("co") and village:
            co_units = (self.town.units[village].pk,)
        if category in VILLAGE_FIRST and village and self.chance(0.5):
            self.unit = village
            return terms.Assign(unit=self.town.units[village].pk, reason="村里离得近、情况熟，先由村里办。")
        self.unit = self.town.unit_key(lines[0].unit_id)
        return terms.Assign(unit=lines[0].unit_id, duty_line=lines[0].pk, co_units=co_units)

    def _returned(self, dispatcher: str, classify: terms.Classify) -> Moments:
        """To the wrong unit first, twice for a matter that is designated in the end; or to the right one, which refuses."""
        right = self._to_unit()
        proper = self.unit
        if self.takes("returned_refused"):
            self.act(dispatcher, classify, right)
            text = "清单上写的是另一家也能办，建议改交。"
            yield from self._return(proper, "registry" if proper != "registry" else "construction", text, granted=False)
            return
        wrong = [key for key in ("market", "construction", "justice", "environment") if key != proper]
        for step, unit in enumerate(wrong[: 2 if self.takes("designated") else 1]):
            assign = terms.Assign(unit=self.town.units[unit].pk, reason="按字面先交这个单位看看。")
            self.act(dispatcher, *([classify] if step == 0 else []), assign)
            text = "查了本单位职责，这件事要用到的权限不在我们这里，建议改交。"
            yield from self._return(unit, proper, text, granted=True)
            yield self.soon(20, 120)
        self.unit = proper
        if self.takes("designated"):
            designate = terms.Designate(unit=self.town.units[proper].pk, reason="两家都说不属于自己，会商后指定。")
            self.act("chenhaiyan", designate)
        else:
            self.act(dispatcher, right)

    def _return(self, unit: str, proper: str, text: str, *, granted: bool) -> Moments:
        yield self.soon(30, 150)
        ask = terms.RequestReturn(reason="NOT_OUR_DUTY", text=text, proper_unit=self.town.units[proper].pk)
        self.act(self.town.head(unit), ask)
        yield self.soon(30, 200)
        ruling = "职责清单写明属于别的单位，同意退。" if granted else "清单上有这一条，不同意退，请签收。"
        self.act("fangzheng", terms.RuleReturn(granted=granted, text=ruling))

    # ── handling ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _handle_rounds(self) -> Moments:
        if not self.urgent:
            yield from self._hand_over()
        rounds = 3 if self.takes("rework_twice") else 2 if self.takes("rework_once") else 1
        for round_ in range(1, rounds + 1):
            self.again = round_ > 1
            if round_ == 3:
                yield from self._assign_above()
            finished = yield from self._handle()
            if self.urgent and not self.again:
                yield from self._hand_over()
            if not finished:
                return
            yield from self._after_reply(content=round_ == rounds)
        if self.takes("second_thoughts") and self.matter.status == "CLOSED":
            yield self.times.at_hour(self.now.date() + timedelta(days=self.dice.randrange(4, 12)), 18, 21)
            self.act(self.speaker, terms.Rate(answers=self._answers(content=False)))
            self.again = True
            if (yield from self._handle()):
                yield from self._after_reply(content=True)

    def _assign_above(self) -> Moments:
        """The tier above assigns: to a department of the county, the old lead helps."""
        yield self.soon(60, 300)
        self.unit = COUNTY.get(self.voice.family.category[:2], "county_housing")
        unit = self.town.units[self.unit].pk
        self.act("laizhi", terms.Assign(unit=unit, reason="两次都不满意，由县里直接办。"))

    def _handle(self) -> Generator[datetime, None, bool]:
        """Sign for, contact, investigate, carry out, answer; returns whether a reply went out."""
        yield self.minutes(3, 10) if self.urgent and not self.again else self.soon(10, 170)
        if self.takes("stalled_sign"):
            return False
        if not self.handler or not self.matter.handler_id:
            yield from self._sign_for()
        yield from self._first_contact()
        budget = self._budget()
        yield self.minutes(15, 45) if self.urgent and not self.again else self.soon(budget * 0.1, budget * 0.25)
        self.found = words.investigation(self.dice, self.voice, self.again)
        self.act(self.handler, self._record(terms.RecordInvestigation, self.found, self._photo()))
        if self.chance(0.3):
            self.act(self.handler, terms.Note(text=self.dice.choice(words.NOTES)))
        yield from self._on_the_way()
        if self.matter.status == "CLOSED" or self.takes("stalled_handling"):
            return False
        if self.takes("exit_explained") or self.takes("exit_statutory") or self.takes("exit_refused"):
            yield from self._exit()
            if self.matter.status == "CLOSED":
                return False
        yield from self._carry_out(budget)
        if any(want.unfinished for want in self.voice.wants):
            yield self.soon(DAY * 3, DAY * 5)
            self._progress()
            return False
        yield from self._reply()
        return bool(self.matter.status == "IN_FOLLOW_UP")

    def _budget(self) -> float:
        """Minutes of work until the reply is meant to go out: within the limit, or not in a late one."""
        limit = self.stage.profile.limit("completion", self.kind, self.voice.family.complexity, self.voice.urgency)
        days = 3.0 if self.again else float(limit.amount if limit else 5)
        share = self.dice.uniform(1.25, 1.7) if self.takes("late") and not self.again else self.dice.uniform(0.4, 0.85)
        return max(60.0, days * DAY * share)

    def _sign_for(self) -> Moments:
        handlers = self.town.handlers(self.unit)
        self.handler = handlers[0] if self.chance(0.6) else self.dice.choice(handlers)
        if self.takes("changed"):
            self.handler = handlers[-1]
        signs = self.town.head(self.unit) if self.chance(0.15) else self.handler
        self.act(signs, terms.SignFor(handler=self.town.persons[self.handler]))
        if self.takes("conflict") and not self.again:
            yield self.soon(20, 90)
            self.act(self.handler, terms.DeclareConflict(text=self.dice.choice(words.CONFLICT)))
            yield self.soon(20, 90)
            others = [key for key in (*handlers, self.town.head(self.unit)) if key != self.handler]
            self.handler = others[0]
            self.act(self.handler, terms.SignFor(handler=self.town.persons[self.handler]))
        if self.takes("changed") and not self.again:
            yield self.soon(60, 200)
            head = self.town.head(self.unit)
            others = [key for key in (*handlers, head) if key != self.handler]
            if others:
                self.handler = others[0]
                change = terms.ChangeHandler(
                    handler=self.town.persons[self.handler], reason=self.dice.choice(words.CHANGED)
                )
                self.act(head, change)

    def _contact(self, way: Way, reached: bool) -> terms.RecordFirstContact:
        return terms.RecordFirstContact(way=way, reached=reached, text=words.first_contact(self.dice, way, reached))

    def _first_contact(self) -> Moments:
        if self.voice.naming == Naming.ANONYMOUS or (self.urgent and not self.again):
            return
        if self.chance(0.15):
            yield self.soon(20, 120)
            self.act(self.handler, self._contact(Way.CALL, False))
        yield self.soon(20, 200)
        way = Way.RELAY if self.voice.naming == Naming.CONFIDENTIAL else self._way()
        self.act(self.handler, self._contact(way, True))

    def _way(self) -> Way:
        return self.dice.choice((Way.CALL, Way.CALL, Way.CALL, Way.VISIT, Way.FACE_TO_FACE))

    def _photo(self) -> tuple[terms.FileGiven, ...]:
        if not self.chance(0.25):
            return ()
        return (drawn(f"现场{self.number % 7 + 1}.jpg", self.number),)

    def _on_the_way(self) -> Moments:
        """What the resident does meanwhile: adds, asks where it stays, takes it back."""
        if self.again:
            return
        if self.takes("info_added"):
            yield self.soon(60, 300)
            self.act(self.speaker, terms.AddInformation(text=self.dice.choice(words.MORE)))
            yield from self._write()
        if self.takes("nudged"):
            yield self.soon(200, 500)
            self.act(self.speaker, terms.Nudge(text=self.dice.choice(words.NUDGES)))
            yield from self._write()
        if self.takes("withdrawn") or self.takes("withdrawal_revoked"):
            yield self.soon(60, 300)
            self.act(self.speaker, terms.Withdraw(text=self.dice.choice(words.WITHDRAWN)))
            if self.takes("withdrawn"):
                yield self.soon(3 * DAY, 3 * DAY + 60)
            else:
                yield self.soon(100, 300)
                self.act(self.speaker, terms.RevokeWithdrawal())

    def _write(self) -> Moments:
        yield self.soon(20, 200)
        self.act(self.handler, terms.WriteToSpeaker(text=self.dice.choice(words.TO_SPEAKER)))

    def _exit(self) -> Moments:
        """An end that is decided: the head asks, a leader outside the handling side rules."""
        yield self.soon(200, 500)
        want = next((want for want in self.voice.wants if want.because), self.voice.wants[0])
        code = Exit.STATUTORY_ROUTE if self.takes("exit_statutory") else Exit.EXPLAINED
        basis = want.because or "有关规定和现场记录"
        ask = terms.RequestExit(
            exit=code, text=f"{want.demand}：{want.answer}", basis=f"依据：{basis}。", rights_notice=RIGHTS
        )
        self.act(self.town.head(self.unit), ask)
        yield self.soon(60, 300)
        granted = not self.takes("exit_refused")
        text = "事实清楚，已当面解释并告知途径，同意。" if granted else "还有能办的没有办完，先办，不同意就此办结。"
        self.act("fangzheng", terms.RuleExit(granted=granted, text=text))

    def _carry_out(self, budget: float) -> Moments:
        """The measure, and word of progress where the handling is long."""
        if self.voice.family.complexity == "complex" and not self.again:
            yield self.soon(60, 200)
            plan = "分三步：先核实数目，再约双方谈，谈妥写下来，到期核对。"
            self.act(self.handler, terms.SetPlan(text=plan, public_text=plan))
        days = budget / DAY
        yield self.minutes(10, 40) if self.urgent and not self.again else self.soon(budget * 0.3, budget * 0.4)
        self.done = words.measure(self.dice, self.voice, self.again)
        self.act(self.handler, self._record(terms.RecordMeasure, self.done, self._proof()))
        while days > 4 and not self.takes("late"):
            self._progress()
            days -= 5
            if days > 4:
                yield self.soon(4 * DAY, 4.8 * DAY)

    def _record(self, of: type[terms.Work], text: str, files: tuple[terms.FileGiven, ...]) -> terms.Work:
        """The inner record, and as often as not what of it the resident reads."""
        public = text if self.chance(0.6) or files else ""
        return of(text=words.inner(self.dice, text), public_text=public, files=files)

    def _progress(self) -> None:
        done = self.done or self.found
        step = self.dice.choice(self.voice.family.next or ("办完告诉您。",))
        self.act(self.handler, terms.ReportProgress(done=done, next_step=step))

    def _proof(self) -> tuple[terms.FileGiven, ...]:
        if self.stage.profile.category(self.voice.family.category).proof:
            return (drawn(f"办好以后{self.number % 5 + 1}.jpg", self.number + 3),)
        return self._photo()

    # ── answer and after ───────────────────────────────────────────────────────────────────────────────────────────

    def _reply(self) -> Moments:
        yield self.soon(60, 250)
        self._prepare()
        if self.takes("stalled_signing"):
            return
        yield self.soon(20, 200)
        signs = self._signs()
        if self.takes("sent_back") and not self.again and signs != self.handler:
            self.act(signs, terms.SendBackResult(reason=self.dice.choice(words.SENT_BACK)))
            yield self.soon(60, 240)
            self._prepare()
            yield self.soon(20, 120)
        self._sign(signs)
        if self.takes("report_returned") and not self.again:
            yield self.soon(120, 400)
            self.act("liumin", terms.ReturnReport(reason=self.dice.choice(words.RETURNED)))
            yield self.soon(100, 400)
            self._prepare()
            yield self.soon(20, 200)
            self._sign(signs)

    def _prepare(self) -> None:
        matter = self.matter
        bad = self.dice.choice(self.voice.family.bad or ("没有解决。",))
        by_text = {want.demand: want for want in self.voice.wants}
        points, wants = [], []
        for demand in matter.demands.filter(dropped=False, settled=False).order_by("ordinal"):
            want = by_text.get(demand.text) or Want(demand.text, Outcome.SOLVED, self.done)
            text = words.answer(want, self.again, bad)
            wants.append(Want(want.demand, want.outcome, text, want.because))
            points.append(terms.PointAnswer(demand=demand.pk, outcome=want.outcome, text=text, because=want.because))
        unit = self.town.units[self.unit]
        name = self.town.name_of(self.handler)
        long = self.voice.family.complexity == "complex" or self.again
        self.act(
            self.handler,
            terms.PrepareResult(
                points=tuple(points),
                reply=words.reply(self.voice, wants, matter.number, unit.short_name, unit.phone, name, self.again),
                report=words.report(self.voice, wants, unit.name, self.found, self.done),
                form=ReportForm.LONG if long and self._signs() != self.handler else ReportForm.SHORT,
                basis="；".join(want.because for want in wants if want.because),
                remedies=RIGHTS if any(want.because for want in wants) else "",
            ),
        )

    def _signs(self) -> str:
        """The head; where the head handled something that is not short, somebody above."""
        head = self.town.head(self.unit)
        if head != self.handler or (self.voice.family.complexity == "standard" and not self.again):
            return head
        return "fangzheng" if not self.unit.startswith("county") else "xiaogang"

    def _sign(self, signs: str) -> None:
        way = WAYS.get(self.voice.channel, Way.CALL)
        self.act(signs, terms.SignResult(delivered_by=way, delivered_on=self.now.date()))

    def _after_reply(self, content: bool = True) -> Moments:
        """The resident is asked, or rates alone, or stays silent until the rating clock ends it."""
        from shuoshi.demo.asking import after_reply

        yield from after_reply(self, content)

    def _answers(self, content: bool) -> terms.Answers:
        from shuoshi.demo.asking import answers

        return answers(self, content)


def organization_village(town: Town, voice: Voice) -> str:
    """The key of the village or community unit of a place; "" where none was named."""
    if not voice.area:
        return ""
    return town.unit_key(town.areas[voice.area[:1]].unit_id)
