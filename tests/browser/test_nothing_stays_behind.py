"""Drill 14 in a real browser: after a resident's and a clerk's session its storage holds nothing that was confided."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from shuoshi.matters import query_code, terms
from shuoshi.matters.models import Matter
from tests.browser.people import Clerk, Resident, Seat, fill
from tests.support.browser import PHONE, Window
from tests.support.village import Place

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.drill(14)]

SAID = "钥匙藏在水缸底下，三组路口的灯坏了。"
CALLED = "李秀英说她家钥匙在门楣上。"
PRIVATE = ("陈大明", "13800000017", "138 0000 0017", "水缸底下", "李秀英", "13800000018", "138 0000 0018", "门楣上")

# Everything a page of this origin can leave behind: both storages, databases with their rows, caches with their bodies.
_KEPT = """async () => {
  const kept = [];
  for (const storage of [localStorage, sessionStorage])
    for (let i = 0; i < storage.length; i++) kept.push(storage.key(i), storage.getItem(storage.key(i)));
  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result); request.onerror = () => failed(request.error);
  });
  for (const {name} of await indexedDB.databases()) {
    const database = await asked(indexedDB.open(name));
    kept.push(name);
    for (const store of database.objectStoreNames)
      kept.push(store, JSON.stringify(await asked(database.transaction(store).objectStore(store).getAll())));
    database.close();
  }
  for (const name of await caches.keys()) {
    kept.push(name);
    const cache = await caches.open(name);
    for (const request of await cache.keys()) kept.push(request.url, await (await cache.match(request)).text());
  }
  return kept;
}"""
_LEAVE_SOMETHING = """async () => {
  localStorage.setItem('a', 'in localStorage'); sessionStorage.setItem('a', 'in sessionStorage');
  await (await caches.open('a')).put('/a', new Response('in a cache'));
  await new Promise((done) => {
    const request = indexedDB.open('a');
    request.onupgradeneeded = () => request.result.createObjectStore('a', {autoIncrement: true}).add('in a database');
    request.onsuccess = () => { request.result.close(); done(); };
  });
}"""


def kept(page: Page) -> str:
    """What the browser holds of this site when the page is left open, cookies included."""
    cookies = [f"{cookie.get('name')}={cookie.get('value')}" for cookie in page.context.cookies()]
    return "\n".join([*page.evaluate(_KEPT), *cookies])


def personal(page: Page, *more: str) -> list[str]:
    everything = kept(page)
    return [thing for thing in (*PRIVATE, *more) if thing in everything]


def test_the_search_finds_what_a_page_leaves_behind(window: Callable[..., Window], town: Place) -> None:
    page = window().go("/")
    page.evaluate(_LEAVE_SOMETHING)
    everything = kept(page)
    assert all(place in everything for place in ("in localStorage", "in sessionStorage", "in a cache", "in a database"))


def test_a_residents_browser_keeps_no_word_of_theirs(town: Place, window: Callable[..., Window]) -> None:
    resident = Resident(window(PHONE))
    page = resident.page
    matter = resident.raises_a_matter(SAID)
    code = query_code.code_of(matter)
    assert not personal(page, code, query_code.in_fours(code))
    resident.looks_it_up()
    page.locator(f'main a[href="/track/{matter.number}/add/"]').first.click()
    page.locator("main [name=text]").fill("水缸底下的钥匙也拿走了")
    assert not personal(page, code, query_code.in_fours(code)), "while it is being written"
    page.locator("main form button.main").click()
    page.wait_for_url(f"**/track/{matter.number}/")
    page.go_back()
    assert not personal(page, code, query_code.in_fours(code))


def test_a_clerks_browser_keeps_nothing_of_anybody(town: Place, seat: Seat) -> None:
    matter = town.raise_matter(by="王芳", content=SAID)
    clerk: Clerk = seat("王芳")
    page = clerk.shown.go("/desk/register/")
    with page.expect_response("**/register/draft/"):  # every few seconds it is saved, on the server
        fill(page, "#register", phone="13800000018", name="李秀英", content=CALLED)
    assert not personal(page), "while it is being written"
    page.keyboard.press("Control+Shift+Enter")
    page.locator("#flash .flash").first.wait_for()
    assert Matter.objects.count() == 2

    clerk.shown.go(f"/desk/matters/{matter.number}/parties/{matter.parties.get(role='speaker').pk}/")
    page.locator("main form button.main").click()
    page.get_by_text("13800000017").wait_for()
    assert not personal(page)
    clerk.shown.go("/desk/search/")
    fill(page, "main", q="13800000017")
    page.keyboard.press("Enter")
    page.get_by_text(matter.number).first.wait_for()
    town.run("王芳", terms.Note(text="水缸底下看过了"), matter)
    clerk.shown.go(f"/desk/matters/{matter.number}/")
    page.locator('.acts a[href$="/accept/"]').first.click()
    page.locator("#doing form").wait_for()
    page.go_back()
    assert not personal(page)
    clerk.shown.go("/desk/")
    page.locator('form[action$="/sign-out/"] button').click()
    page.wait_for_url("**/sign-in/**")
    assert not personal(page)
