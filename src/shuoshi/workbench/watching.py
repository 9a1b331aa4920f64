"""Watching a matter: begun and ended by oneself, and up to when one knows of it. Nobody else learns who watches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.workbench.models import Watch

MOST = 200  # matters one person watches: more nobody reads


def begin(matter_id: UUID, *, actor: Actor) -> None:
    """Watch it from now on; a second time does nothing. Raises Refused, Matter.DoesNotExist out of sight."""
    now = clock.now()
    try:
        with transaction.atomic():
            if not visible_to(actor).filter(pk=matter_id).exists():
                raise Matter.DoesNotExist
            own = Watch.objects.filter(person=actor.person_id, ended_at__isnull=True)
            if own.filter(matter=matter_id).exists():
                return
            if own.count() >= MOST:
                raise Refused("too_many_watched", _("最多关注 %(n)d 件，先去掉几件。") % {"n": MOST})
            row = Watch(person_id=actor.person_id, matter_id=matter_id, begun_at=now, looked_at=now)  # type: ignore[misc]  # staff are persons
            story = Story(Stream.of("watch", row), "begin_watch", by=actor, at=now, first=True)
            story.add(row)
            story.tell()
    except IntegrityError:  # the other of two presses was there first
        return


def end(matter_id: UUID, *, actor: Actor) -> None:
    """Watch it no longer; a second time does nothing."""
    now = clock.now()
    with transaction.atomic():
        mine = Watch.objects.filter(person=actor.person_id, matter=matter_id, ended_at__isnull=True)
        for row in mine.select_for_update():
            story = Story(Stream.of("watch", row), "end_watch", by=actor, at=now)
            story.change(row, ended_at=now)
            story.tell()


def looked(matters: Iterable[UUID], until: datetime, *, actor: Actor) -> int:
    """This person knows what happened to these up to a moment, which is never later than now; how many moved on."""
    moment = min(until, clock.now())
    mine = Watch.objects.filter(person=actor.person_id, matter__in=list(matters), ended_at__isnull=True)
    return mine.filter(looked_at__lt=moment).update(looked_at=moment)
