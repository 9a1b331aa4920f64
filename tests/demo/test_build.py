"""A small demo, built by the real actions: whole, consistent, signed in to with what the home keeps."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password

from shuoshi.demo import accounts
from shuoshi.demo.build import build
from shuoshi.kernel.verify import verify
from shuoshi.matters.models import Matter
from shuoshi.organization.models import Institution
from shuoshi.people import totp
from shuoshi.people.models import Account


@pytest.mark.django_db
def test_a_small_demo_runs_without_a_refusal_and_verifies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    seen: list[int] = []
    built = build(lambda what, done, total: seen.append(done), today=date(2026, 11, 23), every=14)

    assert built.refused == []
    assert built.matters == Matter.objects.count() == seen[-1]
    assert Matter.objects.filter(status="CLOSED").exists()
    assert Matter.objects.exclude(status__in=["CLOSED", "SCREENED_OUT"]).exists()
    assert built.looks > 0, "the sweeper ran along"
    assert list(verify()) == []
    assert Institution.objects.get().demo
    assert not Matter.objects.filter(registered_at__date__gte=date(2026, 11, 23)).exists()

    kept = tmp_path / accounts.FILE
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


@pytest.mark.django_db
def test_an_empty_database_holds_nobody_of_the_demo() -> None:
    assert not accounts.present()
