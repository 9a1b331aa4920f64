"""Three visits without a network, the browser killed, and three matters afterwards (3.2.3); a copied phone tells nothing (drill 24)."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from shuoshi.channels.visits import keeping, queries
from shuoshi.channels.visits.models import Device, Visit, VisitFile
from shuoshi.kernel import files, verify
from shuoshi.matters.models import Attachment, Matter
from tests.support.desk import signed_in
from tests.support.handset import PIN, Handset, Network, begins, enrols, finishes, opens, picture, signs_in
from tests.support.village import Place
from tests.support.visits import AT, planned

if TYPE_CHECKING:
    from playwright.sync_api import Download, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.once]

HOMES = ("三组12号", "三组14号", "三组17号")
WORDS = ("水渠堵了浇不上水", "桥板松了孩子过河危险", "路灯灭了半个月没人修")
FULL = """() => {
  const { put, add } = IDBObjectStore.prototype, no = () => { throw new DOMException("", "QuotaExceededError"); };
  Object.assign(IDBObjectStore.prototype, { put: no, add: no });
  window.emptied = () => Object.assign(IDBObjectStore.prototype, { put, add });
}"""
SLOW = """() => {
  const { lock } = sealing;
  sealing.lock = async (...given) => { await new Promise((done) => setTimeout(done, 600)); return lock(...given); };
}"""
UNFINISHED = "井盖破了还没问清楚在哪"


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
    page.set_input_files("#said [data-photos]", picture("1"))
    finishes(page, 1)
    network.on()
    signs_in(page, town, "陈书记")
    begins(page, HOMES[1], UNFINISHED)
    page.click("#later")
    page.locator("#screen-home").wait_for()
    keeping.revoke(Device.objects.get().pk, actor=town.actor("管理员"))
    page.goto(AT)
    page.locator("#told", has_text="这部手机已经停用").wait_for()
    page.locator("#screen-enrol").wait_for()
    assert page.evaluate("() => store.keys('drafts')") == [], "though nobody is signed in on it any more"
    signs_in(page, town, "陈书记")
    page.click("#send")
    page.locator("#list", has_text="这部手机已经停用").wait_for()
    assert (page.inner_text("#unsent"), Visit.objects.count()) == ("1", 0)
    page.evaluate("() => { document.getElementById('rescue').dataset.most = 100; }")
    downloads: list[Download] = []
    page.on("download", lambda one: downloads.append(one))
    page.click("#rescue")
    page.locator("#told", has_text="导出了 2 个文件").wait_for()
    rescued = [Path(one.path()) for one in downloads]
    assert not any(WORDS[0].encode() in one.read_bytes() for one in rescued)
    desk = signed_in(town, "管理员")
    for path, done in zip(rescued, ("走访 1 次，照片 0 张", "走访 0 次，照片 1 张"), strict=True):
        with path.open("rb") as file:
            assert done in desk.post("/desk/visits/rescue/", {"file": file}).content.decode()
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
    page.evaluate("() => { document.getElementById('problem').hidden = true; }")
    page.click("#visit button.main")
    page.locator("#problem", has_text="手机存满了").wait_for()
    assert page.input_value("#said [data-name=content]") == WORDS[0]
    assert page.inner_text("#unsent") == "0"
    page.evaluate("() => { window.emptied(); }")
    page.set_input_files("#said [data-photos]", picture("large"))
    page.locator("#said [data-shown] img").wait_for()
    finishes(page, 1)
    assert page.evaluate("async () => (await store.outbox()).length") == 2, "the record and the photo"


def test_two_windows_do_not_write_over_each_other(town: Place, network: Network, handset: Handset) -> None:
    page = handset.on()
    signs_in(page, town, "陈书记")
    enrols(page)
    begins(page, HOMES[0], WORDS[0])
    other = page.context.new_page()
    other.goto(AT)
    other.locator("#why-not", has_text="另一个窗口").wait_for()
    assert not other.locator("#screen-pin").is_visible()
    page.close()
    opens(other)
    assert other.locator("#resume").is_visible()


def test_a_visit_tapped_twice_is_finished_once_with_every_photo(
    town: Place, network: Network, handset: Handset
) -> None:
    page = handset.on()
    signs_in(page, town, "陈书记")
    enrols(page)
    network.off()
    begins(page, HOMES[0], WORDS[0])
    page.set_input_files("#said [data-photos]", picture("one"))
    page.set_input_files("#said [data-photos]", picture("two"))
    page.evaluate(
        "() => { const done = document.querySelector('#visit button.main'); done.click(); setTimeout(() => done.click(), 5); }"
    )
    page.locator("#screen-home").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("async () => (await store.outbox()).map((one) => one.place)") == [0, 1, 2]
    assert page.locator("#problem").get_attribute("hidden") is not None
    assert "存好了" in page.inner_text("#told")


def test_a_draft_that_is_thrown_away_does_not_come_back(town: Place, network: Network, handset: Handset) -> None:
    page = handset.on()
    signs_in(page, town, "陈书记")
    enrols(page)
    begins(page, HOMES[0], UNFINISHED)
    page.check("#met-no")
    page.click("#visit button.main")
    page.locator("#problem", has_text="却选了没有人在家").wait_for()
    page.evaluate(SLOW)
    page.fill("#household", HOMES[1])
    page.press("#household", "Tab")
    page.click("#drop")
    page.locator("#screen-home").wait_for()
    page.wait_for_timeout(1200)
    assert page.evaluate("() => store.keys('drafts')") == []


def test_a_visit_that_cannot_be_taken_keeps_back_no_other(town: Place, network: Network, handset: Handset) -> None:
    page = handset.on()
    signs_in(page, town, "陈书记")
    enrols(page)
    network.off()
    for n in (1, 2):
        begins(page, HOMES[n], WORDS[n])
        finishes(page, n)
    broken: list[str] = []

    def breaks(route: Route) -> None:
        broken.append(route.request.url)
        if len(broken) == 1:
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    page.route("**/phone/record/", breaks)
    network.on()
    signs_in(page, town, "陈书记")
    page.click("#send")
    page.wait_for_function("() => document.getElementById('unsent').textContent === '1'")
    page.locator("#online", has_text="服务器暂时收不了").wait_for()
    assert [str(one.content) for one in Matter.objects.all()] == [WORDS[2]]
    page.click("#send")
    page.wait_for_function("() => document.getElementById('unsent').textContent === '0'")


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
