"""Phrases: written, changed, put away. What is shared is shared by whoever heads; each change stays in its history."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.workbench import variables
from shuoshi.workbench.models import Phrase, Scope
from shuoshi.workbench.policies import may_change, may_write

MOST = 200  # of one person, of one unit, or for all
_SHORT = re.compile(r"[a-z0-9]{1,12}", re.ASCII)


class Deed(models.TextChoices):
    """Names of the events of phrases, with the words of their history."""

    WRITE = "write_phrase", gettext_lazy("写常用语")
    EDIT = "edit_phrase", gettext_lazy("修改常用语")
    PUT_AWAY = "put_away_phrase", gettext_lazy("收起常用语")


@dataclass(frozen=True, kw_only=True)
class PhraseGiven:
    """`unit` where it is shared with the people of one."""

    scope: Scope
    short: str
    text: str
    unit: UUID | None = None


def checked_short(short: str) -> str:
    """What is typed for it, as it is kept. Raises Refused."""
    short = unicodedata.normalize("NFKC", short).strip().lstrip(";").lower()  # as it is typed in either width
    if not _SHORT.fullmatch(short):
        raise Refused("phrase_short", _("缩写用 1 到 12 个小写字母或数字，例如 hf。"))
    return short


def write(given: PhraseGiven, *, actor: Actor, key: str) -> Phrase:
    """Write one. The same key again gets the first. Raises Refused, KeyReused."""
    now = clock.now()
    short, text = checked_short(given.short), variables.kept(given.text)
    if not may_write(actor, given.scope, given.unit):
        raise Refused("phrase_not_yours", _("给单位的常用语由单位负责人写，给所有人的由受理中心负责人或系统管理员写。"))
    told = hashlib.sha256(f"{actor.person_id} {given!r}".encode()).hexdigest()
    try:
        with transaction.atomic(), idempotency.once("phrase", key, told) as once:
            if not once.first:
                return Phrase.objects.get(pk=once.answer["phrase"])
            beside = _beside(given.scope, given.unit, actor.person_id)
            if beside.count() >= MOST:
                raise Refused("too_many_phrases", _("最多 %(n)d 条，先收起几条不用的。") % {"n": MOST})
            if beside.filter(short=short).exists():
                raise _taken(short)
            row = Phrase(
                scope=given.scope,
                person_id=actor.person_id,  # type: ignore[misc]  # staff are persons
                unit_id=given.unit if given.scope == Scope.UNIT else None,
                short=short,
                text=text,
                made_at=now,
                changed_at=now,
            )
            story = Story(Stream.of("phrase", row), Deed.WRITE, by=actor, at=now, first=True)
            story.add(row)
            story.tell()
            once.keep({"phrase": str(row.pk)})
    except IntegrityError:
        raise _taken(short) from None
    return row


def edit(phrase_id: UUID, short: str, text: str, *, actor: Actor) -> Phrase:
    """Other words or another abbreviation; the same ones change nothing. Raises Refused, Phrase.DoesNotExist."""
    now = clock.now()
    short, text = checked_short(short), variables.kept(text)
    try:
        with transaction.atomic():
            row = _locked(phrase_id, actor)
            if row.put_away_at is not None:
                raise Refused("phrase_put_away", _("这一条已经收起了。要用，请另写一条。"))
            if (row.short, str(row.text)) == (short, text):
                return row
            others = _beside(row.scope, row.unit_id, row.person_id).exclude(pk=row.pk)
            if others.filter(short=short).exists():
                raise _taken(short)
            story = Story(Stream.of("phrase", row), Deed.EDIT, by=actor, at=now)
            story.change(row, short=short, text=text, changed_at=now)
            story.tell()
    except IntegrityError:
        raise _taken(short) from None
    return row


def put_away(phrase_id: UUID, *, actor: Actor) -> Phrase:
    """Nobody is offered it any more; a second time does nothing. Raises Refused, Phrase.DoesNotExist."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(phrase_id, actor)
        if row.put_away_at is None:
            story = Story(Stream.of("phrase", row), Deed.PUT_AWAY, by=actor, at=now)
            story.change(row, put_away_at=now)
            story.tell()
    return row


def _locked(phrase_id: UUID, actor: Actor) -> Phrase:
    row = Phrase.objects.select_for_update().get(pk=phrase_id)
    if not may_change(actor, row):
        raise Refused("phrase_not_yours", _("给单位的常用语由单位负责人写，给所有人的由受理中心负责人或系统管理员写。"))
    return row


def _beside(scope: str, unit: UUID | None, person: UUID | None) -> models.QuerySet[Phrase]:
    """Those in use among which an abbreviation may stand once."""
    living = Phrase.objects.filter(scope=scope, put_away_at__isnull=True)
    if scope == Scope.OWN:
        return living.filter(person=person)
    return living.filter(unit=unit) if scope == Scope.UNIT else living


def _taken(short: str) -> Refused:
    return Refused("phrase_known", _("缩写“%(short)s”已经有一条在用，请换一个。") % {"short": short})
