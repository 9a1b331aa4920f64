"""Lists kept under a name: as they were narrowed, in one's own order, shown to one's unit, and never more than one may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from shuoshi.kernel.refusal import Refused
from shuoshi.listing import actions
from shuoshi.listing.models import KeptView
from shuoshi.listing.queries import seen_by
from shuoshi.matters.vocabulary import Kind, Status
from tests.support.statements import counted
from tests.support.village import Place

Desk = Callable[[str], Client]
NEW = "/desk/views/new/"


def keep(client: Client, address: str, name: str, **also: str) -> KeptView:
    """Press 记成常用视图 on a list, as its link leads, and write a name."""
    link = client.get(address, follow=True).context["kept"].new_url
    assert link
    before = set(KeptView.objects.values_list("pk", flat=True))
    answer = client.post(link, {"name": name, **also})
    assert answer.status_code == 302, answer.context["form"].errors
    return KeptView.objects.exclude(pk__in=before).get()


def press(client: Client, view: KeptView, do: str, **data: str) -> Any:
    return client.post("/desk/views/", {"do": do, "row": str(view.pk), **data})


def test_a_narrowed_list_is_kept_and_leads_back_to_itself(town: Place, at_desk: Desk) -> None:
    client = at_desk("王芳")
    assert not client.get("/desk/queues/accept/").context["kept"].new_url
    view = keep(client, f"/desk/queues/accept/?channel=online&area={town.area.pk}", "网上来的")
    page = client.get("/desk/queues/accept/")
    assert [one.name for one in page.context["kept"].views] == ["网上来的"] and "网上来的" in page.content.decode()
    there = client.get(f"/desk/views/{view.pk}/")["Location"]
    assert client.get(there).context["bar"].chosen == {"channel": "online", "area": str(town.area.pk)}
    assert client.get(there).context["kept"].views[0].current
    assert not client.get("/desk/queues/mine/").context["kept"].views


@pytest.mark.parametrize(
    "address",
    [
        "/desk/queues/over/?channel=online",
        "/desk/overview/open/?channel=online",
        "/desk/search/?q=路灯&channel=online",
    ],
)
def test_every_list_that_is_narrowed_can_be_kept(town: Place, at_desk: Desk, address: str) -> None:
    client = at_desk("刘敏")
    view = keep(client, address, "常看")
    assert client.get(f"/desk/views/{view.pk}/")["Location"].startswith(address.partition("?")[0])


def test_a_ledger_is_kept_with_its_list(town: Place, at_desk: Desk) -> None:
    client = at_desk("刘敏")
    view = keep(client, "/desk/ledger/?list=queue.over&category=B604", "道路台账")
    there = client.get(f"/desk/views/{view.pk}/")["Location"]
    assert there.startswith("/desk/ledger/?") and "list=queue.over" in there and "category=B604" in there


def test_what_was_typed_is_sealed_and_a_number_stays_out_of_addresses(town: Place, at_desk: Desk) -> None:
    client = at_desk("王芳")
    town.raise_matter()
    searched = client.post("/desk/search/", {"q": "13800000017"})["Location"]
    view = keep(client, searched, "老陈")
    assert view.has_words and view.parameters == {"q": "13800000017"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, query FROM listing_keptview")
        assert not any(b"138" in bytes(value) or "老陈".encode() in bytes(value) for value in cursor.fetchone())
    there = client.get(f"/desk/views/{view.pk}/")["Location"]
    assert "138" not in there and "kept=" in there
    assert client.get(there, follow=True).context["bar"].typed == "13800000017"


def test_a_list_begins_with_the_one_that_is_put_first_and_can_be_had_plain(town: Place, at_desk: Desk) -> None:
    client = at_desk("王芳")
    view = keep(client, "/desk/queues/accept/?channel=online", "网上来的", first="on")
    assert client.get("/desk/queues/accept/")["Location"] == "/desk/queues/accept/?channel=online"
    plain = client.get("/desk/queues/accept/?all=1")
    assert plain.status_code == 200 and not plain.context["bar"].chosen and plain.context["kept"].plain_url
    assert at_desk("刘敏").get("/desk/queues/accept/").status_code == 200  # hers alone
    other = keep(client, "/desk/queues/accept/?channel=hotline", "热线来的", first="on")
    view.refresh_from_db()
    assert other.first and not view.first
    press(client, other, "plain")
    assert client.get("/desk/queues/accept/").status_code == 200


def test_what_a_list_does_not_know_any_more_is_dropped_and_said(town: Place, at_desk: Desk) -> None:
    client, actor = at_desk("王芳"), town.actor("王芳")
    view = actions.keep("queue.accept", "旧的", {"colour": "red", "channel": "telegraph"}, has_words=False, actor=actor)
    actions.put_first(view.pk, first=True, actor=actor)
    page = client.get(f"/desk/views/{view.pk}/", follow=True)
    body = page.content.decode()
    assert "colour" in body and "没有“telegraph”这个来源" in body and not page.context["bar"].chosen
    nothing = actions.keep("queue.accept", "空的", {"colour": "red"}, has_words=False, actor=actor)
    assert client.get(f"/desk/views/{nothing.pk}/")["Location"] == "/desk/queues/accept/?all=1"
    gone = actions.keep("queue.nowhere", "没有了", {}, has_words=False, actor=actor)
    assert client.get(f"/desk/views/{gone.pk}/").status_code == 404
    assert "没有了" not in client.get("/desk/views/").content.decode()


def test_order_name_and_end(town: Place, at_desk: Desk) -> None:
    client = at_desk("王芳")
    first = keep(client, "/desk/queues/accept/?channel=online", "一")
    second = keep(client, "/desk/queues/accept/?channel=hotline", "二")
    press(client, second, "up")
    assert [one.pk for one in seen_by(town.actor("王芳"))] == [second.pk, first.pk]
    press(client, second, "up")  # it is the first already
    assert [one.pk for one in seen_by(town.actor("王芳"))] == [second.pk, first.pk]
    assert press(client, first, "rename", **{f"{first.pk}-name": "  热线 𠮷䶮 "}).status_code == 302
    first.refresh_from_db()
    assert first.name == "热线 𠮷䶮"
    wrong = press(client, first, "rename", **{f"{first.pk}-name": "长" * 21})
    assert wrong.status_code == 422 and "长" * 21 in wrong.content.decode()
    assert press(client, first, "remove").status_code == 302
    assert press(client, first, "remove").status_code == 404
    assert [one.pk for one in seen_by(town.actor("王芳"))] == [second.pk]


def test_a_head_shows_one_to_the_own_unit_and_nobody_else_does(town: Place, at_desk: Desk) -> None:
    head, handler, unit = at_desk("周建国"), at_desk("孙丽"), town.units["城建办"]
    view = keep(head, "/desk/queues/over/?channel=online", "建议超期")
    assert f"share:{unit.pk}" in head.get("/desk/views/").content.decode()
    assert press(head, view, f"share:{unit.pk}").status_code == 302
    seen = handler.get("/desk/queues/over/").context["kept"].views
    assert [(one.name, one.shared) for one in seen] == [("建议超期", True)]
    assert handler.get(f"/desk/views/{view.pk}/").status_code == 302
    assert at_desk("李国强").get(f"/desk/views/{view.pk}/").status_code == 404
    for do in ("rename", "up", "first", "unshare", "remove"):
        assert press(handler, view, do, **{f"{view.pk}-name": "我的"}).status_code == 404
    own = keep(handler, "/desk/queues/mine/?channel=online", "我的建议")
    assert press(handler, own, f"share:{unit.pk}").status_code == 404
    assert press(head, view, f"share:{town.units['水利站'].pk}").status_code == 404
    assert press(head, view, "unshare").status_code == 302
    assert not handler.get("/desk/queues/over/").context["kept"].views


def test_words_that_were_searched_are_shown_to_nobody_else(town: Place, at_desk: Desk) -> None:
    head, unit = at_desk("周建国"), town.units["城建办"]
    view = keep(head, "/desk/search/?q=陈大明", "陈大明")
    assert "share:" not in head.get("/desk/views/").content.decode()
    answer = press(head, view, f"share:{unit.pk}")
    assert answer.status_code == 409 and "只能自己用" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptView.objects.filter(pk=view.pk).update(unit=unit)
    shared = actions.keep("queue.over", "超期", {"kind": Kind.SUGGESTION}, has_words=False, actor=town.actor("周建国"))
    actions.share(shared.pk, unit.pk, actor=town.actor("周建国"))
    again = actions.keep("queue.over", "超期", {"q": "陈大明"}, has_words=True, actor=town.actor("周建国"))
    assert again.pk == shared.pk and again.unit is None  # what was shared is shared no longer


def test_there_is_one_first_of_a_list_and_an_end_to_them_all(town: Place) -> None:
    actor = town.actor("王芳")
    for n in range(actions.MOST):
        actions.keep("queue.accept", f"第 {n} 个", {"channel": "online"}, has_words=False, actor=actor)
    with pytest.raises(Refused, match="too_many_views"):
        actions.keep("queue.accept", "又一个", {"channel": "online"}, has_words=False, actor=actor)
    actions.keep("queue.accept", "第 3 个", {"channel": "hotline"}, has_words=False, actor=actor)  # the same anew
    assert KeptView.objects.count() == actions.MOST
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptView.objects.update(first=True)


def test_what_was_narrowed_by_nothing_or_nowhere_is_not_kept(town: Place, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    for address in (f"{NEW}?list=queue.accept", f"{NEW}?list=queue.accept&channel=telegraph"):
        assert client.get(address).status_code == 302
    for code in ("", "queue.nowhere", "figure.open", "ledger.search", "ledger.ledger.nowhere"):
        assert client.get(f"{NEW}?list={code}&channel=online").status_code == 404, code
    answer = client.post(f"{NEW}?list=queue.mine&channel=online", {"name": " "})
    assert answer.status_code == 422 and "name" in answer.context["form"].errors
    assert client.post("/desk/views/", {"do": "remove", "row": "x"}).status_code == 404


def test_the_queue_pays_one_statement_for_them_however_many_there_are(town: Place, at_desk: Desk) -> None:
    town.matter_in(Status.REGISTERED)
    client, actor = at_desk("王芳"), town.actor("王芳")
    costs = []
    for n in (0, 1, 12):
        for one in range(n):
            actions.keep("queue.accept", f"第 {one} 个", {"channel": "online"}, has_words=False, actor=actor)
        client.get("/desk/queues/accept/")
        with counted() as seen:
            client.get("/desk/queues/accept/")
        costs.append(seen.count)
        assert sum("listing_keptview" in sql for sql in seen.sql) == 1
    assert len(set(costs)) == 1 and costs[0] <= 10, seen
