"""What waits for a second administrator: agreeing carries the deed out. Which deeds wait is people's affair."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.desk.views.settings.pages import Deed, FormPage, Part, Row
from shuoshi.desk.views.settings.slips import slip
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import page, show
from shuoshi.matters.papers import PaperKind
from shuoshi.organization import actions as organization
from shuoshi.organization.models import Post, Unit
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people.models import Person, PrivilegedDeed, Proposal


def proposing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where a deed of this page needs a second administrator, put it before the others instead."""

    @wraps(view)
    def asked(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except people.SecondNeeded as needed:
            people.propose(needed, actor=request.actor)
            messages.success(request, _("这件事要两位管理员一起办。已经提出，等另一位同意。"))
            return redirect("desk:set_seconds")

    return asked


@page(access=fresh(rights.administrator))
def seconds(request: DeskRequest) -> HttpResponse:
    """Everything that waits; a code that comes of it is answered on paper."""
    if do := posted_deed(request):
        proposal = get_object_or_404(Proposal, pk=posted_row(request))
        paper: HttpResponse | None = None
        if do == "agree":
            paper = carry_out(proposal, request)
        else:
            people.decline(proposal.pk, actor=request.actor)
        if paper is not None:
            return paper
        messages.success(request, _("改好了。"))
        return redirect("desk:set_seconds")
    waiting = people.waiting()
    names = {person.pk: person.name for person in Person.objects.filter(pk__in=[one.by for one in waiting])}
    units = _units(waiting)
    rows = [
        Row(
            [
                one.get_deed_display(),
                " · ".join(filter(None, (one.person.name, _detail(one, units)))),
                names.get(one.by, ""),
                moment(one.at, "short"),
            ],
            key=str(one.pk),
            deeds=_deeds(one, request),
        )
        for one in waiting
    ]
    columns = [_("要办的事"), _("对谁"), _("谁提出的"), _("什么时候")]
    parts = [Part(_("等第二位管理员"), rows=rows, empty=_("没有等着的事。"), columns=columns)]
    note = _("管理员和监督人员的账号和岗位，还有文书模板，一个人不能单独改。七天没有人答复的，提出的人可以自己办。")
    title = _("两位管理员一起办的事")
    back = reverse("desk:settings")
    return show(request, FormPage(title=title, form=None, verb="", back=back, note=note, parts=parts))


def _deeds(proposal: Proposal, request: DeskRequest) -> list[Deed]:
    """An own proposal can be taken back, and carried out only when nobody has answered for long."""
    if people.waits_for_another(proposal, request.actor):
        return [Deed("decline", _("撤回"))]
    return [Deed("agree", _("同意并办理")), Deed("decline", _("不同意"))]


def carry_out(proposal: Proposal, request: DeskRequest) -> HttpResponse | None:
    """Do what was proposed; answers with the slip of a code. The verb itself checks who agrees."""
    actor, subject, back = request.actor, proposal.subject, request.path
    match PrivilegedDeed(proposal.deed):
        case PrivilegedDeed.CREATE_ACCOUNT:
            return slip(request, *people.open_account(subject, proposal.detail, actor=actor), first=True, back=back)
        case PrivilegedDeed.RESET_PASSWORD:
            return slip(request, *people.reset_password(subject, actor=actor), first=False, back=back)
        case PrivilegedDeed.ENABLE:
            people.enable(subject, actor=actor)
        case PrivilegedDeed.DROP_TOTP:
            people.drop_totp(subject, actor=actor)
        case PrivilegedDeed.DROP_PASSKEYS:
            people.drop_passkeys(subject, actor=actor)
        case PrivilegedDeed.APPOINT:
            role = Role(proposal.detail)
            organization.appoint(proposal.person_id, subject, role, title=proposal.title, actor=actor)
        case PrivilegedDeed.END_POST:
            organization.end_post(subject, actor=actor)
        case PrivilegedDeed.USE_TEMPLATE:
            organization.use_template(subject, actor=actor)
    return None


def _units(proposals: Sequence[Proposal]) -> dict[UUID, str]:
    """The unit of each post that is to be given or ended, by the subject of its proposal."""
    subjects = [one.subject for one in proposals]
    named = dict(Unit.objects.filter(pk__in=subjects).values_list("pk", "name"))
    return named | dict(Post.objects.filter(pk__in=subjects).values_list("pk", "unit__name"))


def _detail(proposal: Proposal, units: Mapping[UUID, str]) -> str:
    """The user name; of a post its unit, role and title, of a template which: nobody agrees to what they cannot see."""
    if proposal.deed == PrivilegedDeed.USE_TEMPLATE:
        paper, _colon, number = proposal.detail.partition(":")
        return _("%(paper)s第 %(n)s 版，请先到“文书模板”看预览") % {"paper": PaperKind(paper).label, "n": number}
    if proposal.deed not in (PrivilegedDeed.APPOINT, PrivilegedDeed.END_POST):
        return proposal.detail
    return " · ".join(filter(None, (units.get(proposal.subject), str(Role(proposal.detail).label), proposal.title)))
