"""What a registration begins with where it comes from something: a letter, a form, a number, a call, a mail, a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuoshi.channels.boxes.queries import Read
from shuoshi.channels.hotline.models import Call, Voicemail
from shuoshi.channels.mail.queries import Seen
from shuoshi.channels.mail.receiving import content_of
from shuoshi.channels.points.models import Ticket
from shuoshi.channels.points.waiting import ReadSheet
from shuoshi.kernel import clock
from shuoshi.matters.vocabulary import Channel, Naming, TellBy
from shuoshi.meetings.queries import At

Begun = Mapping[str, Any]  # first values of the form, by field


def of_letter(read: Read) -> Begun:
    """What is known of whoever wrote a letter, which is mostly nothing, and what a machine read off it."""
    opening = read.letter.opening
    return {
        "letter": read.letter.pk,
        "content": read.words,
        "raised": len(read.matters),
        "channel": Channel.BOX,
        "naming": Naming.ANONYMOUS,
        "point": str(opening.box.point_id or ""),
        "said_place": "" if opening.box.point_id else opening.box.name,
        "happened_at": clock.local(opening.at),
        "tell_by": TellBy.PAGE,
    }


def of_mail(seen: Seen) -> Begun:
    """Its words and the name in its header, both to be changed by whoever reads it."""
    mail = seen.mail
    return {
        "mail": mail.pk,
        "raised": len(seen.matters),
        "channel": Channel.MAIL,
        "point": "",
        "name": str(mail.sender_name),
        "content": "" if seen.matters else content_of(mail),
        "happened_at": clock.local(mail.received_at),
        "tell_by": TellBy.PAGE,
    }


def of_call(call: Call, raised: int) -> Begun:
    """The number it came from, which says nothing of who speaks."""
    return {"call": call.pk, "raised": raised, "channel": Channel.HOTLINE, "point": "", "phone": str(call.caller)}


def of_voicemail(row: Voicemail, raised: int) -> Begun:
    """The number it was left from, and when."""
    return {
        "voicemail": row.pk,
        "raised": raised,
        "channel": Channel.HOTLINE,
        "point": "",
        "phone": str(row.caller),
        "happened_at": clock.local(row.left_at),
    }


def of_ticket(row: Ticket, raised: int) -> Begun:
    """Where and since when whoever holds the number speaks; nothing else is known."""
    return {"ticket": row.pk, "raised": raised, "channel": Channel.POINT, "point": str(row.queue.point_id)}


def of_sheet(read: ReadSheet) -> Begun:
    """Where the form was printed for; what is written on it is in the picture."""
    return {"sheet": read.sheet.pk, "channel": Channel.POINT, "point": str(read.sheet.point_id)}


def of_meeting(at: At) -> Begun:
    """Where and when it was said; the words of a resolution that asks for it."""
    row = at.whole.meeting
    return {
        "meeting": row.pk,
        "item": at.item.row.pk if at.item else None,
        "resolution": at.resolution.row.pk if at.resolution else None,
        "raised": at.whole.raised,
        "channel": Channel.MEETING,
        "point": "",
        "said_place": row.place,
        "happened_at": clock.local(row.opened_at) if row.opened_at else None,
        "content": str(at.resolution.row.text) if at.resolution else "",
    }
