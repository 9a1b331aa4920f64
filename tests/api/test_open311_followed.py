"""What became of what a platform sent, by Open311 (3.1.3): states and dates, never words, contacts or places."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.api.services import GENERAL, services
from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from shuoshi.organization import profile
from tests.support.platforms import asked, asking, fitting, let_in, name_of, posted, refused
from tests.support.statements import counted
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def test_a_request_is_followed_without_words_contacts_or_places(town: Place):
    _platform, key = let_in()
    name = name_of(posted(key, lat="30.65712", long="104.06534"))
    for query in ({}, {"api_key": key}):
        answer = asked(f"requests/{name}.json", **query)
        [row] = answer.json()
        assert (row["service_request_id"], row["status"], row["service_code"]) == (name, "open", GENERAL)
        text = answer.content.decode()
        assert not any(value in text for value in ("路灯", "赵", "13800000017", "老槐树", "30.65", "104.06"))
        assert Matter.objects.get().number not in text
    assert refused(asked("requests/nobodysname.json"))[0] == 404


def test_which_unit_has_it_only_the_platform_that_sent_it_learns(town: Place):
    (_mine, key), (_other, others) = let_in("甲平台"), let_in("乙平台")
    name = name_of(posted(key))
    matter = town.assign(town.classify(town.accept(Matter.objects.get())))
    assert matter.lead_unit is not None
    units = [asked(f"requests/{name}.json", **q).json()[0]["agency_responsible"] for q in
             ({"api_key": key}, {"api_key": others}, {})]  # fmt: skip
    assert units == [matter.lead_unit.name, None, None]


def test_what_ended_is_closed(town: Place):
    _platform, key = let_in()
    name = name_of(posted(key))
    reason = profile.current().screening_reasons[0].code
    town.run("王芳", terms.ScreenOut(reason=reason, text="请向法院反映。"), Matter.objects.get())
    [row] = asked(f"requests/{name}.json").json()
    assert (row["status"], row["status_notes"]) == ("closed", Status.SCREENED_OUT.label)


def test_a_list_has_what_the_key_sent_and_nothing_of_others(town: Place):
    (_mine, key), (_other, others) = let_in("甲平台"), let_in("乙平台")
    one = asking()
    answers = {f"attribute[{q.code}]": fitting(q) for q in one.questions if q.visible_when is None}
    names = [name_of(posted(key)), name_of(posted(key, service_code=one.code, **answers))]
    foreign = name_of(posted(others))

    def found(**query: str) -> list[str]:
        return [row["service_request_id"] for row in asked("requests.json", **query).json()]

    assert found(api_key=key) == names[::-1] and found(api_key=others) == [foreign] and found() == []
    assert found(api_key=key, service_code=one.code) == [names[1]]
    assert found(api_key=key, service_code=f"{one.code},{GENERAL}") == names[::-1]
    assert found(api_key=key, status="closed") == [] and found(api_key=key, status="open,closed") == names[::-1]
    assert found(api_key=key, page_size="1") == [names[1]]
    assert found(service_request_id=f"{names[0]},{foreign}", status="closed") == [names[0], foreign]
    ahead = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert found(api_key=key, start_date=ahead) == [] and found(api_key=key, end_date=ahead) == names[::-1]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "done"},
        {"start_date": "yesterday"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"page_size": "0"},
        {"page_size": "9" * 5000},
        {"end_date": "0001-01-01T00:00:00Z"},
    ],
)
def test_a_question_that_cannot_be_is_answered_so(town: Place, query: dict[str, str]):
    assert refused(asked("requests.json", **query))[0] == 400


def test_a_list_takes_as_many_statements_for_many_as_for_one(town: Place):
    _platform, key = let_in()
    name_of(posted(key))
    with counted() as few:
        asked("requests.json", api_key=key)
    for n in range(4):
        name_of(posted(key, description=f"第 {n} 件"))
    with counted() as many:
        assert len(asked("requests.json", api_key=key).json()) == 5
    assert many.count == few.count


def test_a_sensitive_category_is_told_only_to_the_key_it_was_sent_by(town: Place):
    (_mine, key), (_other, others) = let_in("甲平台"), let_in("乙平台")
    one = next(one for one in services(profile.current()) if one.category is not None and one.category.sensitive)
    answers = {f"attribute[{q.code}]": fitting(q) for q in one.questions if q.visible_when is None}
    name = name_of(posted(key, service_code=one.code, **answers))
    codes = [asked(f"requests/{name}.json", **q).json()[0]["service_code"] for q in
             ({"api_key": key}, {"api_key": others}, {})]  # fmt: skip
    assert codes == [one.code, GENERAL, GENERAL]


def test_a_key_that_only_posts_is_as_good_as_none_for_reading(town: Place):
    _platform, key = let_in(reads=False)
    name = name_of(posted(key))
    assert asked("requests.json", api_key=key).json() == []
    assert asked(f"requests/{name}.json", api_key=key).json()[0]["status"] == "open"


def test_going_back_by_the_last_moment_loses_nothing(town: Place):
    _platform, key = let_in()
    now = clock.now().replace(microsecond=0)
    for n in range(3):
        with clock.simulated(now + timedelta(milliseconds=200 * n)):
            name_of(posted(key, description=f"第 {n} 件"))
    with clock.simulated(now + timedelta(seconds=5)):
        [first] = asked("requests.json", api_key=key, page_size="1").json()
        rest = asked("requests.json", api_key=key, end_date=first["requested_datetime"]).json()
    assert len(rest) == 3


def test_a_token_is_the_name_itself(town: Place):
    _platform, key = let_in()
    name = name_of(posted(key))
    assert asked(f"tokens/{name}.json").json() == [{"service_request_id": name, "token": name}]
    assert refused(asked("tokens/nobodysname.json"))[0] == 404
