"""Which pages of the desk one's duty opens. What may be done to a matter is `matters.policies`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from shuoshi.archive.policies import APPRAISERS, READERS
from shuoshi.channels.boxes.policies import SECONDS
from shuoshi.channels.hotline.policies import AT_THE_HOTLINE
from shuoshi.channels.mail.policies import AT_THE_INBOX, may_read
from shuoshi.channels.spreadsheets.policies import IMPORTERS, may_import
from shuoshi.channels.visits.policies import VISITORS
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web.access import Access, role, staff
from shuoshi.ledgers.policies import SEES_FIGURES, may_see_figures
from shuoshi.matters.actions import TAKES_IN
from shuoshi.meetings.policies import READS
from shuoshi.organization.roles import Role

OVERVIEW = SEES_FIGURES
RECEIPTS = (Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT, Role.LEADER)  # who stands in, too

SETTLES = (*RECEIPTS, Role.ADMINISTRATOR)  # looks a second time at what is put right about persons
JOINS = (Role.REGISTRAR, Role.DISPATCHER)

BOXES = tuple(sorted(SECONDS))  # who opens a box, or was the second one

CALLS = tuple(sorted(AT_THE_HOTLINE))

MAILS = tuple(sorted(AT_THE_INBOX))
VISITS = tuple(sorted(VISITORS))
SHEETS = tuple(sorted(TAKES_IN))  # who takes in at a point; at which, channels.points.policies says
MEETINGS = tuple(sorted(READS))
ARCHIVE = tuple(sorted(READERS))

administrator = role(Role.ADMINISTRATOR)
overview = role(*OVERVIEW)
receipts = role(*RECEIPTS)
settles_changes = role(*SETTLES)
joins_records = role(*JOINS)
boxes = role(*BOXES)
calls = role(*CALLS)
mails = role(*MAILS)
visits = role(*VISITS)
sheets = role(*SHEETS)
imports = role(*sorted(IMPORTERS))
phones = role(*VISITS, Role.ADMINISTRATOR)
meetings = role(*MEETINGS)
archive = role(*ARCHIVE)
appraisal = role(*sorted(APPRAISERS))


def _check_screen(request: HttpRequest) -> HttpResponse | None:
    """A page that asks anew by itself: nobody moved, so the session does not last longer."""
    request.polled = "again" in request.GET  # type: ignore[attr-defined]  # read by people.sign_in
    return meetings.check(request)


def _check_watched(request: HttpRequest) -> HttpResponse | None:
    """As above: an export that is being made asks how far it is."""
    request.polled = "again" in request.GET  # type: ignore[attr-defined]  # read by people.sign_in
    return staff.check(request)


watched = Access("staff-watching", _check_watched)
screen = Access("role-polled:" + ",".join(MEETINGS), _check_screen)


def sees_overview(actor: Actor) -> bool:
    return may_see_figures(actor)


def delivers_receipts(actor: Actor) -> bool:
    return any(actor.holds(one) for one in RECEIPTS)


def may_settle_changes(actor: Actor) -> bool:
    return any(actor.holds(one) for one in SETTLES)


def may_join_records(actor: Actor) -> bool:
    return any(actor.holds(one) for one in JOINS)


def opens_boxes(actor: Actor) -> bool:
    return any(actor.holds(one) for one in BOXES)


def takes_calls(actor: Actor) -> bool:
    return any(actor.holds(one) for one in CALLS)


def reads_mails(actor: Actor) -> bool:
    return may_read(actor)


def imports_sheets(actor: Actor) -> bool:
    return may_import(actor)


def visits_homes(actor: Actor) -> bool:
    return any(actor.holds(one) for one in VISITS)


def goes_to_meetings(actor: Actor) -> bool:
    return any(actor.holds(one) for one in MEETINGS)


def keeps_the_archive(actor: Actor) -> bool:
    return any(actor.holds(one) for one in ARCHIVE)


def takes_sheets(actor: Actor) -> bool:
    return any(actor.holds(one) for one in SHEETS)


def administers(actor: Actor) -> bool:
    return actor.holds(Role.ADMINISTRATOR)
