"""Registration at the desk, receipts to deliver, signing in, and what pages cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.matters import query_code, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues
from shuoshi.matters.vocabulary import Action, Exit, Kind, Status, Urgency
from shuoshi.people.models import Account
from tests.knowledge.written import cite, published
from tests.matters import outside
from tests.support.attempts import sample
from tests.support.village import Place, picture

Desk = Callable[[str], Client]
PASSWORD = "lantern orchard 47 river"
SAID = {
    "phone": "138 0000 0017",
    "name": "陈大叔",
    "naming": "named",
    "content": "三组靠山的七八户傍晚没水。",
    "demands": "说清楚原因\n修好之前送一车水",
    "channel": "hotline",
    "urgency": "U4",
    "tell_by": "call",
}


def send(client: Client, **more: object) -> Any:
    form = client.get("/desk/register/").context["form"]
    return client.post("/desk/register/", {"key": form["key"].value(), **SAID, **more})


def test_a_call_is_registered_point_by_point(town: Place, at_desk: Desk) -> None:
    answer = send(at_desk("王芳"), area=str(town.area.pk), place="三组靠山一排")
    matter = Matter.objects.get()
    assert answer["Location"] == f"/desk/matters/{matter.number}/"
    assert [demand.text for demand in matter.demands.order_by("ordinal")] == ["说清楚原因", "修好之前送一车水"]
    assert matter.content == SAID["content"] and matter.staff_entered


def test_save_and_next_goes_on_to_an_empty_form(at_desk: Desk) -> None:
    client = at_desk("王芳")
    answer = send(client, next="1")
    assert answer["Location"] == "/desk/register/"
    page = client.get("/desk/register/")
    assert Matter.objects.get().number in page.content.decode()
    assert not page.context["form"]["content"].value()


def test_earlier_matters_of_the_number_stand_beside_the_form(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(by="王芳")
    body = at_desk("王芳").post("/desk/register/beside/", {"phone": "138-0000-0017"}).content.decode()
    assert matter.number in body and "可能是同一件事" in body
    again = at_desk("王芳").post("/desk/register/", {**SAID, "again": "1"})
    assert again.status_code == 200 and matter.number in again.content.decode()
    assert SAID["content"] in again.content.decode() and Matter.objects.count() == 1


def test_nothing_typed_is_lost_on_an_error(at_desk: Desk) -> None:
    answer = send(at_desk("王芳"), phone="12", content="没有水" * 10)
    assert answer.status_code == 422
    assert "没有水" * 10 in answer.content.decode() and "电话号码没有认出来" in answer.content.decode()


def test_settling_on_the_spot_asks_for_what_it_needs_and_closes_an_enquiry(at_desk: Desk) -> None:
    client = at_desk("王芳")
    answer = send(client, done="1")
    assert answer.status_code == 422
    assert {"spot_kind", "spot_title", "answer", "clear"} <= set(answer.context["form"].errors)
    spot = {
        "spot_kind": "POLICY_ENQUIRY",
        "spot_title": "医保怎么在手机上交",
        "answer": "在小程序里交。",
        "clear": "yes",
    }
    assert send(client, done="1", **spot).status_code == 302
    assert Matter.objects.get().status == Status.CLOSED


def test_questions_of_a_category_are_asked_once_it_is_chosen(at_desk: Desk) -> None:
    from shuoshi.organization import profile

    asked = next(category for _k, _g, category in profile.current().every_category() if category.questions)
    body = at_desk("王芳").post("/desk/register/", {**SAID, "category": asked.code, "again": "1"}).content.decode()
    assert str(asked.questions[0].text) in body


def test_a_draft_waits_after_the_page_was_left(at_desk: Desk) -> None:
    client = at_desk("王芳")
    assert client.post("/desk/register/draft/", {**SAID, "content": "写了一半的事情"}).status_code == 200
    assert "没写完的登记" in client.get("/desk/register/").content.decode()
    assert "写了一半的事情" in client.get("/desk/register/?kept=1").content.decode()
    assert "写了一半的事情" not in at_desk("刘敏").get("/desk/register/?kept=1").content.decode()


def test_the_unit_complained_about_is_kept_from_the_matter(town: Place, at_desk: Desk) -> None:
    send(at_desk("王芳"), concerns_units=[str(town.units["城建办"].pk)])
    matter = Matter.objects.get()
    assert matter.exclusions.filter(unit=town.units["城建办"]).exists()


def test_the_query_code_is_on_no_screen_but_on_the_printed_slip(town: Place, at_desk: Desk) -> None:
    client = at_desk("王芳")
    send(client)
    matter = Matter.objects.get()
    code = query_code.code_of(matter)
    shown = [f"/desk/matters/{matter.number}/", "/desk/receipts/", f"/desk/matters/{matter.number}/receipt/"]
    shown += [f"/desk/matters/{matter.number}/as-resident/", f"/desk/matters/{matter.number}/documents/registration/"]
    for path in shown:
        body = client.get(path).content.decode()
        assert code not in body and query_code.in_fours(code) not in body, path
    slip = client.post(f"/desk/matters/{matter.number}/receipt/")
    assert f'<span class="code on-paper">{query_code.in_fours(code)}</span>' in slip.content.decode()
    assert slip["Cache-Control"] == "no-store"
    assert Event.objects.filter(stream_id=str(matter.pk), action="print_receipt").count() == 1
    assert at_desk("孙丽").post(f"/desk/matters/{matter.number}/receipt/").status_code == 403


def test_a_receipt_is_ticked_off_by_name_and_cannot_be_printed_after(at_desk: Desk) -> None:
    client = at_desk("王芳")
    send(client)
    matter = Matter.objects.get()
    assert matter.number in client.get("/desk/receipts/").content.decode()
    done = client.post(
        f"/desk/matters/{matter.number}/hand_over_receipt/", {"turn": matter.turn, "key": "k", "to_whom": "本人"}
    )
    assert done.status_code == 302
    assert matter.number not in client.get("/desk/receipts/").content.decode()
    assert client.post(f"/desk/matters/{matter.number}/receipt/").status_code == 403


def test_signing_in_leads_back_and_a_wrong_try_says_one_thing(town: Place, client: Client) -> None:
    username = Account.objects.get(person=town.persons["王芳"]).username
    wrong = client.post("/desk/sign-in/", {"username": username, "password": "no", "otp": ""})
    unknown = client.post("/desk/sign-in/", {"username": "nobody", "password": "no", "otp": ""})
    sentence = "账号、密码或动态口令不对"
    assert wrong.status_code == unknown.status_code == 422
    assert sentence in wrong.content.decode() and sentence in unknown.content.decode()
    back = {"username": username, "password": PASSWORD, "next": "/desk/register/"}
    right = client.post("/desk/sign-in/", back)
    assert right["Location"] == "/desk/register/" and "device" in right.cookies
    assert client.get("/desk/register/").status_code == 200


def test_a_foreign_address_is_no_way_back(town: Place, client: Client) -> None:
    username = Account.objects.get(person=town.persons["王芳"]).username
    data = {"username": username, "password": PASSWORD, "next": "https://evil.example/desk/"}
    assert client.post("/desk/sign-in/", data)["Location"] == "/desk/"


def test_too_many_tries_have_to_wait(town: Place, client: Client) -> None:
    username = Account.objects.get(person=town.persons["王芳"]).username
    for _try in range(8):
        answer = client.post("/desk/sign-in/", {"username": username, "password": "wrong again"})
    assert answer.status_code == 429 and "分钟后再试" in answer.content.decode()


def test_a_leader_binds_a_second_factor_before_anything_else(town: Place, client: Client) -> None:
    from shuoshi.people import totp

    account = Account.objects.get(person=town.persons["马镇长"])
    first = client.post("/desk/sign-in/", {"username": account.username, "password": PASSWORD})
    assert first["Location"] == "/desk/me/second-factor/"
    assert client.get("/desk/queues/accept/").status_code == 302
    assert client.get("/desk/me/second-factor/").status_code == 200
    account.refresh_from_db()
    bound = client.post("/desk/me/second-factor/", {"otp": totp.code_at(account.totp_secret, clock.now())})
    assert bound.status_code == 200 and "备用码" in bound.content.decode()
    assert client.get("/desk/overview/").status_code == 200


def test_a_session_left_alone_ends_and_the_text_comes_back(town: Place, client: Client) -> None:
    username = Account.objects.get(person=town.persons["王芳"]).username
    matter = town.raise_matter(by="王芳")
    client.post("/desk/sign-in/", {"username": username, "password": PASSWORD})
    with clock.simulated(clock.now() + timedelta(minutes=31)):
        address = f"/desk/matters/{matter.number}/screen_out/"
        away = client.post(address, {"reason": "x", "text": "这件事应当向法院反映，请带上判决书。"})
        assert away.status_code == 302 and "/desk/sign-in/" in away["Location"]
        login = client.get(away["Location"])
        assert "您写的内容还在" in login.content.decode()
        back = client.post(
            "/desk/sign-in/", {"username": username, "password": PASSWORD, "next": login.context["back"]}
        )
        assert "这件事应当向法院反映，请带上判决书。" in client.get(back["Location"]).content.decode()
    assert Matter.objects.get(pk=matter.pk).status == Status.REGISTERED


SEEING = ("王芳", "刘敏", "赵红", "周建国", "孙丽", "马镇长")
BUSY = {
    "accept": "王芳",
    "assign": "刘敏",
    "sign_for": "孙丽",
    "mine": "孙丽",
    "to_sign": "周建国",
    "follow_up": "赵红",
    "words": "孙丽",
    "near": "刘敏",
    "over": "刘敏",
    "returns": "刘敏",
    "reports": "周建国",
    "emergency": "何勇",
    "papers": "王芳",
    "co": "赵立新",
    "orders": "刘敏",
    "checks": "孙丽",
    "samples": "赵红",
}


def cost(client: Client, address: str, statements: Callable[..., Any]) -> tuple[Any, Any]:
    """The page and its statements, the fewer of two: what is read for all pages every few seconds may fall into one."""
    client.get(address)
    read = []
    for _time in range(2):
        with statements() as seen:
            page = client.get(address)
        read.append(seen)
    return page, min(read, key=lambda seen: seen.count)


def worn(town: Place, size: int) -> Matter:
    """In round 2 after a rework, with results, entries they cite, files, words, and requests that wait for rulings."""
    matter = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP, by="王芳"), result=1)
    matter = town.sign_for(matter)
    for n in range(size):
        matter = town.run("孙丽", terms.Note(text=f"第 {n} 次去看", files=(picture(),)), matter)
        matter = town.run("王芳", terms.AddInformation(text=f"又黑了 {n} 次", files=(picture(),)), matter)
    entries = [published(town, question=f"路灯坏了 {n} 盏找谁") for n in range(min(size, 3))]
    matter = town.prepare(matter, cites=tuple(cite(entry) for entry in entries))
    matter = town.run("刘敏", terms.DeclareConflict(text="是亲戚", person=town.persons["孙丽"]), matter)
    given = terms.RequestExit(exit=Exit.EXPLAINED, text="按规定解释过了", basis="条例", rights_notice="可以复核")
    return town.run("周建国", given, matter)


@pytest.mark.parametrize("size", [1, 6])
def test_the_page_of_a_worn_matter_costs_the_same_whatever_its_length(
    town: Place, at_desk: Desk, statements: Callable[..., Any], size: int
) -> None:
    matter = worn(town, size)
    for name in SEEING:
        client = at_desk(name)
        client.post(f"/desk/matters/{matter.number}/note/draft/", {"text": "写了一半"})
        page, seen = cost(client, f"/desk/matters/{matter.number}/", statements)
        body = page.content.decode()
        assert "晚上还是黑的" in body and "第 1 轮答复书" in body and f"第 {size - 1} 次去看" in body
        assert body.count("盏找谁</a>") == len(page.context["view"].citations) == min(size, 3)
        assert seen.count <= 12, f"{name}: {seen}"


def test_that_others_stand_in_for_each_other_costs_a_reader_nothing(
    town: Place, at_desk: Desk, statements: Callable[..., Any]
) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("王芳")
    _page, before = cost(client, f"/desk/matters/{matter.number}/", statements)
    town.away("周建国", deputy="孙丽")
    _page, after = cost(client, f"/desk/matters/{matter.number}/", statements)
    assert after.count <= before.count <= 12, str(after)


def test_the_overview_costs_nine_statements_beside_the_frame(
    town: Place, at_desk: Desk, statements: Callable[..., Any]
) -> None:
    client, frame = at_desk("马镇长"), 4  # session, account, posts, what the rail counts
    _page, empty = cost(client, "/desk/overview/", statements)
    for category in ("B601", "B604"):
        town.classify(town.accept(town.raise_matter()), category)
    in_every_queue(town)
    _page, full = cost(client, "/desk/overview/", statements)
    assert (empty.count, full.count) == (frame + 9, frame + 9), full


def in_every_queue(town: Place) -> None:
    """One matter more in each of the eight queues and of those that deserve attention."""
    for status in (Status.REGISTERED, Status.ACCEPTED, Status.ASSIGNED, Status.IN_HANDLING, Status.IN_FOLLOW_UP):
        town.matter_in(status, by="王芳")
    town.prepare(town.matter_in(Status.IN_HANDLING))
    given = terms.RequestReturn(reason="NOT_OUR_DUTY", text="不归我们管", proper_unit=town.units["水利站"].pk)
    town.run("周建国", given, town.matter_in(Status.ASSIGNED))
    town.run("王芳", terms.ReturnReport(reason="缺照片"), town.matter_in(Status.IN_FOLLOW_UP))
    urgent = town.raise_matter(by="王芳", urgency=Urgency.U2)
    town.run("何勇", sample(town, Action.DISPATCH_EMERGENCY, urgent), urgent)
    outside.sent_down(town)
    town.look_at_ends()
    told = town.raise_matter(by="王芳")
    town.run("刘敏", sample(town, Action.ANSWER_ON_THE_SPOT, told), told)
    adopted = town.accept(town.raise_matter(by="王芳"), Kind.SUGGESTION)
    adopted = town.clear(town.sign_for(town.assign(town.classify(adopted, "C101", Kind.SUGGESTION))))
    town.follow_up(town.sign(town.prepare(adopted)), 5)
    helped = town.matter_in(Status.IN_HANDLING)
    town.run("孙丽", sample(town, Action.ADD_CO_UNIT, helped), helped)
    matter = town.matter_in(Status.IN_HANDLING)
    town.run(town.speaker(matter), terms.AddInformation(text="又黑了"), matter)


@pytest.mark.parametrize("size", [1, 4])
def test_every_queue_costs_the_same_whatever_its_length(
    town: Place, at_desk: Desk, statements: Callable[..., Any], size: int
) -> None:
    for _n in range(size):
        in_every_queue(town)
    assert set(BUSY) == set(queues.QUEUES)
    due = Matter.objects.filter(status=Status.REGISTERED).latest("next_due_at").next_due_at
    moments = {"near": due - timedelta(hours=1), "over": due + timedelta(days=1)}
    for name, who in BUSY.items():
        with clock.simulated(moments.get(name, clock.now())):
            page, seen = cost(at_desk(who), f"/desk/queues/{name}/", statements)
            assert len(page.context["rows"].rows) >= size, name
            assert seen.count <= 10, f"{name}: {seen}"
