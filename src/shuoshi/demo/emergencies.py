"""What is urgent in the demo: people are sent first, reports go up, somebody says that it is over; a drill; the roster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from shuoshi.demo import words
from shuoshi.demo.acting import Moments, Stage
from shuoshi.demo.waiting import Waiting
from shuoshi.kernel import clock
from shuoshi.matters import actions, terms
from shuoshi.matters.intake import Intake
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, EmergencyReportKind, Naming, TellBy, Urgency
from shuoshi.organization import actions as organization

FIRST, SECOND = "luotao", "mengjie"  # the duty officers of the town
ARRANGES = "jiangbo"


class Urgent(Waiting):
    """The minutes of a matter that is urgent."""

    def _report_first(self) -> Moments:
        """From the scene, by whoever is on duty; nothing where it is written already, or nothing is urgent."""
        if not self._runs() or self.matter.emergency_reports.exists():
            return
        yield self.minutes(2, 6)
        self._report(EmergencyReportKind.INITIAL, measures=words.AT_THE_SCENE, arrived=True)

    def _calm(self) -> Moments:
        """What was to be done at once is done: a further report, the last one, and the emergency is over."""
        if not self._runs():
            return
        yield from self._report_first()
        yield self.minutes(20, 60)
        if self.number % 2:
            self._report(EmergencyReportKind.FOLLOW, measures=words.UNDER_CONTROL)
            yield self.minutes(10, 30)
        self._report(EmergencyReportKind.FINAL, measures=self.found or words.UNDER_CONTROL)
        yield self.minutes(2, 10)
        self.act(FIRST, terms.StandDown(text=words.OVER))

    def _runs(self) -> bool:
        return self.column("duty_since") is not None and self.column("urgency") in (Urgency.U1, Urgency.U2)

    def _report(self, kind: EmergencyReportKind, *, measures: str, arrived: bool = False) -> None:
        last = kind == EmergencyReportKind.FINAL
        known = terms.Known(
            happened=self.voice.title,
            place=" ".join((*self.voice.area, self.voice.place)).strip(),
            measures=measures,
            losses=words.NO_HARM if last else "",
            advice=words.AFTERWARDS if last else "",
            told=words.REPORTED_TO,
        )
        self.act(FIRST, terms.ReportEmergency(kind=kind, known=known, arrived=arrived))


class Drill:
    """A script beside those of the matters: the duty desk practises, about nobody."""

    title = "演练：液化气瓶漏气"

    def __init__(self, stage: Stage, days: list[date], number: int) -> None:
        self._stage, self._town, self.number = stage, stage.town, -number
        self.start = stage.times.at_hour(days[-9], 15, 15.2)

    def script(self) -> Iterator[datetime]:
        said = Intake(
            channel=Channel.HOTLINE,
            key="demo:drill",
            content=words.DRILL_SAYS,
            naming=Naming.ANONYMOUS,
            urgency=Urgency.U1,
            drill=True,
            tell_by=TellBy.PAGE,
        )
        matter = actions.register(said, actor=self._town.actor(FIRST)).matter_id
        unit = "construction"
        send = terms.DispatchEmergency(
            unit=self._town.units[unit].pk,
            handler=self._town.persons[self._town.handlers(unit)[0]],
            goes=words.GO,
            done=words.SENT,
            title=self.title,
        )
        known = terms.Known(
            happened=self.title, measures=words.AT_THE_SCENE, losses=words.NO_HARM, advice=words.DRILL_LEARNT
        )
        reports = [terms.ReportEmergency(kind=kind, known=known, arrived=True) for kind in _FIRST_AND_LAST]
        for minutes, who, given in (
            (4, SECOND, send),
            (11, SECOND, reports[0]),
            (25, SECOND, reports[1]),
            (6, FIRST, terms.StandDown(text=words.DRILL_OVER)),
        ):
            yield clock.local(clock.now()) + timedelta(minutes=minutes)
            self._act(matter, who, given)

    def _act(self, matter: UUID, who: str, given: terms.Terms) -> None:
        found = Matter.objects.get(pk=matter)
        actions.run(given.action, found.pk, given, actor=self._town.actor(who))


class Roster:
    """The week that comes: day and night by turns, but one night nobody has taken yet."""

    title = "值班表"

    def __init__(self, stage: Stage, days: list[date], number: int) -> None:
        self._town, self.number = stage.town, -number
        self.start = stage.times.at_hour(days[-1], 16, 16.2)

    def script(self) -> Iterator[datetime]:
        begin = clock.local(clock.now()).replace(hour=8, minute=30, second=0, microsecond=0)
        for day in range(10):
            for half, who in enumerate((FIRST, SECOND)):
                if (day, half) != (6, 1):
                    starts = begin + timedelta(days=day, hours=12 * half)
                    organization.put_on_duty(
                        self._town.units["town"].pk,
                        self._town.persons[who],
                        starts,
                        starts + timedelta(hours=12),
                        actor=self._town.actor(ARRANGES),
                    )
            yield clock.local(clock.now()) + timedelta(minutes=1)


_FIRST_AND_LAST = (EmergencyReportKind.INITIAL, EmergencyReportKind.FINAL)
