"""Deeds that are refused, too long to stand in the table of test_refusals."""

from __future__ import annotations

from shuoshi.kernel.throttle import PHONE_MISSES
from shuoshi.matters import papers, queries
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.support.village import Place


def too_many_numbers(town: Place) -> object:
    actor = town.actor("王芳")
    for n in range(PHONE_MISSES.free + 1):
        queries.earlier_of_phone(actor, f"1390000{n:04d}")
    return None


def named_otherwise(town: Place) -> object:
    """A paper with names, after somebody else became the speaker."""
    matter = Matter.objects.get(pk=town.matter_in(Status.IN_FOLLOW_UP).pk)
    issued = dict(papers.content_of(matter, papers.Ref(papers.PaperKind.REPLY, 1)))
    return papers.in_clear(issued | {"说事人": "赵某"}, papers.parties_of(matter))
