"""Pictures of every page of the running demo, on a phone and on a desk, into SHOTS_DIR, outside the repository.

Start the demo first (`make run`), then `make shots`. Words after the command choose pages by a part of their address.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = {"phone": 375, "desk": 1440}
LANGUAGES = ("zh-Hans", "en")
PUBLIC = (
    "/",
    "/submit/",
    "/submit/what/",
    "/track/",
    "/points/",
    "/procedure/",
    "/privacy/",
    "/accessibility/",
    "/sealed/",
)
DEPTH = 60  # addresses found by following links from the desk, one of each shape


def main() -> None:
    address = os.environ.get("SHUOSHI_AT", f"http://localhost:{os.environ.get('PORT', '8000')}")
    target = Path(os.environ.get("SHOTS_DIR", "/tmp/shuoshi-shots"))
    program = shutil.which("chromium") or sys.exit(
        "Chromium is missing. Remedy: apt-get install chromium fonts-noto-cjk"
    )
    from playwright.sync_api import sync_playwright

    count = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-quic"])
        for page, name in _pages(browser, address):
            path = target / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(path), full_page=True)
            count += 1
            print(path)
        browser.close()
    print(f"{count} pictures in {target}")


def _pages(browser: Browser, address: str) -> Iterator[tuple[Page, str]]:
    chosen = sys.argv[1:]
    for width, pixels in WIDTHS.items():
        for language in LANGUAGES:
            context = browser.new_context(base_url=address, viewport={"width": pixels, "height": 900}, locale=language)
            context.set_default_timeout(15_000)
            page = context.new_page()
            paths = [*PUBLIC, *(_desk(page) if _signed_in(page) else ())]
            for path in paths:
                if not chosen or any(part in path for part in chosen):
                    page.goto(path)
                    yield page, f"{width}-{language}/{_name(path)}"
            context.close()


def _signed_in(page: Page) -> bool:
    """As whom SHOTS_AS says, `name:password` or `name:password:code`; without it only residents' pages are taken."""
    name, _, rest = os.environ.get("SHOTS_AS", "").partition(":")
    password, _, code = rest.partition(":")
    if not name:
        return False
    page.goto("/desk/sign-in/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    if code and page.locator("input[name=otp]").count():
        page.fill("input[name=otp]", code)
        page.click("main button[type=submit]")
    if "sign-in" in page.url:
        sys.exit(f"Signing in as {name} did not work; a code lives 30 seconds.")
    return True


def _desk(page: Page) -> list[str]:
    """One address of each shape, found by following links from the first page of the desk."""
    found: list[str] = []
    seen: set[str] = set()
    waiting = ["/desk/"]
    while waiting and len(found) < DEPTH:
        path = waiting.pop(0)
        shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]*-?\d{4,}[\w-]*", "*", path.partition("?")[0])
        if shape in seen or "sign-out" in path or "/files/" in path:
            continue
        seen.add(shape)
        page.goto(path)
        found.append(path)
        links = page.eval_on_selector_all("a[href^='/desk/']", "links => links.map(link => link.getAttribute('href'))")
        waiting += [link.partition("#")[0] for link in links]
    return found


def _name(path: str) -> str:
    return re.sub(r"[^\w-]+", "_", path).strip("_") or "home"


if __name__ == "__main__":
    main()
