"""What the platform does not wait for: messages still to be answered, answers still to be told, pictures to be fetched.

Each round takes what is due and bounds itself. The network is asked outside of transactions; whoever dies in between
leaves a row that is tried again.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from shuoshi.channels.wechat import answering
from shuoshi.channels.wechat.models import Enclosure, Follower, Incoming, Kind, Late, Seen
from shuoshi.channels.wechat.wire import WINDOW
from shuoshi.kernel import drafts, pictures, room, sounds, steady
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.outgoing.post import Broken, NotSent
from shuoshi.kernel.refusal import NotDone
from shuoshi.matters import actions as matters
from shuoshi.matters import terms
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Action
from shuoshi.notices import circuits, wechat
from shuoshi.notices.models import Way
from shuoshi.notices.ways.official import BUSY, OF_THE_ACCOUNT, Said
from shuoshi.notices.wechat import Account

AT_MOST = 5.0  # seconds of one round, after which nothing is begun
_NO_SUCH_FILE, _QUOTA = 40007, 45009  # as the platform numbers its errors
BATCH = 20
TRIES = 6
KEPT = timedelta(days=30)  # that a message came, without its words
REPEATED = timedelta(hours=1)  # a message may come again so long, and is answered as before
WAITS = timedelta(days=3)  # a file lies with the platform; an answer nobody could be given
_CLAIMED = timedelta(minutes=2)
_FIRST, _LONGEST = timedelta(seconds=30), timedelta(minutes=30)
_CHANNEL = Way.WECHAT.value
_log = logging.getLogger(__name__)
_Row = TypeVar("_Row", Late, Enclosure)


def catch_up(now: datetime) -> int:
    """Answer what was kept and not answered in time, each follower's in their order; how many."""
    earlier = Incoming.objects.filter(follower=OuterRef("follower"), answered_at__isnull=True, pk__lt=OuterRef("pk"))
    due = Incoming.objects.filter(~Exists(earlier), answered_at__isnull=True, not_before__lte=now).order_by("pk")
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    account = wechat.account() if keys else None
    if account is None:
        return 0
    for key in keys:
        try:
            answering.answer(key, account, in_time=False)
        except Exception:
            _log.exception("a message of a follower cannot be answered")
            _give_up_or_wait(key, now)
    return len(keys)


def _give_up_or_wait(key: UUID, now: datetime) -> None:
    """Unless it was answered meanwhile, when the platform sent it once more."""
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        row = Incoming.objects.select_for_update().get(pk=key)
        if row.answered_at is not None:
            return
        row.tries += 1
        row.not_before = now + _pause(row.tries)
        if row.tries >= TRIES:
            row.answered_at, row.heard = now, ""
            steady.alarm(steady.Kind.TASK_FAILED, "wechat")
            _tell_later(row.follower, _("您刚才发的没有办成，请打热线说。"), now)
        row.save()


def tell(now: datetime) -> int:
    """Write to followers what they were not told yet; how many it was."""
    return _each(Late.objects.filter(not_before__lte=now, tries__lt=TRIES), _told, now)


def _told(row: Late, account: Account, now: datetime) -> None:
    follower = Follower.objects.filter(index=row.follower).first()
    if follower is not None:
        account.api.send_text(str(follower.openid), str(row.text))
    Late.objects.filter(pk=row.pk).delete()


def fetch(now: datetime) -> int:
    """Fetch pictures and voices, clean them, and lay them beside what was said; how many were tried."""
    return _each(Enclosure.objects.filter(not_before__lte=now), _fetched, now) if room.for_uploads() else 0


def _fetched(row: Enclosure, account: Account, now: datetime) -> None:
    lies = json.loads(row.lies)
    try:
        given = _cleaned(row, account.api.file(lies["media_id"]))
    except pictures.BadPicture as bad:
        _lose(row, str(bad), now)
        return
    except Said as problem:
        if _of_the_account(problem) or (row.tries + 1 < TRIES and problem.code != _NO_SUCH_FILE):
            raise
        _lose(row, "", now)
        return
    try:
        with transaction.atomic():
            locked = Enclosure.objects.select_for_update().filter(pk=row.pk).first()
            if locked is None:
                return  # given up meanwhile
            if locked.matter is None:
                _lay_beside(lies["draft"], given)
            else:
                _add_to(locked.matter, locked.pk, given)
            locked.delete()
    except (NotDone, drafts.TooManyFiles):
        _lose(row, "", now)


def _cleaned(row: Enclosure, data: bytes) -> FileGiven:
    """Raises BadPicture for what is none, and for a voice that is none."""
    with translation.override(settings.LANGUAGE_CODE):
        if row.kind == Kind.PICTURE:
            picture = pictures.clean(data)
            return FileGiven(_("微信照片"), picture.data, picture.media_type, picture.thumbnail)
        try:
            sound = sounds.clean(data)
        except sounds.BadSound:
            raise pictures.BadPicture(pictures.Reason.BROKEN) from None
        return FileGiven(_("微信语音"), sound.data, sound.media_type, seconds=sound.seconds)


def _lay_beside(draft: str, given: FileGiven) -> None:
    if drafts.load(draft) is None:
        drafts.save(draft, answering.FORM, {}, lasts=answering.KEPT)
    drafts.attach(draft, given.name, given.data, given.media_type, given.thumbnail)


