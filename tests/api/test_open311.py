"""Open311 GeoReport v2 (3.1.3): services from the profile, requests that become matters once, states without words."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from shuoshi.api.services import GENERAL, services
from shuoshi.channels.models import Posted
from shuoshi.kernel import clock, outbox, throttle, verify
from shuoshi.kernel.throttle import Tally
from shuoshi.matters import actions
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Naming, Status, TellBy
from shuoshi.organization import profile
from shuoshi.people.models import ContactKind, ContactPoint
from tests.portal.resident import photo as picture_of
from tests.support.platforms import SAID, V2, asked, asking, fitting, let_in, name_of, posted, refused
from tests.support.village import Place

pytestmark = pytest.mark.django_db


# ── services ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_category_that_can_be_chosen_is_a_service(town: Place):
    listed = asked("services.json").json()
    chosen = {
        one.code
        for kind in profile.current().kinds
        if kind.in_loop
        for group in kind.categories
        for one in group.children or (group,)
    }
    assert {one["service_code"] for one in listed} == chosen | {GENERAL}
    assert all(one["type"] == "realtime" and isinstance(one["metadata"], bool) for one in listed)


def test_a_definition_has_the_questions_of_its_category(town: Place):
    one = asking()
    defined = asked(f"services/{one.code}.json").json()
    assert [attribute["code"] for attribute in defined["attributes"]] == [question.code for question in one.questions]
    assert [attribute["order"] for attribute in defined["attributes"]] == list(range(1, len(one.questions) + 1))
    for attribute, question in zip(defined["attributes"], one.questions, strict=True):
        assert [value["key"] for value in attribute.get("values", [])] == list(question.values)
    assert refused(asked("services/no-such.json"))[0] == 404


def test_xml_says_the_same_as_json(town: Place):
    one = asking()
    for address, root, item in (
        ("services", "services", "service"),
        (f"services/{one.code}", "service_definition", "attributes"),
    ):
        answer = asked(f"{address}.xml")
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        tree = ElementTree.fromstring(answer.content)
        same = asked(f"{address}.json").json()
        rows = same if isinstance(same, list) else [same]
        assert tree.tag == root and len(tree.findall(item)) == len(rows)
        assert tree.findtext(".//service_code") == rows[0]["service_code"]


def test_words_are_those_of_the_language_that_is_asked_for(town: Place):
    found = Client(headers={"accept-language": "en"}).get(f"{V2}services.json").json()
    with translation.override("en"):
        assert [one["service_name"] for one in found] == [one.name for one in services(profile.current())]


def test_without_an_ending_the_client_says_what_it_reads(town: Place):
    assert asked("services")["Content-Type"].startswith("text/xml")
    got = Client(headers={"accept": "application/json"}).get(f"{V2}services")
    assert got["Content-Type"].startswith("application/json")


def test_the_discovery_leads_to_the_services(town: Place, settings: Any):
    settings.PUBLIC_ADDRESS = "http://testserver"
    [endpoint] = asked("discovery.json").json()["endpoints"]
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert Client().get(endpoint["url"].removeprefix("http://testserver") + "/services.json").status_code == 200


# ── posting ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_posted_is_a_matter_with_all_that_was_said(town: Place):
    platform, key = let_in()
    one = asking()
    answers = {f"attribute[{q.code}]": fitting(q) for q in one.questions if q.visible_when is None}
    name = name_of(
        posted(key, service_code=one.code, lat="30.65712", long="104.06534", media_url="https://x.cn/1.jpg", **answers)
    )
    matter = Matter.objects.get()
    assert (matter.channel, matter.status, matter.naming) == (Channel.PLATFORM, Status.REGISTERED, Naming.NAMED)
    assert (matter.said_place, matter.place, matter.coordinates) == (
        platform.name,
        SAID["address_string"],
        "30.657120,104.065340",
    )
    assert str(matter.content).startswith(SAID["description"]) and "https://x.cn/1.jpg" in str(matter.content)
    assert (matter.category, matter.kind) == (one.code, profile.current().kind_of(one.code).code)
    assert set(json.loads(str(matter.answers)).values()) == set(answers.values())
    person = matter.parties.get().person
    assert str(person.name) == "赵大爷" and (matter.tell_by, matter.no_messages) == (TellBy.SMS, False)
    row = Posted.objects.get()
    assert (row.name, row.matter, row.platform, row.service) == (name, matter, platform, one.code)
    assert matter.number not in name and len(name) == 26
    assert not list(verify.verify())


def test_who_leaves_nothing_is_anonymous_and_who_leaves_an_address_is_written_to(town: Place):
    _platform, key = let_in()
    nobody = {"last_name": None, "first_name": None, "phone": None}
    name_of(posted(key, **nobody))
    name_of(posted(key, **nobody, email="zhao@example.com", description="还有一件事。"))
    first, second = Matter.objects.order_by("number")
    assert (first.naming, first.tell_by) == (Naming.ANONYMOUS, TellBy.PAGE)
    assert (second.naming, second.tell_by) == (Naming.NAMED, TellBy.EMAIL)


def test_photos_come_along_and_what_is_no_photo_costs_nothing_else(town: Place):
    _platform, key = let_in()
    photo = picture_of("灯.jpg")
    broken = SimpleUploadedFile("x.jpg", b"no picture", content_type="image/jpeg")
    answer = posted(key, media=photo, more=broken)
    assert Matter.objects.get().attachments.count() == 1
    assert "没有收下" in answer.json()[0]["service_notice"]


@pytest.mark.parametrize("own", ["", "b7c0-1"])
def test_sent_again_it_is_the_same_matter(town: Place, own: str):
    _platform, key = let_in()
    headers = {"Idempotency-Key": own} if own else {}
    again = [name_of(posted(key, headers=headers)) for _ in range(3)]
    assert len(set(again)) == 1 and Matter.objects.count() == Posted.objects.count() == 1


def test_the_same_words_over_midnight_are_a_retry_and_days_later_another_matter(town: Place):
    _platform, key = let_in()
    late = clock.now().replace(hour=23, minute=50)
    with clock.simulated(late) as simulation:
        name = name_of(posted(key))
        simulation.move_to(late + timedelta(minutes=20))
        assert name_of(posted(key)) == name
        simulation.move_to(late + timedelta(days=3))
        assert name_of(posted(key)) != name
    assert Matter.objects.count() == 2


def test_sent_again_with_its_photo_it_is_the_same_matter(town: Place):
    _platform, key = let_in()
    names = {name_of(posted(key, media=picture_of("灯.jpg"))) for _ in range(2)}
    assert len(names) == 1
    assert name_of(posted(key, media=picture_of("灯.jpg", size=(50, 40)))) not in names


def test_where_a_photo_would_go_another_time_nothing_is_registered(town: Place, monkeypatch: pytest.MonkeyPatch):
    _platform, key = let_in()
    monkeypatch.setattr("shuoshi.kernel.pictures.WALL_SECONDS", 0.001)
    assert refused(posted(key, media=picture_of("灯.jpg")))[0] == 503 and not Matter.objects.exists()
    monkeypatch.undo()
    name_of(posted(key, media=picture_of("灯.jpg")))
    assert Matter.objects.get().attachments.count() == 1


@pytest.mark.parametrize(
    "changed", [{"lat": "30.1", "long": "104.2"}, {"email": "b@example.com"}, {"phone": "13900000018"}]
)
def test_a_key_stands_for_all_that_was_sent(town: Place, changed: dict[str, str]):
    _platform, key = let_in()
    long = "x" * 150
    name_of(posted(key, headers={"Idempotency-Key": long}))
    assert refused(posted(key, headers={"Idempotency-Key": long}, **changed))[0] == 409
    name_of(posted(key, headers={"Idempotency-Key": long + "2"}, **changed))


def test_one_key_cannot_mean_two_things_and_is_of_one_platform(town: Place):
    keys = [let_in(name)[1] for name in ("甲平台", "乙平台")]
    for key in keys:
        name_of(posted(key, headers={"Idempotency-Key": "1"}))
    answer = posted(keys[0], headers={"Idempotency-Key": "1"}, description="别的事。")
    assert refused(answer)[0] == 409
    assert Matter.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "status", "names"),
    [
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "no-such"}, 404, "service_code"),
        ({"description": "  "}, 400, "description"),
        ({"description": "长" * 4001}, 400, "4,000"),
        ({"address_string": None}, 400, "address_string"),
        ({"address_string": None, "lat": "30.1"}, 400, "lat"),
        ({"lat": "91", "long": "104"}, 400, "lat"),
        ({"lat": "nan", "long": "104"}, 400, "lat"),
        ({"lat": "三十", "long": "104"}, 400, "lat"),
        ({"address_string": None, "address_id": "17"}, 400, "address_string"),
        ({"phone": "12"}, 400, "电话"),
        ({"email": "nobody"}, 400, "邮箱"),
        ({"attribute[none]": "1"}, 400, "attribute[none]"),
        ({f"attribute[{'x' * 60}]": "1"}, 400, "attribute[xxx"),
        ({"jurisdiction_id": "elsewhere.org"}, 404, "jurisdiction_id"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_written(town: Place, changed: Any, status: int, names: str):
    _platform, key = let_in()
    found, sentence = refused(posted(key, **changed))
    assert found == status and names in sentence
    assert not Matter.objects.exists() and not Posted.objects.exists()


def test_what_must_be_answered_is_named(town: Place):
    _platform, key = let_in()
    one = asking()
    needed = [q for q in one.questions if q.required and q.visible_when is None]
    assert all(f"attribute[{q.code}]" in refused(posted(key, service_code=one.code))[1] for q in needed)
    wrong = {f"attribute[{q.code}]": fitting(q) for q in needed} | {f"attribute[{needed[0].code}]": "不" * 501}
    assert refused(posted(key, service_code=one.code, **wrong))[0] == 400


def test_a_phone_is_called_and_an_address_beside_it_kept(town: Place):
    _platform, key = let_in()
    name_of(posted(key, email="zhao@example.com"))
    matter = Matter.objects.get()
    address = ContactPoint.objects.select_related("person").get(kind=ContactKind.EMAIL, given_for=matter.pk)
    assert (matter.tell_by, str(address.value)) == (TellBy.SMS, "zhao@example.com")


def test_what_we_add_to_the_words_is_in_the_institutions_language(town: Place):
    _platform, key = let_in()
    nobody = {"last_name": None, "first_name": None, "phone": None}
    name_of(posted(key, **nobody, email="a@example.com", media_url="https://x.cn/1", headers={"Accept-Language": "en"}))
    matter = Matter.objects.get()
    assert "照片地址：https://x.cn/1" in str(matter.content) and str(matter.parties.get().person.name) == "未留姓名"


def test_the_speaker_gets_a_receipt_from_the_registry(town: Place):
    _platform, key = let_in()
    name_of(posted(key))
    name_of(posted(key, last_name=None, first_name=None, phone=None, description="不留名的。"))
    named = Matter.objects.get(naming=Naming.NAMED)
    slips = outbox.waiting_for(town.actor("王芳"), outbox.Channel.SLIP)
    assert [slip.about_id for slip in slips] == [named.pk], "who left nothing cannot be told from others"
    assert actions.print_slip(named.pk, again="", actor=town.actor("王芳")) == named


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_a_key_that_may_post_posts(town: Place):
    _reader, reads = let_in("只看的", posts=False)
    assert refused(posted(""))[0] == refused(posted("x" * 32))[0] == refused(posted(reads))[0] == 403
    assert not Matter.objects.exists()


def test_a_key_is_good_until_its_last_day(town: Place):
    platform, key = let_in()
    day = platform.until
    end_of_day = clock.local(clock.now()).replace(year=day.year, month=day.month, day=day.day)
    with clock.simulated(end_of_day):
        name_of(posted(key))
    with clock.simulated(end_of_day.replace(hour=23, minute=59)):
        name_of(posted(key, description="最后一刻。"))
    with clock.simulated(end_of_day.replace(hour=0, minute=1) + timedelta(days=1)):
        assert refused(posted(key, description="又一件。"))[0] == 403


def test_a_key_may_stand_in_the_header(town: Place):
    _platform, key = let_in()
    name_of(posted(key, api_key=None, headers={"Authorization": f"Bearer {key}"}))


def test_a_loop_gone_wild_is_slowed_down(town: Place):
    platform, key = let_in()
    throttle.hit(throttle.PLATFORM_POSTS.scope, str(platform.pk))
    Tally.objects.update(count=throttle.PLATFORM_POSTS.free)
    answer = posted(key)
    assert refused(answer)[0] == 429 and int(answer["Retry-After"]) > 0
    assert not Matter.objects.exists()


# ── of all ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_here_knows_cookies_and_errors_are_written_as_asked(town: Place):
    _platform, key = let_in()
    for answer in (posted(key), asked("services.xml"), asked("no-such.xml"), asked("requests/none.xml")):
        assert not answer.cookies and answer["Cache-Control"] == "no-store"
    tree = ElementTree.fromstring(posted("", form="xml").content)
    assert (tree.tag, tree.findtext("error/code")) == ("errors", "403")
    assert Client(enforce_csrf_checks=True).post(f"{V2}requests.json", SAID | {"api_key": key}).status_code == 200


def test_lists_may_be_read_by_pages_of_others_and_posts_may_not(town: Place):
    _platform, key = let_in()
    assert asked("services.json")["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in posted(key)
