"""Persons at the desk: corrected with a second look, joined and parted side by side, a lost receipt at the counter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event, Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, query_code, terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter, Reissue
from shuoshi.matters.vocabulary import Kind, Naming, Satisfaction, Solved, Status, TellBy
from shuoshi.notices import actions as notices
from shuoshi.notices.delivering import deliver
from shuoshi.notices.models import Message, Provider, Way
from shuoshi.people import actions as people
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Change, ChangeState, Person
from tests.notices.told import Kept
from tests.support.statements import counted
from tests.support.village import Place, group

pytestmark = pytest.mark.django_db

Desk = Callable[[str], Client]
NEW = {"kind": "PHONE", "value": "139 0000 0021", "reason": "new", "words": "本人打来说换了号"}
SHOWN = {
    "document": "id_card",
    "last_four": "002x",
    "facts": ["name", "what"],
    "words": "回执洗衣服洗坏了",
    "paper": "a5",
}


def correction(matter: Matter) -> str:
    return f"/desk/matters/{matter.number}/parties/{matter.parties.get(role='speaker').pk}/correct/"


def speaker_of(matter: Matter) -> UUID:
    return matter.parties.get(role="speaker").person_id


def test_a_new_telephone_waits_and_the_second_puts_it_in_force(at_desk: Desk, town: Place) -> None:
    matter = town.raise_matter(by="王芳")
    assert at_desk("王芳").post(correction(matter), NEW).status_code == 302
    change = Change.objects.get()
    address = f"/desk/people/changes/{change.pk}/"
    mine = at_desk("王芳").get(address).content.decode()
    assert "另一个人核对" in mine and 'value="agree"' not in mine
    assert at_desk("王芳").post(address, {"do": "agree", "shown_by": "called_old"}).status_code == 409
    second = at_desk("刘敏")
    assert str(change.pk) in second.get("/desk/people/changes/").content.decode()
    body = second.get(address).content.decode()
    assert "139****0021" in body and "13900000021" not in body and "本人打来说换了号" in body
    assert second.post(address, {"do": "agree"}).status_code == 422
    assert second.post(address, {"do": "agree", "shown_by": "called_old"}).status_code == 302
    assert second.post(address, {"do": "agree", "shown_by": "called_old"}).status_code == 404
    assert "139****0021" in at_desk("王芳").get(f"/desk/matters/{matter.number}/").content.decode()
    assert list(verify()) == []


def test_the_old_number_is_told_and_ends_nothing(at_desk: Desk, town: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept()
    monkeypatch.setattr("shuoshi.notices.delivering.opened", lambda gateway: kept)
    given = {"key_id": "LTAI", "key_secret": "s", "sign": "青禾镇", "template": "SMS_1", "template_staff": "SMS_2"}
    tomorrow = clock.local(clock.now()) + timedelta(days=1)
    with clock.simulated(tomorrow.replace(hour=10, minute=0)):
        notices.set_gateway(Way.SMS, Provider.ALIYUN, given, active=True, actor=SYSTEM)
        matter = town.raise_matter(by="王芳")
        at_desk("王芳").post(correction(matter), NEW)
        address = f"/desk/people/changes/{Change.objects.get().pk}/"
        assert at_desk("刘敏").post(address, {"do": "agree", "shown_by": "in_person"}).status_code == 302
        deliver(clock.now())
        [(to, out)] = kept.sent
        assert to == "13800000017" and matter.number in out.text and "13900000021" not in out.text
        message = Message.objects.get(kind="number_changed")
        assert Client().post(f"/n/{message.token}/").status_code == 404
        assert notices.stop_by(message.token) is None
    matter.refresh_from_db()
    assert not matter.no_messages, "whoever has the old number ends nothing"


@pytest.mark.parametrize("who", ["孙丽", "周建国", "赵红", "马镇长", "管理员"])
def test_who_handles_or_leads_corrects_nothing(at_desk: Desk, town: Place, who: str) -> None:
    matter = town.sign_for(town.assign(town.classify(town.accept(town.raise_matter(by="王芳")))))
    answer = at_desk(who).post(correction(matter), NEW)
    assert answer.status_code in ((302,) if who == "赵红" else (403, 404))
    assert Change.objects.exists() == (who == "赵红"), "who follows up answers to the speaker, too"


def test_a_change_out_of_scope_is_404(at_desk: Desk, town: Place) -> None:
    matter = town.raise_matter(by="王芳")
    at_desk("王芳").post(correction(matter), NEW)
    address = f"/desk/people/changes/{Change.objects.get().pk}/"
    assert at_desk("孙丽").get(address).status_code == 403
    assert at_desk("管理员").get(address).status_code == 404
    assert at_desk("刘敏").post(address, {"do": "decline"}).status_code == 302
    assert Change.objects.get().state == ChangeState.DECLINED


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"value": "不知道"}, "value"),
        ({"value": ""}, "value"),
        ({"kind": "WECHAT"}, "kind"),
        ({"words": " "}, "words"),
        ({"kind": "ID_NUMBER", "value": "110105194912310021"}, "value"),
    ],
)
def test_wrong_input_is_told_at_the_field(at_desk: Desk, town: Place, typed: dict[str, str], field: str) -> None:
    matter = town.raise_matter(by="王芳")
    answer = at_desk("王芳").post(correction(matter), NEW | typed)
    assert answer.status_code == 422 and answer.context["form"].errors[field]
    assert not Change.objects.exists()


def test_a_name_is_put_right_at_once_and_stands_in_the_record(at_desk: Desk, town: Place) -> None:
    matter = town.raise_matter(by="王芳")
    given = {"kind": "NAME", "value": "程大明", "reason": "misheard", "words": "听错了姓"}
    assert at_desk("王芳").post(correction(matter), given).status_code == 302
    body = at_desk("王芳").get(f"/desk/people/{speaker_of(matter)}/").content.decode()
    assert "陈某某 → 程某某" in body and "程某某" in body


def test_two_records_are_joined_side_by_side_and_parted_again(at_desk: Desk, town: Place) -> None:
    one, other = town.raise_matter(by="王芳"), town.raise_matter(by="王芳")
    client, keys = at_desk("王芳"), (speaker_of(one), speaker_of(other))
    assert f"/desk/people/{keys[0]}/join/{keys[1]}/" in client.get(f"/desk/people/{keys[0]}/").content.decode()
    address = f"/desk/people/{keys[0]}/join/{keys[1]}/"
    page = client.get(address).content.decode()
    assert one.number in page and other.number in page and "13800000017" not in page
    given = {"stays": str(keys[1]), "reason": "said_so", "words": "本人说都是他说的"}
    assert client.post(address, given).status_code == 302
    assert client.post(address, given).status_code == 404, "joined already: nothing to offer"
    led = client.get(f"/desk/people/{keys[0]}/")
    assert led["Location"] == f"/desk/people/{keys[1]}/"
    body = client.get(led["Location"]).content.decode()
    assert one.number in body and other.number in body
    aside = client.post("/desk/register/beside/", {"phone": "13800000017"}).content.decode()
    assert str(keys[1]) in aside and str(keys[0]) not in aside, "the call is from the survivor"
    parting = f"/desk/people/{keys[0]}/part/"
    assert one.number in client.get(parting).content.decode()
    assert client.post(parting, {"reason": "mistaken", "words": "是父子"}).status_code == 302
    body = client.get(f"/desk/people/{keys[1]}/").content.decode()
    assert other.number in body and one.number not in body.split("他说过的事")[-1]


def test_only_who_may_know_of_both_joins_them(at_desk: Desk, town: Place) -> None:
    one = town.raise_matter(by="王芳")
    other = town.raise_matter(by="王芳", speaker=PersonSaid(name="李桂兰", phone="13800000017"))
    hidden = town.raise_matter(
        by="王芳", naming=Naming.CONFIDENTIAL, speaker=PersonSaid(name="周某", phone="13800000019")
    )
    for key, second in ((one, other), (hidden, one), (one, hidden)):
        address = f"/desk/people/{speaker_of(key)}/join/{speaker_of(second)}/"
        assert at_desk("王芳").get(address).status_code == 404
    assert at_desk("孙丽").get(f"/desk/people/{speaker_of(one)}/part/").status_code == 403
    assert at_desk("王芳").get(f"/desk/people/{speaker_of(one)}/part/").status_code == 404


def test_a_record_of_the_staff_waits_for_an_administrator(at_desk: Desk, town: Place) -> None:
    matter = town.raise_matter(by="王芳", speaker=PersonSaid(name="孙丽", phone="13800000017"))
    with transaction.atomic():  # the record of the staff has this number, too
        story = Story(Stream("person", str(town.persons["孙丽"])), "keep", by=SYSTEM, at=clock.now())
        people.keep(story, PersonGiven(phone="13800000017", person_id=town.persons["孙丽"]))
        story.tell()
    address = f"/desk/people/{speaker_of(matter)}/join/{town.persons['孙丽']}/"
    assert "工作人员" in at_desk("王芳").get(address).content.decode()
    given = {"stays": str(town.persons["孙丽"]), "reason": "same_card", "words": "核对过身份证"}
    assert at_desk("王芳").post(address, given).status_code == 302
    change = Change.objects.get()
    assert change.state == ChangeState.OPEN
    page = f"/desk/people/changes/{change.pk}/"
    assert at_desk("刘敏").get(page).status_code == 404
    admin = at_desk("管理员")
    assert "回避" in admin.get(page).content.decode()
    assert admin.post(page, {"do": "agree"}).status_code == 302
    assert Person.objects.get(pk=speaker_of(matter)).joined_into_id == town.persons["孙丽"]


def test_the_page_of_a_person_costs_the_same_with_one_record_and_with_many(at_desk: Desk, town: Place) -> None:
    first = town.raise_matter(by="王芳")
    client = at_desk("王芳")
    client.get(f"/desk/people/{speaker_of(first)}/")
    counts = []
    for _more in range(2):
        town.raise_matter(by="王芳")
        town.raise_matter(by="王芳")
        with counted() as asked:
            client.get(f"/desk/people/{speaker_of(first)}/")
        counts.append(asked.count)
    assert counts[0] == counts[1]


@pytest.fixture
def handed(town: Place) -> Matter:
    matter = town.raise_matter(by="王芳", tell_by=TellBy.CALL)
    actions.print_slip(matter.pk, again="", actor=town.actor("王芳"))
    return town.run("王芳", terms.HandOverReceipt(to_whom="本人"), matter)


def lost(client: Client, matter: Matter, **changed: Any) -> Any:
    return client.post(f"/desk/matters/{matter.number}/lost-receipt/", {"key": "k1"} | SHOWN | changed)


def test_who_shows_who_they_are_gets_another_receipt_on_paper(at_desk: Desk, town: Place, handed: Matter) -> None:
    old, client = query_code.code_of(handed), at_desk("王芳")
    assert (
        f"/desk/matters/{handed.number}/lost-receipt/" in client.get(f"/desk/matters/{handed.number}/").content.decode()
    )
    answer = lost(client, handed)
    handed.refresh_from_db()
    fresh = query_code.code_of(handed)
    assert fresh != old and query_code.in_fours(fresh) in answer.content.decode()
    assert answer["Cache-Control"] == "no-store" and answer["Refresh"].startswith("120;")
    assert re.search(r'class="code on-paper"', answer.content.decode())
    assert Client().post("/track/", {"number": handed.number, "code": old}).status_code == 422
    row = Reissue.objects.get()
    assert (row.document, str(row.last_four), row.facts, str(row.words)) == (
        "id_card",
        "002X",
        "name what",
        "回执洗衣服洗坏了",
    )
    event = Event.objects.get(stream_id=str(handed.pk), action="reissue_receipt")
    assert "002X" not in event.payload and fresh not in event.payload
    assert outbox.Notice.objects.filter(kind="code_renewed", about_id=handed.pk).count() == 1
    assert client.get("/desk/overview/").context["figures"].reprinted == 1
    assert list(verify()) == []


def test_posted_twice_it_is_one(at_desk: Desk, handed: Matter) -> None:
    client = at_desk("王芳")
    assert lost(client, handed).status_code == 200
    assert lost(client, handed).status_code == 409
    handed.refresh_from_db()
    assert handed.query_generation == 2 and Reissue.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"document": ""}, "document"),
        ({"last_four": "12"}, "last_four"),
        ({"last_four": "12 4"}, "last_four"),
        ({"facts": ["name"]}, "facts"),
        ({"facts": ["name", "nothing"]}, "facts"),
        ({"words": ""}, "words"),
    ],
)
def test_what_was_not_shown_is_told_at_the_field(at_desk: Desk, handed: Matter, typed: Any, field: str) -> None:
    answer = lost(at_desk("王芳"), handed, **typed)
    assert answer.status_code == 422 and answer.context["form"].errors[field]
    assert not Reissue.objects.exists()


def test_who_handles_hands_out_nothing_and_the_verb_refuses_too(at_desk: Desk, town: Place, handed: Matter) -> None:
    matter = town.sign_for(town.assign(town.classify(town.accept(handed))))
    for who in ("孙丽", "周建国", "管理员"):
        assert lost(at_desk(who), matter).status_code in (403, 404)
    shown = actions.Identified(document="id_card", last_four="002X", facts=["name", "what"], words="丢了")
    with pytest.raises(Refused) as refused:
        actions.reissue_at_counter(matter.pk, shown, actor=town.actor("孙丽"))
    assert refused.value.code == "not_the_registry"
    assert not Reissue.objects.exists()


def test_neither_anonymous_matters_nor_receipts_that_wait_are_handed_out_anew(at_desk: Desk, town: Place) -> None:
    for matter in (town.raise_matter(naming=Naming.ANONYMOUS), town.raise_matter(by="王芳")):
        assert lost(at_desk("王芳"), matter).status_code == 403
        assert "lost-receipt" not in at_desk("王芳").get(f"/desk/matters/{matter.number}/").content.decode()


def test_of_a_group_one_spokesperson_gets_another_and_the_others_keep_theirs(at_desk: Desk, town: Place) -> None:
    matter = town.raise_matter(by="王芳", group=group("陈大明", "李桂兰"))
    Matter.objects.filter(pk=matter.pk).update(receipt_handed_over_at=clock.now())
    first, second = matter.spokespersons.order_by("seat")
    kept = query_code.code_of(second)
    client, address = at_desk("王芳"), f"/desk/matters/{matter.number}/lost-receipt/"
    assert f"{address}?whose={first.pk}" in client.get(address).content.decode()
    assert client.post(f"{address}?whose={first.pk}", SHOWN | {"key": "k"}).status_code == 200
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.query_generation == 2 and query_code.code_of(second) == kept


def test_who_drew_the_new_receipt_and_answered_cannot_end_the_matter_with_its_code(town: Place) -> None:
    """Drill 7: whoever got at somebody's receipt at the counter had the code before their eyes."""
    matter = town.raise_matter()
    shown = actions.Identified(document="id_card", last_four="002X", facts=["name", "what"], words="丢了")
    actions.reissue_at_counter(matter.pk, shown, actor=town.actor("王芳"))
    spot = terms.AnswerOnTheSpot(kind=Kind.INTEREST_CLAIM, title="村口路灯不亮", answer="已经报修。", clear=False)
    matter = town.run("王芳", spot, matter)
    with pytest.raises(Refused):
        actions.reissue_at_counter(matter.pk, shown, actor=town.actor("王芳"))
    answers = terms.Answers(
        contacted=True, solved=Solved.YES, result=Satisfaction.GOOD, attitude=Satisfaction.GOOD, words="好"
    )
    matter = town.run(town.speaker(matter), terms.Rate(answers=answers), matter)
    assert matter.status == Status.IN_FOLLOW_UP, "others still call"
