"""Who answered, as papers name them: one unit, or of a divided matter the units of all its parts (4.2.2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.matters.answering import answered_by
from shuoshi.matters.models import Matter, Result
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.papers.subject import Subject, number_of


def units(result: Result) -> str:
    """By name, in the order of the parts."""
    if result.assignment is not None:
        return result.assignment.unit.name
    names = [part.lead_unit.name for part in _parts(result) if part.lead_unit is not None]
    return _("、").join(dict.fromkeys(names))


def phone(subject: Subject, result: Result) -> str:
    """Where to ask: the unit, or the hotline that knows all the parts."""
    own = result.assignment.unit.phone if result.assignment is not None else ""
    return own or subject.institution.hotline


def signed_by(subject: Subject, result: Result) -> str:
    """In whose name it goes out: what was put together, in that of the registry."""
    return subject.registry if result.assignment is None else result.assignment.unit.name


def orders(subject: Subject, result: Result) -> str:
    """The numbers of the orders it answers."""
    if result.assignment is not None:
        return number_of(subject.matter, subject.profile, Ref(PaperKind.ORDER, result.assignment.ordinal))
    parts = [part for part in _parts(result) if part.assignment is not None]
    numbers = [
        number_of(part, subject.profile, Ref(PaperKind.ORDER, part.assignment.ordinal if part.assignment else 1))
        for part in parts
    ]
    return _("、").join(numbers)


def _parts(result: Result) -> list[Matter]:
    """The parts whose words stand in it."""
    asked = set(result.points.values_list("demand__ordinal", flat=True))
    found = {part.pk: part for ordinal, part in answered_by(result.matter).items() if ordinal in asked}
    return sorted(found.values(), key=lambda part: part.part)
