"""Residents and staff with a browser in front of them. They find fields by name and links by address, in any language."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from shuoshi.kernel import clock
from shuoshi.matters.models import Matter
from shuoshi.people import totp
from shuoshi.people.models import Account
from tests.support.browser import Window
from tests.support.village import Place

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

PASSWORD = "lantern orchard 47 river"
SAID = "柳湾村三组的路灯坏了三盏，孩子放学看不清路，希望早点修好。"


def photo(name: str = "路灯.jpg", colour: str = "teal") -> FilePayload:
    """A small picture, as the file chooser hands it over."""
    data = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(data, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": data.getvalue()}


def fill(page: Page, within: str, **answers: str) -> None:
    """Answer the named fields of a form: text is written, a choice is picked, "on" ticks a box."""
    for name, answer in answers.items():
        control = page.locator(f"{within} [name={name}]")
        kind = control.first.evaluate("box => box.type")
        if kind == "radio":
            page.locator(f'{within} [name={name}][value="{answer}"]').check()
        elif kind == "checkbox":
            control.check()
        elif kind.startswith("select"):
            control.select_option(answer)
        else:
            control.fill(answer)


@dataclass
class Clerk:
    """A member of staff, signed in."""

    town: Place
    shown: Window
    name: str
    seen: set[str] = field(default_factory=set)

    @property
    def page(self) -> Page:
        return self.shown.page

    def sign_in(self) -> None:
        """At the sign-in page, wherever it leads back to."""
        page = self.page
        account = Account.objects.get(person=self.town.persons[self.name])
        fill(page, "main", username=account.username, password=PASSWORD)
        page.locator("main button.main").click()
        page.wait_for_url(lambda address: "/sign-in/" not in address)
        if page.url.endswith("/desk/me/second-factor/"):
            self._binds_a_second_factor()

    def _binds_a_second_factor(self) -> None:
        """Who leads signs in with one; the first time it is bound."""
        page = self.page
        found = re.search(r"\b(?:[A-Z2-7]{4}\s){3,}[A-Z2-7]{1,4}\b", page.locator("main").inner_text())
        assert found is not None
        page.fill("main form input.ctl", totp.code_at(re.sub(r"\s", "", found[0]), clock.now()))
        page.locator("main form button.main").first.click()
        page.locator("ol.codes li.code").first.wait_for()

    def look(self, what: str) -> None:
        """Check the page the first time it is met; a kind of page is checked once per story."""
        if what not in self.seen:
            self.seen.add(what)
            self.shown.check()

    def opens_from(self, queue: str, matter: Matter) -> None:
        """Find the matter in the queue where it belongs now, and open it from its row."""
        page = self.shown.go(f"/desk/queues/{queue}/")
        self.look("queue")
        page.locator(f'table.queue a.title[href="/desk/matters/{matter.number}/?from={queue}"]').click()
        page.wait_for_url(f"**/desk/matters/{matter.number}/?from={queue}")
        self.look("matter")

    def does(self, matter: Matter, action: str, *, with_photo: bool = False, **answers: str) -> None:
        """Press the action on the matter's page, fill the form that opens in place, and send it."""
        page = self.page
        if not page.url.partition("?")[0].endswith(f"/desk/matters/{matter.number}/"):
            self.shown.go(f"/desk/matters/{matter.number}/")
        page.locator(f'.acts a[href*="/{action}/"]').click()
        page.locator("#doing form").wait_for()
        fill(page, "#doing", **answers)
        if with_photo:
            page.locator("#doing input[type=file]").set_input_files(photo("修好了.jpg", "gold"))
        self.look(action)
        page.locator("#doing button.main").click()
        page.locator("#flash .flash").first.wait_for()
        assert not page.locator("#doing form").count(), page.locator("main").inner_text()


Seat = Callable[..., Clerk]  # the fixture of conftest


@dataclass
class Resident:
    """Somebody with a phone or a computer, and later with a receipt."""

    shown: Window
    number: str = ""
    code: str = ""

    @property
    def page(self) -> Page:
        return self.shown.page

    def follow(self, link: str) -> None:
        self.page.locator(f'main a[href="{link}"]').first.click()

    def next(self) -> None:
        self.page.locator("main form button.main").first.click()

    def raises_a_matter(self, said: str = SAID) -> Matter:
        """Four pages and a receipt, with a photo, as a named person."""
        page = self.page
        self.shown.go("/")
        self.shown.check()
        self.follow("/submit/what/")
        page.locator("[name=what]").fill(said)
        page.locator("#photo").set_input_files(photo())
        if not self.shown.script:  # with it, what is chosen goes up by itself
            page.locator("button[name=upload]").click()
        page.locator("ul.files li").wait_for()
        self.shown.check()
        self.next()
        page.locator("[name=place]").fill("村口到小学的路上")
        self.shown.check()
        self.next()
        fill(page, "main", naming="named", name="陈大明", phone="138 0000 0017", tell_by="call")
        self.shown.check()
        self.next()
        page.wait_for_url("**/submit/check/")
        self.shown.check()
        self.next()
        page.wait_for_url("**/submit/done/")
        self.shown.check()
        self.number = page.locator(".receipt .num").inner_text().strip()
        self.code = page.locator(".receipt .code").inner_text().strip()
        return Matter.objects.get(number=self.number)

    def looks_it_up(self) -> None:
        """With the number and the code of the receipt, as on any other phone."""
        page = self.page
        self.shown.go("/track/")
        self.shown.check()
        fill(page, "main", number=self.number, code=self.code)
        self.next()
        page.wait_for_url(f"**/track/{self.number}/")
        self.shown.check()

    def reads_the_page(self) -> str:
        self.shown.go(f"/track/{self.number}/")
        self.shown.check()
        return self.page.locator("main").inner_text()

    def rates(self, **answers: str) -> None:
        page = self.page
        self.shown.go(f"/track/{self.number}/")
        self.follow(f"/track/{self.number}/rate/")
        page.wait_for_url("**/rate/")
        fill(page, "main form.rate", **answers)
        self.shown.check()
        page.locator("form.rate button.main").click()
        page.wait_for_url(f"**/track/{self.number}/")
        self.shown.check()


def pictures(folder: Path) -> list[str]:
    """A picture that is fit, a text that says it is one, a picture over 10 MB; as paths for a file chooser."""
    fit, text, large = folder / "路灯.jpg", folder / "说明.jpg", folder / "很大.jpg"
    fit.write_bytes(photo()["buffer"])
    text.write_text("这不是照片", "utf-8")
    large.write_bytes(photo()["buffer"] + b"\0" * (10 * 1024 * 1024 + 1))
    return [str(path) for path in (fit, text, large)]
