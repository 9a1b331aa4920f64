"""Verbs on the institution itself and on its rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import calendars, clock, numbering
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.calendars import CalendarYear
from shuoshi.kernel.events import Story, Stream, instant
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.actions.changes import Deed, write_changed
from shuoshi.organization.models import Institution, ProfileVersion
from shuoshi.organization.policies import require_arranger
from shuoshi.organization.profile.canonical import canonical_text, digest
from shuoshi.organization.profile.schema import Profile


@dataclass(frozen=True)
class InstitutionGiven:
    """`code` is one to eight capital letters or digits: it stands in every number, SS-QH-20261117-0012."""

    name: str
    short_name: str
    code: str
    hotline: str
    address: str
    night_number: str = ""
    postcode: str = ""


def set_up_institution(given: InstitutionGiven, *, root_id: UUID, demo: bool, actor: Actor) -> Institution:
    """Make this installation the installation of one institution, once. Raises Refused when it is one already."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        if Institution.objects.exists():
            raise Refused("institution_stands", _("机构已经建立。"))
        _check(given)
        row = Institution(root_id=root_id, demo=demo, **asdict(given))
        story = Story(Stream.of("institution", row), Deed.SET_UP_INSTITUTION, by=actor, at=now)
        story.add(row)
        story.tell()
    return row


def open_institution(*, actor: Actor) -> Institution:
    """From now on matters are taken in; whether the institution is ready for it, matters decides. Once is for good."""
    now = clock.now()
    with transaction.atomic():
        row = Institution.objects.select_for_update().get()
        require_arranger(actor)
        if row.opened_at is None:
            story = Story(Stream.of("institution", row), Deed.OPEN_INSTITUTION, by=actor, at=now)
            story.change(row, opened_at=now)
            story.tell()
    return row


def come_back(*, copy: str, copied_at: datetime, next_number: str, actor: Actor) -> None:
    """Write down that all this was brought back from a copy, and with which number of a matter it goes on."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        row = Institution.objects.select_for_update().get()
        story = Story(Stream.of("institution", row), Deed.COME_BACK, by=actor, at=now)
        story.fact(copy=copy, copied_at=instant(copied_at), next_number=next_number)
        story.tell()


def edit_institution(given: InstitutionGiven, *, actor: Actor) -> Institution:
    """Change name, address and numbers. Whether it is a demo never changes: nobody has a verb for it."""
    now = clock.now()
    with transaction.atomic():
        row = Institution.objects.select_for_update().get()
        require_arranger(actor)
        _check(given)
        story = Story(Stream.of("institution", row), Deed.EDIT_INSTITUTION, by=actor, at=now)
        if write_changed(story, row, asdict(given)):
            story.tell()
    return row


def make_year_official(year: int, days_off: Iterable[date], makeup: Iterable[date], *, actor: Actor) -> CalendarYear:
    """Enter the published calendar of a year, by which all clocks count. Raises Refused as calendars.make_official does."""
    require_arranger(actor)
    return calendars.make_official(year, days_off, makeup, actor=actor)


def publish_profile(profile: Profile, *, note: str = "", actor: Actor) -> ProfileVersion:
    """Put rules in force for what is registered from now on; the same rules again change nothing."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        content = canonical_text(profile)
        newest = ProfileVersion.objects.order_by("-number").first()
        if newest is not None and newest.sha256 == digest(content):
            return newest
        number = numbering.take("organization.profile")
        row = ProfileVersion(number=number, content=content, sha256=digest(content), created_at=now, note=note)
        story = Story(Stream("profile", profile.code), Deed.PUBLISH_PROFILE, by=actor, at=now)
        story.add(row)
        story.tell()
    return row


def _check(given: InstitutionGiven) -> None:
    missing = not all((given.name.strip(), given.short_name.strip(), given.hotline.strip(), given.address.strip()))
    if missing:
        raise Refused("institution_words_missing", _("请写明名称、简称、热线电话和地址。"))
    require_code(given.code)


def require_code(code: str) -> None:
    """Raises Refused for what cannot stand in every number. A letter keeps it from being read as a telephone."""
    if not (code.isascii() and code.isalnum() and code.isupper() and len(code) <= 8):
        raise Refused("institution_code_odd", _("机构代码是一到八个大写字母或数字，至少有一个字母，例如 QH。"))
