"""Answers everybody may read: what is public and nothing else, found by what people say, cheap and without a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from shuoshi.kernel.drafts import Draft
from shuoshi.kernel.throttle import Tally
from shuoshi.knowledge import actions
from shuoshi.knowledge.models import Audience
from shuoshi.portal import institution
from tests.knowledge.written import ANSWER, QUESTION, given, propose, published
from tests.portal.resident import Resident
from tests.support.village import Place

HOME = "/knowledge/"


def find(browser: Client, typed: str) -> str:
    answer = browser.post(f"{HOME}search/", {"q": typed})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_answer_says_what_it_rests_on_who_keeps_it_and_since_when(town: Place, resident: Resident):
    entry = published(town)
    assert QUESTION in resident.page(HOME)
    page = resident.page(f"{HOME}{entry.number}/")
    assert ANSWER in page and "中华人民共和国社会保险法" in page and "城建办" in page and "核对过" in page
    assert 'href="/submit/what/"' in page


def test_nothing_but_what_is_public_is_there(town: Place, resident: Resident):
    draft, staff = propose(town, question="草稿"), published(town, question="内部", audience=Audience.STAFF)
    retired, revised = published(town, question="停用"), published(town)
    actions.retire(retired.pk, "停了", actor=town.actor("周建国"))
    actions.revise(revised.pk, given(answer="还没发布的新答案。"), seen=1, actor=town.actor("孙丽"))
    pages = resident.page(HOME) + find(resident.browser, "草稿 内部 停用") + find(resident.browser, "内部")
    assert not [word for word in ("草稿</a>", "内部</a>", "停用</a>") if word in pages]
    assert "还没发布的新答案" not in resident.page(f"{HOME}{revised.number}/")
    for entry in (draft, staff, retired):
        assert resident.browser.get(f"{HOME}{entry.number}/").status_code == 404
    for number in ("99", "9" * 30):
        assert resident.browser.get(f"{HOME}{number}/").status_code == 404


def test_people_find_it_in_their_own_words(town: Place, resident: Resident):
    published(town)
    assert QUESTION in find(resident.browser, "六十岁领养老钱")
    assert QUESTION in find(resident.browser, "社会保障卡")
    assert "没有找到" in find(resident.browser, "路灯不亮")
    assert "请写下想问的" in find(resident.browser, "  ")


def test_what_is_searched_for_leaves_no_trace(town: Place, resident: Resident):
    answer = resident.browser.post(f"{HOME}search/", {"q": "陈大明 13800000017"})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store" and not answer.cookies
    assert resident.browser.get(f"{HOME}search/?q=13800000017").status_code == 405
    assert not Draft.objects.exists() and not Tally.objects.exists()


def test_pages_are_the_same_for_everybody_and_may_be_kept(town: Place):
    entry = published(town)
    for address in (HOME, f"{HOME}{entry.number}/"):
        answer = Client().get(address)
        assert "max-age=300" in answer["Cache-Control"] and "Cookie" in answer["Vary"] and not answer.cookies
        assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_they_cost_the_same_whatever_the_number(town: Place, resident: Resident, statements: Callable[..., Any]):
    def cost() -> tuple[int, int]:
        institution.forget()  # else a slow machine reads it anew in one of the two
        with statements() as listed:
            resident.page(HOME)
        with statements() as one:
            resident.page(f"{HOME}1/")
        return listed.count, one.count

    published(town)
    resident.page(HOME)
    few = cost()
    for number in range(8):
        published(town, question=f"第 {number} 个问题", categories=("D101",) if number % 2 else ("A102",))
    assert cost() == few
    assert few[0] <= 3 and few[1] <= 2


def test_somebody_who_says_something_is_shown_an_answer_and_not_held_up(town: Place, resident: Resident):
    published(town, question="宅基地翻建要办哪些手续", ways=("老房子翻修",), answer="先申请。", categories=("A301",))
    assert resident.says("家里老房子翻修，要不要重新批？").status_code == 302
    page = resident.page("/submit/where/")
    assert "这些问题有现成答案" in page and "宅基地翻建要办哪些手续" in page
    resident.says("家里老房子翻修，要不要重新批？", danger="on")
    assert "这些问题有现成答案" not in resident.page("/submit/where/")
    resident.says("路灯坏了三盏。")
    assert "这些问题有现成答案" not in resident.page("/submit/where/")


def test_every_way_in_leads_to_it(town: Place, resident: Resident):
    matter = town.raise_matter()
    for page in (resident.page("/"), resident.page("/submit/what/"), resident.opens(matter)):
        assert f'href="{HOME}"' in page
