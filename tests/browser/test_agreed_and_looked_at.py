"""Branches in a browser: a dispute is mediated, a suggestion adopted, somebody stands in, duties move, ends are looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.matters.actions.transfers import carry_out_transfers
from shuoshi.matters.models import Card, Entry, Matter, Sample
from shuoshi.matters.vocabulary import Action, Kind, Status
from tests.browser.people import Seat, fill, photo
from tests.browser.test_others_have_a_part import in_days
from tests.browser.test_time_and_ways_out import read
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.attempts import sample
from tests.support.browser import PHONE, Window
from tests.support.village import Place

pytestmark = pytest.mark.browser


def test_a_dispute_is_mediated_agreed_and_its_performance_checked(
    town: Place, sits: Seat, window: Callable[..., Window]
) -> None:
    matter = town.dispute()
    mediator = sits("孙丽", PHONE)
    both = {"speaker_by": "face", "other_by": "call", "until": in_days(15)}
    mediator.does(matter, "open_mediation", no_conflict="on", **both)
    met = {"speaker_there": "on", "other_there": "on"}
    mediator.does(matter, "record_session", text="各说各的理", public_text="约好下周再谈", **met)
    assert "约好下周再谈" in read(matter, window)
    page = mediator.shown.go(f"/desk/matters/{matter.number}/conclude_agreement/")
    second = page.locator("#doing details", has_text="第 2 条")
    assert not page.locator("#doing [name=text_2]").is_visible()
    second.locator("summary").click()
    fill(page, "#doing", text_2="把墙面刷好")
    page.locator("#doing button.main").click()
    page.locator("#doing [aria-invalid=true]").first.wait_for()
    assert page.locator("#doing [name=text_2]").is_visible()  # what was typed there is not folded away
    mediator.look("what is missing")
    fill(page, "#doing", form="signed", facts="水管漏水泡了墙", issue="水管归周立管", way="当面", proof_ref="协议 7 号")
    for n, what in (("1", "把水管改走"), ("2", "把墙面刷好")):
        fill(page, "#doing", **{f"by_{n}": "other", f"text_{n}": what, f"due_{n}": in_days(3)})
    page.locator("#doing input[type=file]").set_input_files(photo("协议.jpg"))
    page.locator("#doing button.main").click()
    page.locator("#flash .flash").first.wait_for()
    told = read(matter, window)
    assert "把水管改走" in told and "把墙面刷好" in told and "协议 7 号" not in told
    checked = {"obligation": "1", "performed": "yes", "heard": "call", "text": "水管改走了"}
    mediator.does(matter, "check_performance", **checked)
    assert "协议第 1 条已经履行" in read(matter, window)


def test_a_suggestion_is_adopted_and_shown_to_be_carried_out(
    town: Place, sits: Seat, window: Callable[..., Window]
) -> None:
    matter = town.accept(town.raise_matter(), Kind.SUGGESTION)
    matter = town.sign_for(town.assign(town.classify(matter, "C101", Kind.SUGGESTION)))
    handler = sits("孙丽")
    handler.does(matter, "adopt", extent="whole", text="窗口中午不关门", until=in_days(10))
    told = read(matter, window)
    assert "窗口中午不关门" in told and "采纳" in told
    closed = town.follow_up(town.sign(town.prepare(Matter.objects.get(pk=matter.pk))), 5)
    assert closed.status == Status.CLOSED
    handler.opens_from("checks", matter)
    handler.does(matter, "confirm_carried_out", with_photo=True, done="yes", text="本周起中午开门")
    assert "本周起中午开门" in read(matter, window)


def test_whoever_is_away_is_stood_in_for_and_the_record_says_so(
    town: Place, sits: Seat, window: Callable[..., Window]
) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    page = sits("孙丽", PHONE).shown.go("/desk/absences/")
    now = clock.local(clock.now())
    span = {"starts_at": f"{now:%Y-%m-%dT%H:%M}", "ends_at": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}"}
    fill(page, "main", why="leave", deputy=str(town.persons["周建国"]), **span)
    page.locator("main form button.main").click()
    page.locator("#flash .flash").first.wait_for()
    assert "代理人：周建国" in page.locator("main").inner_text()
    deputy = sits("周建国")
    page = deputy.shown.go(f"/desk/matters/{matter.number}/report_progress/")
    assert "您代孙丽办这一步" in page.locator("#doing").inner_text()
    deputy.does(matter, "report_progress", done="看过现场", next_step="周四换灯")
    told = read(matter, window)
    assert "看过现场" in told
    entry = Entry.objects.get(matter=matter, action=Action.REPORT_PROGRESS)
    assert (entry.person_id, entry.in_place_of_id) == (town.persons["周建国"], town.persons["孙丽"])


def test_duties_move_to_another_unit_with_what_is_open(town: Place, sits: Seat, window: Callable[..., Window]) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    clerk = sits("管理员")
    page = clerk.shown.go("/desk/settings/transfers/")
    page.set_input_files(
        "main [name=document]", {"name": "通知.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1"}
    )
    given = {"document_number": "青政发〔2026〕12 号", "document_date": in_days(0), "from_day": in_days(0)}
    units = {"from_unit": str(town.units["城建办"].pk), "to_unit": str(town.units["水利站"].pk)}
    fill(page, "main", reason="道路照明改由水利站管", **given, **units)
    clerk.look("transfers")
    page.locator("main form button.main").click()
    page.locator("#flash .flash").first.wait_for()
    assert "城建办 → 水利站" in page.locator("main").inner_text()
    carry_out_transfers(clock.now())
    clerk.shown.go("/desk/settings/transfers/")
    assert "已办完，划转 1 件" in page.locator("main").inner_text()
    clerk.look("carried out")
    sits("赵立新").opens_from("sign_for", matter)
    told = read(matter, window)
    assert "道路照明改由水利站管" in told and "水利站" in told


def test_an_end_nobody_decided_is_asked_about_by_a_third_person(
    town: Place, sits: Seat, window: Callable[..., Window]
) -> None:
    town.look_at_ends()
    fresh = town.raise_matter()
    matter = town.run("王芳", sample(town, Action.ANSWER_ON_THE_SPOT, fresh), fresh)
    asking = sits("赵红", PHONE)
    asking.opens_from("samples", matter)
    said = {"words": "没有听明白", "proof": "recording", "proof_ref": "录音 9"}
    asking.does(matter, "record_sample", way="call", found="contradicted", **said)
    assert Sample.objects.get(matter=matter).found == "contradicted"
    page = asking.shown.go("/desk/queues/samples/")
    assert matter.number not in page.locator("main").inner_text()
    leader = sits("马镇长").shown.go("/desk/overview/contradicted/")
    assert matter.number in leader.locator("main").inner_text()
    assert "没有听明白" in read(matter, window)


def test_who_was_late_stands_on_the_page_of_cards(town: Place, sits: Seat) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    sweep_until(clock.now() + timedelta(days=20))
    clerk = sits("刘敏", PHONE)
    page = clerk.shown.go("/desk/cards/")
    table = page.locator("table.tally")
    assert table.locator("th").all_inner_texts() == ["单位", "红牌", "约谈", "黄牌"]
    assert table.locator("tr", has_text="城建办").locator("td").nth(1).inner_text() == str(_reds(town))
    clerk.look("cards")
    page.locator(f'ul.brief a[href="/desk/matters/{matter.number}/"]').first.click()
    page.wait_for_url(f"**/desk/matters/{matter.number}/")
    clerk.look("matter")


def _reds(town: Place) -> int:
    return Card.objects.filter(unit=town.units["城建办"], colour="red").count()
