"""What was typed is still there after a sign-out, and nobody else's, and gone when its time has passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from shuoshi.kernel import clock, drafts
from shuoshi.kernel.drafts import Draft, DraftFile
from shuoshi.kernel.ids import new_id

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_files(settings: object, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"  # type: ignore[attr-defined]


def on_disk() -> list[Path]:
    return [path for path in Path(settings.FILES).rglob("*") if path.is_file()]


def content(token: str, row: DraftFile, *, thumbnail: bool = False) -> bytes | None:
    opened = drafts.open_file(token, row.pk, thumbnail=thumbnail)
    return opened[1] if opened else None


def test_a_token_brings_back_what_was_typed() -> None:
    token = drafts.new_token()
    drafts.save(token, "submit", '{"what": "路灯不亮"}')
    drafts.save(token, "submit", '{"what": "路灯坏了三天"}')
    kept = drafts.load(token)
    assert kept is not None
    assert (kept.form, kept.body) == ("submit", '{"what": "路灯坏了三天"}')
    assert drafts.load(drafts.new_token()) is None
    drafts.drop(token)
    assert drafts.load(token) is None
    assert Draft.objects.count() == 0


def test_a_token_has_128_bits_and_only_its_hash_is_kept() -> None:
    token = drafts.new_token()
    assert len(token) >= 22
    drafts.save(token, "submit", "路灯不亮-PLANTED")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kernel_draft")
        row = cursor.fetchone()
    seen = b"".join(bytes(part) if isinstance(part, bytes | memoryview) else str(part).encode() for part in row)
    assert token.encode() not in seen
    assert b"PLANTED" not in seen
    assert "路灯".encode() not in seen


def test_the_desk_finds_an_accounts_draft_again_on_any_device() -> None:
    """Signing out loses nothing: the next sign-in finds it by account, form and subject."""
    owner, other = new_id(), new_id()
    with clock.simulated(NOW) as time:
        drafts.save(drafts.new_token(), "assign", "one", owner=owner, subject="SS-1")
        time.move_to(NOW + timedelta(minutes=1))
        drafts.save(drafts.new_token(), "assign", "two", owner=owner, subject="SS-1")
        drafts.save(drafts.new_token(), "assign", "another", owner=owner, subject="SS-2")
        kept = drafts.latest(owner, "assign", "SS-1")
        assert kept is not None
        assert kept.body == "two"
        assert drafts.latest(other, "assign", "SS-1") is None
        assert drafts.latest(owner, "classify", "SS-1") is None
        drafts.drop_of(owner, "assign", "SS-1")
        assert drafts.latest(owner, "assign", "SS-1") is None
        assert drafts.latest(owner, "assign", "SS-2") is not None


def test_what_staff_left_lies_longer_than_what_a_browser_left() -> None:
    token, owner = drafts.new_token(), new_id()
    with clock.simulated(NOW) as time:
        drafts.save(token, "submit", "resident")
        drafts.save(drafts.new_token(), "assign", "staff", owner=owner)
        time.move_to(NOW + timedelta(days=20))
        assert drafts.load(token) is None
        assert drafts.latest(owner, "assign") is not None


def test_files_wait_with_their_draft_and_leave_with_it() -> None:
    token = drafts.new_token()
    drafts.save(token, "submit", "{}")
    first = drafts.attach(token, "门口.jpg", b"first picture", "image/jpeg", b"small")
    drafts.attach(token, "b.jpg", b"second picture", "image/jpeg")
    found = drafts.files(token)
    assert [(one.name, content(token, one), content(token, one, thumbnail=True), one.size) for one in found] == [
        ("门口.jpg", b"first picture", b"small", 13),
        ("b.jpg", b"second picture", b"second picture", 14),
    ]
    assert len(on_disk()) == 3
    assert not any(b"picture" in path.read_bytes() for path in on_disk())
    assert content(drafts.new_token(), first) is None, "a file is bound to its token, never to an id"
    assert not drafts.detach(drafts.new_token(), first.id)
    assert len(drafts.files(token)) == 2
    assert drafts.detach(token, first.id)
    assert [one.name for one in drafts.files(token)] == ["b.jpg"]
    assert len(on_disk()) == 1


def test_the_thirteenth_file_is_refused_and_none_without_a_draft() -> None:
    token = drafts.new_token()
    with pytest.raises(Draft.DoesNotExist):
        drafts.attach(token, "a.jpg", b"a", "image/jpeg")
    drafts.save(token, "submit", "{}")
    for n in range(drafts.FILES_LIMIT):
        drafts.attach(token, "a.jpg", b"%d" % n, "image/jpeg")
    with pytest.raises(drafts.TooManyFiles):
        drafts.attach(token, "a.jpg", b"another", "image/jpeg")
    assert len(on_disk()) == drafts.FILES_LIMIT


def test_the_same_file_again_is_there_once_also_when_the_draft_is_full() -> None:
    token = drafts.new_token()
    drafts.save(token, "submit", "{}")
    rows = [drafts.attach(token, "a.jpg", b"%d" % n, "image/jpeg", b"small") for n in range(drafts.FILES_LIMIT)]
    assert drafts.attach(token, "again.jpg", b"3", "image/jpeg", b"small").pk == rows[3].pk
    assert len(drafts.files(token)) == drafts.FILES_LIMIT
    assert len(on_disk()) == 2 * drafts.FILES_LIMIT


def test_who_may_see_what_a_draft_is_about_sees_its_files() -> None:
    token = drafts.new_token()
    drafts.save(token, "photos", "{}", subject="SS-1")
    row = drafts.attach(token, "a.jpg", b"picture", "image/jpeg")
    opened = drafts.open_file_about("photos", "SS-1", row.pk)
    assert opened is not None and opened[1] == b"picture"
    assert drafts.open_file_about("photos", "SS-2", row.pk) is None
    assert drafts.open_file_about("submit", "SS-1", row.pk) is None


def test_what_has_expired_is_not_shown_and_is_removed_with_its_files() -> None:
    old, young = drafts.new_token(), drafts.new_token()
    with clock.simulated(NOW) as time:
        drafts.save(old, "submit", "old")
        drafts.attach(old, "a.jpg", b"a", "image/jpeg", b"b")
        time.move_to(NOW + timedelta(days=1))
        drafts.save(young, "submit", "young")
        time.move_to(NOW + drafts.LIFETIME)
        assert drafts.load(old) is None
        assert drafts.files(old) == []
        assert drafts.expire(clock.now()) == 1
        assert drafts.load(young) is not None
    assert Draft.objects.count() == 1
    assert DraftFile.objects.count() == 0
    assert on_disk() == []
    assert drafts.expire(NOW + drafts.LIFETIME) == 0


def test_a_body_moved_to_another_row_does_not_open() -> None:
    from shuoshi.kernel.crypto import CryptoProblem

    mine, yours = drafts.new_token(), drafts.new_token()
    drafts.save(mine, "submit", "mine")
    drafts.save(yours, "submit", "yours")
    first, second = Draft.objects.order_by("pk")
    Draft.objects.filter(pk=first.pk).update(body=second.body)
    with pytest.raises(CryptoProblem):
        drafts.load(mine)
