"""Verbs on openings and letters: opened by two, confirmed or disputed, each letter photographed and settled."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.channels import pages
from shuoshi.channels.boxes.models import (
    MOST_LETTERS,
    Aside,
    Box,
    FromLetter,
    Letter,
    LetterPhoto,
    LetterState,
    Opening,
)
from shuoshi.channels.boxes.policies import SECONDS, may_answer, may_open
from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions as matters
from shuoshi.matters.intake import Intake
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Channel
from shuoshi.organization import queries as organization

CLAUSE = "3.2.2"
PHOTOS = pages.MOST  # of one letter
_APART = timedelta(minutes=10)  # two openings of one box; whatever is nearer is the same


@dataclass(frozen=True, kw_only=True)
class OpeningGiven:
    """What two people say of an opening. `key` is this one intention."""

    at: datetime
    second: UUID
    found: int
    note: str = ""
    key: str


def open_(box_id: UUID, given: OpeningGiven, *, actor: Actor) -> Opening:
    """Write down that the actor and a second one opened a box; a letter waits for each that was found.

    The same key again gets the first opening. Raises Refused, KeyReused.
    """
    now = clock.now()
    with transaction.atomic(), idempotency.once("open_box", given.key, _fingerprint(box_id, given)) as once:
        if not once.first:
            return Opening.objects.get(pk=once.answer["opening"])
        box = Box.objects.select_related("unit").select_for_update(of=("self",)).get(pk=box_id)
        _check(box, given, actor, now)
        assert actor.person_id is not None
        row = Opening(
            id=new_id(),
            box=box,
            at=given.at,
            recorded_at=now,
            by_id=actor.person_id,
            second_id=given.second,
            found=given.found,
            note=given.note,
        )
        story = Story(
            Stream.of("opening", row), "open_box", by=actor, at=now, occurred_at=given.at, clause=CLAUSE, first=True
        )
        story.add(row)
        story.add_all(Letter(opening=row, ordinal=n) for n in range(1, given.found + 1))
        story.tell()
        once.keep({"opening": str(row.pk)})
    return row


def answer(opening_id: UUID, *, agrees: bool, objection: str = "", actor: Actor) -> Opening:
    """The second one says that it was so, or what was otherwise. Once. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(opening_id)
        if row.answered_at is not None:
            raise Refused("opening_answered", _("这次开箱已经答复过了。"))
        if not may_answer(actor, row):
            raise Refused("not_the_second", _("这次开箱由另一个开箱的人答复。"))
        if not agrees and not objection.strip():
            raise Refused("objection_missing", _("请写下哪里不对，例如“我数的是三封”。"))
        story = _story(row, "confirm_opening" if agrees else "dispute_opening", actor, now)
        story.change(row, answered_at=now, agrees=agrees, objection=objection.strip())
        story.tell()
    return row


def add_photos(letter_id: UUID, given: Sequence[FileGiven], *, actor: Actor) -> list[LetterPhoto]:
    """Keep pictures of a letter, sealed under its own key; those that are there already are not kept twice."""
    now = clock.now()
    with transaction.atomic():
        letter = _letter(letter_id, actor)
        if letter.state != LetterState.WAITING:
            raise Refused("letter_settled", _("这封信已经处理过了，照片加不进去。"))
        too_many = _("一封信最多 %(most)d 张照片。") % {"most": PHOTOS}
        fresh = pages.fresh(given, letter.photos.values_list("sha256", flat=True), too_many)
        kept = [one.kept(letter.data_key()) for one in fresh]
        story = _story(letter.opening, "photograph_letter", actor, now)
        rows = [story.add(LetterPhoto(letter=letter, **pages.columns(one))) for one in kept]
        if rows:
            story.tell()
    return rows


