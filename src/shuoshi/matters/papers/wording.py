"""How dates, persons and places are written on paper: with the year, masked, and in the institution's own language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.templatetags.shuoshi import limit
from shuoshi.matters.models import Deadline, Matter, Party
from shuoshi.matters.vocabulary import THEIR_SIDE, Ground, Naming, PartyRole
from shuoshi.organization.models import Institution, Unit
from shuoshi.people.masks import masked_name, masked_phone
from shuoshi.people.models import Person


@contextmanager
def official() -> Iterator[None]:
    """Papers speak the language of the institution, whoever has them made."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def full_day(value: datetime | date | None) -> str:
    """2026年11月26日: paper outlives the year."""
    if value is None:
        return ""
    on = clock.local(value).date() if isinstance(value, datetime) else value
    return f"{on.year}年{on.month}月{on.day}日"


def full_moment(value: datetime | None) -> str:
    """2026年11月26日 17:00."""
    return "" if value is None else f"{full_day(value)} {clock.local(value):%H:%M}"


def latest(clock: Deadline | None) -> str:
    """最晚 2026年11月26日 17:30（7 个工作日）."""
    if clock is None:
        return ""
    said = until(full_moment(clock.due_at))
    written = limit(Limit.parse(clock.limit)) if clock.limit else ""
    return _("%(until)s（%(limit)s）") % {"until": said, "limit": written} if written else said


def until(moment: str) -> str:
    return _("最晚 %(moment)s") % {"moment": moment}


def names(parties: Sequence[Party], *, clear: bool = False) -> str:
    """陈某某, and for whom they speak; `clear` writes out who is not confidential."""
    speaking = [party for party in _in_order(parties) if party.role in THEIR_SIDE]
    return "；".join(_name(party, clear=clear) for party in speaking) or _("匿名")


def others(parties: Sequence[Party], *, clear: bool = False) -> str:
    """The other side of a dispute, by name; "" where nobody is on record."""
    opposed = [party for party in parties if party.role == PartyRole.OPPONENT]
    return "；".join(party.person.name if clear else masked_name(party.person.name) for party in opposed)


def phones(parties: Sequence[Party], *, clear: bool = False, others: bool = False) -> str:
    found = [
        party.contact.value if clear else masked_phone(party.contact.value)
        for party in _in_order(parties)
        if (party.role in THEIR_SIDE) != others and party.contact is not None and party.naming != Naming.CONFIDENTIAL
    ]
    return "；".join(found)


def salutation(parties: Sequence[Party], *, clear: bool = False) -> str:
    """Whom a reply speaks to: the person for whom it was said, else who said it; 说事人 where no name may stand."""
    order = (PartyRole.SPEAKER, PartyRole.ON_BEHALF_OF, PartyRole.SPOKESPERSON)
    named = [party for party in parties if party.role in order and party.naming == Naming.NAMED and party.person.name]
    if not named:
        return _("说事人")
    return "、".join(party.person.name if clear else masked_name(party.person.name) for party in named)


def place(*parts: object) -> str:
    """柳湾村 村口: what is known of a place."""
    return " ".join(str(part) for part in parts if part)


def registry(institution: Institution, unit: Unit) -> str:
    """青禾镇群众说事受理中心: a registry by a name that says whose it is."""
    tier = unit.parent
    if tier is None or unit.name.startswith((tier.name, tier.short_name)):
        return unit.name
    return institution.name if tier.pk == institution.root_id else f"{tier.name}{unit.name}"


def staff(person: Person | None, in_place_of: Person | None = None) -> str:
    """孙丽, or 孙丽（代周建国）: by whom it was done, and in whose place."""
    if person is None or in_place_of is None:
        return "" if person is None else person.name
    return _("%(name)s（代%(other)s）") % {"name": person.name, "other": in_place_of.name}


def tiers(paths: Iterable[str | None]) -> dict[str | None, str]:
    """The names of tiers by their paths, as far as they are known. One statement."""
    return dict(Unit.objects.filter(path__in=[path for path in paths if path]).values_list("path", "name"))


def heading(matter: Matter, name: str) -> str:
    """Whose paper it is; of a drill nobody may take it for a real one."""
    return _("【演练】%(words)s") % {"words": name} if matter.drill else name


def ground(code: str, basis: str) -> str:
    """Why a letter may tell of the speaker; where a consent is kept stays inside."""
    if not code:
        return ""
    return basis if code == Ground.LAW else _("说事人本人的同意")


def _name(party: Party, *, clear: bool) -> str:
    if party.naming == Naming.CONFIDENTIAL:
        return _("（应本人要求保密）")
    said = party.person.name if clear else masked_name(party.person.name)
    said = said or _("没有留名")
    if party.role == PartyRole.SPEAKER:
        return said
    return _("%(name)s（%(role)s）") % {"name": said, "role": party.get_role_display()}


def _in_order(parties: Sequence[Party]) -> list[Party]:
    order = list(PartyRole.values)
    return sorted(parties, key=lambda party: order.index(party.role))
