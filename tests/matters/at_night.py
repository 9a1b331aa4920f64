"""An emergency in the small hours of a holiday: what the tests of emergencies do and ask."""

from __future__ import annotations

from datetime import datetime, timedelta

from shuoshi.kernel import clock, clocks, outbox
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.clock import Simulation
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.vocabulary import Action, DeadlineKind, Urgency
from shuoshi.organization import actions as organization
from tests.support.attempts import sample
from tests.support.village import Place

NIGHT = datetime(2026, 10, 2, 2, 30, tzinfo=clock.INSTITUTION_ZONE)  # 国庆


def put(town: Place, name: str, hours: int = 8) -> None:
    organization.put_on_duty(
        town.units["受理中心"].pk,
        town.persons[name],
        NIGHT - timedelta(hours=1),
        NIGHT + timedelta(hours=hours),
        actor=SYSTEM,
    )


def urgent(town: Place, **said: object) -> Matter:
    return town.raise_matter(by="王芳", **({"urgency": Urgency.U1} | said))


def dispatched(town: Place, matter: Matter | None = None) -> Matter:
    matter = matter or urgent(town)
    return town.run("何勇", sample(town, Action.DISPATCH_EMERGENCY, matter), matter)


def clock_of(matter: Matter, kind: DeadlineKind) -> Deadline:
    return matter.deadlines.filter(kind=kind).latest("started_at")


def after(simulation: Simulation, minutes: int) -> None:
    """As the worker does: every minute one sweep."""
    for _ in range(minutes):
        simulation.move_to(clock.now() + timedelta(minutes=1))
        clocks.sweep(clock.now())


def called(town: Place, matter: Matter) -> list[set[str]]:
    """Who was called at each step, in order."""
    steps: dict[int, set[str]] = {}
    names = {pk: name for name, pk in town.persons.items()}
    for call in matter.duty_calls.order_by("step"):
        steps.setdefault(call.step, set()).add(names[call.person_id])
    return list(steps.values())


def kinds_waiting(town: Place, name: str, matter: Matter) -> list[str]:
    return [one.kind for one in outbox.waiting_for(town.actor(name)) if one.about_id == matter.pk]
