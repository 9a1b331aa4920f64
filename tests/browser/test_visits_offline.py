"""Three visits without a network, the browser killed, and three matters afterwards (3.2.3); a copied phone tells nothing (drill 24)."""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from shuoshi.channels.visits import keeping, queries
from shuoshi.channels.visits.models import Device, Visit, VisitFile
from shuoshi.kernel import files, verify
from shuoshi.matters.models import Attachment, Matter
from tests.support import lacking
from tests.support.browser import PHONE, REMEDY
from tests.support.desk import signed_in
from tests.support.village import Place
from tests.support.visits import planned

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.once]

AT = "/desk/visits/phone/"
PIN = "walnut boat 81"
HOMES = ("三组12号", "三组14号", "三组17号")
WORDS = ("水渠堵了浇不上水", "桥板松了孩子过河危险", "路灯灭了半个月没人修")
FULL = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
}"""
UNFINISHED = "井盖破了还没问清楚在哪"


def picture(colour: str) -> FilePayload:
    """As large as a phone makes them, so that it is reduced."""
    data = io.BytesIO()
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(data, "JPEG", quality=60)
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


class Network:
    """What lies between a phone and the product: one port, whose lines are cut and come back."""

    def __init__(self, beyond: int) -> None:
        self._beyond = ("127.0.0.1", beyond)
        self._door: socket.socket | None = None
        self._lines: list[socket.socket] = []
        self.port = 0

    def on(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self.port))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._lets_in, args=(self._door,), daemon=True).start()

    def off(self) -> None:
        door, self._door = self._door, None
        for one in [door, *self._lines] if door else []:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._lines.clear()

    def _lets_in(self, door: socket.socket) -> None:
        while True:
            try:
                near = door.accept()[0]
            except OSError:
                return
            far = socket.create_connection(self._beyond)
            self._lines += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carries, args=(one, other), daemon=True).start()

    def _carries(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)


@pytest.fixture
def network(live_shuoshi: str) -> Iterator[Network]:
    made = Network(int(live_shuoshi.rpartition(":")[2]))
    made.on()
    yield made
    made.off()


@dataclass
class Handset:
    """A browser with a profile of its own on the disk, as a phone has one; `chromium` is only its driver."""

    chromium: Browser
    profile: Path
    network: Network
    context: BrowserContext | None = None

    def on(self) -> Page:
        program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        if program is None:
            lacking.skip(REMEDY)
        self.context = self.chromium.browser_type.launch_persistent_context(
            str(self.profile),
            executable_path=program,
            args=["--no-sandbox", "--disable-quic", "--no-first-run"],
            base_url=f"http://127.0.0.1:{self.network.port}",
            viewport={"width": PHONE, "height": 812},
            locale="zh-CN",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(15_000)
        page = self.context.pages[0]
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def kill(self) -> None:
        """As when the battery is torn out: no process of it gets a last word."""
        assert self.context is not None
        found = subprocess.run(
            ["pgrep", "-f", f"user-data-dir={self.profile}"], capture_output=True, text=True, check=True
        )
        for pid in found.stdout.split():
            os.kill(int(pid), signal.SIGKILL)
        self.context.close()
        self.context = None


@pytest.fixture
def handset(chromium: Browser, network: Network, tmp_path: Path) -> Iterator[Handset]:
    made = Handset(chromium, tmp_path / "profile", network)
    yield made
    if made.context is not None:
        made.context.close()


def signs_in(page: Page, town: Place, name: str) -> None:
    session = signed_in(town, name).cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "domain": "127.0.0.1", "path": "/"}])


def enrols(page: Page) -> None:
    page.goto(AT)
    page.fill("#phone-name", "红色手机")
    page.click("#enrol button")
    page.fill("#pin-1", PIN)
    page.fill("#pin-2", PIN)
    page.click("#new-pin button")
    page.locator("#screen-home").wait_for()
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function(
        "async () => (await caches.keys()).length > 0 && navigator.serviceWorker.controller !== null"
    )


def opens(page: Page) -> None:
    page.goto(AT)
    page.fill("#pin-0", PIN)
    page.click("#pin button")
    page.locator("#screen-home").wait_for()


def begins(page: Page, home: str, words: str) -> None:
    page.click("#begin")
    page.fill("#household", home)
    page.check("#met-yes")
    page.click("#add-said")
    page.fill("#said [data-name=content]", words)
    page.fill("#said [data-name=name]", "陈大明")


def finishes(page: Page, n: int) -> None:
    page.click("#visit button.main")
    page.locator("#screen-home").wait_for()
    page.wait_for_function("n => document.getElementById('unsent').textContent === String(n)", arg=n)


def signs(page: Page) -> None:
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 80, steps=5)
    page.mouse.up()


def holding(folder: Path, words: str) -> list[str]:
    """The files of a copy of the phone's storage that hold these words, in either way Chromium writes text."""
    forms = (words.encode(), words.encode("utf-16-le"))
    found = (path for path in folder.rglob("*") if path.is_file())
    return [str(path.relative_to(folder)) for path in found if any(one in path.read_bytes() for one in forms)]


