"""A new field key: every data key sealed anew, beside a live server, from wherever it was broken off."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from shuoshi.kernel import crypto, keys, rewrapping
from shuoshi.kernel.verify import verify
from tests.kernel.rows.models import Household
from tests.support.village import build_town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory(settings, tmp_path: Path) -> Path:
    """Keys of this test alone: a rotation of the shared ones would be felt by others."""
    shutil.copytree(settings.KEYS, tmp_path / "keys")
    settings.KEYS = tmp_path / "keys"
    return tmp_path / "keys"


def restarted() -> None:
    """Forget what this process knows of keys, as a new one would."""
    keys.read.cache_clear()


def ids() -> set[bytes]:
    return {bytes(key)[: crypto.KEY_ID] for key in Household.objects.values_list("wrapped_key", flat=True) if key}


def long_ago(directory: Path) -> None:
    at = time.time() - 2 * rewrapping.GRACE
    os.utime(directory / "field", (at, at))


def test_after_a_rotation_everything_opens_and_verifies_without_the_old_key(directory: Path) -> None:
    town = build_town()
    matter = town.raise_matter()
    said = [demand.text for demand in matter.demands.all()]
    old = crypto.key_id(keys.current(directory, "field")).hex()
    new = rewrapping.rotate()
    assert rewrapping.rewrap(batch=3) > 10
    assert rewrapping.rewrap() == 0
    assert rewrapping.unneeded() == [], "what was begun before may still write"
    long_ago(directory)
    assert rewrapping.unneeded() == [old]
    rewrapping.drop(old)
    restarted()
    assert {path.name for path in directory.glob("field*")} == {"field", f"field-{new}"}
    assert said == [demand.text for demand in type(matter).objects.get(pk=matter.pk).demands.all()] != []
    assert list(verify()) == []


def test_a_live_server_reads_both_and_writes_under_the_new_one(directory: Path) -> None:
    before = Household.objects.create(name="陈𠮷祥")
    keys.read(directory, "field")  # what a server that runs already knows
    new = bytes.fromhex(rewrapping.rotate())
    during = Household.objects.create(name="李秀英")
    assert bytes(during.wrapped_key)[: crypto.KEY_ID] == new
    assert [Household.objects.get(pk=row.pk).name for row in (before, during)] == ["陈𠮷祥", "李秀英"]
    rewrapping.rewrap()
    assert ids() == {new}
    assert [Household.objects.get(pk=row.pk).name for row in (before, during)] == ["陈𠮷祥", "李秀英"]


def test_broken_off_it_goes_on_and_a_key_still_needed_cannot_be_dropped(directory: Path) -> None:
    rows = [Household.objects.create(name=f"户{n}") for n in range(7)]
    old = crypto.key_id(keys.current(directory, "field"))
    rewrapping.rotate()

    class Broken(Exception):
        pass

    def pull_the_plug(what: str, done: int, total: int) -> None:
        if done >= 4:
            raise Broken

    with pytest.raises(Broken):
        rewrapping.rewrap(pull_the_plug, batch=2)
    long_ago(directory)
    assert old in ids()
    assert rewrapping.unneeded() == []
    with pytest.raises(ValueError, match="still needed"):
        rewrapping.drop(old.hex())
    restarted()
    assert rewrapping.rewrap(batch=2) == 3
    assert [Household.objects.get(pk=row.pk).name for row in rows] == [f"户{n}" for n in range(7)]


def test_what_was_erased_stays_erased(directory: Path) -> None:
    row = Household.objects.create(name="陈𠮷祥")
    Household.objects.filter(pk=row.pk).update(wrapped_key=None)
    rewrapping.rotate()
    assert rewrapping.rewrap() == 0
    with pytest.raises(crypto.Erased):
        _ = Household.objects.get(pk=row.pk).name


def test_a_second_rotation_loses_nothing_of_the_first(directory: Path) -> None:
    row = Household.objects.create(name="陈𠮷祥")
    rewrapping.rotate()
    middle = Household.objects.create(name="李秀英")
    rewrapping.rotate()
    restarted()
    assert [Household.objects.get(pk=one.pk).name for one in (row, middle)] == ["陈𠮷祥", "李秀英"]
    assert rewrapping.rewrap() == 2


def test_a_missing_old_key_is_named(directory: Path) -> None:
    Household.objects.create(name="陈𠮷祥")
    old = crypto.key_id(keys.current(directory, "field")).hex()
    rewrapping.rotate()
    (directory / f"field-{old}").unlink()
    restarted()
    with pytest.raises(crypto.CryptoProblem, match=old):
        rewrapping.rewrap()
