"""A copy holds one moment, sealed; nothing of it can be changed, exchanged or left out without being named."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from shuoshi.kernel import clock, files, history, keys
from shuoshi.kernel.copies import bundle, form, making, place, recovery, rows, schema, targets
from shuoshi.kernel.copies.form import Damaged
from shuoshi.kernel.events import Event
from shuoshi.kernel.numbering import Counter
from shuoshi.matters.models import Attachment, Matter
from tests.kernel.copies import places
from tests.support.village import Place, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "place"


def test_every_row_of_ours_is_in_it_and_nothing_readable(town: Place, folder: Path) -> None:
    matter = town.raise_matter(content="东头的秘密藏在水缸底下", files=(picture(),))
    made = places.make(folder)
    found = places.read_all(folder, made.name)
    for model in apps.get_models():
        if history.of(model) is not None and model.__module__.startswith("shuoshi.") and getattr(model, "copied", True):
            assert len(found[model._meta.label]) == model._default_manager.count(), model
    assert made.manifest.rows == sum(len(lines) for label, lines in found.items() if label)
    stored = {name for row in Attachment.objects.all() for name in (row.stored, row.thumbnail) if name}
    assert {json.loads(line)[0] for line in found[""]} == stored
    lying = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert matter.number.encode() not in lying and "水缸".encode() not in lying


def test_what_belongs_to_the_machine_or_the_hour_stays_behind(town: Place, folder: Path) -> None:
    found = set(places.read_all(folder, places.make(folder).name))
    left = {model._meta.label for model in apps.get_models(include_auto_created=True)} - found
    assert left - {model._meta.label for model in apps.get_app_config("rows").get_models()} == {
        "archive.MadeFile",
        "auth.Group",
        "auth.Group_permissions",
        "auth.Permission",
        "channels.Progress",
        "channels.Seen",
        "contenttypes.ContentType",
        "django_tasks_database.DBTaskResult",
        "kernel.Copy",
        "kernel.JobRun",
        "kernel.Tally",
        "kernel.WorkerBeat",
        "notices.AccessToken",
        "notices.Circuit",
        "people.Ceremony",
        "notices.LostCode",
        "people.PasswordReset",
        "people.SignedIn",
        "sessions.Session",
    }


def test_every_type_of_column_has_its_form_on_both_databases() -> None:
    state = schema.models_at(schema.applied())
    for model in rows.tables(state):
        for field in model._meta.concrete_fields:
            rows._outward(field)
    with pytest.raises(TypeError, match="DurationField"):
        rows._outward(models.DurationField(name="lasts"))


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_not_half_in_it(town: Place, folder: Path) -> None:
    town.raise_matter()
    events = Event.objects.count()

    def elsewhere() -> None:
        town.raise_matter()
        Counter.objects.create(series="later", last=1)
        connection.close()

    def write(what: str, count: int) -> None:
        if what == "kernel.Event" and not Counter.objects.filter(series="later").exists():
            other = threading.Thread(target=elsewhere)
            other.start()
            other.join()

    made = places.make(folder, told=write)
    assert Counter.objects.filter(series="later").exists() and Matter.objects.count() == 2
    found = places.read_all(folder, made.name)
    assert len(found["kernel.Event"]) == events
    assert len(found["matters.Matter"]) == 1
    assert not [line for line in found["kernel.Counter"] if b"later" in line]


def test_a_second_copy_sends_only_new_files(town: Place, folder: Path) -> None:
    town.raise_matter(files=(picture(),))
    first = places.make(folder)
    assert first.sent == first.manifest.files.lines > 0
    town.raise_matter(files=(picture(),))
    second = places.make(folder)
    assert 0 < second.sent == second.manifest.files.lines - first.sent


def parts(folder: Path, name: str) -> list[Path]:
    return sorted((folder / "parts" / name).iterdir())


def test_a_changed_a_missing_and_an_exchanged_part_are_named(
    town: Place, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(form._PART, "rows", 4000)
    town.raise_matter()
    made = places.make(folder)
    places.read_all(folder, made.name)
    one, other = parts(folder, made.name)[3:5]
    kept, exchanged = one.read_bytes(), other.read_bytes()
    for content in (kept[:-1] + bytes([kept[-1] ^ 1]), exchanged, kept[:20], b""):
        one.write_bytes(content)
        with pytest.raises(Damaged, match=one.name):
            places.read_all(folder, made.name)
    one.unlink()
    with pytest.raises(Damaged, match=f"{one.name} is missing"):
        places.read_all(folder, made.name)
    one.write_bytes(kept)
    places.read_all(folder, made.name)


def test_a_part_of_another_copy_does_not_fit(town: Place, folder: Path) -> None:
    first, second = places.make(folder), places.make(folder)
    part = parts(folder, first.name)[0]
    part.write_bytes(parts(folder, second.name)[0].read_bytes())
    with pytest.raises(Damaged, match=part.name):
        places.read_all(folder, first.name)
    manifest = folder / "copies"
    (manifest / first.name).write_bytes((manifest / second.name).read_bytes())
    with pytest.raises(Damaged, match=first.name):
        places.reader(folder, first.name)


def test_a_copy_that_fails_on_the_way_leaves_nothing(town: Place, folder: Path) -> None:
    places.make(folder)
    before = {path for path in folder.rglob("*") if path.is_file()}

    def fail(what: str, count: int) -> None:
        if what == "matters.Matter":
            raise RuntimeError("the power of a test")

    with pytest.raises(RuntimeError):
        places.make(folder, told=fail)
    assert {path for path in folder.rglob("*") if path.is_file()} == before


def test_a_file_the_home_has_lost_is_named_and_the_rest_is_copied(town: Place, folder: Path) -> None:
    town.raise_matter(files=(picture(),))
    lost = Attachment.objects.values_list("stored", flat=True)[0]
    files.remove(lost)
    made = places.make(folder)
    assert made.manifest.missing == [lost] and lost in made.lost
    assert len(places.read_all(folder, made.name)["matters.Matter"]) == 1


def test_a_folder_with_other_things_or_of_another_home_is_left_alone(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (folder / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(place.NotOurs, match="other things"):
        places.make(folder)
    assert [path.name for path in folder.iterdir()] == ["holiday.jpg"]
    other = tmp_path / "other"
    places.make(other)
    keys.create_missing(tmp_path / "foreign")
    with pytest.raises(place.NotOurs, match="another installation"):
        place.require(targets.Folder(other), tmp_path / "foreign")


def test_the_disk_that_is_not_plugged_in_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(targets.OutOfReach, match="plugged in"):
        places.make(tmp_path / "usb" / "shuoshi")
    assert not (tmp_path / "usb").exists()


def test_the_keys_go_along_for_the_sheet_or_to_a_place_of_their_own(folder: Path, tmp_path: Path) -> None:
    home = Path(settings.HOME)
    assert not places.make(folder).keys
    sheet = recovery.make(home, clock.now(), shares=False)
    try:
        assert places.make(folder, keys_to=targets.Folder(tmp_path / "apart")).keys
        assert not (folder / "keys").exists()
        assert places.make(folder).keys
        opened = [
            bundle.opened((at / "keys").read_bytes(), recovery.secret_of(sheet.codes))
            for at in (folder, tmp_path / "apart")
        ]
        assert opened[0] == opened[1] == {path.name: path.read_bytes() for path in Path(settings.KEYS).iterdir()}
        renewed = recovery.make(home, clock.now(), shares=True)
        assert making.seal_keys(home, targets.Folder(folder))
        with pytest.raises(bundle.WrongSheet):
            bundle.opened((folder / "keys").read_bytes(), recovery.secret_of(sheet.codes))
        bundle.opened((folder / "keys").read_bytes(), recovery.secret_of(renewed.codes[:2]))
    finally:
        (home / "recovery").unlink()
