"""ux.md 1.6: a page closed while somebody was writing costs them no word; there is another way for it, where one is open."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import time_machine

from shuoshi.matters import terms
from shuoshi.matters.models import Matter, Rating
from shuoshi.matters.vocabulary import Complexity, Kind, Status
from tests.portal.resident import Resident, photo
from tests.support.village import Place

WORDS = "楼道里的灯还是黑的，老人摔了一跤 䶮𠮷"
RATED = {"contacted": "yes", "solved": "NO", "result": "1", "attitude": "2", "words": WORDS}


def offered(page: str) -> tuple[str, dict[str, str]]:
    """The form that takes the words another way: its address, and what it sends."""
    form = page.split("<blockquote")[1].split("<form")[1].split("</form>")[0]
    address = re.search(r'action="([^"]*)"', form)
    assert address is not None
    fields = re.findall(r'name="([^"]*)" value="([^"]*)"', form)
    return address[1], {name: unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


def test_a_rating_after_the_call_was_recorded_can_be_added(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    resident.opens(matter)
    town.follow_up(matter, 2)
    answer = resident.browser.post(f"/track/{matter.number}/rate/", RATED)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert WORDS in page and "正在重新办" in page and "没有解决" in page
    address, sent = offered(page)
    shown = resident.browser.post(address, sent)
    assert shown.status_code == 200 and WORDS in shown.content.decode()
    assert resident.browser.post(address, {"text": sent["text"]}).status_code == 302
    assert WORDS in resident.page(f"/track/{matter.number}/")
    assert Rating.objects.filter(matter=matter).count() == 1


def test_not_solved_after_its_last_day_can_be_said_anew(town: Place, resident: Resident):
    matter = town.matter_in(Status.CLOSED)
    until = Matter.objects.get(pk=matter.pk).reopen_until
    assert until is not None
    with time_machine.travel(until + timedelta(minutes=1), tick=True):
        resident.opens(matter)
        for part in ("not-solved", "add"):
            answer = resident.browser.post(f"/track/{matter.number}/{part}/", {"text": WORDS})
            assert answer.status_code == 409
            address, sent = offered(answer.content.decode())
            assert address == "/submit/what/"
            page = resident.browser.post(address, sent).content.decode()
            assert WORDS in page and f"原来的编号：{matter.number}" in page


def test_answers_to_questions_that_were_answered_meanwhile_can_be_added(town: Place, resident: Resident):
    matter = town.classify(town.accept(town.raise_matter()))
    resident.opens(matter)
    known = terms.AnswerQuestions(answers={"what": "lamp", "lamp_number": "B-17"})
    town.run(town.speaker(matter), known, matter)
    answer = resident.browser.post(f"/track/{matter.number}/questions/", {"what": "lamp", "lamp_number": "B-18"})
    assert answer.status_code == 409
    address, sent = offered(answer.content.decode())
    assert address == f"/track/{matter.number}/add/"
    assert "B-18" in sent["text"] and "路灯" in sent["text"]


def test_answers_to_the_questions_of_another_category_are_kept(town: Place, resident: Resident):
    matter = town.classify(town.accept(town.raise_matter()))
    resident.opens(matter)
    page = resident.page(f"/track/{matter.number}/questions/")
    assert 'name="category" value="B604"' in page
    again = terms.Classify(kind=Kind.INTEREST_CLAIM, category="B601", complexity=Complexity.STANDARD)
    town.run("刘敏", again, matter)
    typed = {"category": "B604", "lamp_number": "B-17"}
    answer = resident.browser.post(f"/track/{matter.number}/questions/", typed)
    assert answer.status_code == 409
    assert "B-17" in offered(answer.content.decode())[1]["text"]


def test_reasons_for_a_recusal_are_kept_and_offered_to_nobody_they_speak_of(town: Place, resident: Resident):
    matter = town.matter_in(Status.ASSIGNED)
    resident.opens(matter)
    given = terms.RequestReturn(reason=_return_reason(), text="不归我们", proper_unit=town.units["水利站"].pk)
    town.run("刘敏", terms.RuleReturn(granted=True, text="不归城建办"), town.run("周建国", given, matter))
    answer = resident.browser.post(f"/track/{matter.number}/recuse/", {"text": WORDS})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert WORDS in page and "000-8812 6600" in page
    assert "again" not in page.split("<main")[1].split("</main>")[0]


def test_a_second_nudge_is_kept_with_the_reason_and_a_way(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    town.run(town.speaker(matter), terms.Nudge(), matter)
    answer = resident.browser.post(f"/track/{matter.number}/nudge/", {"text": WORDS})
    page = answer.content.decode()
    assert answer.status_code == 409 and "催办后要等一段时间才能再催" in page
    assert offered(page)[0] == f"/track/{matter.number}/add/"


def test_photos_of_a_page_that_closed_go_along_with_the_words(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    sent = {"text": WORDS, "album": "t" * 22, "photo": [photo()]}
    answer = resident.browser.post(f"/track/{matter.number}/not-solved/", sent)
    assert answer.status_code == 409
    address, again = offered(answer.content.decode())
    assert "已收下" in resident.browser.post(address, again).content.decode()
    del again["again"]
    assert resident.browser.post(address, again).status_code == 302
    assert matter.attachments.count() == 1


def test_a_page_that_only_was_opened_says_why_it_is_closed(town: Place, resident: Resident):
    matter = town.raise_matter()
    resident.opens(matter)
    for part in ("rate", "not-solved", "questions", "recuse"):
        assert "您写的内容" not in resident.page(f"/track/{matter.number}/{part}/")


def _return_reason() -> str:
    from shuoshi.organization.profile import current

    return current().return_reasons[0].code
