"""Verbs on paper forms: printed with a serial number each, photographed when they come back, registered once."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuoshi.channels import pages
from shuoshi.channels.points.deeds import Deed, locked, refuse_unless, said_why, story
from shuoshi.channels.points.models import FromSheet, NotOfSheet, Sheet, SheetPhoto, SheetState
from shuoshi.channels.points.policies import may_serve
from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions as matters
from shuoshi.matters.intake import Intake
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Channel

MOST = 50  # printed at once
_SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXY"  # 31, which is prime, without 0 O 1 I Z
_LENGTH = 7  # and one to check; 34 bits that nobody guesses
_OPEN = (SheetState.BLANK, SheetState.WAITING)


def new_serial() -> str:
    drawn = "".join(secrets.choice(_SYMBOLS) for _place in range(_LENGTH))
    return drawn + _check_sign(drawn)


def normalise(typed: str) -> str:
    """A serial number as somebody typed it, or the address of the code: the serial, "" for what can be none."""
    text = unicodedata.normalize("NFKC", typed).strip().rstrip("/").rpartition("/")[2].upper()
    found = "".join(sign for sign in text if sign.isalnum())
    whole = len(found) == _LENGTH + 1 and all(sign in _SYMBOLS for sign in found)
    return found if whole and _check_sign(found[:-1]) == found[-1] else ""


def grouped(serial: str) -> str:
    """As it is printed: 7K3M-92QD."""
    return f"{serial[:4]}-{serial[4:]}"


def print_(point_id: UUID, many: int, key: str, *, actor: Actor) -> UUID:
    """So many blank sheets of a point, each with its serial number; the key of what is printed together.

    The same key again gets the same sheets. Raises Refused, KeyReused.
    """
    now = clock.now()
    with transaction.atomic(), idempotency.once("print_sheets", key, f"{point_id} {many}") as once:
        if not once.first:
            return UUID(once.answer["batch"])
        point = locked(point_id)
        refuse_unless(may_serve(actor, point.unit.path), point)
        if not 1 <= many <= MOST:
            raise Refused("so_many_sheets", _("一次最多印 %(most)d 张。") % {"most": MOST})
        batch = new_id()
        assert actor.person_id is not None
        for _n in range(many):
            row = Sheet(
                id=new_id(),
                serial=new_serial(),
                point=point,
                batch=batch,
                printed_at=now,
                printed_by_id=actor.person_id,
            )
            told = story("sheet", row, Deed.PRINT, actor, now, first=True)
            told.add(row)
            told.tell()
        once.keep({"batch": str(batch)})
    return batch


def add_photos(sheet_id: UUID, given: Sequence[FileGiven], *, actor: Actor) -> list[SheetPhoto]:
    """Keep pictures of a sheet, sealed under its own key; those that are there already are not kept twice. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(sheet_id, actor)
        if row.state not in _OPEN:
            raise Refused("sheet_settled", _("这张表已经处理过了，照片加不进去。"))
        too_many = _("一张表最多 %(most)d 张照片。") % {"most": pages.MOST}
        fresh = pages.fresh(given, photos_of(row).values_list("sha256", flat=True), too_many)
        kept = [one.kept(row.data_key()) for one in fresh]
        told = story("sheet", row, Deed.PHOTOGRAPH, actor, now)
        rows = [told.add(SheetPhoto(sheet=row, **pages.columns(one))) for one in kept]
        if rows and row.state == SheetState.BLANK:
            told.change(row, state=SheetState.WAITING, brought_at=now)
        if rows:
            told.tell()
    return rows


def photos_of(row: Sheet) -> QuerySet[SheetPhoto]:
    """Its pictures in their order, without those that were taken off."""
    return row.photos.filter(not_of_sheet__isnull=True).order_by("id")


def take_off(photo_id: UUID, *, actor: Actor) -> Sheet:
    """Say that a picture is none of its sheet, before that becomes a matter. Again, it is off. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        photo = SheetPhoto.objects.get(pk=photo_id)
        row = _locked(photo.sheet_id, actor)
        if not photos_of(row).filter(pk=photo.pk).exists():
            return row
        if row.state not in _OPEN:
            raise Refused("sheet_settled", _("这张表已经处理过了。"))
        told = story("sheet", row, Deed.TAKE_OFF, actor, now)
        told.add(NotOfSheet(photo=photo))
        if not photos_of(row).exists():
            told.change(row, state=SheetState.BLANK, brought_at=None)
        told.tell()
    return row


def register(sheet_id: UUID, intake: Intake, *, actor: Actor) -> matters.Receipt:
    """Raise the matter of a sheet, with its pictures. Once: whoever comes later is told. Raises Refused, and all of registering."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(sheet_id, actor)
        whole = replace(
            intake,
            channel=Channel.POINT,
            said_point=intake.said_point or (None if intake.said_place else row.point_id),
            files=(*pages.given_again(photos_of(row), row.data_key()), *intake.files),
            also_said=f"sheet {row.pk}",
        )
        if not matters.registered_before(whole):
            _check_register(row, intake)
        receipt = matters.register(whole, actor=actor)
        if not FromSheet.objects.filter(sheet=row).exists():
            told = story("sheet", row, Deed.REGISTER, actor, now)
            told.add(FromSheet(sheet=row, matter_id=receipt.matter_id))
            told.change(row, state=SheetState.REGISTERED, settled_at=now, settled_by_id=actor.person_id)
            told.tell()
    return receipt


def set_aside(sheet_id: UUID, words: str, *, actor: Actor) -> Sheet:
    """Say why a sheet becomes no matter: spoilt, or registered otherwise. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(sheet_id, actor)
        if row.state not in _OPEN:
            raise Refused("sheet_settled", _("这张表已经处理过了。"))
        told = story("sheet", row, Deed.SET_ASIDE, actor, now)
        settled = {"settled_at": now, "settled_by_id": actor.person_id}
        told.change(row, state=SheetState.ASIDE, words=said_why(words), **settled)
        told.tell()
    return row


def _check_register(row: Sheet, intake: Intake) -> None:
    if row.state == SheetState.REGISTERED:
        raise Refused("sheet_registered", _("这张表已经登记过了，一个编号只登记一次。"))
    if row.state == SheetState.ASIDE:
        raise Refused("sheet_aside", _("这张表已经定了不登记。"))
    if intake.drill:
        raise Refused("sheet_is_real", _("表上的事不能当演练。"))
    if not photos_of(row).exists():
        raise Refused("sheet_unseen", _("请先给这张表拍照，再登记。"))


def _locked(sheet_id: UUID, actor: Actor) -> Sheet:
    row = Sheet.objects.select_for_update(of=("self",)).select_related("point__unit").get(pk=sheet_id)
    refuse_unless(may_serve(actor, row.point.unit.path), row.point)
    return row


def _check_sign(drawn: str) -> str:
    """One wrong sign, or two that changed places, make another."""
    return _SYMBOLS[sum(place * _SYMBOLS.index(sign) for place, sign in enumerate(drawn, start=2)) % len(_SYMBOLS)]