def add_letters(opening_id: UUID, more: int, *, actor: Actor) -> list[Letter]:
    """Letters that were not counted: the second one said so, or they stuck in the box. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = _opened_by(opening_id, actor)
        here = row.letters.count()
        if more < 1 or here + more > MOST_LETTERS:
            raise Refused("so_many_letters", _("一次最多记 %(most)d 封信。") % {"most": MOST_LETTERS})
        story = _story(row, "add_letters", actor, now)
        rows = story.add_all(Letter(opening=row, ordinal=here + n) for n in range(1, more + 1))
        story.tell()
    return rows


def register(letter_id: UUID, intake: Intake, *, raised: int, actor: Actor) -> matters.Receipt:
    """Raise a matter from a letter, with its pictures; the letter is settled by the first of them.

    `raised`: how many matters the letter had when the form was opened, so that two people do not register it at once.
    Raises Refused, and all that registering raises.
    """
    now = clock.now()
    with transaction.atomic():
        letter = _letter(letter_id, actor)
        box = letter.opening.box
        whole = replace(
            intake,
            channel=Channel.BOX,
            said_point=intake.said_point or box.point_id,
            said_place=intake.said_place or box.name,
            happened_at=intake.happened_at or letter.opening.at,
            files=(*photos_of(letter), *intake.files),
            also_said=f"letter {letter.pk}",
        )
        if not matters.registered_before(whole):
            _check_register(letter, intake, raised)
        receipt = matters.register(whole, actor=actor)
        if not FromLetter.objects.filter(matter=receipt.matter_id).exists():
            story = _story(letter.opening, "register_letter", actor, now)
            story.add(FromLetter(letter=letter, matter_id=receipt.matter_id))
            if letter.state == LetterState.WAITING:
                story.change(letter, state=LetterState.REGISTERED, settled_at=now, settled_by_id=actor.person_id)
            story.tell()
    return receipt


def set_aside(letter_id: UUID, because: Aside, words: str = "", *, actor: Actor) -> Letter:
    """Say why a letter becomes no matter; it was photographed before, so that others can look. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        letter = _letter(letter_id, actor)
        if letter.state != LetterState.WAITING:
            raise Refused("letter_settled", _("这封信已经处理过了。"))
        if because == Aside.MISCOUNTED and letter.opening.agrees is not False:
            raise Refused("not_disputed", _("另一个人也说数错了，才能记“数错了”。"))
        if because != Aside.MISCOUNTED and not letter.photos.exists():
            raise Refused("letter_unseen", _("请先给这封信拍照，再定不登记。"))
        story = _story(letter.opening, "set_letter_aside", actor, now)
        settled = {"settled_at": now, "settled_by_id": actor.person_id}
        story.change(letter, state=LetterState.ASIDE, because=because, words=words.strip(), **settled)
        story.tell()
    return letter


def _check_register(letter: Letter, intake: Intake, raised: int) -> None:
    """A letter is neither practised on nor answered on the spot, and is seen before it is copied."""
    if letter.state == LetterState.ASIDE:
        raise Refused("letter_aside", _("这封信已经定了不登记。"))
    if intake.drill or intake.settle is not None:
        raise Refused("letter_is_real", _("信里的事不能当演练，也不能当场办结。"))
    if not letter.photos.exists():
        raise Refused("letter_unseen", _("请先给这封信拍照，再登记。"))
    if letter.raised.count() != raised:
        raise Refused("letter_registered", _("这封信刚才已经登记过了。还有别的事要登记，请从开箱记录里再打开。"))


def photos_of(letter: Letter) -> tuple[FileGiven, ...]:
    """Its pictures as a registration takes them. Raises FileMissing."""
    return pages.given_again(letter.photos.order_by("id"), letter.data_key())


def _check(box: Box, given: OpeningGiven, actor: Actor, now: datetime) -> None:
    if not box.active:
        raise Refused("box_down", _("这个意见箱已经撤了。"))
    if not may_open(actor, box):
        raise Refused("not_of_this_box", _("这个意见箱不由您开。"), who_could=box.unit.name)
    if given.second == actor.person_id:
        raise Refused("opened_alone", _("开箱要两个人，请选另一个人。"))
    if not organization.posts_at().filter(person_id=given.second, role__in=SECONDS).exists():
        raise Refused("nobody_there", _("选的人不能一起开箱，请另选一位。"))
    if given.at > now:
        raise Refused("opened_later", _("开箱时间不能晚于现在。"))
    if clock.local(given.at).date() < box.hung_on:
        raise Refused("opened_before", _("那时候还没有这个意见箱。"))
    beside = box.openings.filter(at__gt=given.at - _APART, at__lt=given.at + _APART).select_related("by").first()
    if beside is not None:
        raise Refused("opened_already", _("这次开箱%(name)s已经记了。") % {"name": beside.by.name})
    if not 0 <= given.found <= MOST_LETTERS:
        raise Refused("so_many_letters", _("一次最多记 %(most)d 封信。") % {"most": MOST_LETTERS})


def _fingerprint(box_id: UUID, given: OpeningGiven) -> str:
    said = f"{box_id} {given.at.isoformat()} {given.second} {given.found}"
    return hashlib.sha256(said.encode()).hexdigest()


def _locked(opening_id: UUID) -> Opening:
    """The opening, which all that is done to it and its letters waits for."""
    return Opening.objects.select_for_update().get(pk=opening_id)


def _opened_by(opening_id: UUID, actor: Actor) -> Opening:
    """The opening of a box that the actor may open, locked."""
    row = _locked(opening_id)
    row.box = Box.objects.select_related("unit").get(pk=row.box_id)
    if not may_open(actor, row.box):
        raise Refused("not_of_this_box", _("这个意见箱的信不由您登记。"), who_could=row.box.unit.name)
    return row


def _letter(letter_id: UUID, actor: Actor) -> Letter:
    letter = Letter.objects.get(pk=letter_id)
    letter.opening = _opened_by(letter.opening_id, actor)
    letter.refresh_from_db(fields=["state"])
    return letter


def _story(opening: Opening, deed: str, actor: Actor, now: datetime) -> Story:
    return Story(Stream.of("opening", opening), deed, by=actor, at=now, clause=CLAUSE)
