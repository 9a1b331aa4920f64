"""A small demo, built by the real actions: whole, consistent, signed in to with what the home keeps, the same each time.

And the whole of it: every status and every row of the procedure, without one script that the procedure stops.
"""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction

from shuoshi.demo import accounts, first_steps
from shuoshi.demo.build import build
from shuoshi.demo.generating.filling import generate
from shuoshi.demo.town import content
from shuoshi.kernel.models import Event
from shuoshi.kernel.verify import verify
from shuoshi.matters import workflow
from shuoshi.matters.actions import dividing, parts
from shuoshi.matters.models import Document, Entry, Matter
from shuoshi.matters.papers.kinds import SUFFIX, PaperKind
from shuoshi.matters.vocabulary import Action, Status
from shuoshi.notices.models import Message
from shuoshi.organization import actors
from shuoshi.organization.models import Institution
from shuoshi.people import totp
from shuoshi.people.models import Account
from shuoshi.portal import institution

TODAY = date(2026, 11, 23)
NOT_TOLD = {  # holidays published anew, a county that says nothing, a post that ended over open work, a relative found late
    Action.RECOUNT,
    Action.LAPSE_REVIEW,
    Action.REARRANGE,
    Action.TELL_MERGED,
}


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home of its own: the demo leaves its sheet and its pictures there."""
    institution.forget()
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path


@pytest.mark.minute
@pytest.mark.django_db
def test_a_small_demo_runs_without_a_refusal_and_verifies(home: Path) -> None:
    seen: list[int] = []
    built = build(lambda what, done, total: seen.append(done), today=TODAY, every=14)

    assert built.refused == []
    assert built.matters == Matter.objects.count() == seen[-1]
    assert Matter.objects.filter(status="CLOSED").exists()
    assert Matter.objects.exclude(status__in=["CLOSED", "SCREENED_OUT"]).exists()
    assert built.looks > 0, "the sweeper ran along"
    assert list(verify()) == []
    assert Institution.objects.get().demo
    met = set(Event.objects.filter(stream_kind="matter").values_list("action", flat=True))
    assert met >= {row.action for row in (*dividing.ROWS, *parts.ROWS)}, "what is divided is there whatever the voices"
    told = Counter(Message.objects.filter(to="speaker").values_list("way", "state"))
    assert told["sms", "SENT"] and told["call", "TICKED"], told
    assert (home / "outgoing-sms.txt").stat().st_mode & 0o777 == 0o600
    assert not Matter.objects.filter(registered_at__date__gte=TODAY).exists()

    kept = home / accounts.FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert accounts.present()
    rows = accounts.sign_in_sheet()
    leader = next(row for row in rows if row[0] == "chenhaiyan")
    assert check_password(leader[3], Account.objects.get(username="chenhaiyan").password)
    secrets = {row["username"]: row["secret"] for row in json.loads(kept.read_text("utf-8"))["accounts"]}
    assert Account.objects.get(username="chenhaiyan").totp_secret == secrets["chenhaiyan"]
    assert len(leader[4]) == 6
    assert secrets["wangfang"] == ""
    assert totp.plain(leader[4]).isdigit()

    assert generate(60, days=400) == 60  # what is generated beside it is as whole; more of that is a drill
    assert list(verify()) == []


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.once
def test_a_day_gives_the_same_demo_again_and_another_day_another() -> None:
    """Numbers, titles, statuses, and every step with its moment and its words; only keys and secrets are new."""
    first, again, next_day = (_told(day) for day in (TODAY, TODAY, date(2026, 11, 24)))
    assert len(first) > 20
    assert first == again
    assert first != next_day


@pytest.mark.django_db
@pytest.mark.slow
def test_the_whole_demo_meets_every_status_and_every_row_of_the_procedure() -> None:
    built = build(today=TODAY)
    assert built.refused == []
    assert built.matters == Matter.objects.count() >= 300
    assert set(Matter.objects.values_list("status", flat=True)) == set(Status.values)
    for row in accounts.sign_in_sheet()[1:]:
        steps = first_steps.of(actors.of(Account.objects.get(username=row[0])))
        assert 2 <= len(steps) <= first_steps.MOST, row[0]
    met = Counter(Event.objects.filter(stream_kind="matter").values_list("action", flat=True))
    assert {row.action for row in workflow.TRANSITIONS if not met[row.action]} == NOT_TOLD
    assert set(Document.objects.values_list("kind", flat=True)) == {PaperKind.REGISTRATION, *SUFFIX}
    told = Counter(Message.objects.filter(to="speaker").values_list("way", "state"))
    ways = {one for one, state in told if state == "TICKED"}
    assert ways >= {"call", "visit", "relay"} and told["call", "WAITING"] and told["sms", "DEAD"] == 1, told
    assert list(verify()) == []


def test_who_signs_in_is_known_without_reading_the_town() -> None:
    assert list(accounts.PEOPLE) == [line["person"] for line in content()["accounts"]]
    looks = "import django, sys; django.setup(); import shuoshi.config.urls, shuoshi.config.demo_home, shuoshi.demo.accounts"
    code = f"{looks}; sys.exit('yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.django_db
def test_an_empty_database_holds_nobody_of_the_demo() -> None:
    assert not accounts.present()


def _told(day: date) -> dict[str, tuple[str, str, list[tuple[datetime, str, str, str]]]]:
    """What a small demo of this day holds, by number; the database is as before afterwards."""
    with transaction.atomic():
        build(today=day, every=14)
        steps: dict[str, list[tuple[datetime, str, str, str]]] = {}
        for entry in Entry.objects.select_related("matter", "person").order_by("at", "id"):
            who = entry.person.name if entry.person else ""
            steps.setdefault(entry.matter.number, []).append((entry.at, entry.action, who, entry.text))
        told = {
            number: (title, status, steps.get(number, []))
            for number, title, status in Matter.objects.values_list("number", "title", "status")
        }
        transaction.set_rollback(True)
    return told
