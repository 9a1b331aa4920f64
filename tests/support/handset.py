"""A phone with a browser of its own, and the network between it and the product: cut, back, and the battery torn out."""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.support import lacking
from tests.support.browser import PHONE, REMEDY
from tests.support.desk import signed_in
from tests.support.village import Place
from tests.support.visits import AT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

PIN = "walnut boat 81"


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
        from playwright.sync_api import Error

        assert self.context is not None
        found = subprocess.run(
            ["pgrep", "-f", f"user-data-dir={self.profile}"], capture_output=True, text=True, check=True
        )
        for pid in found.stdout.split():
            os.kill(int(pid), signal.SIGKILL)
        with suppress(Error):  # it is gone already
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
    page.locator("#ready", has_text="没有网络时也能打开").wait_for()
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
