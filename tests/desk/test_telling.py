"""What the registry tells by hand, what became of a matter's notices, and the pages where gateways are set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuoshi.desk.views.settings.jobs import NAMES
from shuoshi.kernel import clock, jobs, tasks
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Status, TellBy
from shuoshi.notices import wording
from shuoshi.notices.models import Gateway, Message, Robot, State, Way, Why, Wording
from shuoshi.notices.ways import Answer, Came
from tests.notices.told import MORNING, Kept, carried, gateway
from tests.support.village import Place, build_town

Desk = Callable[[str], Client]


@pytest.fixture
def town(db: None) -> Any:
    with clock.simulated(MORNING):
        yield build_town()


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    kept = Kept()
    monkeypatch.setattr("shuoshi.notices.leaving.opened", lambda row: kept)
    monkeypatch.setattr("shuoshi.notices.leaving.robot", lambda row: kept)
    return kept


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_registry_finds_whom_to_call_and_ticks_it_off(town: Place, at_desk: Desk):
    matter = town.matter_in(Status.IN_HANDLING, by="王芳", tell_by=TellBy.CALL)
    carried()
    client = at_desk("王芳")
    page = body(client, "/desk/telling/")
    assert matter.number in page and "受理了，交给单位办了" in page
    assert "陈某某" in page and "13800000017" not in page
    row = Message.objects.filter(way=Way.CALL).order_by("not_before", "id")[0]
    answer = client.post("/desk/telling/", {"do": "reached", "row": str(row.pk)}, follow=True)
    assert "记下了" in answer.content.decode() and matter.number not in answer.content.decode()
    told = body(client, f"/desk/matters/{matter.number}/notices/")
    assert told.count("王芳告知到了") == 2
    assert f'hx-get="/desk/matters/{matter.number}/notices/"' in body(client, f"/desk/matters/{matter.number}/")


def test_others_do_not_find_it(town: Place, at_desk: Desk):
    matter = town.matter_in(Status.IN_HANDLING, by="王芳", tell_by=TellBy.CALL)
    carried()
    assert at_desk("孙丽").get("/desk/telling/").status_code == 403
    assert matter.number not in body(at_desk("县回访"), "/desk/telling/")
    assert matter.number not in body(at_desk("马镇长"), "/desk/telling/")
    row = Message.objects.filter(way=Way.CALL)[0]
    answer = at_desk("县回访").post("/desk/telling/", {"do": "reached", "row": str(row.pk)})
    assert answer.status_code in (403, 404, 409)
    row.refresh_from_db()
    assert row.state == State.WAITING


def test_whoever_is_kept_from_a_matter_calls_nobody_about_it(town: Place, at_desk: Desk):
    matter = town.matter_in(Status.IN_HANDLING, by="王芳", tell_by=TellBy.CALL)
    carried()
    town.run("赵红", terms.DeclareConflict(text="是我舅舅"), matter)
    assert matter.number not in body(at_desk("赵红"), "/desk/telling/")
    assert matter.number in body(at_desk("马镇长"), "/desk/telling/"), "the leader stands in"


def test_a_letter_is_printed_without_a_name_and_ticked_off(town: Place, at_desk: Desk):
    from shuoshi.matters.intake import PersonSaid

    matter = town.accept(town.raise_matter(by="王芳", tell_by=TellBy.SMS, speaker=PersonSaid(name="李桂兰")))
    [letter] = [one for one in carried() if one.to == "speaker"]
    assert letter.way == Way.LETTER
    client = at_desk("王芳")
    assert "打印告知单" in body(client, "/desk/telling/")
    page = body(client, f"/desk/telling/{letter.pk}/letter/")
    assert matter.number in page and "李" not in page.split("<main")[1] and "受理了" in page
    client.post("/desk/telling/", {"do": "reached", "row": str(letter.pk)})
    assert client.get(f"/desk/telling/{letter.pk}/letter/").status_code == 404


def test_lists_cost_the_same_however_long(town: Place, at_desk: Desk, statements: Any):
    def cost(client: Client, address: str) -> int:
        client.get(address)
        counts = []
        for _ in range(2):
            with statements() as seen:
                client.get(address)
            counts.append(seen.count)
        return min(counts)

    matter = town.matter_in(Status.IN_HANDLING, by="王芳", tell_by=TellBy.CALL)
    carried()
    client, admin = at_desk("王芳"), at_desk("管理员")
    pages = [(client, "/desk/telling/"), (client, f"/desk/matters/{matter.number}/notices/")]
    pages += [(admin, f"/desk/settings/{name}/") for name in ("gateways/dead", "wordings", "jobs", "robots")]
    one = [cost(who, address) for who, address in pages]
    for _ in range(12):
        town.matter_in(Status.ACCEPTED, by="王芳", tell_by=TellBy.CALL)
        town.run("孙丽", terms.WriteToSpeaker(text="还在等灯"), matter)
    carried()
    Message.objects.filter(pk__in=list(Message.objects.values_list("pk", flat=True)[:10])).update(
        state=State.DEAD, settled_at=clock.now()
    )
    assert [cost(who, address) for who, address in pages] == one
    assert max(one) <= 14


def test_the_administrator_sets_a_gateway_whose_secret_is_never_shown(town: Place, at_desk: Desk, kept: Kept):
    admin = at_desk("管理员")
    given = {
        "do": "save", "host": "smtp.example.com", "port": "465", "security": "ssl", "user": "shuo",
        "password": "lantern-secret", "sender": "shuo@example.com", "active": "on",
    }  # fmt: skip
    answer = admin.post("/desk/settings/gateways/mail/", given, follow=True)
    assert "通道保存好了" in answer.content.decode(), answer.content.decode()[-3000:]
    row = Gateway.objects.get()
    assert row.given["password"] == "lantern-secret"
    page = body(admin, "/desk/settings/gateways/mail/")
    assert "lantern-secret" not in page and "smtp.example.com" in page
    admin.post("/desk/settings/gateways/mail/", given | {"password": "", "sender": "office@example.com"})
    row.refresh_from_db()
    assert row.given["password"] == "lantern-secret" and row.given["sender"] == "office@example.com"
    admin.post("/desk/settings/gateways/mail/", given | {"password": "", "host": "mail.example.com"})
    row.refresh_from_db()
    assert row.given["password"] != "lantern-secret" or row.given["host"] != "mail.example.com", "not to another server"
    admin.post("/desk/settings/gateways/mail/", given)
    from shuoshi.kernel.events import Event

    assert not [one for one in Event.objects.all() if "lantern" in str(one.payload)]
    answer = admin.post("/desk/settings/gateways/mail/", {"do": "try", "try-to": "me@example.com"}, follow=True)
    assert "发出去了" in answer.content.decode() and [to for to, _out in kept.sent] == ["me@example.com"]
    kept.answers = [Answer(Came.LATER, "535")]
    answer = admin.post("/desk/settings/gateways/mail/", {"do": "try", "try-to": "me@example.com"}, follow=True)
    assert "没有发出去" in answer.content.decode() and "535" in answer.content.decode()


def test_a_file_is_no_gateway_but_in_the_demo(town: Place, at_desk: Desk):
    answer = at_desk("管理员").post("/desk/settings/gateways/sms/", {"do": "save", "provider": "file", "active": "on"})
    assert answer.status_code == 422 and not Gateway.objects.exists()


def test_a_robot_is_taken_only_at_its_vendors_address(town: Place, at_desk: Desk, kept: Kept):
    admin, unit = at_desk("管理员"), town.units["城建办"]
    address = f"/desk/settings/robots/{unit.pk}/"
    given = {"do": "save", "vendor": "wecom", "webhook": "https://127.0.0.1/cgi-bin/webhook/send?key=1", "active": "on"}
    assert "不是这一家" in admin.post(address, given).content.decode() and not Robot.objects.exists()
    good = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"
    admin.post(address, given | {"webhook": good})
    assert str(Robot.objects.get().address) == good and "693a91f6" not in body(admin, address)
    admin.post(address, given | {"webhook": ""})
    assert str(Robot.objects.get().address) == good
    assert "发出去了" in admin.post(address, {"do": "try"}, follow=True).content.decode() and len(kept.sent) == 1


def test_words_are_written_previewed_and_taken_back(town: Place, at_desk: Desk):
    admin, address = at_desk("管理员"), "/desk/settings/wordings/accepted/zh-hans/"
    bad = admin.post(address, {"do": "save", "text": "打 13800000017 {number} {link}"})
    assert bad.status_code == 422 and "长数字" in bad.content.decode()
    page = admin.post(address, {"do": "save", "text": "收到了 {number}，看 {link}"}, follow=True).content.decode()
    assert "收到了 SS-QH-20261117-0012，看 https://…" in page and "用自带的" in page
    admin.post(address, {"do": "use", "row": "0"})
    assert wording.in_force("accepted", "zh-hans") == wording.built_in("accepted", "zh-hans")
    admin.post(address, {"do": "use", "row": "1"})
    assert Wording.objects.get(in_force=True).number == 1
    assert "改过" in body(admin, "/desk/settings/wordings/")
    assert admin.get("/desk/settings/wordings/nothing/zh-hans/").status_code == 404


def test_the_dead_are_sent_again_or_told_by_hand(town: Place, at_desk: Desk):
    gateway(Way.SMS)
    town.raise_matter(by="王芳", tell_by=TellBy.SMS)
    carried()
    text = Message.objects.get(way=Way.SMS)
    admin = at_desk("管理员")
    for deed, state in (("again", State.WAITING), ("by_hand", State.FAILED)):
        Message.objects.filter(pk=text.pk).update(state=State.DEAD, why=Why.OUT_OF_ORDER, settled_at=clock.now())
        assert text.number in body(admin, "/desk/settings/gateways/dead/")
        admin.post("/desk/settings/gateways/dead/", {"do": deed, "row": str(text.pk)})
        text.refresh_from_db()
        assert text.state == state
    assert Message.objects.filter(way=Way.CALL, state=State.WAITING).count() == 1


def test_regular_jobs_are_listed_with_what_failed(town: Place, at_desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def broken(now: object) -> None:
        raise ValueError

    monkeypatch.setattr(jobs, "_noted", {})
    monkeypatch.setattr(tasks, "_jobs", {"shuoshi.notices.carrying.carry": (timedelta(seconds=2), broken)})
    tasks.run_round("w", {})
    page = body(at_desk("管理员"), "/desk/settings/jobs/")
    assert "把新的通知分给各人" in page and "连着 1 次没有做成" in page


def test_every_regular_job_has_a_name_in_words():
    ours = {name.replace(".<locals>", "") for name in tasks._jobs if name.startswith("shuoshi.")}
    assert len(ours) > 15 and ours <= set(NAMES)


def test_staff_write_down_where_they_read_mail(town: Place, at_desk: Desk):
    client = at_desk("孙丽")
    assert client.post("/desk/me/email/", {"address": "sun"}).status_code == 422
    client.post("/desk/me/email/", {"address": "sun@example.com"})
    assert "sun@example.com" in body(client, "/desk/me/email/")
    client.post("/desk/me/email/", {"address": ""})
    assert "sun@example.com" not in body(client, "/desk/me/email/")


def test_no_settings_page_opens_to_others(town: Place, at_desk: Desk):
    client = at_desk("王芳")
    unit = town.units["城建办"].pk
    names = (
        "gateways",
        "gateways/sms",
        "gateways/mail",
        "gateways/dead",
        "robots",
        f"robots/{unit}",
        "wordings",
        "jobs",
    )
    for name in names:
        assert client.get(f"/desk/settings/{name}/").status_code == 403, name
        assert client.post(f"/desk/settings/{name}/", {"do": "save"}).status_code in (403, 405), name
