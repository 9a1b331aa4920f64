"""The REST interface (3.1.3): a matter once, with photos sent before; states without words; problems as RFC 9457 has them."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation
from PIL import Image

from shuoshi.api.rest import photos
from shuoshi.api.services import services
from shuoshi.channels.models import Posted
from shuoshi.channels.platforms import keeping
from shuoshi.channels.platforms.models import Platform
from shuoshi.kernel import clock, throttle
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.drafts import Draft
from shuoshi.kernel.throttle import Tally
from shuoshi.matters.models import Attachment, Matter
from shuoshi.matters.vocabulary import Channel, Naming, PartyRole
from shuoshi.organization import profile
from shuoshi.organization import queries as organization
from tests.support.platforms import asking, fitting, let_in
from tests.support.rest import SAID, V1, asked, key_of, posted, problem, sent
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def jpeg(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def photo(key: str, data: bytes | None = None) -> Any:
    whole = jpeg() if data is None else data
    return Client().post(f"{V1}photos", whole, content_type="image/jpeg", headers=key_of(key))


# ── a matter, once ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_posted_is_registered_as_any_other(town: Place):
    _row, key = let_in()
    area = organization.areas()[0]
    answer = posted(key, area=str(area.pk), latitude=30.1, longitude=120.2)
    assert answer.status_code == 201, answer.content.decode()
    matter = Matter.objects.get()
    assert (matter.channel, matter.naming, matter.area_id) == (Channel.PLATFORM, Naming.NAMED, area.pk)
    assert (str(matter.content), str(matter.place)) == (SAID["content"], SAID["place"])
    assert str(matter.coordinates) == "30.100000,120.200000"
    party = matter.parties.select_related("person").get(role=PartyRole.SPEAKER)
    assert str(party.person.name) == SAID["speaker"]["name"]
    said = answer.json()
    assert answer["Location"].endswith(f"/matters/{said['id']}") and said["category"] == "general"
    found = asked(key, f"matters/{said['id']}")
    assert (found.json()["status"], found.json()["over"]) == ("REGISTERED", False)
    assert not any(word in found.content.decode() for word in (matter.number, "13800000017", SAID["place"]))


def test_without_a_speaker_it_is_anonymous(town: Place):
    _row, key = let_in()
    assert posted(key, speaker=None).status_code == 201
    assert Matter.objects.get().naming == Naming.ANONYMOUS


def test_the_same_key_of_an_intention_is_one_matter_and_other_words_are_refused(town: Place):
    _row, key = let_in()
    first, again = (posted(key, idempotency="a1") for _ in range(2))
    assert first.json() == again.json() and Matter.objects.count() == 1
    assert problem(posted(key, idempotency="a1", content="别的事"))[:2] == (409, "key_reused")
    assert posted(key, idempotency="a2").status_code == 201 and Matter.objects.count() == 2


def test_two_platforms_may_use_the_same_key_of_an_intention(town: Place):
    for name in ("甲平台", "乙平台"):
        assert posted(let_in(name)[1], idempotency="1").status_code == 201
    assert Posted.objects.count() == 2


def test_photos_that_were_sent_before_hang_on_the_matter(town: Place):
    _row, key = let_in()
    names = [photo(key, jpeg(colour)).json()["id"] for colour in ("red", "blue")]
    assert posted(key, photos=names, idempotency="p").status_code == 201
    assert Attachment.objects.filter(matter=Matter.objects.get()).count() == 2
    assert posted(key, photos=names, idempotency="p").status_code == 201 and Matter.objects.count() == 1
    Draft.objects.update(expires_at=clock.now() - timedelta(days=1))
    found = posted(key, photos=names, idempotency="p")
    assert problem(found)[:2] == (422, "no_photo") and found.json()["errors"][0]["at"] == "/photos/0"
    anew = [photo(key, jpeg(colour)).json()["id"] for colour in ("red", "blue")]
    assert posted(key, photos=anew, idempotency="p").status_code == 201 and Matter.objects.count() == 1


def test_a_photo_is_its_platforms_own(town: Place):
    name = photo(let_in()[1]).json()["id"]
    assert problem(posted(let_in("别的平台")[1], photos=[name]))[:2] == (422, "no_photo")


@pytest.mark.once
def test_what_is_no_photo_is_not_taken(town: Place):
    _row, key = let_in()
    assert problem(photo(key, b"GIF89a"))[:2] == (422, "not_a_photo")
    assert not Draft.objects.exists()


# ── how it stands ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_pages_follow_one_another_without_a_gap(town: Place):
    _row, key = let_in()
    names = [posted(key, idempotency=str(n), content=f"第{n}件").json()["id"] for n in range(5)]
    found, cursor = [], ""
    for _ in range(3):
        page = asked(key, "matters", limit="2", cursor=cursor).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"] or ""
    assert found == names[::-1] and cursor == ""
    assert [one["id"] for one in asked(key, "matters", state="over").json()["items"]] == []
    assert len(asked(key, "matters", state="open").json()["items"]) == 5


def test_others_find_nothing_of_it(town: Place):
    name = posted(let_in()[1]).json()["id"]
    _other, key = let_in("别的平台")
    assert problem(asked(key, f"matters/{name}"))[:2] == (404, "no_such_matter")
    assert asked(key, "matters").json()["items"] == []


def test_a_page_costs_the_same_however_long(town: Place, django_assert_num_queries: Any):
    _row, key = let_in()
    for n in range(8):
        posted(key, idempotency=str(n))
    with django_assert_num_queries(2):  # the key, the page
        assert len(asked(key, "matters", limit="8").json()["items"]) == 8


# ── what may be chosen ────────────────────────────────────────────────────────────────────────────────────────────


def test_categories_and_areas_are_everybodys(town: Place):
    found = Client().get(f"{V1}categories").json()
    assert [one["code"] for one in found] == [one.code for one in services(profile.current())]
    assert {one["id"] for one in Client().get(f"{V1}areas").json()} == {str(one.pk) for one in organization.areas()}
    english = Client(headers={"accept-language": "en"}).get(f"{V1}categories").json()
    with translation.override("en"):
        assert english[0]["name"] == next(services(profile.current())).name


def test_questions_are_asked_and_their_answers_looked_at(town: Place):
    _row, key = let_in()
    one = asking()
    question = next(each for each in one.questions if each.required and each.visible_when is None)
    right = {each.code: fitting(each) for each in one.questions if each.required and each.visible_when is None}
    assert problem(posted(key, category=one.code))[:2] == (422, "answer_missing")
    assert problem(posted(key, category=one.code, answers=right | {"nothing": "1"}))[1] == "no_such_question"
    assert problem(posted(key, category=one.code, answers={question.code: ""}))[1] == "answer_missing"
    assert posted(key, category=one.code, answers=right).status_code == 201
    assert Matter.objects.get().category == one.code


# ── who may, and what goes wrong ──────────────────────────────────────────────────────────────────────────────────


def test_a_key_opens_what_it_was_given_for(town: Place):
    row, key = let_in()
    assert problem(sent("", SAID))[:2] == (401, "no_key")
    assert problem(posted("wrong"))[:2] == (401, "wrong_key")
    Platform.objects.filter(pk=row.pk).update(posts=False)
    assert problem(posted(key))[:2] == (403, "may_not_post") and problem(photo(key))[0] == 403
    Platform.objects.filter(pk=row.pk).update(posts=True, reads=False)
    assert problem(asked(key, "matters"))[:2] == (403, "may_not_read") and posted(key).status_code == 201
    keeping.end(row.pk, actor=SYSTEM)
    assert problem(posted(key))[:2] == (401, "wrong_key")


@pytest.mark.once
@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"content": " \x00 "}, "/content"),
        ({"content": "字" * 20_001}, "/content"),
        ({"latitude": 91, "longitude": 0}, "/latitude"),
        ({"latitude": 30}, "/latitude"),
        ({"latitude": True, "longitude": 1}, "/latitude"),
        ({"latitude": 30, "longitude": "1"}, "/longitude"),
        ({"unknown": 1}, "/unknown"),
        ({"speaker": {"name": "王", "age": 3}}, "/speaker/age"),
        ({"photos": ["x"] * 10}, "/photos"),
        ({"area": str(uuid4())}, "/area"),
        ({"area": "here"}, "/area"),
        ({"category": "none-such"}, "/category"),
        ({"answers": {"a": 1}}, "/answers/a"),
        ({"answers": {"a/b": "1"}}, "/answers/a~1b"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(town: Place, changed: dict[str, Any], at: str):
    answer = posted(let_in()[1], **changed)
    assert problem(answer)[0] == 422 and [one["at"] for one in answer.json()["errors"]] == [at]
    assert not Matter.objects.exists()


def test_a_number_that_is_none_is_said(town: Place):
    assert problem(posted(let_in()[1], speaker={"phone": "12"}))[:2] == (400, "bad_number")
    assert problem(posted(let_in("乙平台")[1], speaker={"email": "x"}))[:2] == (400, "bad_address")


def test_without_a_key_for_the_intention_nothing_is_registered(town: Place):
    answer = sent(let_in()[1], SAID, idempotency=None)
    assert problem(answer)[0] == 422 and answer.json()["errors"][0]["at"] == "header Idempotency-Key"


@pytest.mark.once
@pytest.mark.parametrize("body", ["{", "[]", "null", '"a"', "\ud800".encode("utf-16-le", "surrogatepass"), b"\xff"])
def test_what_is_no_json_is_said(town: Place, body: Any):
    _row, key = let_in()
    headers = key_of(key) | {"Idempotency-Key": "1"}
    answer = Client().post(f"{V1}matters", body, content_type="application/json", headers=headers)
    assert problem(answer)[0] in (400, 422)


@pytest.mark.once
def test_a_lone_half_of_a_sign_is_no_text(town: Place):
    body = json.dumps(SAID).replace(json.dumps(SAID["content"]), '"\\ud800"')
    headers = key_of(let_in()[1]) | {"Idempotency-Key": "1"}
    answer = Client().post(f"{V1}matters", body, content_type="application/json", headers=headers)
    assert problem(answer)[0] in (400, 422)


@pytest.mark.once
def test_every_address_answers_in_the_same_form(town: Place):
    assert problem(Client().get(f"{V1}nothing/here"))[:2] == (404, "no_such_address")
    assert problem(Client().get(V1))[:2] == (404, "no_such_address")
    answer = Client().delete(f"{V1}matters")
    assert problem(answer)[:2] == (405, "not_allowed") and set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_a_key_that_may_not_ask_learns_nothing_by_posting_again(town: Place):
    row, key = let_in()
    Platform.objects.filter(pk=row.pk).update(reads=False)
    first = posted(key)
    town.accept(Matter.objects.get())
    assert posted(key).json() == first.json() and "status" not in first.json()


@pytest.mark.once
@pytest.mark.parametrize("query", [{"cursor": "zzzz"}, {"cursor": "WzEsMl0"}, {"limitt": "2"}, {"state": "null"}])
def test_what_is_asked_for_wrongly_is_no_first_page(town: Place, query: dict[str, str]):
    assert problem(asked(let_in()[1], "matters", **query))[0] == 422


def test_the_cursor_of_another_platform_leads_to_nothing_of_it(town: Place):
    _row, key = let_in("甲平台")
    for n in range(3):
        posted(key, idempotency=str(n))
    cursor = asked(key, "matters", limit="2").json()["next"]
    assert asked(let_in("乙平台")[1], "matters", cursor=cursor).json()["items"] == []


@pytest.mark.once
def test_a_flood_of_faults_is_told_in_short(town: Place):
    many = posted(let_in()[1], **{f"x{n}": n for n in range(5000)})
    assert problem(many)[0] == 422 and len(many.json()["errors"]) == 20
    long = posted(let_in("乙平台")[1], **{"x" * 5000: 1})
    assert len(long.json()["errors"][0]["at"]) <= 200
    assert problem(posted(let_in("丙平台")[1], answers={str(n): 1 for n in range(60)}))[0] == 422
    assert problem(posted(let_in("丁平台")[1], content="字" * 100_000))[:2] == (413, "too_large")


@pytest.mark.once
def test_half_a_sign_as_a_name_is_told_and_nothing_breaks(town: Place):
    body = json.dumps(SAID | {"answers": {"x": "y"}}).replace('"x"', '"\\ud800"')
    headers = key_of(let_in()[1]) | {"Idempotency-Key": "1"}
    answer = Client().post(f"{V1}matters", body, content_type="application/json", headers=headers)
    assert problem(answer)[0] == 422


@pytest.mark.once
def test_a_form_with_a_photo_is_told_how_to_send_it(town: Place):
    answer = Client().post(f"{V1}photos", {"file": io.BytesIO(jpeg())}, headers=key_of(let_in()[1]))
    assert problem(answer)[:2] == (415, "not_a_photo")


def test_photos_that_nobody_uses_are_not_kept_without_end(town: Place, monkeypatch: pytest.MonkeyPatch):
    _row, key = let_in()
    monkeypatch.setattr(photos, "WAITING", 1)
    assert photo(key).status_code == 201
    assert problem(photo(key, jpeg("blue")))[:2] == (429, "too_many")


@pytest.mark.once
def test_to_look_only_is_as_good_as_to_ask(town: Place):
    assert Client().head(f"{V1}categories").status_code == 200
    assert problem(Client().get(f"{V1}a%0Ab"))[0] == 404


def test_too_many_have_to_wait(town: Place):
    _row, key = let_in()
    posted(key)
    Tally.objects.filter(scope=throttle.PLATFORM_POSTS.scope).update(count=throttle.PLATFORM_POSTS.free)
    answer = posted(key, idempotency="2")
    assert problem(answer)[:2] == (429, "too_many") and int(answer["Retry-After"]) > 0


@pytest.mark.once
def test_the_specification_is_in_the_language_that_is_asked_for(town: Place):
    chinese, english = (
        Client(headers={"accept-language": language}).get(f"{V1}openapi.json").json() for language in ("zh-CN", "en")
    )
    assert (
        chinese["paths"].keys()
        == english["paths"].keys()
        == {f"{V1}{name}" for name in ("categories", "areas", "photos", "matters", "matters/{name}")}
    )
    assert chinese["info"]["title"] != english["info"]["title"]
