"""What people give where something is urgent, by dice."""

from __future__ import annotations

import random

from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import Action, Complexity, Kind
from tests.support.attempts import report
from tests.support.village import Place, default_profile


def of_emergency(action: Action, dice: random.Random, place: Place, matter: Matter, category: str) -> Terms | None:
    """Terms of the rows of an emergency; None for any other row."""
    match action:
        case Action.DISPATCH_EMERGENCY:
            return terms.DispatchEmergency(
                unit=dice.choice(list(place.units.values())).pk,
                handler=dice.choice(list(place.persons.values())),
                goes="两个人",
                done="断了电",
                title="电线垂下来了",
            )
        case Action.COMPLETE_PAPERS:
            kind = Kind(default_profile().kind_of(category).code)
            complexity = dice.choice(list(Complexity))
            return terms.CompletePapers(
                kind=kind, category=category, complexity=complexity, title="电线垂下来了", reason="夜里先派的"
            )
        case Action.REPORT_EMERGENCY:
            return report(matter)
        case Action.STAND_DOWN:
            return terms.StandDown(text="接好了")
    return None
