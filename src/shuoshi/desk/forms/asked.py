"""What waits for a ruling, in words: whoever rules reads all that was asked for, above the form (4.4.2, 5.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from shuoshi.desk.forms.choices import named
from shuoshi.kernel.templatetags.shuoshi import day, moment
from shuoshi.matters.models import Matter, Request
from shuoshi.matters.vocabulary import OF_THE_WORK, BeyondUs, Exit, RequestKind, RequestState
from shuoshi.organization.profile import Profile

Lines = list[tuple[str, str]]


def asked(matter: Matter, kind: RequestKind, profile: Profile) -> Lines:
    """Each part of the pending request of this kind under its name; empty where none waits. One statement."""
    pending = matter.requests.filter(kind=kind, state=RequestState.PENDING)
    request = pending.select_related("requester", "about_person", "unit").first()
    if request is None:
        return []
    request.matter = matter
    lines = _LINES.get(kind, _plain)
    found = [(_("谁提的"), f"{_who(request)} {moment(request.requested_at)}"), *lines(request, profile)]
    return [(name, said) for name, said in found if said]


def _return(request: Request, profile: Profile) -> Iterator[tuple[str, str]]:
    reasons = {one.code: str(one) for one in profile.return_reasons}
    yield _("理由类别"), reasons.get(request.reason_code, "")
    yield _("为什么不该由本单位办"), request.text
    yield _("建议由谁办"), request.unit.name if request.unit else ""


def _exit(request: Request, profile: Profile) -> Iterator[tuple[str, str]]:
    yield _("按哪一条办结"), str(Exit(request.exit).label)
    yield _("事实和证据"), request.text
    yield _("依据"), request.basis
    yield _("告知的权利和途径"), request.rights_notice


def _recusal(request: Request, profile: Profile) -> Iterator[tuple[str, str]]:
    about = request.about_person.name if request.about_person else request.unit.name if request.unit else ""
    itself = request.about_person is not None and request.requester == request.about_person
    yield _("谁要回避"), _("他自己") if itself else about
    yield _("是什么关系"), request.text


def _escalation(request: Request, profile: Profile) -> Iterator[tuple[str, str]]:
    yield _("为什么办不了"), str(BeyondUs(request.reason_code).label)
    yield _("具体情况，已经做了什么"), request.text


def _extension(request: Request, profile: Profile) -> Iterator[tuple[str, str]]:
    yield _("延几个工作日"), str(request.days)
    yield _("超过法定期限"), _("是，要由领导裁定") if request.leaders_only else ""
    yield _("为什么要延期"), request.text
    yield _("延期后怎么办"), request.plan


def _pause(request: Request, profile: Profile) -> Iterator[tuple[str, str]]:
    yield _("因为什么"), {one.code: str(one) for one in profile.pause_causes}.get(request.reason_code, "")
    yield _("在等什么"), request.text
    yield _("最晚到哪天"), day(request.until)


def _parking(request: Request, profile: Profile) -> Iterator[tuple[str, str]]:
    yield _("客观原因"), {one.code: str(one) for one in profile.park_reasons}.get(request.reason_code, "")
    yield _("为什么现在办不了"), request.text
    yield _("正在采取的措施"), request.plan
    yield _("目标日期"), day(request.until)


def _plain(request: Request, profile: Profile) -> Iterator[tuple[str, str]]:
    yield _("理由"), request.text


def _who(request: Request) -> str:
    """A member of staff with the unit they ask for; else the speaker, and for an exit the rule."""
    if request.requester is None:
        return _("按规则自动") if request.kind == RequestKind.EXIT else _("说事人")
    lead = request.matter.lead_unit
    of_the_unit = request.kind in OF_THE_WORK and lead is not None
    return str(named(request.requester.name, lead.short_name)) if of_the_unit and lead else str(request.requester.name)


_LINES: dict[RequestKind, Callable[[Request, Profile], Iterator[tuple[str, str]]]] = {
    RequestKind.RETURN: _return,
    RequestKind.ESCALATION: _escalation,
    RequestKind.EXTENSION: _extension,
    RequestKind.PAUSE: _pause,
    RequestKind.PARK: _parking,
    RequestKind.EXIT: _exit,
    RequestKind.RECUSAL: _recusal,
}
