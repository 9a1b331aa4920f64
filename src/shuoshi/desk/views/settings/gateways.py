"""What messages leave by: text messages, e-mail, group robots; and what could not leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.channels.mail.models import Inbox
from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.gateways import MailForm, RobotForm, SmsForm, TryMailForm, TryPhoneForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.desk.views.settings.pages import Deed, FormPage, ListPage, Part, Row
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import keyset, page, show
from shuoshi.kernel.web.forms import Form
from shuoshi.notices import actions, circuits, queries, wording
from shuoshi.notices.models import Circuit, Gateway, Provider, Robot, Vendor, Way, Why
from shuoshi.notices.ways import Answer, Came
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Unit

_SECRETS = frozenset(actions.SECRETS)


@page(access=rights.administrator, methods=("GET",))
def gateways(request: DeskRequest) -> HttpResponse:
    """Which ways are open; without any, people tell by hand."""
    known, down = {row.way: row for row in Gateway.objects.all()}, circuits.down()
    rows = [
        Row([Way.SMS.label, *_stands(known.get(Way.SMS))], reverse("desk:set_sms"), _mark(down.get("sms"))),
        Row([Way.EMAIL.label, *_stands(known.get(Way.EMAIL))], reverse("desk:set_mail"), _mark(down.get("email"))),
        Row([_("收信的邮箱"), *_inbox()], reverse("desk:set_inbox")),
        Row([_("发不出去的通知"), _("%(n)d 条") % {"n": queries.dead()[:100].count()}, ""], reverse("desk:set_dead")),
    ]
    note = _("没有配通道也不会漏：要告知说事人的，都在受理中心的“要告知的”清单里由人打电话。")
    columns = [_("通道"), _("现在"), _("服务商")]
    return show(request, ListPage(title=_("短信和邮件"), columns=columns, rows=rows, note=note))


def _mark(circuit: Circuit | None) -> str:
    """Of a channel that is down."""
    return _("连不上，%(at)s再试") % {"at": moment(circuit.probe_at, "short")} if circuit else ""


def _inbox() -> tuple[str, str]:
    row = Inbox.objects.first()
    if row is None:
        return _("没有配"), ""
    return (_("在用") if row.active else _("停着")), row.address


def _stands(row: Gateway | None) -> tuple[str, str]:
    if row is None:
        return _("没有配"), ""
    return (_("在用") if row.active else _("停着")), str(Provider(row.provider).label)


@page(access=fresh(rights.administrator), secret=True)
def sms(request: DeskRequest) -> HttpResponse:
    row = Gateway.objects.filter(way=Way.SMS).first()
    known, typed = (row.given if row else {}), _typed(request)
    first = _shown(known) | {"provider": row.provider if row else Provider.ALIYUN, "active": row is None or row.active}
    first["stop"] = known.get("stop") == "1"
    form = SmsForm(typed.get("save"), known=known, demo=organization.institution().demo, initial=first)
    trying = TryPhoneForm(typed.get("try"), prefix="try")
    note = _(
        "短信里只有编号和查进度的网址。运营商不许变量里带网址，所以网址写在模板的固定文字里。给说事人和给值班员的各要一个模板。"
    )
    return _gateway(request, Way.SMS, _("短信"), note, form, trying)


@page(access=fresh(rights.administrator), secret=True)
def mail(request: DeskRequest) -> HttpResponse:
    row = Gateway.objects.filter(way=Way.EMAIL).first()
    typed = _typed(request)
    first = {"port": 465, "security": "ssl", "active": True} | _shown(row.given if row else {})
    form = MailForm(typed.get("save"), initial=first | ({"active": row.active} if row else {}))
    trying = TryMailForm(typed.get("try"), prefix="try")
    note = _("给留了邮箱的说事人和工作人员发邮件，邮件里只有编号和链接。")
    return _gateway(request, Way.EMAIL, _("电子邮件"), note, form, trying)


def _gateway(
    request: DeskRequest, way: Way, title: str, note: str, form: SmsForm | MailForm, trying: TryPhoneForm | TryMailForm
) -> HttpResponse:
    do = posted_deed(request)
    here = "desk:set_sms" if way == Way.SMS else "desk:set_mail"
    if do == "save" and form.is_valid():
        provider = Provider(form.cleaned_data.get("provider", Provider.SMTP))
        actions.set_gateway(way, provider, form.given(), active=form.cleaned_data["active"], actor=request.actor)
        messages.success(request, _("通道保存好了。请试发一条。"))
        return redirect(here)
    if do == "try" and trying.is_valid():
        to, to_staff = trying.cleaned_data["to"], trying.cleaned_data.get("whose") == "staff"
        _say(request, actions.try_gateway(way, to, to_staff=to_staff, actor=request.actor))
        return redirect(here)
    return show(
        request,
        FormPage(
            title=title,
            form=form,
            verb=_("保存"),
            back=reverse("desk:set_gateways"),
            note=note,
            parts=[Part(_("试发一条"), trying, "try", _("试发"))],
        ),
        status=_status(form, trying),
    )


@page(access=rights.administrator)
def dead(request: DeskRequest) -> HttpResponse:
    """What could not leave, the latest first: once more, or by hand."""
    do = posted_deed(request)
    if do in ("again", "by_hand"):
        act = actions.send_again if do == "again" else actions.by_hand_instead
        act(posted_row(request), actor=request.actor)
        messages.success(request, _("马上再发。") if do == "again" else _("改由人告知了。"))
        return redirect("desk:set_dead")
    listed = keyset(queries.dead(), request.GET.get("after", ""), ("-settled_at", "-id"))
    rows = [
        Row(
            [
                f"{one.number} {wording.name_of(one.kind)}".strip(),
                f"{Way(one.way).label} · {one.get_to_display()}",
                f"{moment(one.settled_at, 'short')} · {Why(one.why).label if one.why else ''}",
            ],
            key=str(one.pk),
            deeds=[Deed("again", _("再发")), Deed("by_hand", _("改由人告知"))],
        )
        for one in listed.rows
    ]
    note = _("这些都确定没有发出去，可以放心再发。先看看通道是不是好了：试发一条。")
    columns = [_("通知"), _("怎么发、发给谁"), _("什么时候，为什么")]
    part = Part(_("发不出去的"), rows=rows, empty=_("没有发不出去的通知。"), columns=columns)
    back = reverse("desk:set_gateways")
    return show(request, FormPage(title=_("发不出去的通知"), form=None, verb="", back=back, note=note, parts=[part]))


@page(access=rights.administrator, methods=("GET",))
def robots(request: DeskRequest) -> HttpResponse:
    """Every unit in use, and whether its group is told."""
    known = {row.unit_id: row for row in Robot.objects.all()}
    rows = [
        Row([unit.name, *_robot_stands(known.get(unit.pk))], reverse("desk:set_robot", args=[unit.pk]))
        for unit in organization.units()
    ]
    note = _("单位的群里只收到编号和链接，每个工作日早上还收到一条当天的清单。")
    return show(
        request, ListPage(title=_("群机器人"), columns=[_("单位"), _("现在"), _("哪一家")], rows=rows, note=note)
    )


def _robot_stands(row: Robot | None) -> tuple[str, str]:
    if row is None:
        return _("没有配"), ""
    return (_("在用") if row.active else _("停着")), str(Vendor(row.vendor).label)


@page(access=fresh(rights.administrator), secret=True)
def robot(request: DeskRequest, key: UUID) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=key)
    row = Robot.objects.filter(unit=unit).first()
    do, typed = posted_deed(request), _typed(request)
    first = {"vendor": row.vendor if row else Vendor.WECOM, "active": row is None or row.active}
    form = RobotForm(typed.get("save"), known=row, initial=first)
    if do == "save" and form.is_valid():
        data = form.cleaned_data
        actions.set_robot(
            unit, Vendor(data["vendor"]), data["webhook"], data["secret"], active=data["active"], actor=request.actor
        )
        messages.success(request, _("机器人保存好了。请试发一条。"))
        return redirect("desk:set_robot", key)
    if do == "try":
        _say(request, actions.try_robot(unit, actor=request.actor))
        return redirect("desk:set_robot", key)
    return show(
        request,
        FormPage(
            title=_("%(unit)s的群机器人") % {"unit": unit.short_name},
            form=form,
            verb=_("保存"),
            back=reverse("desk:set_robots"),
            note=_("在群里加一个“自定义机器人”，把它的地址整个复制过来。知道地址的人都能往群里发话，请不要转给别人。"),
            deeds=[Deed("try", _("试发一条"), "send")] if row else [],
        ),
    )


def _say(request: DeskRequest, answer: Answer) -> None:
    tell = messages.success if answer.came is Came.OUT else messages.error
    tell(request, actions.answered(answer))


def _shown(known: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in known.items() if name not in _SECRETS}


def _typed(request: DeskRequest) -> dict[str, QueryDict]:
    """What was posted, under the button that was pressed."""
    do = posted_deed(request)
    return {do: request.POST} if do else {}


def _status(*several: Form) -> int:
    return 422 if any(form.is_bound and not form.is_valid() for form in several) else 200
