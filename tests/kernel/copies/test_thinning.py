"""Old copies go and the newest of each day, week and month stay; files go with the last copy that names them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from shuoshi.kernel import clock
from shuoshi.kernel.copies import form, targets, thinning
from tests.kernel.copies import places

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # two in the morning of the 25th


def test_a_year_of_nights_leaves_seven_days_four_weeks_twelve_months() -> None:
    kept: set[datetime] = set()
    for day in range(400):
        kept = thinning.staying([*kept, NIGHT + timedelta(days=day)])
    last = NIGHT + timedelta(days=399)
    days = {(last - at).days for at in kept}
    assert set(range(7)) <= days
    assert len(kept) <= 7 + 4 + 12
    assert max(days) > 300
    months = {f"{clock.local(at):%Y-%m}" for at in kept}
    assert len(months) >= 12


def test_of_one_day_the_last_stays_and_nothing_goes_where_nothing_new_comes() -> None:
    morning, noon = NIGHT, NIGHT + timedelta(hours=10)
    assert thinning.staying([noon, morning]) == {noon}
    old = [NIGHT - timedelta(days=400 + n) for n in range(5)]
    assert thinning.staying(old) == set(old)


def test_the_day_is_that_of_the_institution() -> None:
    before, after = datetime(2026, 11, 24, 15, 59, tzinfo=UTC), datetime(2026, 11, 24, 16, 1, tzinfo=UTC)
    assert thinning.staying([before, after]) == {before, after}


def test_a_copy_goes_with_the_files_that_no_other_names(tmp_path: Path) -> None:
    target = targets.Folder(tmp_path)
    shared, old, new = "ab" * 16, "ab" + "0" * 30, "ff" * 16
    gone = places.bare(tmp_path, NIGHT, (old, shared))
    kept = places.bare(tmp_path, NIGHT + timedelta(hours=1), (shared, new))
    stray = "00" * 16
    target.put(f"files/00/{stray}.00", b"of no copy")
    places.age(tmp_path, 0)  # a file's own time does not travel with `--today`
    assert thinning.thin(target, settings.KEYS) == [gone]
    assert form.complete(target) == [kept]
    assert not (tmp_path / "parts" / gone).exists()
    assert (tmp_path / f"files/00/{stray}.00").exists(), "what is young may belong to a copy under way"
    places.age(tmp_path, 2)
    thinning.thin(target, settings.KEYS)
    assert sorted(one.name for one in target.objects("files/")) == sorted(
        f"files/{name[:2]}/{name}.00" for name in (shared, new)
    )


def test_parts_without_a_manifest_go_once_they_are_old(tmp_path: Path) -> None:
    target = targets.Folder(tmp_path)
    whole = places.bare(tmp_path, NIGHT, ("ab" * 16,))
    writer = form.Writer(target, settings.KEYS, form.new_name(NIGHT))
    writer.section("rows", [b"[1]\n"])
    (tmp_path / "copies" / ".new-abc").write_bytes(b"half a manifest")
    places.age(tmp_path, 0)
    thinning.clear_broken(target)
    assert (tmp_path / "parts" / writer.name).exists()
    places.age(tmp_path, 2)
    thinning.clear_broken(target)
    assert not (tmp_path / "parts" / writer.name).exists()
    assert [path.name for path in (tmp_path / "copies").iterdir()] == [whole]
    assert form.complete(target) == [whole]


def test_a_copy_is_no_copy_from_the_first_moment_of_its_going(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = targets.Folder(tmp_path)
    name = places.bare(tmp_path, NIGHT, ("ab" * 16,))
    seen: list[tuple[str, list[str]]] = []
    delete = target.delete

    def watched(what: str) -> None:
        delete(what)
        seen.append((what, form.complete(target)))

    monkeypatch.setattr(target, "delete", watched)
    thinning.take_away(target, name)
    assert len(seen) > 1 and all(stand == [] for _, stand in seen)
