"""What becomes of a mail, once: a matter, words added to one, something for a person to look at, or nothing.

Pictures are cleaned before the transaction. Whoever wrote it is believed nothing: the sender's address is where one may
answer, the thread says what it is about.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shuoshi.channels.mail import marks, threads
from shuoshi.channels.mail.models import Because, FromMail, Inbox, Mail, MailPhoto, MailState
from shuoshi.channels.mail.quoting import is_receipt
from shuoshi.channels.mail.reading import PICTURES, Attached, Head, Read
from shuoshi.kernel import clock, pictures, room, throttle
from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions as matters
from shuoshi.matters import terms
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Channel, Naming, PartyRole, TellBy
from shuoshi.notices.models import Gateway, Way
from shuoshi.people import actions as people

CLAUSE = "3.1.3"
AGAIN = timedelta(days=1)  # how long the same words of the same sender are one mail
_LOOKING = 20.0  # seconds for the pictures of one mail
_NAME = 80
_SPEAKER = Actor(ActorKind.SPEAKER)


@dataclass(frozen=True)
class Cleaned:
    """The pictures of a mail, and of what was left out the names with why, one a line."""

    files: tuple[FileGiven, ...] = ()
    left_out: tuple[str, ...] = ()


def receive(read: Read, raw_digest: str) -> Mail | None:
    """Write a mail down, with what becomes of it; None for one that is there already, or one too many of those that are
    ignored. `raw_digest`: of all of it."""
    own = _own_addresses()
    why = marks.ignored(read.head, own)
    cleaned = Cleaned() if why else _cleaned(read.files)
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        mail = _row(read, raw_digest)
        if mail is None:
            return None
        mail.left_out, mail.left_out_count = "\n".join(cleaned.left_out), len(cleaned.left_out)
        if why is not None:
            return _ignored(mail, why)
        if mail.because:  # the id of another mail, and other words under it
            return _waits(mail, Because.SAME_ID, cleaned)
        if _said_lately(mail):
            return _ignored(mail, Because.SAME)
        return _taken(mail, read, cleaned)


def set_aside(head: Head, raw_digest: str, because: Because) -> Mail | None:
    """Write down that a mail came which nobody could read here: a person looks into the mailbox itself."""
    with transaction.atomic():
        mail = _row(Read(head), raw_digest)
        if mail is None:
            return None
        why = marks.ignored(head, _own_addresses())
        return _ignored(mail, why) if why else _waits(mail, because, Cleaned())


def key_of(head: Head, raw_digest: str) -> str:
    return marks.digest("id", head.message_id) if head.message_id else marks.digest("raw", raw_digest)


def _taken(mail: Mail, read: Read, cleaned: Cleaned) -> Mail:
    thread = threads.found(read)
    if thread is not None:
        mail.about = thread.matter
    if _too_many(mail, thread):
        return _waits(mail, Because.CAPPED, cleaned)
    if thread is not None:
        return _added(mail, thread, cleaned)
    if marks.is_spam(read.head):
        return _waits(mail, Because.SPAM, cleaned)
    wordless = not mail.text and (not mail.subject or bool(cleaned.left_out))  # what it says was not taken
    if not is_address(str(mail.sender)) or (wordless and not cleaned.files):
        return _waits(mail, Because.UNREADABLE, cleaned)
    return _registered(mail, read.head, cleaned)


def _added(mail: Mail, thread: threads.Thread, cleaned: Cleaned) -> Mail:
    """The words of whoever speaks in the matter; of anybody else a person looks at them, and nothing is told."""
    if thread.speaker is None:
        return _waits(mail, Because.FOREIGN, cleaned)
    if is_receipt(str(mail.text)) and not cleaned.files and not cleaned.left_out:
        mail.proves = thread.proves
        return _written(mail, MailState.ADDED, Because.RECEIPT)
    given = terms.AddInformation(text=content_of(mail, with_subject=False), files=cleaned.files)
    try:
        with transaction.atomic():
            matters.run(given.action, thread.matter.pk, given, actor=thread.speaker)
    except (Refused, Matter.DoesNotExist):
        return _waits(mail, Because.CLOSED, cleaned)
    mail.proves = thread.proves
    return _written(mail, MailState.ADDED)


def _registered(mail: Mail, head: Head, cleaned: Cleaned) -> Mail:
    mail.answered = marks.may_be_answered(head) and may_answer(mail)
    intake = Intake(
        channel=Channel.MAIL,
        key=mail.id_digest,
        content=content_of(mail),
        naming=Naming.NAMED,
        speaker=PersonSaid(name=str(mail.sender_name) or _("未留姓名")),
        tell_by=TellBy.EMAIL if mail.answered else TellBy.PAGE,
        no_messages=not mail.answered,
        files=cleaned.files,
        also_said=mail.said_digest,
    )
    try:
        with transaction.atomic():
            receipt = matters.register(intake, actor=_SPEAKER)
    except Refused:
        mail.answered = False
        return _waits(mail, Because.REFUSED, cleaned)
    story = _story(mail)
    mail.state = MailState.REGISTERED
    story.add(mail)
    story.add(FromMail(mail=mail, matter_id=receipt.matter_id))
    keep_address(story, mail, receipt.matter_id)
    story.tell()
    return mail


def keep_address(story: Story, mail: Mail, matter: UUID) -> None:
    """The address a mail came from becomes the one at which this matter is told of."""
    party = Party.objects.select_related("person").get(matter=matter, role=PartyRole.SPEAKER)
    people.keep_email(story, party.person, str(mail.sender), given_for=matter)


def may_answer(mail: Mail) -> bool:
    """Whether a matter of this mail may be told of at its address. One that nobody proved yet gets one, and no more."""
    proven = Mail.objects.filter(sender_digest=mail.sender_digest, proves=True).exists()
    if not proven and Mail.objects.filter(sender_digest=mail.sender_digest, answered=True).exists():
        return False
    now = clock.now()
    caps = ((throttle.MAIL_ANSWERS, mail.sender_digest), (throttle.MAIL_ANSWERS_BY_SITE, throttle.SITE))
    return all(throttle.take(rule.scope, who, now) is None for rule, who in caps)


def content_of(mail: Mail, *, with_subject: bool = True) -> str:
    """The words as they came, the subject above them; what is longer than a matter holds goes on in the mail."""
    subject, text = str(mail.subject), str(mail.text)
    alone = not with_subject or text.startswith(subject)
    whole = (text or subject) if alone else f"{subject}\n{text}".strip()
    whole = whole or _("（信里没有写字，只有附件。）")
    rest = _("（信很长，后面的在“来信”里。）")
    return whole if len(whole) <= terms.TEXT_LIMIT else f"{whole[: terms.TEXT_LIMIT - len(rest) - 1]}\n{rest}"


def _too_many(mail: Mail, thread: threads.Thread | None) -> bool:
    """More than anybody means: kept for a person, and not answered."""
    now = clock.now()
    caps = [(throttle.MAIL_BY_SITE, throttle.SITE)]
    caps += [(throttle.MAIL_BY_SENDER, mail.sender_digest)] if mail.sender_digest else []
    caps += [(throttle.MAIL_BY_THREAD, str(thread.matter.pk))] if thread is not None else []
    return any(throttle.take(rule.scope, who, now) is not None for rule, who in caps)


def _said_lately(mail: Mail) -> bool:
    """The same words of the same sender under another id: a storm, or somebody who pressed twice."""
    if not mail.sender or not mail.text:
        return False
    same = Mail.objects.filter(said_digest=mail.said_digest, received_at__gt=mail.received_at - AGAIN)
    return same.exclude(state=MailState.IGNORED).exists()


def _row(read: Read, raw_digest: str) -> Mail | None:
    """The unwritten row; None where the same mail is there. `because` says where another one has its id."""
    head, now = read.head, clock.now()
    key, because = key_of(head, raw_digest), ""
    said = marks.digest("said", head.sender, head.subject, read.whole)
    earlier = Mail.objects.select_for_update().filter(id_digest=key).first()
    if earlier is not None:
        if earlier.said_digest == said:
            return None
        key, because = marks.digest("raw", raw_digest), Because.SAME_ID
        if Mail.objects.filter(id_digest=key).exists():
            return None
    return Mail(
        id=new_id(),
        id_digest=key,
        said_digest=said,
        sender_digest=marks.digest("sender", head.sender) if head.sender else "",
        message_id=head.message_id,
        sender=head.sender,
        sender_name=head.sender_name,
        subject=head.subject,
        text=read.text,
        whole=read.whole if read.whole != read.text else "",
        received_at=now,
        state=MailState.WAITING,
        because=because,
    )


def _waits(mail: Mail, because: Because, cleaned: Cleaned) -> Mail:
    """For a person, with its pictures."""
    mail.state, mail.because = MailState.WAITING, because
    kept = [one.kept(mail.data_key()) for one in cleaned.files]
    story = _story(mail)
    story.add(mail)
    for one in kept:
        story.add(
            MailPhoto(
                mail=mail,
                name=one.name,
                stored=one.stored.name,
                thumbnail=one.thumbnail,
                media_type=one.media_type,
                size=one.stored.size,
                sha256=one.stored.sha256,
            )
        )
    story.tell()
    return mail


def _ignored(mail: Mail, because: Because) -> Mail | None:
    """What can be seen to be rightly ignored; of a flood the rest stays in the mailbox alone, and fills no disk here."""
    if throttle.take(throttle.MAIL_IGNORED.scope, throttle.SITE, clock.now()) is not None:
        return None
    mail.text, mail.whole = str(mail.text)[:2000], ""
    return _written(mail, MailState.IGNORED, because)


def _written(mail: Mail, state: MailState, because: str = "") -> Mail:
    mail.state, mail.because = state, because
    story = _story(mail)
    story.add(mail)
    story.tell()
    return mail


def _story(mail: Mail) -> Story:
    return Story(Stream.of("mail", mail), "receive_mail", by=SYSTEM, at=mail.received_at, clause=CLAUSE, first=True)


def _cleaned(files: Sequence[Attached]) -> Cleaned:
    """Each picture written anew, while there is time and room; everything else is named."""
    taken: list[FileGiven] = []
    left: list[str] = []
    until, may = time.monotonic() + _LOOKING, room.for_uploads()
    for one in files:
        why = ""
        if not one.data:
            why = _("不是照片")
        elif not may:
            why = str(room.no_uploads())
        elif len(taken) >= PICTURES:
            why = _("最多 %(most)d 张") % {"most": PICTURES}
        elif time.monotonic() > until:
            why = _("照片处理时间太长")
        else:
            try:
                picture = pictures.clean(one.data, one.name)
            except pictures.BadPicture as bad:
                why = str(bad)
            else:
                taken.append(FileGiven(one.name or _("照片"), picture.data, picture.media_type, picture.thumbnail))
        if why:
            left.append(f"{one.name[:_NAME]} · {why}")
    return Cleaned(tuple(taken), tuple(left[:50]))


def is_address(sender: str) -> bool:
    """Whether mail could go there: what stands in a header need not be an address of ours."""
    try:
        validate_email(sender)
    except ValidationError:
        return False
    return True


def _own_addresses() -> frozenset[str]:
    """Those we send from and read: what comes from them is our own."""
    given = [row.given.get("sender", "") for row in Gateway.objects.filter(way=Way.EMAIL)]
    return frozenset(one.casefold() for one in (*given, *Inbox.objects.values_list("address", flat=True)) if one)
