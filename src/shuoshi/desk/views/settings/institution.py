"""Settings home, the institution itself, its calendar and its rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.forms.settings import CalendarForm, InstitutionForm
from shuoshi.desk.frame import DeskRequest, capped
from shuoshi.desk.views.settings.changes import told
from shuoshi.desk.views.settings.pages import FormPage
from shuoshi.kernel import calendars, clock, steady
from shuoshi.kernel.calendars import CalendarYear
from shuoshi.kernel.web import PageData, page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.matters.queries.queues import CAP
from shuoshi.notices import queries as notices
from shuoshi.organization import actions, checklist
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Unit, UnitKind
from shuoshi.people import actions as people


@dataclass(frozen=True)
class Door:
    """One section of the settings."""

    label: str
    url: str
    icon: str
    says: str
    mark: str = ""


@dataclass(frozen=True)
class HomePage(PageData):
    template: ClassVar[str] = "desk/settings/home.html"
    doors: Sequence[Door]


def undesignated() -> int:
    """Departments in use without a designated person (4.3.1)."""
    return Unit.objects.filter(kind=UnitKind.DEPARTMENT, active=True, designated__isnull=True).count()


@page(access=rights.administrator, methods=("GET",))
def home(request: DeskRequest) -> HttpResponse:
    return show(request, HomePage(doors=doors()))


def doors(*, marked: bool = True) -> list[Door]:
    """All sections in the order of the page; `marked`: with what waits in them, which costs statements."""
    return [
        Door(
            _("开始受理"),
            reverse("desk:set_start"),
            "flag",
            _("还缺什么、还可以补上什么"),
            _start_mark() if marked else "",
        ),
        Door(
            _("运行状况"),
            reverse("desk:set_health"),
            "gauge",
            _("磁盘、备份、期限、后台程序：哪里不好，怎么办"),
            _("%(n)d 件要处理") % {"n": len(alarms)} if marked and (alarms := steady.alarms()) else "",
        ),
        Door(_("机构"), reverse("desk:set_institution"), "building-2", _("名称、热线、地址")),
        Door(
            _("单位和岗位"),
            reverse("desk:set_units"),
            "users",
            _("单位、任职、指定专人"),
            _("%(n)d 个部门还没有指定专人") % {"n": missing} if marked and (missing := undesignated()) else "",
        ),
        Door(_("用表格导入"), reverse("desk:set_roll"), "download", _("一次加上许多单位和人员")),
        Door(_("人员和账号"), reverse("desk:set_people"), "user", _("谁能登录")),
        Door(
            _("两位管理员一起办的事"),
            reverse("desk:set_seconds"),
            "shield",
            _("权限高的账号和岗位"),
            _("%(n)d 件在等答复") % {"n": len(waiting)} if marked and (waiting := people.waiting()) else "",
        ),
        Door(_("村、社区"), reverse("desk:set_areas"), "map-pin", _("说事地点和事发地点从这里选")),
        Door(_("说事点"), reverse("desk:set_points"), "house", _("地址和开放时间")),
        Door(_("意见箱"), reverse("desk:set_boxes"), "mailbox", _("挂在哪里，由谁开，多久开一次")),
        Door(_("走访用的手机"), reverse("desk:visit_phones"), "smartphone", _("停用丢了的，导入应急文件")),
        Door(_("职责清单"), reverse("desk:set_duties"), "list", _("哪类事由谁承办")),
        Door(
            _("职责划转"),
            reverse("desk:set_transfers"),
            "arrow-right",
            _("按文件把职责和没办完的事交给别的单位"),
        ),
        Door(
            _("短信和邮件"),
            reverse("desk:set_gateways"),
            "send",
            _("用谁的通道发，发不出去的怎么办"),
            _("%(n)s 条发不出去") % {"n": capped(dead)}
            if marked and (dead := notices.dead()[: CAP + 1].count())
            else "",
        ),
        Door(_("群机器人"), reverse("desk:set_robots"), "message-square", _("单位的群里收到编号和链接")),
        Door(
            _("微信公众号"),
            reverse("desk:set_official"),
            "message-square",
            _("群众在公众号里说事、查进度"),
        ),
        Door(_("电话交换机"), reverse("desk:set_exchanges"), "phone", _("来电自动弹出，漏接的列出来回电")),
        Door(_("其他平台"), reverse("desk:set_platforms"), "link", _("别的平台代群众说事用的密钥")),
        Door(_("消息怎么说"), reverse("desk:set_wordings"), "message-circle-reply", _("短信、邮件里的话")),
        Door(_("报结的话"), reverse("desk:set_answers"), "send", _("上级件办好了，回复怎么写")),
        Door(_("后台做的事"), reverse("desk:set_jobs"), "history", _("什么时候做过，下一次什么时候")),
        Door(_("值班表"), reverse("desk:set_roster"), "phone", _("紧急的事通知谁")),
        Door(
            _("工作日历"),
            reverse("desk:set_calendar"),
            "calendar-days",
            _("放假和调休"),
            _calendar_mark() if marked else "",
        ),
        Door(_("文书模板"), reverse("desk:set_templates"), "file-text", _("登记表、答复书等印出来的样子")),
        Door(_("规则"), reverse("desk:set_profile"), "book-open", _("种类、类别、小问题、时限、文字")),
    ]


@page(access=rights.administrator)
def institution(request: DeskRequest) -> HttpResponse:
    row = organization.institution()
    if row is None:
        raise Http404
    form = InstitutionForm(posted(request), initial=InstitutionForm.first_of(row))
    if request.method == "POST" and form.is_valid():
        actions.edit_institution(form.given(), actor=request.actor)
        messages.success(request, _("机构信息改好了。"))
        return redirect("desk:set_institution")
    return show(
        request,
        FormPage(
            title=_("机构"),
            form=form,
            verb=_("保存"),
            back=reverse("desk:settings"),
            note=_("这是演示用的机构，永远不能改成真的。") if row.demo else "",
            history=told(organization.history("institution", row.pk), form),
        ),
    )


@page(access=rights.administrator)
def calendar(request: DeskRequest) -> HttpResponse:
    """Years and whether they are official; making one official recomputes the clocks that counted on a guess."""
    form = CalendarForm(posted(request), initial={"year": _next_year()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.make_year_official(data["year"], data["off"], data["worked"], actor=request.actor)
        messages.success(
            request, _("%(year)d 年的日历定好了。暂按周末算的期限，几分钟内按它重新计算。") % {"year": data["year"]}
        )
        return redirect("desk:set_calendar")
    return show(
        request,
        FormPage(
            title=_("工作日历"),
            form=form,
            verb=_("定为正式日历"),
            back=reverse("desk:settings"),
            warn=_calendar_mark(),
            note=_("正式的年份：%(years)s。别的年份暂按周末和法定节日计算。")
            % {"years": _("、").join(_official()) or "—"},
        ),
    )


def _official() -> list[str]:
    known = set(CalendarYear.objects.filter(official=True).values_list("year", flat=True))
    loaded = getattr(calendars.load(), "years", {})
    known |= {year for year, content in dict(loaded).items() if getattr(content, "official", False)}
    return [str(year) for year in sorted(known)]


def _next_year() -> int:
    return clock.local(clock.now()).year + 1


def _start_mark() -> str:
    """Until the institution is open, whatever else is advised."""
    return "" if organization.institution().opened_at else _("还没有开始受理")


def _calendar_mark() -> str:
    """From 1 November a mark asks for the next year."""
    missing = checklist.unpublished_year()
    return _("还没有 %(year)d 年的放假安排，跨年的期限暂按周末计算。") % {"year": missing} if missing else ""
