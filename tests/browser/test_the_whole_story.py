"""A matter goes the whole way through pages: raised, handled, not to satisfaction, handled again, rated, closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Exit, Status
from tests.browser.people import SAID, Clerk, Resident, Seat
from tests.support.browser import DESK, PHONE, Window
from tests.support.village import Place

pytestmark = pytest.mark.browser

WORD = "灯头周四到货，当天下午就去换。"
FIRST, SECOND = "三盏路灯换了灯泡。", "线路重新接过，三盏都亮了。"


@pytest.mark.parametrize(("width", "language"), [(DESK, "zh-CN"), (PHONE, "en")], ids=["desk-zh", "phone-en"])
def test_a_matter_goes_the_whole_way_in_the_browser(
    town: Place, window: Callable[..., Window], seat: Seat, width: int, language: str
) -> None:
    resident = Resident(window(width, language=language))
    matter = resident.raises_a_matter()
    spoken = "en" if language == "en" else "zh-Hans"
    assert resident.page.locator("html").get_attribute("lang") == spoken

    def sit(name: str) -> Clerk:
        return seat(name, width, language=language)

    registrar, dispatcher, handler, head, agent = map(sit, ("王芳", "刘敏", "孙丽", "周建国", "赵红"))
    assert handler.page.locator("html").get_attribute("lang") == spoken

    registrar.opens_from("accept", matter)
    registrar.does(matter, "accept", kind="INTEREST_CLAIM", title="村口路灯不亮")
    dispatcher.opens_from("assign", matter)
    dispatcher.does(matter, "classify", category="B604", complexity="simple")
    dispatcher.does(matter, "assign", unit=str(town.units["城建办"].pk), reason="道路照明由城建办管")

    first_round(handler, head, town, matter)
    seen = resident.reads_the_page()
    assert WORD in seen and FIRST in seen and "内部" not in seen and "查了线路图" not in seen

    agent.opens_from("follow_up", matter)
    said = {"contacted": "yes", "solved": "NO", "result": "2", "attitude": "4", "words": "晚上还是黑的"}
    agent.does(matter, "record_follow_up", way="call", reached="yes", **said, proof="recording", proof_ref="录音 12")
    matter.refresh_from_db()
    assert (matter.status, matter.round.ordinal) == (Status.ASSIGNED, 2)

    handler.opens_from("sign_for", matter)
    handler.does(matter, "sign_for", handler=str(town.persons["孙丽"]))
    answers_and_signs(handler, head, matter, SECOND)
    resident.rates(contacted="yes", solved="YES", result="5", attitude="5", words="这回亮了")

    matter.refresh_from_db()
    assert (matter.status, matter.exit, matter.round.ordinal) == (Status.CLOSED, Exit.SATISFIED, 2)
    seen = resident.reads_the_page()
    resident.page.locator("main details:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
    both = resident.page.locator("main").inner_text()
    assert FIRST in both and SECOND in both
    assert resident.page.locator("ol.promises li.round").count() >= 1
    assert "Chen" not in seen and "陈大明" not in seen, "the tracking page names nobody"


def first_round(handler: Clerk, head: Clerk, town: Place, matter: Matter) -> None:
    """Signed for, spoken to, looked into, mended, told; and a word that cannot be taken for a note."""
    handler.opens_from("sign_for", matter)
    handler.does(matter, "sign_for", handler=str(town.persons["孙丽"]))
    handler.does(matter, "record_first_contact", way="call", reached="yes", text="约好傍晚去看")
    handler.does(matter, "record_investigation", text="查了线路图，灯泡老化")
    handler.does(matter, "record_measure", text="买了灯泡", with_photo=True)
    handler.does(matter, "report_progress", done="看过现场，灯泡坏了", next_step="周四换")
    page = handler.page
    page.locator("section.say [name=text]").fill(WORD)
    page.locator("section.say button").last.click()
    page.locator("#flash .flash").wait_for()
    handler.shown.go(f"/desk/matters/{matter.number}/as-resident/")
    handler.shown.check()
    shown = page.locator("main").inner_text()
    assert WORD in shown and "查了线路图" not in shown
    answers_and_signs(handler, head, matter, FIRST)


def answers_and_signs(handler: Clerk, head: Clerk, matter: Matter, answer: str) -> None:
    """The result point by point with a photo as proof; the head of the unit signs it."""
    points = {"outcome_1": "SOLVED", "text_1": answer}
    handler.does(matter, "prepare_result", **points, reply=answer, report="经查属实，已处理。", with_photo=True)
    head.opens_from("to_sign", matter)
    head.does(matter, "sign_result", delivered_by="call")
    matter.refresh_from_db()
    assert matter.status == Status.IN_FOLLOW_UP


@pytest.mark.parametrize("width", [PHONE])
def test_the_residents_part_needs_no_script(town: Place, window: Callable[..., Window], width: int) -> None:
    """Raised, looked up, added to, rated badly, rated well: with the browser's script switched off."""
    resident = Resident(window(width, script=False))
    matter = resident.raises_a_matter()
    assert matter.content == SAID
    resident.looks_it_up()
    page = resident.page
    resident.follow(f"/track/{matter.number}/add/")
    page.locator("main [name=text]").fill("昨晚又灭了一盏")
    resident.shown.check()
    page.locator("main form button.main").click()
    page.wait_for_url(f"**/track/{matter.number}/")
    assert "昨晚又灭了一盏" in page.locator("main").inner_text()

    matter = town.sign_for(town.assign(town.classify(town.accept(Matter.objects.get(pk=matter.pk)))))
    matter = town.sign(town.prepare(matter))
    resident.rates(contacted="yes", solved="NO", result="2", attitude="4", words="晚上还是黑的")
    matter = Matter.objects.get(pk=matter.pk)
    assert (matter.status, matter.round.ordinal) == (Status.ASSIGNED, 2)
    matter = town.sign(town.prepare(town.sign_for(matter)))
    resident.rates(contacted="yes", solved="YES", result="5", attitude="5")
    matter = Matter.objects.get(pk=matter.pk)
    assert (matter.status, matter.exit) == (Status.CLOSED, Exit.SATISFIED)
