"""One matter of the demo from its first word to its end: a script that acts, then says when it wants to go on.

Scripts call the real verbs as the people of the town. Moments are in `timetable`, words in `words`; here is who does what
next. A script that is dropped half-way leaves a matter in hand, which is how open ones come about.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from shuoshi.demo import words
from shuoshi.demo.acting import Moments, Stage
from shuoshi.demo.handling import Handling
from shuoshi.demo.intake import said
from shuoshi.demo.residents import Resident
from shuoshi.demo.stories import Voice
from shuoshi.demo.town import Town
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters import actions, terms
from shuoshi.matters.vocabulary import (
    Channel,
    Complexity,
    Kind,
    Naming,
    Urgency,
    Way,
)
from shuoshi.organization import queries as organization

__all__ = ["Moments", "Play", "Stage"]

ONLINE = Actor(ActorKind.SPEAKER)
VILLAGE_FIRST = ("B501", "B803", "C203", "D101", "D103", "D104")  # villages try these themselves, as often as not


class Play(Handling):
    """The script of one voice: raised, registered, judged, given to a unit, and then handled."""

    def script(self) -> Moments:
        yield self.start
        settled = self._register()
        if settled:
            yield from self._hand_over()
            return
        if self.voice.complains:
            if self.takes("unchecked"):
                return
            yield from self._look_up()
        if self.takes("void"):
            yield self.soon(20, 90)
            self.act("wangfang", terms.Void(reason=self.voice.reason))
            yield self.soon(60, 240)
            self.act("tangjing", terms.RuleVoid(granted=True, text="核对过登记，同意作废。"))
            return
        if self.takes("screened"):
            yield self.soon(60, 200)
            self.act("wangfang", terms.ScreenOut(reason=self.voice.reason, text=self.voice.answer))
            yield from self._hand_over()
            if self.takes("objected"):
                yield self.times.at_hour(self.now.date() + timedelta(days=self.dice.randrange(1, 4)), 18.5, 21.5)
                self.act(self.speaker, terms.ObjectToScreening(text=words.DISAGREES))
                yield self.soon(100, 400)
                again = terms.ScreenOut(reason=self.voice.reason, text=f"{words.SCREENED_AGAIN}{self.voice.answer}")
                self.act("tangjing", again)
            return
        if self.takes("praise") or self.takes("other"):
            yield self.soon(10, 120)
            self.act("heping", self._on_the_spot())
            yield from self._hand_over()
            return
        if self.takes("suspected_new"):
            return
        if self.voice.suspected:
            yield from self._judge_the_danger()
        if self.takes("stalled_accept"):
            return
        if self.takes("dispatched"):
            yield from self._dispatch()
            yield from self._handle_rounds()
            return
        yield from self._accept()
        if self.voice.corrected:
            yield self.soon(10, 60)
            self.act(self._registrar(), terms.CorrectRegistration(reason=words.MISHEARD, place=self.voice.corrected))
        if self.takes("stalled_assign"):
            return
        if self.takes("spot"):
            yield self.soon(20, 100)
            self.act(self._registrar(), self._on_the_spot())
            yield from self._hand_over()
            yield from self._after_reply()
            return
        if self.takes("referred") or self.takes("referred_on"):
            yield from self._to_the_county()
            yield from self._refer()
            return
        yield from self._assign()
        if self.voice.knows:
            yield self.times.at_hour(self.now.date(), 19, 21)
            self.act(self.speaker, terms.AnswerQuestions(answers=dict(self.voice.knows)))
        if self.takes("stalled_return"):
            yield self.lately()
            self.act(
                self.town.head(self.unit),
                self._asks_to_return("construction" if self.unit != "construction" else "environment"),
            )
            return
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
        if self.ordered:
            intake, by = self._sent_down(intake), self.town.actor(self._registrar())
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
            cites=self.stage.shelf.cites(self.voice.title),
        )

    def _look_up(self) -> Moments:
        """Of whom the resident complains, in words: found among the people and units of the town, or nobody of them."""
        yield self.soon(10, 60)
        about, town = self.voice.about, self.town
        found = terms.CheckConcerned(
            units=tuple(town.units[key].pk for key in about if key in town.units),
            people=tuple(town.persons[key] for key in about if key in town.persons),
            nobody=not about,
        )
        self.act(self._registrar(), found)

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

    def _dispatch(self) -> Moments:
        """People go first; the first who was called slept, in one story. The papers follow on the same day."""
        yield self.minutes(12, 14) if self.takes("nobody_came") else self.minutes(2, 5)
        assign = self._to_unit()
        self.handler = self.town.handlers(self.unit)[0]
        send = terms.DispatchEmergency(
            unit=assign.unit,
            handler=self.town.persons[self.handler],
            goes=words.GO,
            done=words.SENT,
            title=self.voice.title,
        )
        self.act("mengjie" if self.takes("nobody_came") else "luotao", send)
        if self.voice.naming != Naming.ANONYMOUS:
            yield self.minutes(3, 8)
            self.act("luotao", self._contact(Way.CALL, True))
        yield from self._report_first()
        yield self.minutes(50, 200)
        papers = terms.CompletePapers(
            kind=self.kind,
            category=self.voice.family.category,
            complexity=Complexity(self.voice.family.complexity),
            title=self.voice.title,
            reason="" if assign.duty_line else words.PAPERS_AFTERWARDS,
            duty_line=assign.duty_line,
        )
        self.act(self._registrar(), papers)
        yield from self._hand_over()

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
        if self._kept_from(dispatcher):
            dispatcher = self.first_free("tangjing", "wangqiang", "laizhi")
        if self.takes("returned") or self.takes("returned_refused") or self.takes("designated"):
            yield from self._returned(dispatcher, classify)
            return
        self.act(dispatcher, classify, self._to_unit())

    def _to_the_county(self) -> Moments:
        """What the whole county would have to change: put to the tier above by hand, and given out there."""
        category, unit = self.voice.family.category, self.voice.to
        yield self.soon(10, 150)
        classify = terms.Classify(
            kind=self.kind, category=category, complexity=Complexity(self.voice.family.complexity)
        )
        self.act("tangjing", classify, terms.Escalate(reason=words.TO_THE_COUNTY))
        yield self.soon(60, 240)
        self.unit = unit
        self.act("laizhi", terms.Assign(unit=self.town.units[unit].pk, reason=words.BY_THE_COUNTY))

    def _to_unit(self) -> terms.Assign:
        """By the duty list; what a village can settle goes to it first, with the reason."""
        if self.voice.to:
            self.unit = self.voice.to
            return terms.Assign(unit=self.town.units[self.unit].pk, reason=words.KEPT_APART)
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
        self.act(self.town.head(unit), self._asks_to_return(proper, text))
        yield self.soon(30, 200)
        ruling = "职责清单写明属于别的单位，同意退。" if granted else "清单上有这一条，不同意退，请签收。"
        self.act("fangzheng", terms.RuleReturn(granted=granted, text=ruling))

    def _asks_to_return(self, proper: str, text: str = words.NOT_OURS) -> terms.RequestReturn:
        return terms.RequestReturn(reason="NOT_OUR_DUTY", text=text, proper_unit=self.town.units[proper].pk)


def organization_village(town: Town, voice: Voice) -> str:
    """The key of the village or community unit of a place; "" where none was named."""
    if not voice.area:
        return ""
    return town.unit_key(town.areas[voice.area[:1]].unit_id)
