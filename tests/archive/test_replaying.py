"""What was erased stands beside the copies, sealed and never shorter; a home that came back erases it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from shuoshi.archive import carrying_out, replaying
from shuoshi.kernel.copies import erasures, targets
from shuoshi.kernel.copies.form import Damaged
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.vocabulary import Status
from tests.kernel.copies import places
from tests.support.archived import destroyed, years_later
from tests.support.village import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "place"
    monkeypatch.setattr(settings, "COPIES", str(place))
    return place


def known(folder: Path) -> list[tuple[str, str]]:
    return erasures.read(targets.Folder(folder), settings.KEYS)


def test_the_place_learns_of_it_at_once_and_keeps_it(town: Place, folder: Path) -> None:
    matter, other = town.matter_in(Status.CLOSED), town.matter_in(Status.CLOSED)
    carrying_out.clean_up.call()  # no copy was ever made: there is nobody to tell
    assert not folder.exists()
    places.make(folder)
    assert known(folder) == []
    with years_later(12):
        destroyed(town, matter, other)
    carrying_out.clean_up.call()
    rows = known(folder)
    assert ("matters.Matter", str(matter.pk)) in rows and ("matters.Matter", str(other.pk)) in rows
    assert any(label == "people.Person" for label, _key in rows)
    assert str(matter.pk).encode() not in (folder / erasures.NAME).read_bytes()
    Matter.objects.filter(pk=other.pk).update(wrapped_key=b"as an older copy has it")
    erasures.put(targets.Folder(folder), settings.KEYS)
    assert known(folder) == rows, "a home that came back makes the list no shorter"


def test_a_list_that_was_exchanged_is_not_believed(town: Place, folder: Path) -> None:
    matter = town.matter_in(Status.CLOSED)
    places.make(folder)
    with years_later(12):
        destroyed(town, matter)
    carrying_out.clean_up.call()
    (folder / erasures.NAME).write_bytes(b"\x01" + b"x" * 60)
    with pytest.raises(Damaged):
        known(folder)


def test_what_came_back_is_erased_again_once(town: Place) -> None:
    """In whatever state it is now; its people go with it, and who is still known elsewhere goes by their own line."""
    matter, opened = town.matter_in(Status.CLOSED), town.raise_matter()
    person = Party.objects.get(matter=opened).person_id
    rows = [("people.Person", str(person)), ("matters.Matter", str(matter.pk)), ("matters.Matter", str(opened.pk))]
    assert replaying.again(rows) == 2, "the person went with the matter"
    assert all(Matter.objects.get(pk=one.pk).is_erased for one in (matter, opened))
    assert all(one.facts()["again"] for one in Event.objects.filter(action="destroy_matter"))
    assert replaying.again(rows) == 0
    assert replaying.again([("matters.Matter", str(town.units["城建办"].pk))]) == 0, "not in this copy yet"
    assert list(verify()) == []
