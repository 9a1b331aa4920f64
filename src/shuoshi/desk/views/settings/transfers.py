"""Duties that move from one unit to another by a document (职责划转)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.downloads import file_of
from shuoshi.desk.forms.transfers import TransferForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.desk.views.settings.pages import Deed, FormPage, Part, Row
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.organization import actions, profile
from shuoshi.organization.profile import Profile
from shuoshi.organization.transfer import DutyTransfer

SHOWN = 100


@page(access=rights.administrator)
def transfers(request: DeskRequest) -> HttpResponse:
    """Enter one, take one back before its day, and see how far each is. Nothing here edits one."""
    rules = profile.current()
    data = posted(request)
    form = TransferForm(data, request.FILES if data is not None else None, profile=rules)
    if "row" in request.POST and posted_deed(request):
        actions.cancel_transfer(get_object_or_404(DutyTransfer, pk=posted_row(request)).pk, actor=request.actor)
        messages.success(request, _("这次划转撤销了。"))
        return redirect("desk:set_transfers")
    if request.method == "POST" and form.is_valid():
        actions.enter_transfer(form.given(), actor=request.actor)
        messages.success(request, _("登记好了。到了那天，职责清单和没办完的事会在几分钟内划过去。"))
        return redirect("desk:set_transfers")
    rows = DutyTransfer.objects.select_related("from_unit", "to_unit", "area").order_by("-takes_effect_at", "-id")
    return show(
        request,
        FormPage(
            title=_("职责划转"),
            form=form,
            verb=_("登记划转"),
            back=reverse("desk:settings"),
            note=_(
                "要有文件。没办完的事跟着划过去，期限不变，由划入的单位重新签收；划转前已经超期的，仍记在划出单位名下。"
                "说事人看得到原因和接着办的单位。"
            ),
            parts=[
                Part(
                    _("登记过的划转"),
                    rows=[_row(one, rules) for one in rows[:SHOWN]],
                    empty=_("还没有登记过划转。"),
                    columns=[_("划出、划入"), _("职责"), _("文件"), _("从什么时候起"), _("划到哪一步")],
                )
            ],
        ),
    )


@page(access=rights.administrator, methods=("GET",))
def document(request: DeskRequest, key: UUID) -> HttpResponse:
    """The document of a transfer, as it came in."""
    found = get_object_or_404(DutyTransfer, pk=key)
    return file_of(found.read(), found.document_name or found.document_number, found.media_type)


def _row(one: DutyTransfer, rules: Profile) -> Row:
    what = _("、").join(_category(rules, code) for code in one.every_code) or _("全部职责")
    where = one.area.name if one.area else _("不分地方")
    return Row(
        [
            f"{one.from_unit.short_name} → {one.to_unit.short_name}",
            f"{what} · {where}",
            _document(one),
            moment(one.takes_effect_at),
            _state(one),
        ],
        key=str(one.pk),
        deeds=[Deed("cancel", _("撤销"))] if one.active and one.lines_moved_at is None else [],
    )


def _document(one: DutyTransfer) -> SafeString:
    address = reverse("desk:set_transfer_document", args=[one.pk])
    return format_html('<a href="{}">{}</a>', address, one.document_number)


def _state(one: DutyTransfer) -> str:
    if not one.active:
        return _("已撤销")
    if one.finished_at is not None:
        return _("已办完，划转 %(n)d 件") % {"n": one.moved}
    return _("正在划转") if one.lines_moved_at is not None else _("还没到日子")


def _category(rules: Profile, code: str) -> str:
    return next((str(kind) for kind in rules.kinds if kind.letter == code), "") or rules.path(code)
