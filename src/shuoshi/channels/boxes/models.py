"""Boxes, their openings, and the letters that were found."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.pages import Picture
from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

MOST_LETTERS = 60  # in one opening


class Box(models.Model):
    """A box that hangs where people pass. `unit` opens it, every so many days."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)
    place = models.CharField(max_length=120)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    point = models.ForeignKey("organization.Point", models.PROTECT, null=True, related_name="+")  # that it hangs at
    every = models.PositiveSmallIntegerField(default=7)  # days
    hung_on = models.DateField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="box_name_once", fields=["name"], condition=Q(active=True)),
            CheckConstraint(name="box_opened_now_and_then", condition=Q(every__gte=1, every__lte=92)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rhythm(self) -> timedelta:
        return timedelta(days=self.every)


class Opening(KeyHolder):
    """That a box was opened, by whom, and how many letters were in it; the second one says whether it is so."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    box = models.ForeignKey(Box, models.PROTECT, related_name="openings")
    at = models.DateTimeField()  # as the two say
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    second = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    found = models.PositiveSmallIntegerField()  # letters
    note = EncryptedText(owner="self", blank=True)
    answered_at = models.DateTimeField(null=True)  # by the second one
    agrees = models.BooleanField(null=True)
    objection = EncryptedText(owner="self", blank=True)

    class Meta:
        constraints = [
            CheckConstraint(name="opening_by_two", condition=~Q(by=F("second"))),
            CheckConstraint(
                name="opening_answered_or_not",
                condition=Q(answered_at__isnull=True, agrees__isnull=True)
                | Q(answered_at__isnull=False, agrees__isnull=False),
            ),
            CheckConstraint(name="opening_of_a_box", condition=Q(found__lte=MOST_LETTERS)),
        ]
        indexes = [
            Index(name="opening_of_box", fields=["box", "-at"]),  # queries: the last one of each
            Index(name="opening_to_answer", fields=["second"], condition=Q(answered_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.box_id} {self.at:%Y-%m-%d}"


class Aside(models.TextChoices):
    """Why a letter becomes no matter."""

    EMPTY = "empty", _("空白，或者空信封")
    NOT_OURS = "not_ours", _("不是写给我们的")
    ADVERT = "advert", _("广告、传单")
    SAME = "same", _("和另一封一模一样")
    UNREADABLE = "unreadable", _("看不出写了什么")
    MISCOUNTED = "miscounted", _("数错了，没有这一封")


class LetterState(models.TextChoices):
    WAITING = "waiting", _("等登记")
    REGISTERED = "registered", _("登记了")
    ASIDE = "aside", _("不登记")


class Letter(KeyHolder):
    """One letter of an opening, by its number in it. `words`: what somebody wrote beside setting it aside."""

    history = History.PROJECTION
    gone = _("已销毁")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="letters")
    ordinal = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.WAITING)
    because = models.CharField(max_length=10, choices=Aside, blank=True)
    words = EncryptedText(owner="self", blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            UniqueConstraint(name="letter_once", fields=["opening", "ordinal"]),
            CheckConstraint(name="letter_aside_says_why", condition=Q(state=LetterState.ASIDE) ^ Q(because="")),
            CheckConstraint(
                name="letter_settled_by_somebody",
                condition=Q(state=LetterState.WAITING, settled_at__isnull=True, settled_by__isnull=True)
                | ~Q(state=LetterState.WAITING) & Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]
        indexes = [Index(name="letter_waiting", fields=["opening"], condition=Q(state=LetterState.WAITING))]

    def __str__(self) -> str:
        return f"{self.opening_id} {self.ordinal}"


class LetterPhoto(Picture):
    """A picture of a page of a letter, sealed under the letter's key."""

    history = History.RECORD
    stored_in = frozenset({"stored", "thumbnail"})
    sealed_by = "letter"

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="photos")

    class Meta:
        indexes = [Index(name="photo_of_letter", fields=["letter", "id"])]


class ReadOff(models.Model):
    """What a machine read off a page, "" where it read nothing; gone when the letter is settled."""

    history = History.WORKING

    photo = models.OneToOneField(LetterPhoto, models.PROTECT, primary_key=True, related_name="read_off")
    text = EncryptedText(owner="photo.letter")
    at = models.DateTimeField()


class FromLetter(models.Model):
    """That a matter was raised by a letter: one of them may raise several."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="raised")
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="letter")

    def __str__(self) -> str:
        return f"{self.letter_id} → {self.matter_id}"
