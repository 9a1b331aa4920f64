"""Reviews of an answer, as the table of who may needs them: where nobody stands above, and the two of a petition."""

from __future__ import annotations

from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from shuoshi.organization.models import Post
from tests.support.looking import fresh
from tests.support.village import Place

UPHELD = terms.DecideReview(upheld=True, text="答复属实", basis="照明维护办法", remedies="可以向法院起诉")


def here(town: Place) -> Matter:
    """Nobody above: a leader of the town who had nothing to do with it."""
    people = [town.persons[name] for name in ("县分办", "县长")]
    Post.objects.filter(person__in=people).update(until=clock.now())
    matter = town.matter_in(Status.UNDER_REVIEW)
    Post.objects.filter(person__in=people).update(until=None)
    return matter


def to_the_end(town: Place) -> Matter:
    """A petition that a village answered: the town upholds it, then the county."""
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    Matter.objects.filter(pk=matter.pk).update(petition=True, tier_path=town.units["柳湾村"].path)
    for who in ("马镇长", "县长"):
        matter = town.run(town.speaker(matter), terms.RequestReview(text="只换了一盏"), fresh(matter))
        matter = town.run(who, UPHELD, matter)
    Matter.objects.filter(pk=matter.pk).update(tier_path=town.units["青禾镇"].path)
    return fresh(matter)
