"""Somebody asks to be forgotten (PIPL 47): what the law has kept is said, what need not be kept goes the way of all files."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.archive import appraising, policies, queries
from shuoshi.archive.queries import Held
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Matter

CLAUSE = "1.3.2"


def ask(number: str, *, actor: Actor) -> tuple[Sequence[Held], int]:
    """Write down that the speaker of a matter asked to be forgotten: what of theirs is kept, and how much was listed.

    What need not be kept is put on the list of destruction, by the same door and for the same second person. Raises
    Refused, Matter.DoesNotExist.
    """
    now = clock.now()
    with transaction.atomic():
        matter = Matter.objects.get(number=number)
        people, held = queries.of_the_same_person(actor, number, now)
        if not policies.may_appraise(actor, matter.home_path):
            raise appraising.not_yours()
        if not people:
            raise Refused("nobody_known", _("这件事是匿名说的，没有留下是谁，也就没有可以删除的个人信息。"))
        mine = [one for one in held if policies.may_appraise(actor, one.matter.home_path)]
        over = [one for one in mine if one.over and not one.listed]
        for path in sorted({one.matter.home_path for one in over}):
            here = [one.matter.pk for one in over if one.matter.home_path == path]
            appraising.put_on_list(here, actor=actor, asked=True)
        for person in sorted(people):
            story = Story(Stream("person", str(person)), "ask_erasure", by=actor, at=now, clause=CLAUSE)
            story.fact(about=str(matter.pk), kept=len(held) - len(over), listed=len(over))
            story.tell()
    return held, len(over)
