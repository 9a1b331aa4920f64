"""Reading the inbox when its server is down, or numbers its mails anew: nothing is lost, nothing comes twice (3.1.3)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from shuoshi.channels.mail import fetching, queries
from shuoshi.channels.mail.models import Mail, Progress
from shuoshi.kernel import clock, steady
from shuoshi.matters.models import Matter
from tests.notices.told import MORNING
from tests.support.post import PASSWORD, PostBox, fetch, mail
from tests.support.village import Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(db: None) -> Iterator[None]:
    """When people are told."""
    with clock.simulated(MORNING):
        yield


def test_an_inbox_that_cannot_be_read_is_seen_and_gives_alarm(town: Place, box: PostBox):
    row = box.connected()
    now = clock.now()
    settings_of = row.given | {"password": "wrong"}
    row.settings = json.dumps(settings_of)
    row.save()
    fetching.fetch(now)
    standing = queries.standing(now)
    assert standing is not None and (standing.failing_since, standing.code) == (now, "sign_in")
    assert not _alarmed()
    fetching.fetch(now + fetching.ALARM)
    assert _alarmed() and Progress.objects.get().failing_since == now
    row.settings = json.dumps(row.given | {"password": PASSWORD})
    row.save()
    fetch()
    assert not _alarmed() and Progress.objects.get().failing_since is None


def test_where_the_server_numbers_anew_nothing_is_lost_and_nothing_twice(town: Place, box: PostBox):
    box.connected()
    box.get(mail())
    fetch()
    Progress.objects.update(validity=1, next_uid=999)
    box.get(mail("路灯坏了。", subject="路灯"))
    fetch()
    assert Matter.objects.count() == 2 and Mail.objects.count() == 2


def _alarmed() -> bool:
    return steady.Raised.objects.filter(kind=steady.Kind.INBOX_DOWN, ends_at=None).exists()
