"""Verbs on the boxes themselves: hanging one up, changing it, taking it down. An administrator's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels.boxes.models import Box, LetterState
from shuoshi.channels.changes import change
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.models import Unit
from shuoshi.organization.policies import one_at_a_time, require_arranger


class Deed(models.TextChoices):
    """Names of the events of boxes, with the words of their history."""

    HANG_UP = "hang_up_box", gettext_lazy("设意见箱")
    EDIT = "edit_box", gettext_lazy("修改意见箱")
    TAKE_DOWN = "take_down_box", gettext_lazy("撤意见箱")


@dataclass(frozen=True, kw_only=True)
class BoxGiven:
    name: str
    place: str
    unit_id: UUID
    point_id: UUID | None
    every: int


def hang_up(given: BoxGiven, *, actor: Actor) -> Box:
    """A new box, to be opened for the first time within `every` days. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        _require(given, actor)
        check(given)
        row = Box(**vars(given), hung_on=clock.local(now).date())
        story = Story(Stream.of("box", row), Deed.HANG_UP, by=actor, at=now, first=True)
        story.add(row)
        story.tell()
    return row


def edit(box_id: UUID, given: BoxGiven, *, actor: Actor) -> Box:
    """Raises Refused."""
    with transaction.atomic():
        _require(given, actor)
        row = _hanging(box_id)
        check(given, row)
        change("box", row, Deed.EDIT, actor, **vars(given))
    return row


def take_down(box_id: UUID, *, actor: Actor) -> Box:
    """Refused while letters of it wait: they would be looked for nowhere."""
    with transaction.atomic():
        require_arranger(actor)
        row = _hanging(box_id)
        if row.openings.filter(letters__state=LetterState.WAITING).exists():
            raise Refused("letters_wait", _("这个意见箱还有信没有登记，登记完了再撤。"))
        change("box", row, Deed.TAKE_DOWN, actor, active=False)
    return row


def check(given: BoxGiven, row: Box | None = None) -> None:
    """Raise Refused for what cannot be; `row` is the box that is to become so, None for a new one."""
    named = Box.objects.filter(name=given.name, active=True)
    if (named.exclude(pk=row.pk) if row else named).exists():
        raise Refused("box_known", _("已经有一个叫“%(name)s”的意见箱。") % {"name": given.name})


def _require(given: BoxGiven, actor: Actor) -> None:
    """An administrator of the whole, for a unit beneath."""
    require_arranger(actor)
    one_at_a_time()
    require_arranger(actor, Unit.objects.values_list("path", flat=True).get(pk=given.unit_id))


def _hanging(box_id: UUID) -> Box:
    row = Box.objects.select_for_update().get(pk=box_id)
    if not row.active:
        raise Refused("box_down", _("这个意见箱已经撤了。"))
    return row
