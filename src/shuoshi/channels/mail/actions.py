"""What staff do with mails that wait: register what was said, add it to the matter it is about, or say why not."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.channels.mail import queries, receiving
from shuoshi.channels.mail.models import Aside, FromMail, Mail, MailState
from shuoshi.channels.mail.policies import may_read
from shuoshi.channels.mail.receiving import CLAUSE
from shuoshi.kernel import clock, files
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions as matters
from shuoshi.matters import terms
from shuoshi.matters.intake import Intake
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import visible_to
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Channel, Naming, TellBy

OPEN = (MailState.WAITING, MailState.REGISTERED, MailState.IGNORED)  # of which something can still be registered


def register(mail_id: UUID, intake: Intake, *, raised: int, actor: Actor) -> matters.Receipt:
    """Raise a matter from a mail, with its pictures; it is told of at the address it came from, where it may be.

    `raised`: how many matters the mail had when the form was opened, so that two people do not register it at once.
    Raises Refused, and all that registering raises.
    """
    now = clock.now()
    with transaction.atomic():
        mail = _locked(mail_id, actor)
        whole = replace(
            intake, channel=Channel.MAIL, files=(*photos_of(mail), *intake.files), also_said=f"mail {mail.pk}"
        )
        told = False
        if not matters.registered_before(whole):
            _check(mail, intake, raised)
            told = _is_told_there(mail, intake)
            whole = replace(whole, tell_by=TellBy.EMAIL, no_messages=False) if told else whole
        receipt = matters.register(whole, actor=actor)
        if not FromMail.objects.filter(matter=receipt.matter_id).exists():
            story = Story(Stream.of("mail", mail), "register_mail", by=actor, at=now, clause=CLAUSE)
            story.add(FromMail(mail=mail, matter_id=receipt.matter_id))
            if told:
                receiving.keep_address(story, mail, receipt.matter_id)
            if mail.state != MailState.REGISTERED:
                settled = {"settled_at": now, "settled_by_id": actor.person_id, "answered": told}
                story.change(mail, state=MailState.REGISTERED, **settled)
            story.tell()
    return receipt


def add(mail_id: UUID, number: str, *, actor: Actor) -> Matter:
    """Add the words of a mail to a matter, taken down by whoever read that it belongs there. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        mail = _locked(mail_id, actor)
        _check_waits(mail)
        matter = visible_to(actor).filter(number=number.strip().upper()).first()
        if matter is None:
            raise Refused("no_such_matter", _("没有找到这个编号，或者您看不到它。"))
        given = terms.AddInformation(text=receiving.content_of(mail), files=photos_of(mail))
        matters.run(given.action, matter.pk, given, actor=actor)
        story = Story(Stream.of("mail", mail), "add_mail", by=actor, at=now, clause=CLAUSE)
        settled = {"settled_at": now, "settled_by_id": actor.person_id}
        story.change(mail, state=MailState.ADDED, about_id=matter.pk, **settled)
        story.tell()
    return matter


def set_aside(mail_id: UUID, because: Aside, words: str = "", *, actor: Actor) -> Mail:
    """Say why a mail becomes nothing. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        mail = _locked(mail_id, actor)
        _check_waits(mail)
        story = Story(Stream.of("mail", mail), "set_mail_aside", by=actor, at=now, clause=CLAUSE)
        settled = {"settled_at": now, "settled_by_id": actor.person_id}
        story.change(mail, state=MailState.ASIDE, aside=because, words=words.strip(), **settled)
        story.tell()
    return mail


def photos_of(mail: Mail) -> tuple[FileGiven, ...]:
    """Its pictures as a registration takes them. Raises FileMissing."""
    key = mail.data_key()
    found = mail.photos.select_related("mail").order_by("id")
    return tuple(
        FileGiven(
            str(one.name),
            files.read(one.stored, key),
            one.media_type,
            files.read(one.thumbnail, key) if one.thumbnail else b"",
        )
        for one in found
    )


def _check(mail: Mail, intake: Intake, raised: int) -> None:
    if mail.state not in OPEN:
        raise Refused("mail_settled", _("这封信已经处理过了。"))
    if intake.drill or intake.settle is not None:
        raise Refused("mail_is_real", _("来信里的事不能当演练，也不能当场办结。"))
    if mail.raised.count() != raised:
        raise Refused("mail_registered", _("这封信刚才已经登记过了。还有别的事要登记，请从“来信”里再打开。"))


def _check_waits(mail: Mail) -> None:
    if mail.state != MailState.WAITING:
        raise Refused("mail_settled", _("这封信已经处理过了。"))


def _is_told_there(mail: Mail, intake: Intake) -> bool:
    """Only where no other way was written down; whoever is anonymous left no address with us."""
    wished = intake.tell_by == TellBy.PAGE and intake.naming != Naming.ANONYMOUS and intake.group is None
    return wished and receiving.is_address(str(mail.sender)) and receiving.may_answer(mail)


def _locked(mail_id: UUID, actor: Actor) -> Mail:
    if not may_read(actor):
        raise Refused("reads_no_mail", _("来信由受理中心处理。"))
    mail = Mail.objects.select_for_update().filter(pk=mail_id).first()
    if mail is None:
        raise Refused("no_such_mail", _("没有这封信。"))
    if queries.kept_from(actor, [mail]):  # whoever may not read it does nothing with it, and so does not get to read it
        raise Refused("mail_kept", _("这封信说的事不归您看，请别的登记员处理。"))
    return mail
