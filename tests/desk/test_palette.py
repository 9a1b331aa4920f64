"""Ctrl+K: by number, by name, by first letters, to what was kept and opened; the same as a page without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuoshi.desk.initials import fits, initials
from shuoshi.desk.views.settings.institution import doors
from shuoshi.listing import actions
from shuoshi.matters.vocabulary import Status
from tests.support.statements import counted
from tests.support.village import Place

Desk = Callable[[str], Client]


def found(client: Client, typed: str = "", at: str = "") -> dict[str, str]:
    """Label and address of everything that fits, in its order."""
    answer = client.post("/desk/all/found/", {"q": typed, "at": at})
    assert answer.status_code == 200
    return {entry.label: entry.url for group in answer.context["groups"] for entry in group.entries}


@pytest.mark.once
@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("待受理", "dsl"),
        ("登记一件事", "djyjs"),
        ("柳湾 A1", "lwa1"),
        ("𠮷䶮", ""),
        ("總覽", ""),
        ("", ""),
        ("啊座", "az"),
    ],
)
def test_first_letters(words: str, letters: str) -> None:
    assert initials(words) == letters


@pytest.mark.once
def test_a_word_is_found_as_written_or_by_two_letters_at_least() -> None:
    assert fits("受理", "待受理") and fits("SL", "待受理") and fits("over", "Overview")
    assert not fits("s", "待受理") and not fits("受办", "待受理") and not fits("sz", "待受理")


def test_a_matter_is_reached_by_its_number_and_by_its_end(town: Place, at_desk: Desk) -> None:
    matter, client = town.matter_in(Status.IN_HANDLING), at_desk("孙丽")
    foreign = town.raise_matter()
    for typed in (matter.number, matter.number.lower(), matter.tail[-4:], matter.tail[-3:], "０００１"):
        assert f"/desk/matters/{matter.number}/" in found(client, typed).values(), typed
        assert f"/desk/matters/{foreign.number}/" not in found(client, typed).values()
    assert not found(client, "13800000017")
    assert not found(client, foreign.number)


def test_doors_are_those_of_ones_duty(town: Place, at_desk: Desk) -> None:
    registrar, administrator = at_desk("王芳"), at_desk("管理员")
    assert found(registrar, "djyjs") == {"登记一件事": "/desk/register/"}
    assert "/desk/queues/over/" in found(registrar, "超期").values()
    assert not found(registrar, "文书模板") and "/desk/settings/papers/" in found(administrator, "wsmb").values()
    assert {one.url for one in doors()} <= set(found(administrator).values())
    assert "没有找到" in registrar.post("/desk/all/found/", {"q": "绝没有这个"}).content.decode()


def test_what_was_opened_last_comes_first_and_only_while_it_is_in_sight(town: Place, at_desk: Desk) -> None:
    matters, client = [town.raise_matter() for _n in range(10)], at_desk("王芳")
    for one in matters:
        client.get(f"/desk/matters/{one.number}/")
    client.get(f"/desk/matters/{matters[5].number}/")
    opened = [url for url in found(client).values() if url.startswith("/desk/matters/")]
    last = [matters[n].number for n in (5, 9, 8, 7, 6, 4, 3, 2)]
    assert opened == [f"/desk/matters/{number}/" for number in last]
    handler = at_desk("孙丽")
    handler.cookies["recent"] = client.cookies["recent"].value
    assert not [url for url in found(handler).values() if url.startswith("/desk/matters/")]


def test_the_deeds_of_the_matter_that_is_open_are_there(town: Place, at_desk: Desk) -> None:
    matter, client = town.matter_in(Status.ACCEPTED), at_desk("刘敏")
    page = f"/desk/matters/{matter.number}/"
    assert found(client, "分类", page)["分类"] == f"{page}classify/"
    assert f"{page}classify/" in found(client, "fl", f"{page}note/").values()
    assert not [url for url in found(client).values() if url.startswith(page)]
    for at in (
        "/desk/matters/SS-QH-20200101-0001/",
        "/desk/nowhere/",
        "/desk/matters/",
        "https://example.com/",
        "x" * 500,
    ):
        assert found(client, "分类", at) == {}
    assert found(at_desk("孙丽"), "记", page) == found(at_desk("孙丽"), "记")


def test_kept_lists_are_there_of_oneself_alone(town: Place, at_desk: Desk) -> None:
    view = actions.keep("queue.over", "柳湾超期", {"channel": "online"}, has_words=False, actor=town.actor("王芳"))
    assert found(at_desk("王芳"), "lwcq") == {"柳湾超期": f"/desk/views/{view.pk}/"}
    assert not found(at_desk("刘敏"), "柳湾超期")


def test_it_is_a_page_without_script(town: Place, at_desk: Desk) -> None:
    matter, client = town.matter_in(Status.IN_HANDLING), at_desk("孙丽")
    page = client.get("/desk/all/").content.decode()
    assert 'action="/desk/all/"' in page and "/desk/queues/mine/" in page
    answer = client.post("/desk/all/", {"q": matter.tail[-4:]})
    assert answer.status_code == 200 and f'href="/desk/matters/{matter.number}/"' in answer.content.decode()
    assert f'value="{matter.tail[-4:]}"' in answer.content.decode()


def test_it_costs_as_many_statements_whatever_is_typed(town: Place, at_desk: Desk) -> None:
    client, costs = at_desk("王芳"), dict[str, Any]()
    for n in (1, 6):
        matters = [town.raise_matter() for _n in range(n)]
        for one in matters:
            client.get(f"/desk/matters/{one.number}/")
        actions.keep("queue.over", f"超期 {n}", {"channel": "online"}, has_words=False, actor=town.actor("王芳"))
        for typed in ("", matters[0].tail[-4:], "超期"):
            found(client, typed, f"/desk/matters/{matters[0].number}/")
            with counted() as seen:
                found(client, typed, f"/desk/matters/{matters[0].number}/")
            costs.setdefault(typed if typed in ("", "超期") else "number", set()).add(seen.count)
    assert all(len(counts) == 1 for counts in costs.values()), costs
    assert max(max(counts) for counts in costs.values()) <= 11, costs


def test_nobody_asks_who_is_not_signed_in(town: Place) -> None:
    assert Client().post("/desk/all/found/", {"q": "0001"}).status_code == 401