def _add_to(matter: UUID, key: UUID, given: FileGiven) -> None:
    """It was registered before this was here: the speaker adds it."""
    with translation.override(settings.LANGUAGE_CODE):
        said = terms.AddInformation(text=_("登记前在微信里发的，现在取到了。"), files=(given,))
    speaker = Actor(ActorKind.SPEAKER, matter_id=matter)
    matters.run(Action.ADD_INFORMATION, matter, said, actor=speaker, turn=None, key=f"wechat:{key.hex}")


def _lose(row: Enclosure, why: str, now: datetime) -> None:
    """It cannot be had; whoever sent it hears of that."""
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        if not Enclosure.objects.filter(pk=row.pk).delete()[0]:
            return
        if row.kind == Kind.VOICE:
            said = _("有一段语音没有取到，请再发一次，或者打字说。")
        else:
            said = _("有一张照片没有收下：%(why)s。") % {"why": why} if why else _("有一张照片没有取到，请再发一次。")
        if row.matter is not None:
            said = _("%(said)s事情已经登记，照片和话可以在进度页上补充。") % {"said": said}
        _tell_later(row.follower, said, now)


def _tell_later(follower: str, said: str, now: datetime) -> None:
    Late.objects.create(follower=follower, text=said, at=now, not_before=now)


def _each(due: models.QuerySet[_Row], work: Callable[[_Row, Account, datetime], None], now: datetime) -> int:
    """Do the work of each row with the platform; while that is out of order, one at a time probes it."""
    keys = list(due.order_by("not_before", "pk").values_list("pk", flat=True)[:BATCH])
    account = wechat.account() if keys else None
    down = _CHANNEL in circuits.down() if keys else False
    if account is None or (down and not circuits.take_probe(_CHANNEL, now)):
        return 0
    done, until = 0, time.monotonic() + AT_MOST
    for key in keys:
        row = _claimed(due, key, now) if time.monotonic() < until else None
        if row is None:
            continue
        done += 1
        if not _worked(row, account, work, now):
            break
        if down:
            down = not circuits.works(_CHANNEL)
    return done


def _claimed(due: models.QuerySet[_Row], key: UUID, now: datetime) -> _Row | None:
    """The row, if no other worker has it."""
    with transaction.atomic():
        row = due.select_for_update().filter(pk=key).first()
        if row is not None:
            row.not_before = now + _CLAIMED
            row.save(update_fields=["not_before"])
    return row


def _worked(row: _Row, account: Account, work: Callable[[_Row, Account, datetime], None], now: datetime) -> bool:
    """Do it, or let it wait; False where nothing else can be done now either."""
    try:
        work(row, account, now)
        return True
    except (NotSent, Broken) as problem:
        circuits.fails(_CHANNEL, getattr(problem, "code", "broken"), now)
        _wait(row, now, tries=row.tries)
        return False
    except Said as problem:
        account_wrong = problem.code in OF_THE_ACCOUNT
        if account_wrong:
            circuits.fails(_CHANNEL, str(problem.code), now)
        if _of_the_account(problem):  # nothing is wrong with this one
            _wait(row, now, tries=row.tries)
        else:
            _wait(row, now, tries=TRIES if isinstance(row, Late) else row.tries + 1)
        return not account_wrong
    except Exception:
        _log.exception("asking the platform failed")
        _wait(row, now, tries=row.tries + 1)
        return True


def _of_the_account(problem: Said) -> bool:
    return problem.code in OF_THE_ACCOUNT or problem.code in (BUSY, _QUOTA)


def _wait(row: Late | Enclosure, now: datetime, *, tries: int) -> None:
    """Told with the next answer, where the account may not write; fetched again after a pause."""
    row._meta.model._default_manager.filter(pk=row.pk).update(tries=tries, not_before=now + _pause(tries))


def _pause(tries: int) -> timedelta:
    return min(timedelta(seconds=_FIRST.total_seconds() * 2 ** max(0, tries - 1)), _LONGEST)


def prune(now: datetime, batch: int = 5000) -> int:
    """Forget what has served; how many rows."""
    gone = 0
    nobody_waits = Follower.objects.filter(expires_at__lt=now).exclude(
        index__in=Incoming.objects.filter(answered_at__isnull=True).values("follower")
    )
    for old in (
        Seen.objects.filter(at__lt=now - 3 * WINDOW),
        Incoming.objects.filter(answered_at__isnull=False, at__lt=now - KEPT),
        Late.objects.filter(at__lt=now - WAITS),
        Enclosure.objects.filter(at__lt=now - 2 * WAITS),  # it lies there no more
        nobody_waits.exclude(index__in=Enclosure.objects.values("follower")),
    ):
        keys: list[Any] = list(old.order_by().values_list("pk", flat=True)[:batch])
        gone += old.model._default_manager.filter(pk__in=keys).delete()[0]
    given_up = {"answered_at": now, "heard": None}  # the account was switched off meanwhile
    Incoming.objects.filter(answered_at__isnull=True, at__lt=now - 2 * WAITS).update(**given_up)
    Incoming.objects.filter(answered_at__lt=now - REPEATED, answer__isnull=False).update(answer=None)
    return gone
