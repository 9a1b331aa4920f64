"""Names of the events of points, with the words of their history, and what all their verbs begin with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.models import Point

CLAUSE = "3.1.1"


class Deed(models.TextChoices):
    SET_RULE = "set_day_rule", gettext_lazy("定固定说事日")
    END_RULE = "end_day_rule", gettext_lazy("停止固定说事日")
    DRAW_UP = "draw_up_day", gettext_lazy("排出说事日")
    ADD = "add_matter_day", gettext_lazy("加一个说事日")
    FOLLOW = "follow_calendar", gettext_lazy("放假安排变了，跟着改")
    CHANGE = "change_matter_day", gettext_lazy("改这个说事日")
    CANCEL = "cancel_matter_day", gettext_lazy("取消这个说事日")
    PLAN = "plan_sitting", gettext_lazy("排班")
    MOVE = "move_sitting", gettext_lazy("跟着说事日改")
    TAKE_BACK = "take_back_sitting", gettext_lazy("撤下排班")
    NOTE = "note_attendance", gettext_lazy("记在岗")
    STRIKE = "strike_attendance", gettext_lazy("划掉在岗记录")
    SET_QUEUE = "set_queue", gettext_lazy("设置叫号")
    DRAW = "draw_ticket", gettext_lazy("取号")
    CALL = "call_ticket", gettext_lazy("叫号")
    PASS = "pass_ticket", gettext_lazy("过号")
    FINISH = "finish_ticket", gettext_lazy("办好")
    RAISE = "register_ticket", gettext_lazy("登记了一件事")
    PRINT = "print_sheet", gettext_lazy("印表")
    PHOTOGRAPH = "photograph_sheet", gettext_lazy("拍照")
    TAKE_OFF = "take_off_photo", gettext_lazy("拿掉照片")
    REGISTER = "register_sheet", gettext_lazy("登记成一件事")
    SET_ASIDE = "set_sheet_aside", gettext_lazy("不登记")


def locked(point_id: UUID, *, closed: bool = False) -> Point:
    """The point with its unit, for which all that is arranged there waits. Raises Refused for one that is closed."""
    point = Point.objects.select_for_update(of=("self",)).select_related("unit").get(pk=point_id)
    if not point.active and not closed:
        raise Refused("point_closed", _("这个说事点已经停用。"))
    return point


def refuse_unless(allowed: bool, point: Point) -> None:
    if not allowed:
        raise Refused("not_of_this_point", _("这个说事点的事不由您安排。"), who_could=point.unit.name)


def story(kind: str, row: models.Model, deed: Deed, actor: Actor, now: datetime, *, first: bool = False) -> Story:
    return Story(Stream.of(kind, row), deed, by=actor, at=now, clause=CLAUSE, first=first)


def said_why(reason: str) -> str:
    """Raises Refused where nothing was said."""
    if not reason.strip():
        raise Refused("reason_missing", _("请写原因。"))
    return reason.strip()
