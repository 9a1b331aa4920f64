"""Drill 29: the disk fills. Photos are refused in words, the text is kept, nothing lies half written, and it recovers."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.drills.phones import NUMBER, TOKEN, Phone
from tests.support import lacking
from tests.support.elsewhere import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill(29), pytest.mark.slow]

MIB = 1024 * 1024
SIZE = 96  # MiB of the whole disk: photos are refused below 5 %, copies below 10 %


class Disk:
    """A small one, and a file that fills it."""

    def __init__(self, path: Path) -> None:
        self.path, self._ballast = path, path / "ballast"

    @property
    def left(self) -> int:
        state = os.statvfs(self.path)
        return state.f_bavail * state.f_frsize

    def leave(self, bytes_: int) -> None:
        """Fill it until so much is left."""
        with self._ballast.open("ab") as file:
            while self.left > bytes_:
                try:
                    file.write(b"x" * min(MIB, max(4096, self.left - bytes_)))
                    file.flush()
                except OSError:
                    break

    def free(self) -> None:
        self._ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    place.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        lacking.skip("a small disk needs root on Linux. Remedy: run the drills as root in a container.")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(place)], capture_output=True, text=True
    )
    if done.returncode:
        lacking.skip(f"no disk can be mounted here ({done.stderr.strip()}). Remedy: allow mount.")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 100, 50)).save(made, "PNG")
    return made.getvalue()


def press(phone: Phone, page: str, sent: bytes = b"", **typed: str) -> tuple[int, str]:
    token = TOKEN.search(phone.ask(f"/submit/{page}/")[1])
    assert token is not None
    return phone.ask(f"/submit/{page}/", sent, csrfmiddlewaretoken=token[1], **typed)


def half_written(disk: Disk) -> list[Path]:
    return list(disk.path.rglob(".new-*"))


def test_photos_stop_first_words_last_and_all_goes_on_when_there_is_room(disk: Disk):
    installation = Installation(disk.path / "office", database="")  # on the small disk with everything else
    copies = disk.path / "copies"
    installation.run("shuoshi", "backup", str(copies))
    stand = sorted(path.name for path in copies.rglob("*") if path.is_file())
    installation.start()
    try:
        phone = Phone(installation.port)
        phone.ask("/submit/what/")

        disk.leave(SIZE * MIB * 8 // 100)
        refused = installation.attempt("shuoshi", "backup", str(copies))
        assert refused.returncode != 0 and "nearly full" in refused.stderr
        assert sorted(path.name for path in copies.rglob("*") if path.is_file()) == stand, "copies stop first"
        assert press(phone, "what", photo(), what="路灯坏了")[0] == 302, "photos are still taken"

        disk.leave(SIZE * MIB * 4 // 100)
        status, page = press(phone, "what", photo(), what="路灯坏了，天黑看不见路")
        assert status == 422 and "现在存不下照片" in page and "天黑看不见路" in page
        for page_name, typed in (("where", {"place": "村口"}), ("who", {"naming": "anonymous"})):
            assert press(phone, page_name, **typed)[0] == 302
        assert press(phone, "check")[0] == 302
        number = NUMBER.search(phone.ask("/submit/done/")[1])
        assert number is not None, "words, and photos taken before, are registered"
        assert "天黑看不见路" in installation.count()["matters"][number[0]]["content"]

        disk.leave(0)
        words = "水管漏了，" + "从早流到晚。" * 2000
        status, page = press(Phone(installation.port), "what", what=words)
        assert status == 507 and "您写的内容还在这一页上" in page and words[:100] in page
        assert not half_written(disk)

        disk.free()
        other = Phone(installation.port)
        assert press(other, "what", photo(), what=words)[0] == 302
        for page_name, typed in (("where", {"place": "村口"}), ("who", {"naming": "anonymous"})):
            assert press(other, page_name, **typed)[0] == 302
        assert press(other, "check")[0] == 302
        assert NUMBER.search(other.ask("/submit/done/")[1])
    finally:
        installation.stop()
    installation.run("shuoshi", "backup", str(copies))
    assert "is good" in installation.run("shuoshi", "restore", str(copies), "--check")
    counted = installation.count()
    assert len(counted["matters"]) == 2 and counted["files"] == counted["attached"] == 2
    assert "whole" in installation.run("shuoshi", "verify")
    assert not half_written(disk)


def test_a_copy_that_meets_the_end_of_the_disk_takes_itself_away(disk: Disk, tmp_path: Path):
    """The place fills while the copy is under way: what stood before stands, and of the new one nothing is left."""
    installation = Installation(tmp_path / "office", database="")
    installation.run("tests.support.elsewhere", "raise", "5")
    copies = disk.path / "copies"
    installation.run("shuoshi", "backup", str(copies))
    stand = sorted(path.name for path in copies.rglob("*") if path.is_file())
    for _ in range(8):
        installation.run("tests.support.elsewhere", "raise", "1", str(8 * MIB))
    disk.leave(SIZE * MIB * 40 // 100)
    refused = installation.attempt("shuoshi", "backup", str(copies))
    assert refused.returncode != 0 and "full" in refused.stderr
    left = {path.name for path in copies.rglob("*") if path.is_file()} - set(stand)
    assert all("." in name for name in left), "whole files may stay: the next copy does not send them again"
    disk.free()
    installation.run("shuoshi", "backup", str(copies))
    assert "is good" in installation.run("shuoshi", "restore", str(copies), "--check")
