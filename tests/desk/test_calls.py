"""The hotline on the desk (3.2.1): a call fills the form in, a missed one is rung back, and how it was answered is counted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

from django.test import Client

from shuoshi.channels.hotline import queries
from shuoshi.channels.hotline.models import Call, Exchange, FromCall
from shuoshi.kernel import clock, verify
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel
from tests.support.calls import connected, push, rang
from tests.support.statements import Statements
from tests.support.village import Place

Desk = Callable[[str], Client]
PAGE, SET = "/desk/calls/", "/desk/settings/exchanges/"
FORM = {
    "phone": "13800000017",
    "naming": "named",
    "content": "水管爆了，满地都是水。",
    "channel": "hotline",
    "urgency": "U4",
    "tell_by": "call",
}


def test_a_call_that_rings_stands_there_and_fills_the_form_in(town: Place, at_desk: Desk):
    _row, key = connected()
    push(key, "newCall")
    desk, call = at_desk("王芳"), Call.objects.get()
    page = desk.get(PAGE)
    for body in (page.content.decode(), desk.post(f"{PAGE}now/").content.decode()):
        assert "正在响" in body and "13800000017" in body
    seen = {"seen": page.context["seen"]}
    assert desk.post(f"{PAGE}now/", seen).status_code == 204, "what stands there is not drawn again"
    push(key, "answer", user="王芳")
    assert "通话中" in desk.post(f"{PAGE}now/", seen).content.decode()
    body = desk.get(f"/desk/register/?call={call.pk}").content.decode()
    assert 'value="13800000017"' in body and f'value="{call.pk}"' in body
    form = FORM | {"call": str(call.pk), "raised": "0", "key": uuid4().hex, "channel": "point"}
    for _ in range(2):
        assert desk.post("/desk/register/", form).status_code == 302
    matter = Matter.objects.get()
    assert (matter.channel, FromCall.objects.get().call) == (Channel.HOTLINE, call)
    assert at_desk("刘敏").post("/desk/register/", form | {"key": uuid4().hex}).status_code == 409, "a colleague did"
    again = form | {"key": uuid4().hex, "raised": "1", "content": "还有一件事：路灯坏了。", "next": "1"}
    assert desk.post("/desk/register/", again)["Location"] == PAGE
    assert Matter.objects.count() == FromCall.objects.count() == 2
    push(key, "hangup")
    assert "13800000017" not in desk.get(PAGE).content.decode(), "what was registered is off the page"
    assert not list(verify.verify())


def test_what_was_answered_and_not_registered_waits_until_somebody_says_so(town: Place, at_desk: Desk):
    _row, key = connected()
    call, desk = rang(key, answered=True), at_desk("王芳")
    assert "接了还没有登记的" in desk.get(PAGE).content.decode()
    assert desk.post(PAGE, {"do": "nothing", "row": str(call.pk)}).status_code == 302
    assert "接了还没有登记的" not in desk.get(PAGE).content.decode()
    assert desk.post(PAGE, {"do": "nothing", "row": str(call.pk)}).status_code == 409


def test_missed_calls_of_one_number_are_rung_back_once(town: Place, at_desk: Desk):
    _row, key = connected()
    calls, other = [rang(key, f"c-{n}") for n in range(3)], rang(key, "o", **{"from": "057188880000"})
    desk = at_desk("王芳")
    assert desk.get(PAGE).content.decode().count("打通了，没有事要登记") == 2
    assert desk.post(PAGE, {"do": "nothing", "row": str(other.pk)}).status_code == 409, "nobody answered it"
    desk.post(PAGE, {"do": "in_vain", "row": str(calls[0].pk)})
    assert "回过 1 次，没有打通" in desk.get(PAGE).content.decode()
    desk.post(PAGE, {"do": "reached", "row": str(calls[2].pk)})
    assert Call.objects.filter(reached=True).count() == 3
    assert queries.missed(clock.now()) == [other]
    assert not list(verify.verify())


def test_withheld_numbers_stay_apart(town: Place, at_desk: Desk):
    _row, key = connected()
    calls = [rang(key, f"c-{n}", **{"from": "anonymous"}) for n in range(2)]
    desk = at_desk("王芳")
    assert desk.post(PAGE, {"do": "reached", "row": str(calls[0].pk)}).status_code == 409, "nobody can be rung back"
    assert desk.post(PAGE, {"do": "nothing", "row": str(calls[0].pk)}).status_code == 302
    calls[0].refresh_from_db()
    assert (calls[0].reached, queries.missed(clock.now())) == (False, [calls[1]])


def test_a_missed_call_that_is_registered_settles_all_of_its_number(town: Place, at_desk: Desk):
    _row, key = connected()
    calls = [rang(key, f"c-{n}") for n in range(3)]
    form = FORM | {"call": str(calls[1].pk), "raised": "0", "key": uuid4().hex}
    assert at_desk("王芳").post("/desk/register/", form).status_code == 302
    assert Call.objects.filter(reached=True).count() == 3 and queries.missed(clock.now()) == []
    assert not list(verify.verify())


def test_while_it_rings_or_is_spoken_nothing_is_settled(town: Place, at_desk: Desk):
    _row, key = connected()
    missed = rang(key, "earlier")
    push(key, "newCall", "now")
    desk, running = at_desk("王芳"), Call.objects.get(call_id="now")
    for do in ("reached", "in_vain", "nothing"):
        assert desk.post(PAGE, {"do": do, "row": str(running.pk)}).status_code == 409
    assert desk.post(PAGE, {"do": "reached", "row": str(missed.pk)}).status_code == 302
    running.refresh_from_db()
    assert running.settled_at is None, "the same number rings again"
    assert desk.post(PAGE, {"do": "reached", "row": str(uuid4())}).status_code == 409


def test_how_it_was_answered_is_counted(town: Place, at_desk: Desk):
    _row, key = connected()
    now = clock.now()
    for n, (after, ends) in enumerate([(5, 60), (15, 60), (16, 60), (None, 40)]):
        with clock.simulated(now) as simulation:
            push(key, "newCall", f"c-{n}")
            if after is not None:
                simulation.move_to(now + timedelta(seconds=after))
                push(key, "answer", f"c-{n}")
            simulation.move_to(now + timedelta(seconds=ends))
            push(key, "hangup", f"c-{n}")
    push(key, "newCall", "running")
    push(key, "answer", "nobody told that it rang")
    push(key, "hangup", "nobody told that it rang")
    found = queries.answering(now - timedelta(minutes=1), now + timedelta(hours=1), now + timedelta(hours=1))
    assert (found.calls, found.answered, found.prompt, found.waiting) == (5, 4, 2, 1)
    body = at_desk("马镇长").get("/desk/ways/").content.decode()
    assert "15 秒内接通" in body


def test_a_call_whose_end_was_never_told_does_not_stand_there_for_ever(town: Place):
    _row, key = connected()
    push(key, "newCall")
    with clock.simulated(clock.now() + queries.FORGOTTEN + timedelta(minutes=1)):
        now = clock.now()
        assert queries.running(now) == [] and queries.missed(now) == [Call.objects.get()], "somebody still wants us"
        assert queries.answering(now - timedelta(days=1), now, now).calls == 1


def test_only_the_hotline_sees_calls(town: Place, at_desk: Desk):
    _row, key = connected()
    call = rang(key)
    for who in ("孙丽", "周建国", "管理员"):
        desk = at_desk(who)
        assert desk.get(PAGE).status_code == 403 and desk.post(f"{PAGE}now/").status_code == 404
        assert desk.post(PAGE, {"do": "reached", "row": str(call.pk)}).status_code == 403
    assert at_desk("孙丽").get(f"/desk/register/?call={call.pk}").status_code == 404
    assert "13800000017" in at_desk("何勇").get(PAGE).content.decode(), "who is on duty at night"


def test_without_an_exchange_the_number_is_typed(town: Place, at_desk: Desk):
    assert "没有接入电话交换机" in at_desk("王芳").get(PAGE).content.decode()


def test_an_exchange_is_connected_changed_and_ended(town: Place, at_desk: Desk):
    desk = at_desk("管理员")
    answer = desk.post(f"{SET}new/", {"name": "总机", "networks": "10.0.0.1，10.0.1.0/24"})
    body = desk.get(answer["Location"]).content.decode()
    row = Exchange.objects.get()
    assert "/pbx/" in body and row.networks == "10.0.0.1/32,10.0.1.0/24"
    assert "/pbx/" not in desk.get(answer["Location"]).content.decode()
    refused = desk.post(f"{SET}{row.pk}/", {"do": "save", "name": "总机", "networks": "somewhere"})
    assert refused.status_code == 422 and "192.168.1.10" in refused.content.decode()
    before = row.key_digest
    desk.post(f"{SET}{row.pk}/", {"do": "renew"})
    row.refresh_from_db()
    assert row.key_digest != before
    desk.post(f"{SET}{row.pk}/", {"do": "end"})
    assert "已经停用" in desk.get(f"{SET}{row.pk}/").content.decode()


def test_the_page_costs_the_same_for_one_and_for_many(
    town: Place, at_desk: Desk, statements: Callable[[], AbstractContextManager[Statements]]
):
    _row, key = connected()
    desk = at_desk("王芳")

    def cost() -> int:
        desk.get(PAGE)
        with statements() as seen:
            assert desk.get(PAGE).status_code == 200
        return seen.count

    rang(key)
    few = cost()
    for n in range(12):
        rang(key, f"m-{n}", **{"from": f"1390000{n:04d}"})
        rang(key, f"a-{n}", answered=True)
        push(key, "newCall", f"r-{n}")
    assert cost() == few
