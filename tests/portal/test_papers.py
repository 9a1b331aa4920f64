"""Whoever holds a paper can have it confirmed, and learns nothing that does not stand on it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from shuoshi.kernel import throttle
from shuoshi.matters import actions, paper_check, papers, query_code
from shuoshi.matters.models import Document, Matter
from shuoshi.matters.vocabulary import Status
from tests.kernel.documents import words_of_pdf
from tests.portal.resident import Resident
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("papers_made_here")


TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def document(town: Place) -> Document:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    ref = papers.ref(matter, "reply-1")
    assert ref is not None
    return actions.issue_paper(matter.pk, ref, actor=town.actor("赵红"))


def asks(browser: Client, number: str, code: str) -> tuple[int, str]:
    answer = browser.post("/paper/", {"number": number, "code": code})
    return answer.status_code, answer.content.decode()


def test_number_and_check_say_who_issued_it_and_when_and_nothing_else(document: Document) -> None:
    status, page = asks(Client(), document.number, paper_check.check_of(document))
    assert status == 200 and "这份文书是我们出具的" in page
    for shown in (document.number, "城建办", document.fingerprint, "答复书"):
        assert shown in page
    for private in ("陈", "路灯", "柳湾村", "0017", "赵红", "孙丽", document.digest[16:]):
        assert private not in page


def test_a_wrong_pair_gets_one_answer_whether_there_is_such_a_number_or_not(document: Document) -> None:
    numbers = (document.number, document.number[:-1] + "9", "SS-QH-20200101-0001-DF01")
    answers = set()
    for n, number in enumerate(numbers, start=1):
        status, page = asks(Client(REMOTE_ADDR=f"198.51.100.{n}"), number, "7K3M9QXT")
        assert "编号和校验码对不上" in page and "城建办" not in page and number in page
        answers.add((status, TOKEN.sub("", page.replace(number, ""))))
    assert {status for status, _page in answers} == {422} and len(answers) == 1


def test_trying_slows_down_and_a_right_one_costs_nothing(document: Document) -> None:
    browser, check = Client(), paper_check.check_of(document)
    free = throttle.PAPER_BY_NETWORK.free
    for _n in range(free + 3):
        assert asks(browser, document.number, check)[0] == 200
    for _n in range(free):
        assert asks(browser, document.number, "AAAAAAAA")[0] == 422
    status, page = asks(browser, document.number, check)
    assert status == 429 and "城建办" not in page
    assert asks(Client(REMOTE_ADDR="198.51.100.9"), document.number, check)[0] == 200


def test_a_later_edition_is_told(document: Document, town: Place) -> None:
    fresh = town.raise_matter()
    ref = papers.refs(fresh)[0]
    first = actions.issue_paper(fresh.pk, ref, actor=town.actor("王芳"))
    from shuoshi.matters import terms

    town.run("王芳", terms.CorrectRegistration(reason="写错了", place="村尾"), fresh)
    actions.issue_paper(fresh.pk, ref, actor=town.actor("王芳"))
    assert "以新的为准" in asks(Client(), first.number, paper_check.check_of(first))[1]
    assert "以新的为准" not in asks(Client(), document.number, paper_check.check_of(document))[1]


def test_the_page_works_by_hand_and_by_the_fragment_of_a_qr_code(town: Place) -> None:
    page = Client().get("/paper/").content.decode()
    assert "data-track" in page and 'name="number"' in page and 'name="code"' in page


def test_the_owner_takes_the_receipt_home_and_nobody_else(town: Place, resident: Resident) -> None:
    matter: Matter = town.raise_matter()
    address = f"/track/{matter.number}/receipt/pdf/"
    assert Client().get(address).status_code == 302
    resident.opens(matter)
    for size in ("", "?paper=roll"):
        answer = resident.browser.get(address + size)
        assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{matter.number}.pdf"
        assert query_code.code_of(matter) in words_of_pdf(answer.content) and "no-store" in answer["Cache-Control"]
    assert address in resident.browser.get(f"/track/{matter.number}/receipt/").content.decode()
