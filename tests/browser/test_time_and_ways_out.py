"""Branches in a browser: more time, time that stands still, handed back, closed by rule, and raised again afterwards.

Each is asked for by whoever handles, ruled on by the next from the own list, and read by the speaker on a telephone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Exit, Status
from tests.browser.people import Seat
from tests.browser.test_others_have_a_part import in_days, opened
from tests.support.browser import PHONE, Window
from tests.support.village import Place, default_profile

pytestmark = pytest.mark.browser


def read(matter: Matter, window: Callable[..., Window]) -> str:
    """What the speaker reads, on a page nothing is wrong with."""
    shown = window(PHONE)
    told = opened(matter, shown).locator("main").inner_text()
    shown.check()
    return told


def status_of(matter: Matter) -> str:
    return Matter.objects.values_list("status", flat=True).get(pk=matter.pk)


def test_more_time_is_asked_for_and_the_speaker_reads_the_new_date(
    town: Place, sits: Seat, window: Callable[..., Window]
) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    promised = matter.promised_by
    asking = {"days": "3", "text": "灯杆要从县里运来", "plan": "运到当天就装"}
    sits("孙丽", PHONE).does(matter, "request_extension", **asking)
    assert Matter.objects.get(pk=matter.pk).promised_by == promised
    ruling = sits("刘敏")
    ruling.opens_from("to_sign", matter)
    ruling.page.locator('.acts a[href*="/rule_extension/"]').click()
    ruling.page.locator("#doing form").wait_for()
    assert asking["text"] in ruling.page.locator("#doing").inner_text()
    ruling.does(matter, "rule_extension", granted="yes", text="运输确实要三天")
    moved = Matter.objects.get(pk=matter.pk).promised_by
    assert promised is not None and moved is not None and moved > promised
    assert "运输确实要三天" in read(matter, window)


def test_time_stands_still_and_runs_again(town: Place, sits: Seat, window: Callable[..., Window]) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    handler = sits("孙丽", PHONE)
    cause = default_profile().pause_causes[0].code
    handler.does(matter, "request_pause", cause=cause, until=in_days(5), text="等他拿来产权证")
    ruling = sits("刘敏")
    ruling.opens_from("to_sign", matter)
    ruling.does(matter, "rule_pause", granted="yes", text="没有产权证办不了")
    assert status_of(matter) == Status.PAUSED
    told = read(matter, window)
    assert "暂停计时" in told and "没有产权证办不了" in told
    handler.shown.go(f"/desk/matters/{matter.number}/")  # as it stands after the ruling
    handler.does(matter, "resume", text="产权证拿来了")
    assert status_of(matter) == Status.IN_HANDLING
    assert "产权证拿来了" in read(matter, window)


def test_what_cannot_be_done_now_is_parked_looked_at_and_taken_up_again(
    town: Place, sits: Seat, window: Callable[..., Window]
) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    head, leader = sits("周建国"), sits("马镇长", PHONE)
    reason = default_profile().park_reasons[0].code
    parked = {"reason": reason, "text": "改造资金明年才有", "measures": "先装临时灯", "until": in_days(90)}
    head.does(matter, "request_park", **parked)
    leader.opens_from("to_sign", matter)
    leader.does(matter, "rule_park", granted="yes", text="列入明年计划")
    assert status_of(matter) == Status.PARKED
    told = read(matter, window)
    assert "挂账" in told and "先装临时灯" in told
    head.shown.go(f"/desk/matters/{matter.number}/")  # as it stands after the ruling
    head.does(matter, "review_parked", text="资金已经上会")
    head.does(matter, "strike_off", text="资金到位了")
    assert status_of(matter) == Status.IN_HANDLING
    told = read(matter, window)
    assert "资金已经上会" in told and "资金到位了" in told


def test_a_unit_hands_it_back_with_the_one_that_should_have_it(
    town: Place, sits: Seat, window: Callable[..., Window]
) -> None:
    matter = town.matter_in(Status.ASSIGNED)
    reason = next(one.code for one in default_profile().return_reasons if one.needs_proper_unit)
    head = sits("周建国", PHONE)
    page = head.shown.go(f"/desk/matters/{matter.number}/request_return/")
    page.select_option("#doing [name=reason]", reason)
    page.fill("#doing [name=text]", "村口到小学的路归水利站管")
    page.click("#doing button.main")
    page.locator("#doing [aria-invalid=true]").first.wait_for()
    assert page.input_value("#doing [name=text]") == "村口到小学的路归水利站管"
    head.look("what is missing")
    page.select_option("#doing [name=proper_unit]", str(town.units["水利站"].pk))
    page.click("#doing button.main")
    page.locator("#flash .flash").first.wait_for()
    ruling = sits("刘敏", PHONE)
    ruling.opens_from("returns", matter)
    ruling.does(matter, "rule_return", granted="yes", text="职责清单上是水利站")
    assert status_of(matter) == Status.ACCEPTED
    ruling.shown.go("/desk/queues/assign/")
    assert matter.number in ruling.page.locator("main").inner_text()
    told = read(matter, window)
    assert "职责清单上是水利站" in told and "水利站" in told


def test_it_ends_by_a_rule_and_the_speaker_reads_the_ground_and_the_ways_left(
    town: Place, sits: Seat, window: Callable[..., Window]
) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    ground = {"text": "政策没有这一项", "basis": "照明管理办法第九条", "rights_notice": "可以向法院起诉"}
    sits("周建国").does(matter, "request_exit", exit=Exit.EXPLAINED, **ground)
    ruling = sits("刘敏", PHONE)
    ruling.opens_from("to_sign", matter)
    ruling.does(matter, "rule_exit", granted="yes", text="材料属实，依据成立")
    assert Matter.objects.get(pk=matter.pk).exit == Exit.EXPLAINED
    told = read(matter, window)
    assert "照明管理办法第九条" in told and "可以向法院起诉" in told


def test_the_speaker_raises_it_again_and_it_is_given_out_anew(
    town: Place, sits: Seat, window: Callable[..., Window]
) -> None:
    matter = town.matter_in(Status.CLOSED)
    shown = window(PHONE, script=False)
    page = opened(matter, shown)
    page.locator(f'main a[href="/track/{matter.number}/not-solved/"]').first.click()
    page.wait_for_url("**/not-solved/")
    page.locator("main textarea").first.fill("修好三天又不亮了")
    shown.check()
    page.locator("main form button.main").first.click()
    page.wait_for_url(f"**/track/{matter.number}/")
    shown.check()
    again = Matter.objects.get(pk=matter.pk)
    assert again.status == Status.ACCEPTED and again.round is not None and again.round.ordinal == 2
    dispatcher = sits("刘敏")
    dispatcher.opens_from("assign", matter)
    assert "修好三天又不亮了" in dispatcher.page.locator("main").inner_text()
