"""A real Chromium against a real server: fixtures, and what every page is checked for."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import lacking

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

PHONE, DESK = 375, 1440
REMEDY = "Chromium: not found. Remedy: apt-get install chromium fonts-noto-cjk, or set CHROMIUM to the program."
_AXE = Path(__file__).parent / "axe" / "axe.min.js"
_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",  # a microphone that beeps; a page may use it where its headers let it
    "--use-fake-ui-for-media-stream",
]
_FOCUSED = "!document.querySelector('[autofocus]') || document.activeElement !== document.body"
_AXE_RUN = """async () => {
  const {violations} = await axe.run(document, {resultTypes: ['violations']});
  return violations.map(v => `${v.id} (${v.impact}): ${v.help}\\n` + v.nodes.map(n => `    ${n.html}`).join('\\n'));
}"""


@dataclass
class Window:
    """One browser window: its page, the width it was opened at, and what went wrong in it."""

    page: Page
    script: bool
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(path)
        if self.script:  # Chromium gives `autofocus` its focus with the first picture, which may come after the load
            self.page.wait_for_function(_FOCUSED)
        return self.page

    def check(self) -> None:
        """Fail on anything said to the console, a page wider than the window, or a violation found by axe."""
        assert not self.errors, "\n".join(self.errors)
        where = self.page.url
        self.page.wait_for_load_state("load")  # a page that has only begun has no document to measure
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{where} is {wide} px wider than the window"
        if self.script:
            if not self.page.evaluate("typeof axe === 'object'"):
                self.page.evaluate(_AXE.read_text("utf-8"))
            found = self.page.evaluate(_AXE_RUN)
            assert not found, f"{where}\n" + "\n".join(found)

    def show(self) -> None:
        """Print what stands on the page: shown beside a test that failed, where no eye was on the window."""
        from playwright.sync_api import Error

        with suppress(Error):
            sys.stdout.write(f"{self.page.url}\n{self.page.inner_text('body', timeout=2_000)}\n")

    def heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._expected(message):
            self.errors.append(f"{self.page.url}: {message.text}")

    def _expected(self, message: ConsoleMessage) -> bool:
        """Chromium reports a refused form (409, 422) as an error, htmx one from nobody signed in; these are answers."""
        place = message.location.get("url", "")
        if message.text.startswith("Response Status Error Code 401 "):
            return True
        return "Failed to load resource" in message.text and "status of 4" in message.text and "/static/" not in place


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the run, started once."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        lacking.skip(REMEDY)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def live_shuoshi(transactional_db: None) -> Iterator[str]:
    """The product behind waitress on a free port, on the database of this test; yields its address."""
    from waitress.server import create_server

    from shuoshi.config.wsgi import application

    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, name="live_shuoshi")
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


@pytest.fixture
def window(chromium: Browser, live_shuoshi: str) -> Iterator[Callable[..., Window]]:
    """Open windows: `window(width=PHONE, language="en", script=False)`; console errors fail the test at its end."""
    contexts: list[BrowserContext] = []
    windows: list[Window] = []

    def open_window(width: int = DESK, *, language: str = "zh-CN", script: bool = True, **options: Any) -> Window:
        context = chromium.new_context(
            base_url=live_shuoshi,
            viewport={"width": width, "height": 812 if width < 700 else 900},
            locale=language,
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        opened = Window(page=context.new_page(), script=script)
        opened.page.on("console", opened.heard)
        opened.page.on("pageerror", lambda error: opened.errors.append(f"{opened.page.url}: {error}"))
        windows.append(opened)
        return opened

    yield open_window
    for opened in windows:
        opened.show()
    for context in contexts:
        context.close()
    said = [error for opened in windows for error in opened.errors]
    assert not said, "\n".join(said)
