"""Handling in the demo: signing for a matter, contact, investigation, measures, and the rounds that follow."""

from collections.abc import Generator
from datetime import datetime, timedelta

from shuoshi.demo import words
from shuoshi.demo.acting import Moments
from shuoshi.demo.answering import RIGHTS
from shuoshi.demo.outside import Outside
from shuoshi.demo.pictures import drawn
from shuoshi.demo.settling import Settling
from shuoshi.demo.timetable import DAY
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import (
    BeyondUs,
    Exit,
    Naming,
    Way,
)

ONLINE = Actor(ActorKind.SPEAKER)
COUNTY = {"B1": "county_labour", "B2": "county_labour", "B5": "county_water", "B6": "county_water"}
REVIEWED = ("review_upheld", "review_changed", "stalled_review")
EXITS = ("exit_explained", "exit_statutory", "exit_refused", "exit_unruled", "stalled_exit")


class Handling(Outside, Settling):
    """From the order to the answer, round after round."""

    def _handle_rounds(self) -> Moments:
        if not self.urgent:
            yield from self._hand_over()
        rounds = (
            3 if self.takes("rework_twice") or self.takes("stalled_above") else 2 if self.takes("rework_once") else 1
        )
        for round_ in range(1, rounds + 1):
            self.again = round_ > 1
            if round_ == 3:
                if self.takes("stalled_above"):
                    return
                yield from self._assign_above()
            finished = yield from self._handle()
            if self.urgent and not self.again:
                yield from self._hand_over()
            if not finished:
                return
            yield from self._the_other_rates()
            yield from self._report_above()
            yield from self._after_reply(content=round_ == rounds and not self.takes("mediated_bad"))
        if self.takes("consents") and self.status == "CLOSED":
            yield from self._consent()
        if self.takes("reopened") and self.status == "CLOSED":
            yield self.times.at_hour(self.now.date() + timedelta(days=self.dice.randrange(15, 40)), 18, 21)
            self.act(self.speaker, terms.Reopen(text=self.dice.choice(words.BACK_AGAIN)))
            yield from self._once_more("上次就是这个单位办的，情况熟，接着办。")
        if self.status in ("CLOSED", "IN_FOLLOW_UP") and any(self.takes(path) for path in REVIEWED):
            yield from self._review()
        if self.takes("second_thoughts") and self.status == "CLOSED":
            yield self.times.at_hour(self.now.date() + timedelta(days=self.dice.randrange(4, 12)), 18, 21)
            self.act(self.speaker, terms.Rate(answers=self._answers(content=False)))
            self.again = True
            if (yield from self._handle()):
                yield from self._after_reply(content=True)
        yield from self._look_afterwards()

    def _review(self) -> Moments:
        """Some days later the answer does not convince after all; the county looks at it."""
        lately = self.takes("stalled_review")
        yield (
            self.lately()
            if lately
            else self.times.at_hour(self.now.date() + timedelta(days=self.dice.randrange(2, 6)), 18, 21)
        )
        self.act(self.speaker, terms.RequestReview(text=words.NOT_CONVINCED))
        if lately:
            return
        yield self.soon(4 * DAY, 8 * DAY)
        upheld = self.takes("review_upheld")
        text, basis, remedies = words.REVIEWED[upheld]
        decision = terms.DecideReview(upheld=upheld, text=text, basis=basis, remedies=remedies)
        self.act("xiaogang", decision)
        if upheld:
            yield from self._after_reply(content=True)
        else:
            yield from self._once_more("复核要求重新办理，仍由这个单位办，换一个人承办。")

    def _once_more(self, reason: str) -> Moments:
        yield self.soon(60, 240)
        self.act("tangjing", terms.Assign(unit=self.town.units[self.unit].pk, reason=reason))
        self.handler = ""
        if (yield from self._handle()):
            yield from self._after_reply(content=True)

    def _consent(self) -> Moments:
        """On the page of the matter, some evening after it ended; now and then it is taken back."""
        yield self.times.at_hour(self.now.date() + timedelta(days=self.dice.randrange(1, 4)), 18.5, 21.5)
        self.act(self.speaker, terms.ConsentToPublication())
        if self.number % 2:
            yield self.times.at_hour(self.now.date() + timedelta(days=self.dice.randrange(2, 6)), 18.5, 21.5)
            self.act(self.speaker, terms.WithdrawConsent())

    def _refer(self) -> Moments:
        """A suggestion answered twice by the county, and not as the person wants: the leader there has the last word."""
        yield from self._hand_over()
        for round_ in (1, 2):
            self.again = round_ > 1
            if not (yield from self._handle()):
                return
            self.answered = {self.handler}
            yield from self._after_reply(content=False)
        yield self.soon(100, 400)
        self.turned = self.takes("referred_on")
        text = words.ONCE_MORE if self.turned else words.STANDS
        self.act("xiaogang", terms.RuleExit(granted=not self.turned, text=text))
        if self.turned and (yield from self._handle()):
            yield from self._after_reply(content=True)

    def _put_above(self) -> Moments:
        yield self.soon(30, 120)
        ask = terms.RequestEscalation(reason=BeyondUs.ENFORCEMENT, text=words.BEYOND_US)
        self.act(self.town.head(self.unit), ask)
        yield self.soon(60, 240)
        granted = self.takes("put_above")
        self.act("laizhi", terms.RuleEscalation(granted=granted, text=words.ABOVE_RULED[granted]))

    def _assign_above(self, reason: str = "两次都不满意，由县里直接办。") -> Moments:
        """The tier above assigns: to a department of the county, the old lead helps."""
        yield self.soon(60, 300)
        self.unit = COUNTY.get(self.voice.family.category[:2], "county_housing")
        unit = self.town.units[self.unit].pk
        self.act("laizhi", terms.Assign(unit=unit, reason=reason))

    def _handle(self) -> Generator[datetime, None, bool]:
        """Sign for, contact, investigate, carry out, answer; returns whether a reply went out."""
        yield self.minutes(3, 10) if self.urgent and not self.again else self.soon(10, 170)
        if self.takes("stalled_sign"):
            return False
        if not self.handler or not self.column("handler_id"):
            yield from self._sign_for()
        yield from self._first_contact()
        yield from self._report_first()
        if self.takes("stalled_conflict"):
            yield self.lately()
            self.act(self.speaker, terms.DeclareConflict(text=words.SUSPECTED, person=self.town.persons[self.handler]))
            return False
        if self.takes("stalled_words"):
            yield self.soon(100, 400)
            self._speak_unheard()
            return False
        budget = self._budget()
        yield self.minutes(15, 45) if self.urgent and not self.again else self.soon(budget * 0.1, budget * 0.25)
        self.found = words.investigation(self.dice, self.voice, self.again)
        self.act(self.handler, self._record(terms.RecordInvestigation, self.found, self._photo()))
        self._duties()
        yield from self._calm()
        if self.chance(0.3):
            self.act(self.handler, terms.Note(text=self.dice.choice(words.NOTES)))
        yield from self._on_the_way()
        if self.status == "CLOSED" or self.takes("stalled_handling"):
            return False
        if (yield from self._wait()):
            return False
        if not self.again:
            yield from self._with_others()
        if self.takes("stalled_help"):
            return False
        yield from self._mediate()
        if self.status == "CLOSED" or self.takes("mediating"):
            return False
        if not self.again and (self.takes("put_above") or self.takes("put_above_refused")):
            yield from self._put_above()
            if self.takes("put_above"):
                self.again, self.handler = True, ""
                yield from self._assign_above(words.BEYOND_THE_TOWN)
                return (yield from self._handle())
        if any(self.takes(path) for path in EXITS):
            yield from self._exit()
            if self.takes("stalled_exit"):
                return False
            if self.status == "CLOSED":
                return False
        yield from self._carry_out(budget)
        answered = any(self.takes(path) for path in ("stalled_signing", "stalled_report", "stalled_review"))
        if any(want.unfinished for want in self.voice.wants) and not answered:
            yield self.soon(DAY * 3, DAY * 5)
            self._progress()
            return False
        if self.column("supervised"):
            self.act(self.town.head(self.unit), terms.AnswerSupervision(text=words.WHY_SLOW))
        self._decide()
        yield from self._reply()
        return bool(self.status == "IN_FOLLOW_UP")

    def _budget(self) -> float:
        """Minutes of work until the reply is meant to go out: within the limit, or not in a late one."""
        limit = self.stage.profile.limit("completion", self.kind, self.voice.family.complexity, self.voice.urgency)
        days = 3.0 if self.again else float(limit.amount if limit else 5)
        share = self.dice.uniform(2.0, 2.8) if self.takes("late") and not self.again else self.dice.uniform(0.4, 0.85)
        if any(self.takes(f"stalled_{last}") for last in ("signing", "report", "follow_up", "review")):
            share = 0.3  # so far it went well
        return max(60.0, days * DAY * share)

    def _sign_for(self) -> Moments:
        handlers = self.some(
            key for key in self.town.handlers(self.unit) if not self._kept_from(key) and key not in self.answered
        )
        self.handler = handlers[0] if self.chance(0.6) else self.dice.choice(handlers)
        if self.takes("changed"):
            self.handler = handlers[-1]
        signs = self.town.head(self.unit) if self.chance(0.15) else self.handler
        self.act(signs, terms.SignFor(handler=self.town.persons[self.handler]))
        if self.takes("conflict") and not self.again:
            yield self.soon(20, 90)
            self.act(self.handler, terms.DeclareConflict(text=self.dice.choice(words.CONFLICT)))
            self.apart.add(self.handler)
            yield self.soon(20, 90)
            if self.matter.requests.filter(state="PENDING").exists():
                self.act("fangzheng", terms.RuleConflict(granted=True, text=words.UPHELD))
                yield self.soon(20, 90)
            self.handler = self.some(key for key in (*handlers, self.town.head(self.unit)) if key != self.handler)[0]
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
        yield from self._another_says_it()
        if self.takes("info_added"):
            yield self.soon(60, 300)
            self.act(self.speaker, terms.AddInformation(text=self.dice.choice(words.MORE)))
            yield from self._write()
        if self.takes("reworded"):
            yield self.soon(60, 300)
            *others, last = self._answered_wants()
            wanted = (*(one.demand for one in others), last.demand + words.AS_WELL)
            self.act(self.speaker, terms.RewordDemands(demands=wanted))
            yield from self._write()
        if self.takes("consent_withdrawn"):
            yield self.times.at_hour(self.now.date(), 18.5, 21.5)
            self.act(self.speaker, terms.WithdrawConsent())
        if self.takes("urged"):
            own = {self.town.head(self.unit), *self.town.handlers(self.unit)}
            urges, orders, *_others = (who for who in ("tangjing", "fangzheng", "chenhaiyan") if who not in own)
            yield self.soon(100, 300)
            self.act(urges, terms.Remind(text=words.PLEASE_HURRY))
            yield self.soon(100, 300)
            self.act(orders, terms.OrderSupervision(text=words.DEMANDED))
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

    def _speak_unheard(self) -> None:
        """A word of the resident that nobody has answered yet."""
        if self.chance(0.5):
            self.act(self.speaker, terms.Nudge(text=self.dice.choice(words.NUDGES)))
        else:
            self.act(self.speaker, terms.AddInformation(text=self.dice.choice(words.MORE)))

    def _write(self) -> Moments:
        yield self.soon(20, 200)
        self.act(self.handler, terms.WriteToSpeaker(text=self.dice.choice(words.TO_SPEAKER)))

    def _exit(self) -> Moments:
        """An end that is decided: the head asks, a leader outside the handling side rules."""
        yield self.lately() if self.takes("stalled_exit") else self.soon(200, 500)
        want = next((want for want in self.voice.wants if want.because), self.voice.wants[0])
        code = Exit.STATUTORY_ROUTE if self.takes("exit_statutory") else Exit.EXPLAINED
        basis = want.because or "有关规定和现场记录"
        ask = terms.RequestExit(
            exit=code, text=f"{want.demand}：{want.answer}", basis=f"依据：{basis}。", rights_notice=RIGHTS
        )
        self.act(self.town.head(self.unit), ask)
        if self.takes("stalled_exit"):
            return
        if self.takes("exit_unruled"):
            yield self.soon(2 * DAY, 3 * DAY)  # nobody rules: the clock refuses in their place
            return
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
