"""The duty list (which unit answers for what) and the roster of duty officers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.forms.settings import DutyLineForm, RosterForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.desk.views.settings.pages import Deed, FormPage, Part, Row
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import day, moment
from shuoshi.kernel.web import page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.organization import actions, duty, profile
from shuoshi.organization.models import DutyLine, DutyRoster
from shuoshi.organization.profile import Profile


@page(access=rights.administrator)
def duties(request: DeskRequest) -> HttpResponse:
    """The whole list with a form to add a line; a line is struck, never edited."""
    rules = profile.current()
    form = DutyLineForm(posted(request), profile=rules)
    if "row" in request.POST and posted_deed(request):
        actions.close_duty_line(get_object_or_404(DutyLine, pk=posted_row(request)).pk, actor=request.actor)
        messages.success(request, _("这一条停用了。"))
        return redirect("desk:set_duties")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        area = UUID(data["area"]) if data["area"] else None
        actions.add_duty_line(
            data["category"], UUID(data["unit"]), area_id=area, note=data["note"], actor=request.actor
        )
        messages.success(request, _("职责清单加好了。"))
        return redirect("desk:set_duties")
    lines = list(DutyLine.objects.filter(active=True).select_related("unit", "area").order_by("category", "id"))
    return show(
        request,
        FormPage(
            title=_("职责清单"),
            form=form,
            verb=_("增加一条"),
            back=reverse("desk:settings"),
            note=_("交办时，最细的类别、最小的地方排在最前。不按清单交办要写理由。"),
            parts=[
                Part(
                    _("现行清单"),
                    rows=[
                        Row(
                            [
                                _name(rules, one.category),
                                one.area.name if one.area else _("不分地方"),
                                one.unit.name,
                                one.note,
                            ],
                            key=str(one.pk),
                            deeds=[Deed("close", _("停用"))],
                        )
                        for one in lines
                    ],
                    empty=_("还没有职责清单，每件事都要写交办理由。"),
                    columns=[_("类别"), _("地方"), _("由谁承办"), _("说明")],
                )
            ],
        ),
    )


@page(access=rights.administrator)
def roster(request: DeskRequest) -> HttpResponse:
    """Who is on duty from when to when."""
    form = RosterForm(posted(request))
    if "row" in request.POST and posted_deed(request):
        actions.cancel_duty(get_object_or_404(DutyRoster, pk=posted_row(request)).pk, actor=request.actor)
        messages.success(request, _("这一班撤销了。"))
        return redirect("desk:set_roster")
    if request.method == "POST" and form.is_valid():
        unit, person = form.officer_given
        data = form.cleaned_data
        actions.put_on_duty(unit, person, data["starts_at"], data["ends_at"], actor=request.actor)
        messages.success(request, _("排好了。"))
        return redirect("desk:set_roster")
    coming = DutyRoster.objects.filter(active=True, ends_at__gt=clock.now()).select_related("unit", "person")
    lines = list(coming.order_by("starts_at", "id")[:200])
    return show(
        request,
        FormPage(
            title=_("值班表"),
            form=form,
            verb=_("排班"),
            back=reverse("desk:settings"),
            note=_("没有排班的时候，单位的值班员都会收到提醒。"),
            parts=[
                Part(
                    _("从现在起"),
                    rows=[
                        Row(
                            [one.person.name, one.unit.short_name, moment(one.starts_at), moment(one.ends_at)],
                            key=str(one.pk),
                            deeds=[Deed("cancel", _("撤销"))],
                        )
                        for one in lines
                    ],
                    empty=_("还没有排班。"),
                    columns=[_("值班员"), _("单位"), _("从"), _("到")],
                ),
                Part(
                    _("七天以内没有排满的日子"),
                    rows=[Row([gap.unit.short_name, day(gap.day)]) for gap in duty.gaps(clock.now())],
                    empty=_("七天以内都排满了。"),
                    columns=[_("单位"), _("哪天")],
                ),
            ],
        ),
    )


def _name(rules: Profile, code: str) -> str:
    """A kind's letter, a group or a category in words; what these rules do not know as its code."""
    for kind in rules.kinds:
        if kind.letter == code:
            return _("%(kind)s（全部）") % {"kind": kind}
    return rules.path(code)
