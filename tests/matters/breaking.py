"""Ways to write what the database must refuse: rows a second time, columns that do not fit one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from shuoshi.kernel import clock
from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models import (
    Agency,
    Agreement,
    Card,
    Citation,
    CoUnit,
    Deadline,
    DutyCall,
    Emergency,
    EmergencyReport,
    Entry,
    HandOver,
    Matter,
    Mediation,
    OutsideOrder,
    Relation,
    Request,
    Result,
    Sample,
    SampleCall,
    Spokesperson,
    Talk,
    Unanswered,
)
from shuoshi.matters.vocabulary import (
    Action,
    EmergencyReportKind,
    Mediated,
    ResultState,
    Urgency,
)
from tests.knowledge.written import answered, cite, published
from tests.matters import outside
from tests.support.attempts import sample
from tests.support.village import Place, group


@dataclass
class Scene:
    """A matter that was followed up once, one that is being handled, one that nobody took up, and one merged into another."""

    town: Place
    rated: Matter
    handled: Matter
    fresh: Matter
    reviewed: Matter
    merged: Matter
    agreed: Matter
    adopted: Matter


def again(row: models.Model, **other: Any) -> None:
    """Insert the row a second time under another key; what is encrypted is sealed for its new place."""
    texts = [field.attname for field in row._meta.fields if isinstance(field, EncryptedText)]
    values = {name: getattr(row, name) for name in texts} | other
    row.pk = new_id()
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def change(row: Matter, **values: Any) -> None:
    Matter.objects.filter(pk=row.pk).update(**values)


def first(model: type[models.Model], **which: Any) -> Any:
    return model._default_manager.filter(**which).order_by("pk")[0]


def agreed_twice(scene: Scene) -> None:
    """Another agreement of the same number, from another mediation."""
    agreement = first(Agreement, matter=scene.agreed)
    again(first(Mediation, matter=scene.agreed))
    others = Mediation.objects.filter(matter=scene.agreed).exclude(pk=agreement.mediation_id)
    again(agreement, mediation=others.get())


def opened_twice(scene: Scene) -> None:
    """A second mediation while one is open."""
    Mediation.objects.filter(matter=scene.agreed).update(outcome=Mediated.OPEN, ended_at=None)
    again(first(Mediation, matter=scene.agreed))


def request_of(scene: Scene) -> Request:
    return Request.objects.get(matter=scene.handled)


def entry_of(scene: Scene, **values: Any) -> None:
    again(first(Entry, matter=scene.fresh), **values)


def a_deadline(scene: Scene) -> Deadline:
    return first(Deadline, matter=scene.handled, outcome="OPEN")


def update_deadline(scene: Scene, **values: Any) -> None:
    Deadline.objects.filter(pk=a_deadline(scene).pk).update(**values)


def co_unit_twice(scene: Scene) -> None:
    for _ in range(2):
        unit = scene.town.units["柳湾村"]
        CoUnit.objects.create(matter=scene.handled, assignment=scene.handled.assignment, unit=unit)


def prepared_twice(scene: Scene) -> None:
    result = first(Result, matter=scene.rated)
    for ordinal in (8, 9):
        again(result, ordinal=ordinal, state=ResultState.PREPARED)


def successor_twice(scene: Scene) -> None:
    old = first(Deadline, matter=scene.rated, outcome="MET")
    for _ in range(2):
        again(
            first(Deadline, matter=scene.rated, kind="completion", outcome="OPEN"),
            kind="x",
            about=str(new_id()),
            follows=old,
        )


def cited_twice(scene: Scene) -> None:
    answered(scene.town, cite(published(scene.town)))
    again(first(Citation))


def asked_twice(scene: Scene) -> None:
    answered(scene.town)
    again(first(Unanswered))


def emergency(scene: Scene) -> Matter:
    matter = scene.town.raise_matter(by="王芳", urgency=Urgency.U1)
    return scene.town.report(matter, EmergencyReportKind.INITIAL)


def file_twice(scene: Scene, **values: Any) -> None:
    again(first(Emergency, matter=emergency(scene)), **values)


def reported_twice(scene: Scene, **values: Any) -> None:
    again(first(EmergencyReport, matter=emergency(scene)), **values)


def called_twice(scene: Scene) -> None:
    again(first(DutyCall, matter=emergency(scene)))


def ordered(scene: Scene) -> OutsideOrder:
    return OutsideOrder.objects.get(matter=outside.objected(scene.town))


def entrusted(scene: Scene) -> Agency:
    return Agency.objects.get(matter=outside.entrusted(scene.town, Action.TAKE_PAPERS))


def letter(scene: Scene) -> HandOver:
    return HandOver.objects.get(matter=outside.handed_over(scene.town))


def update(row: models.Model, **values: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**values)


def card(scene: Scene, times: int = 1, **values: Any) -> None:
    clock_of, unit = a_deadline(scene), scene.handled.lead_unit
    given = {"colour": "yellow", "cause": "near", "kind": clock_of.kind, "due_at": clock_of.due_at} | values
    for _each in range(times):
        Card.objects.create(matter=scene.handled, deadline=clock_of, unit=unit, at=clock.now(), **given)
        clock_of = first(Deadline, matter=scene.rated) if "quarter" in values else clock_of


def talk(scene: Scene, times: int = 1, **values: Any) -> None:
    card(scene, colour="talk", cause="long")
    found, head, leader = first(Card, colour="talk"), scene.town.persons["周建国"], scene.town.persons["马镇长"]
    given = {"person_id": head, "by_id": leader, "talked_at": found.at, "at": found.at} | values
    for _each in range(times):
        row = Talk(matter=scene.handled, card=found, **given)
        row.text = "本周答复。"
        row.save(force_insert=True)


def many(scene: Scene) -> Matter:
    return scene.town.raise_matter(by="王芳", group=group("甲", "乙"))


def seated_again(scene: Scene) -> None:
    """A later spokesperson on a seat that somebody holds."""
    held, other = Spokesperson.objects.filter(matter=many(scene)).order_by("seat")
    held.delete()
    again(other, seat=2, party=held.party)


def relate(scene: Scene, matter: Matter, earlier: Matter) -> None:
    by = scene.town.persons["赵红"]
    Relation.objects.create(matter=matter, earlier=earlier, kind="linked", by_id=by, at=clock.now())


def related_twice(scene: Scene) -> None:
    for _ in range(2):
        relate(scene, scene.fresh, scene.rated)


def a_sample(scene: Scene) -> Sample:
    """Of an answer at the counter that is to be looked at."""
    town = scene.town
    town.look_at_ends()
    matter = town.run("王芳", sample(town, Action.ANSWER_ON_THE_SPOT, m := town.raise_matter()), m)
    return first(Sample, matter=matter)


def called_about(scene: Scene, **said: object) -> SampleCall:
    one = a_sample(scene)
    given = {"asked_by_id": scene.town.persons["赵红"], "at": clock.now(), "way": "call"} | said
    return SampleCall.objects.create(matter=one.matter, sample=one, **given)
