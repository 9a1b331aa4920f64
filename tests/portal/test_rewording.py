"""Rule 5: on the page of the matter the speaker corrects what the registry summed up."""

from __future__ import annotations

import re

import pytest

from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Status
from tests.portal.resident import Resident
from tests.support.village import Place

SAID = ("修好三盏路灯", "以后有人管")


def test_the_speaker_corrects_what_was_summed_up_and_nothing_typed_is_lost(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING, demands=("修好三盏路灯", "以后有人管"))
    address = f"/track/{matter.number}/reword/"
    assert address in resident.opens(matter)
    assert "修好三盏路灯\n以后有人管" in resident.page(address)
    for typed, why in (
        ("修好三盏路灯\n以后有人管", "没有改动任何一项"),
        ("修好三盏路灯", "不能减少"),
        ("", "请至少写一条要求"),
    ):
        answer = resident.browser.post(address, {"text": typed})
        assert answer.status_code in (409, 422) and why in answer.content.decode(), typed
        assert typed in answer.content.decode()
    assert resident.browser.post(address, {"text": "桥头的路灯也要修\n以后有人管"}).status_code == 302
    page = resident.page(f"/track/{matter.number}/")
    assert "桥头的路灯也要修" in page and "原来写的是：修好三盏路灯" in page


def test_what_was_answered_is_corrected_no_more_and_the_words_go_into_a_new_place(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_FOLLOW_UP, demands=("修好三盏路灯", "以后有人管"))
    assert "/reword/" not in resident.opens(matter)
    late = resident.browser.post(f"/track/{matter.number}/reword/", {"text": "桥头的也要修"})
    assert late.status_code == 409 and "桥头的也要修" in late.content.decode()


def test_a_page_opened_before_somebody_else_changed_it_overwrites_nothing(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING, demands=SAID)
    address = f"/track/{matter.number}/reword/"
    resident.opens(matter)
    turn = re.search(r'name="turn" value="(\d+)"', resident.page(address))
    assert turn is not None
    town.run(town.speaker(matter), terms.RewordDemands(demands=(*SAID, "装反光镜")), matter)
    late = resident.browser.post(address, {"text": "修好五盏路灯\n以后有人管", "turn": turn[1]})
    assert late.status_code == 409 and "修好五盏路灯" in late.content.decode()
    assert [str(one.text) for one in town.demands(matter)] == [*SAID, "装反光镜"]


def test_who_only_opens_it_too_late_is_not_said_to_have_written_anything(town: Place, resident: Resident):
    matter = town.prepare(town.matter_in(Status.IN_HANDLING, demands=SAID))
    resident.opens(matter)
    answer = resident.browser.get(f"/track/{matter.number}/reword/")
    assert answer.status_code == 200 and "您写的内容" not in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "said"), [("reword", "修好五盏路灯\n以后有人管"), ("nudge", "快一点"), ("withdraw", "修好了")]
)
def test_sent_again_it_is_heard_once_and_not_refused(town: Place, resident: Resident, path: str, said: str):
    matter = town.matter_in(Status.IN_HANDLING, demands=SAID)
    resident.opens(matter)
    for _again in range(2):
        answer = resident.browser.post(f"/track/{matter.number}/{path}/", {"text": said, "key": "one-intention"})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/track/{matter.number}/")
    other = resident.browser.post(
        f"/track/{matter.number}/{path}/", {"text": f"{said}，再说一次", "key": "one-intention"}
    )
    assert other.status_code == 409 and "再说一次" in other.content.decode()
