"""My day: overdue, due today, awaiting my decision, what was told to me since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.desk import actions, first_steps, news, rights
from shuoshi.desk.first_steps import FirstStep
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.news import Changed
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues
from shuoshi.organization import queries as organization
from shuoshi.workbench import queries as workbench
from shuoshi.workbench.models import Reminder

SHOWN = 8


@dataclass(frozen=True)
class MyDayPage(PageData):
    template: ClassVar[str] = "desk/my_day.html"
    over: Sequence[Matter]
    today: Sequence[Matter]
    decide: Sequence[Matter]
    next_due_at: datetime | None  # when nothing is due today
    news: Sequence[news.Line]
    watched: Sequence[Changed]  # with changes since this person looked
    reminders: Sequence[Reminder]  # for today, or left from before
    now: datetime
    most_urgent: Matter | None
    first_steps: Sequence[FirstStep]  # in a demo only
    setting_up: bool  # for whoever may begin, until the institution has begun


@page(access=staff, methods=("GET",))
def my_day(request: DeskRequest) -> HttpResponse:
    """What this person owes today. Seven statements beside the frame; one more for the next date when nothing is due, two
    for whoever watches something, and one for whoever administers.
    """
    now = clock.now()
    midnight = datetime.combine(clock.local(now).date() + timedelta(days=1), time(), clock.INSTITUTION_ZONE)
    over = queues.queue(request.actor, "over", now).rows[:SHOWN]
    near = queues.queue(request.actor, "near", now).rows
    today = [matter for matter in near if matter.next_due_at < midnight][:SHOWN]
    decide = queues.queue(request.actor, "to_sign", now).rows[:SHOWN]
    return show(
        request,
        MyDayPage(
            over=over,
            today=today,
            decide=decide,
            next_due_at=None if today else queues.next_date(request.actor, midnight),
            news=news.lines(request.actor),
            watched=[one for one in news.watched(request.actor) if one.lines][:SHOWN],
            reminders=workbench.due(request.actor, clock.local(now).date()),
            now=now,
            most_urgent=next(iter([*over, *today]), None),
            first_steps=first_steps.shown(request, request.actor),
            setting_up=rights.administers(request.actor) and organization.institution().opened_at is None,
        ),
    )


@page(access=staff, methods=("POST",))
def read(request: DeskRequest, key: UUID) -> HttpResponse:
    """Tick a notice off as read."""
    actions.tick_off(key, actor=request.actor)
    return redirect("desk:my_day")


@page(access=staff, methods=("POST",))
def put_away(request: DeskRequest) -> HttpResponse:
    """The first steps are known by now."""
    first_steps.put_away(request)
    messages.success(request, _("收起了。下次登录还会列出来。"))
    return redirect("desk:my_day")
