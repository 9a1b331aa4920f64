"""Groups led at random by everybody: never satisfied by fewer than all, never more than five who speak."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.verify import verify
from shuoshi.matters.actions.hearing import word_of
from shuoshi.matters.models import Matter, Rating
from shuoshi.matters.vocabulary import Exit, Heard, Status
from tests.matters import cells
from tests.matters.test_random_walks import attempt, hold, no_way_is_blocked
from tests.support.village import Place, group


def satisfied_by_everybodys_word(matter: Matter) -> None:
    """Each who still spoke when it ended said so last of the reply that stood."""
    if matter.exit != Exit.SATISFIED:
        return
    for part in matter.spokespersons.filter(left_at__isnull=True):
        last = Rating.objects.filter(matter=matter, spokesperson=part, round=matter.round).latest("at", "id")
        assert word_of(last) == Heard.SATISFIED, f"{part} was not content"


def counted(matter: Matter) -> None:
    held = list(matter.spokespersons.filter(left_at__isnull=True))
    assert len(held) <= 5 and (held or matter.status == Status.CLOSED)
    if matter.status == Status.IN_FOLLOW_UP:
        assert matter.answers_owed == sum(part.heard != Heard.SATISFIED for part in held)


@pytest.mark.once  # rules; what they write, the random walks and the tests of groups write there, too
@pytest.mark.parametrize("seed", range(3))
def test_groups_led_at_random_break_nothing(town: Place, seed: int):
    dice, lawful = random.Random(seed), 0
    begins = (Status.REGISTERED, Status.IN_HANDLING, Status.IN_FOLLOW_UP, Status.IN_FOLLOW_UP)
    matters = [town.matter_in(status, by="王芳", group=group()) for status in begins]
    town.other = town.raise_matter()
    staff = cells.everybody(town, matters[0])
    with clock.simulated(clock.now()) as simulation:
        for _ in range(220):
            matter = Matter.objects.get(pk=dice.choice(matters).pk)
            if dice.random() < 0.04:
                simulation.move_to(clock.now() + timedelta(hours=dice.choice([5, 26, 60])))
                clocks.sweep(clock.now())
                continue
            parts = matter.spokespersons.order_by("seat")
            speaks = {
                f"代表 {part.seat}": Actor(ActorKind.SPEAKER, matter_id=matter.pk, part=part.pk) for part in parts
            }
            if attempt(town, dice, matter, staff | speaks):
                lawful += 1
                no_way_is_blocked(town, matter)
            hold(matter)
            matter = Matter.objects.get(pk=matter.pk)
            satisfied_by_everybodys_word(matter)
            counted(matter)
    assert lawful > 25
    assert list(verify()) == []