@pytest.mark.drill(24)
def test_three_visits_offline_survive_a_killed_browser(town: Place, network: Network, handset: Handset) -> None:
    planned(town, route="\n".join(HOMES))
    page = handset.on()
    signs_in(page, town, "陈书记")
    enrols(page)
    network.off()

    for n, (home, words) in enumerate(zip(HOMES, WORDS, strict=True), start=1):
        begins(page, home, words)
        page.set_input_files("#said [data-photos]", picture(str(n)))
        page.locator("#said [data-shown] img").wait_for()
        if n == 1:
            signs(page)
        finishes(page, n)
    begins(page, "三组 20 号", UNFINISHED)
    page.wait_for_timeout(800)
    handset.kill()

    assert holding(handset.profile, "shuoshi-visits"), "the storage of the page is among what was copied"
    for words in (*HOMES, *WORDS, UNFINISHED, "陈大明", PIN):
        assert holding(handset.profile, words) == [], words

    page = handset.on()
    opens(page)
    assert page.inner_text("#unsent") == "3", "without a network and after the crash"
    page.click("#resume")
    assert page.input_value("#said [data-name=content]") == UNFINISHED
    page.click("#later")
    network.on()
    signs_in(page, town, "陈书记")
    page.click("#send")
    page.wait_for_function("() => document.getElementById('unsent').textContent === '0'")

    assert sorted(str(one.content) for one in Matter.objects.all()) == sorted(WORDS)
    assert {str(one.household) for one in Visit.objects.all()} == set(HOMES)
    assert VisitFile.objects.count() == 4, "three photos and a signature"
    for one in VisitFile.objects.select_related("visit"):
        data = files.read(one.stored, one.visit.data_key())
        assert Image.open(io.BytesIO(data)).size in {(1600, 1200), (900, 360)}
    cleaned = set(VisitFile.objects.values_list("sha256", flat=True))
    assert set(Attachment.objects.values_list("sha256", flat=True)) == cleaned
    assert not list(verify.verify())


@pytest.mark.drill(24)
def test_a_revoked_phone_says_so_and_keeps_what_it_has(town: Place, network: Network, handset: Handset) -> None:
    page = handset.on()
    signs_in(page, town, "陈书记")
    enrols(page)
    network.off()
    begins(page, HOMES[0], WORDS[0])
    finishes(page, 1)
    network.on()
    signs_in(page, town, "陈书记")
    keeping.revoke(Device.objects.get().pk, actor=town.actor("管理员"))
    page.click("#send")
    page.locator("#told", has_text="这部手机已经停用").wait_for()
    assert (page.inner_text("#unsent"), Visit.objects.count()) == ("1", 0)
    page.evaluate("document.getElementById('screen-home').hidden = false")
    with page.expect_download() as download:
        page.click("#rescue")
    rescued = Path(download.value.path()).read_bytes()
    assert WORDS[0].encode() not in rescued
    page.goto("about:blank")
    desk = signed_in(town, "管理员")
    with (handset.profile / "rescue.json").open("wb") as file:
        file.write(rescued)
    with (handset.profile / "rescue.json").open("rb") as file:
        assert "走访 1 次" in desk.post("/desk/visits/rescue/", {"file": file}).content.decode()
    assert queries.visit(Visit.objects.get().pk, town.actor("王芳")) is not None


def test_ten_wrong_pins_clear_the_draft_and_leave_what_is_finished(
    town: Place, network: Network, handset: Handset
) -> None:
    page = handset.on()
    signs_in(page, town, "陈书记")
    enrols(page)
    network.off()
    begins(page, HOMES[0], WORDS[0])
    finishes(page, 1)
    begins(page, HOMES[1], UNFINISHED)
    page.wait_for_timeout(800)
    page.goto(AT)
    for n in range(9, -1, -1):
        page.fill("#pin-0", "123456")
        page.click("#pin button")
        page.locator("#told", has_text=f"还可以试 {n} 次" if n else "没写完的已经清掉").wait_for()
    assert page.inner_text("#unsent") == "1"
    page.fill("#pin-1", PIN)
    page.fill("#pin-2", PIN)
    page.click("#new-pin button")
    page.locator("#screen-home").wait_for()
    assert not page.locator("#resume").is_visible()


def test_a_full_phone_says_so_and_loses_nothing(town: Place, network: Network, handset: Handset) -> None:
    page = handset.on()
    signs_in(page, town, "陈书记")
    enrols(page)
    network.off()
    begins(page, HOMES[0], WORDS[0])
    page.wait_for_timeout(800)
    page.evaluate(FULL)
    page.set_input_files("#said [data-photos]", picture("large"))
    page.locator("#problem", has_text="手机存满了").wait_for()
    page.click("#visit button.main")
    page.locator("#problem", has_text="手机存满了").wait_for()
    assert page.input_value("#said [data-name=content]") == WORDS[0]
    assert page.inner_text("#unsent") == "0"
    page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
    finishes(page, 1)


def test_what_is_unfinished_goes_after_seven_days(town: Place, network: Network, handset: Handset) -> None:
    page = handset.on()
    signs_in(page, town, "陈书记")
    enrols(page)
    begins(page, HOMES[0], UNFINISHED)
    page.wait_for_timeout(800)
    page.clock.set_fixed_time(time.time() + 6 * 86400)
    opens(page)
    assert page.locator("#resume").is_visible(), "six days are not too long"
    page.clock.set_fixed_time(time.time() + 14 * 86400)
    page.goto(AT)
    page.locator("#told", has_text="没写完的已经清掉").wait_for()
    assert page.locator("#screen-new-pin").is_visible()
