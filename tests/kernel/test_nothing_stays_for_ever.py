"""What has served is cleared away after its term, a bounded part at a time; what is still needed never is."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from shuoshi.kernel import clock, drafts, files, history, idempotency, outbox, steady, tasks
from shuoshi.kernel.idempotency import IdempotencyKey
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.outbox import Channel, Notice, State

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KEY = bytes(range(32))
tried: list[str] = []


@tasks.task()
def fails(word: str) -> None:
    tried.append(word)
    raise ValueError("this task fails")


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"  # type: ignore[attr-defined]
    tried.clear()


def aged(name: str, by: timedelta) -> Path:
    path = Path(django_settings.FILES) / name[:2] / name[2:4] / name
    at = time.time() - by.total_seconds()
    os.utime(path, (at, at))
    return path


def reap_everywhere(now: datetime) -> int:
    """One round through all folders."""
    second = timedelta(seconds=1)
    return sum(files.reap(now + second * n, every=second) for n in range(256))


@pytest.mark.django_db
def test_files_no_row_names_go_after_a_day_and_no_others() -> None:
    token = drafts.new_token()
    drafts.save(token, "submit", {})
    row = drafts.attach(token, "水龙头.jpg", b"picture", "image/jpeg", thumbnail=b"small")
    named = [aged(name, timedelta(days=9)) for name in (row.stored, row.thumbnail)]
    orphans = [aged(files.store(b"left behind", KEY).name, timedelta(days=4)) for _ in range(5)]
    fresh = aged(files.store(b"its row comes", KEY).name, timedelta(hours=1))
    half = orphans[0].parent / ".new-half"
    half.write_bytes(b"torn")
    os.utime(half, (0, 0))
    assert reap_everywhere(clock.now()) == 6
    assert all(path.exists() for path in named)
    assert not any(path.exists() for path in (*orphans, half))
    assert fresh.exists()


def test_every_column_with_names_of_files_is_known_to_the_reaper() -> None:
    known = {(model._meta.label, column) for model, column in files.naming_columns()}
    assert {("kernel.DraftFile", "stored"), ("matters.Attachment", "thumbnail")} <= known
    for model in history.our_models():
        for field in model._meta.get_fields():
            if any(word in field.name for word in ("stored", "thumbnail")) and field.concrete:
                assert (model._meta.label, field.name) in known, f"{model._meta.label}.{field.name}: say `stored_in`"


@pytest.mark.django_db
def test_keys_go_after_their_term_and_those_for_ever_stay() -> None:
    with clock.simulated(NOW), transaction.atomic():
        with idempotency.once("register:online", "a form", "f"):
            pass
        with idempotency.once("register:import", "a row", "f", for_ever=True):
            pass
    assert idempotency.prune(NOW + idempotency.KEPT - timedelta(seconds=1)) == 0
    assert idempotency.prune(NOW + idempotency.KEPT) == 1
    assert IdempotencyKey.objects.get().key == "a row"


@pytest.mark.django_db
def test_settled_notices_go_after_their_term_and_waiting_ones_stay() -> None:
    about = {"kind": "assigned", "channel": Channel.DESK, "about_kind": "matter", "number": "SS-1"}
    old, waiting, late = (
        Notice(**about, about_id=new_id(), to_unit=new_id(), created_at=NOW - 2 * outbox.KEPT) for _ in range(3)
    )
    old.state, old.settled_at = State.DONE, NOW - outbox.KEPT - timedelta(days=1)
    late.state, late.settled_at = State.DONE, NOW - timedelta(days=1)
    outbox.put_all([old, waiting, late])
    assert outbox.prune(NOW) == 1
    assert set(Notice.objects.values_list("pk", flat=True)) == {waiting.pk, late.pk}


@pytest.mark.django_db
def test_what_is_cleared_away_is_bounded_per_run() -> None:
    for n in range(5):
        IdempotencyKey.objects.create(scope="s", key=str(n), fingerprint="f", created_at=NOW, expires_at=NOW)
    assert [idempotency.prune(NOW, batch=2) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_a_failing_task_is_tried_after_growing_pauses_and_then_left_to_people() -> None:
    fails.enqueue("one")
    pauses = []
    for _ in range(tasks.TRIES - 1):
        before = clock.now()
        tasks.run_round("w", {})
        row = DBTaskResult.objects.get()
        assert row.status == "READY"
        pauses.append(round((row.run_after - before) / timedelta(minutes=1)))
        assert tasks.run_round("w", {}) == 0, "not before its pause is over"
        DBTaskResult.objects.update(run_after=before)
    assert pauses == [1, 2, 4, 8, 16, 32, 64]
    tasks.run_round("w", {})
    assert len(tried) == tasks.TRIES
    assert DBTaskResult.objects.failed().get().exception_class_path == "builtins.ValueError"
    steady.forget()
    assert [one.kind for one in steady.alarms()] == [steady.Kind.TASK_FAILED]
    DBTaskResult.objects.update(finished_at=clock.now() - 2 * tasks.KEPT)
    tasks.run_round("w", {})
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_after_a_jump_of_the_clock_no_draft_expires() -> None:
    token, watch, real = drafts.new_token(), steady.Watch(), clock.now()
    drafts.save(token, "submit", {"what": "路灯坏了"})
    with clock.simulated(real) as simulation:
        tasks.run_round("w", {}, threading.Event(), watch)
        simulation.move_to(real + timedelta(days=30))
        tasks.run_round("w", {}, threading.Event(), watch)
        simulation.move_to(real)
        tasks.run_round("w", {}, threading.Event(), watch)
    assert drafts.load(token) is not None
