"""The verb on background work that was given up. What runs and when, kernel.tasks knows."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, tasks
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.actions.changes import Deed
from shuoshi.organization.policies import require_arranger


def try_task_again(task_id: UUID, *, actor: Actor) -> None:
    """Have a task that was left to people begin again. Raises Refused where it is given up no more."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        name = tasks.begin_anew(task_id)
        if not name:
            raise Refused("task_not_given_up", _("这项后台任务已经在重试，或者已经做成了。"))
        story = Story(Stream("task", str(task_id)), Deed.TRY_TASK_AGAIN, by=actor, at=now)
        story.fact(task=name)
        story.tell()
