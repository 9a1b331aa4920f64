"""Drill 28, notices: a worker killed at any step loses no notice and tells nobody twice, at a real mail server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from shuoshi.kernel import clock
from shuoshi.matters.vocabulary import TellBy
from shuoshi.notices import delivering
from shuoshi.notices.models import Message, State, Way, Why
from tests.notices.dying import STEPS
from tests.notices.post_office import PostOffice, post_office
from tests.notices.told import MORNING, gateway, speaker_address
from tests.support.elsewhere import PATIENCE, ROOT
from tests.support.village import build_town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill(28), pytest.mark.long]

OFTEN = {"after handing over", "while recording", "after recording"}  # in every run; the other steps with the drills
TOLD_BY_HAND = {"before handing over", "after handing over", "while recording"}


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as found:
        yield found


def worker(step: str, minutes: int = 0) -> int:
    """One round of a worker in a process of its own; how it ended."""
    moment = (MORNING + timedelta(minutes=minutes)).isoformat()
    command = [sys.executable, "-m", "tests.notices.dying", str(connection.settings_dict["NAME"]), moment, step]
    connection.close()
    environ = {**os.environ, "SHUOSHI_MAILHOSTS": ",".join(settings.MAIL_HOSTS)}
    return subprocess.run(command, cwd=ROOT, env=environ, timeout=PATIENCE, check=False).returncode


@pytest.mark.parametrize(
    "step", [pytest.param(step, marks=[] if step in OFTEN else pytest.mark.slow) for step in STEPS]
)
def test_killed_at_any_step_no_notice_is_lost_and_none_is_sent_twice(step: str, office: PostOffice):
    with clock.simulated(MORNING - timedelta(minutes=10)):
        town = build_town()
        gateway(Way.EMAIL, host="127.0.0.1", port=str(office.port), security="none", sender="shuo@qinghe.example")
        matter = town.raise_matter(tell_by=TellBy.EMAIL)
        speaker_address(matter, "chen@example.com")
        town.accept(matter)
    assert worker(step) == (-signal.SIGKILL if STEPS[step] else 0)
    for minutes in (1, 120):  # whoever comes after it, before and after its lease is over
        assert worker("never", minutes) == 0
    mails, calls = office.to("chen@example.com"), Message.objects.filter(way=Way.CALL, state=State.WAITING)
    assert len(mails) <= 1, "told twice by the machine"
    assert len(mails) + calls.count() >= 1, "told by nobody"
    first_was_killed = Message.objects.filter(state=State.FAILED)
    assert {one.why for one in first_was_killed} <= {Why.UNCERTAIN}
    assert first_was_killed.count() == (1 if step in TOLD_BY_HAND else 0)
    assert not Message.objects.filter(state__in=[State.SENDING, State.DEAD]).exists()
    if first_was_killed.filter(to="speaker").exists():
        assert [one.why for one in calls] == [Why.UNCERTAIN]
    else:
        assert len(mails) == 1 and not calls.exists()


def test_the_lease_is_longer_than_any_way_out_may_take():
    from shuoshi.kernel.outgoing import post
    from shuoshi.notices.ways import line

    assert delivering.LEASE.total_seconds() > 4 * max(post.SECONDS * 3, line.SECONDS + line.PARTING)
