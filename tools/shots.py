"""Pictures of every page of the running demo into SHOTS_DIR, outside the repository: widths, light and dark, large type,
three languages.

Start the demo first (`make run`), then `make shots`; SHUOSHI_HOME must be the demo's home, whose sign-in sheet is read.
Words after the command choose pages by a part of their address. SHOTS_LOOKS chooses looks by parts of their names, such
as `375-light-zh-Hans,1440-dark-en`; without it the full matrix is taken.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

WIDTHS = (375, 1440, 320)
SCHEMES = ("light", "dark", "large")  # large: the light one in large type
LANGUAGES = ("zh-Hans", "en", "zh-Hant")
PUBLIC = (
    "/",
    "/submit/what/",
    "/track/",
    "/knowledge/",
    "/knowledge/21/",
    "/points/",
    "/procedure/",
    "/privacy/",
    "/accessibility/",
    "/sealed/",
)
SAID = "村口到小学的路灯坏了四盏，从上周五晚上开始就不亮了。孩子放学要摸黑走这一段。"
STAFF = ("tangjing", "wangfang", "zhoujianguo", "liumin", "chenhaiyan", "jiangbo")  # who sees which pages
QUEUES = {
    "tangjing": "assign",
    "wangfang": "accept",
    "zhoujianguo": "mine",
    "liumin": "follow_up",
    "chenhaiyan": "to_sign",
}
DEPTH = 40  # addresses found by following links from each person's first page, one of each shape


@dataclass(frozen=True)
class Look:
    width: int
    scheme: str
    language: str

    @property
    def name(self) -> str:
        return f"{self.width}-{self.scheme}-{self.language}"

    def context(self, browser: Browser, address: str, state: Any = None) -> BrowserContext:
        """A browser that has this look and, with `state`, somebody's session."""
        made = browser.new_context(
            base_url=address,
            viewport={"width": self.width, "height": 900},
            color_scheme="dark" if self.scheme == "dark" else "light",
            storage_state=state,
            locale={"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}.get(self.language, "en"),
        )
        made.set_default_timeout(30_000)
        page = made.new_page()
        page.goto(f"/?lang={self.language.lower()}")
        page.goto(f"/?size={'large' if self.scheme == 'large' else 'normal'}")
        page.close()
        return made


def main() -> None:
    address = os.environ.get("SHOTS_AT", f"http://localhost:{os.environ.get('PORT', '8000')}")
    target = Path(os.environ.get("SHOTS_DIR", "/tmp/shuoshi-shots"))
    program = shutil.which("chromium") or sys.exit(
        "Chromium is missing. Remedy: apt-get install chromium fonts-noto-cjk"
    )
    tracked = _tracked()
    from playwright.sync_api import sync_playwright

    count = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-quic"])
        people = _people(browser, address)
        for look in _looks():
            for page, name in _pages(browser, address, look, people, tracked):
                path = target / look.name / f"{name}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=str(path), full_page=True)
                count += 1
                _warn_if_wide(page, path)
        browser.close()
    print(f"{count} pictures in {target}")


def _tracked() -> list[tuple[str, str, str]]:
    """Matters to follow: a name for the picture, number and query code."""
    from shuoshi.config import prepare

    prepare.open_home()
    from shuoshi.matters import query_code
    from shuoshi.matters.models import Matter

    kinds = {
        "in_hand": Matter.objects.filter(status="IN_HANDLING", urgency="U4"),
        "to_rate": Matter.objects.filter(status="IN_FOLLOW_UP"),
        "again": Matter.objects.filter(status="CLOSED", round__ordinal=2),
        "closed": Matter.objects.filter(status="CLOSED", exit="SATISFIED"),
    }
    newest = {name: rows.order_by("-registered_at", "id").first() for name, rows in kinds.items()}
    return [(name, matter.number, query_code.code_of(matter)) for name, matter in newest.items() if matter]


def _looks() -> Iterator[Look]:
    chosen = [part for part in os.environ.get("SHOTS_LOOKS", "").split(",") if part]
    for width, scheme, language in product(WIDTHS, SCHEMES, LANGUAGES):
        look = Look(width, scheme, language)
        if not chosen or look.name in chosen:
            yield look


def _chosen(path: str) -> bool:
    return not sys.argv[1:] or any(part in path for part in sys.argv[1:])


def _pages(
    browser: Browser,
    address: str,
    look: Look,
    people: dict[str, tuple[Any, list[str]]],
    tracked: list[tuple[str, str, str]],
) -> Iterator[tuple[Page, str]]:
    context = look.context(browser, address)
    page = context.new_page()
    for path in PUBLIC:
        if _chosen(path):
            page.goto(path)
            yield page, _name(path)
    if _chosen("/submit/done/"):
        yield from _submission(page)
    for name, number, code in tracked:
        if _chosen(f"/track/{name}"):
            page.goto("/track/")
            page.fill("main [name=number]", number)
            page.fill("main [name=code]", code)
            page.click("main form .btn.main")
            yield page, f"track_{name}"
            if name == "to_rate":
                page.goto(f"/track/{number}/rate/")
                yield page, "track_rate"
    context.close()
    for person, (state, paths) in people.items():
        context = look.context(browser, address, state)
        page = context.new_page()
        for path in paths:
            if _chosen(path):
                page.goto(path)
                yield page, f"{person}_{_name(path)}"
        context.close()


def _submission(page: Page) -> Iterator[tuple[Page, str]]:
    """A resident's four steps to the receipt, and the page of errors on the way."""
    page.goto("/submit/what/")
    _on(page)
    yield page, "submit_what_error"
    page.fill("[name=what]", SAID)
    _on(page)
    yield page, "submit_where"
    page.fill("[name=place]", "村口到小学的路上")
    _on(page)
    page.check("[name=naming][value=named]")
    yield page, "submit_who"
    page.fill("[name=name]", "陈大明")
    page.fill("[name=phone]", "138 0000 0017")
    _on(page)
    yield page, "submit_check"
    _on(page)
    yield page, "submit_done"


def _on(page: Page) -> None:
    page.click("main form .btn.main")
    page.wait_for_load_state()


def _people(browser: Browser, address: str) -> dict[str, tuple[Any, list[str]]]:
    """For each of STAFF a session, and addresses of pages that nobody before has."""
    found: dict[str, tuple[Any, list[str]]] = {}
    seen: set[str] = set()
    for name in STAFF:
        context = Look(1440, "light", "zh-Hans").context(browser, address)
        page = context.new_page()
        _sign_in(page, name)
        paths = _reached(page, name, seen)
        found[name] = (context.storage_state(), paths)
        context.close()
    return found


def _sign_in(page: Page, name: str) -> None:
    from shuoshi.demo.accounts import sign_in_sheet

    password, code = next(row[3:5] for row in sign_in_sheet() if row[0] == name)
    page.goto("/desk/sign-in/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    if code.isascii():
        page.fill("input[name=otp]", code)
    page.click("main .btn.main")
    page.wait_for_load_state()
    if "sign-in" in page.url:
        sys.exit(f"Signing in as {name} did not work; a code lives 30 seconds.")


def _reached(page: Page, name: str, seen: set[str]) -> list[str]:
    """One address of each shape, found by following links from the desk; a matter of one's own queue always."""
    found: list[str] = []
    waiting = ["/desk/", *([f"/desk/queues/{QUEUES[name]}/"] if name in QUEUES else [])]
    mine = {*waiting}
    while waiting and len(found) < DEPTH:
        path = waiting.pop(0)
        shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]*-?\d{4,}[\w-]*", "*", path.partition("?")[0])
        if (shape in seen and path not in mine) or "sign-out" in path or "/files/" in path:
            continue
        seen.add(shape)
        mine.discard(path)
        answer = page.goto(path)
        if answer is None or answer.status != 200:
            continue
        found.append(path)
        links = page.eval_on_selector_all("a[href^='/desk/']", "links => links.map(link => link.getAttribute('href'))")
        links = [link.partition("#")[0] for link in links]
        if path.startswith("/desk/queues/"):
            first = next((link for link in links if link.startswith("/desk/matters/")), None)
            if first and not any(one.startswith("/desk/matters/") for one in mine):
                mine.add(first)
                waiting.insert(0, first)
        waiting += links
    return found


def _warn_if_wide(page: Page, path: Path) -> None:
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        print(f"wider than its window: {path}")


def _name(path: str) -> str:
    return re.sub(r"[^\w-]+", "_", path).strip("_") or "home"


if __name__ == "__main__":
    main()
