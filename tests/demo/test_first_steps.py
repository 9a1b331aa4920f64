"""Who signs in to a demo finds three or four things to try, leading to real matters; in a real house nobody does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from shuoshi.demo import first_steps
from shuoshi.demo.town import content
from shuoshi.matters.vocabulary import Status
from shuoshi.organization.roles import Role
from shuoshi.portal import institution
from tests.support.desk import signed_in
from tests.support.village import Place, build_town

HEADING = "这是演示，先试这几步"


@pytest.fixture(autouse=True)
def the_institution_is_read_anew() -> Iterator[None]:
    institution.forget()
    yield
    institution.forget()


@pytest.fixture
def demo(db: None) -> Place:
    town = build_town(demo=True)
    town.person("施秀英", ("青禾镇", Role.SUPERVISOR))
    for status in (Status.REGISTERED, Status.ACCEPTED, Status.ASSIGNED, Status.IN_HANDLING, Status.IN_FOLLOW_UP):
        town.matter_in(status)
    return town


def links(client: Client) -> list[str]:
    """Where the steps lead, as they stand on the page."""
    page = client.get("/desk/").content.decode()
    found = re.search(r'aria-labelledby="d-first">(.*?)</section>', page, re.DOTALL)
    return re.findall(r'<li><a href="([^"]+)"', found[1]) if found else []


def test_every_account_of_the_sheet_has_a_role_with_steps() -> None:
    posts = {person["key"]: person["posts"] for person in content()["people"]}
    for line in content()["accounts"]:
        roles = {Role(post.split()[1]) for post in posts[line["person"]]}
        assert roles & set(first_steps.STEPS), line["person"]


@pytest.mark.parametrize(
    "name", ["王芳", "刘敏", "赵红", "何勇", "周建国", "孙丽", "马镇长", "钱监督", "施秀英", "管理员", "县分办"]
)
def test_each_step_leads_to_a_page_that_opens(demo: Place, name: str) -> None:
    client = signed_in(demo, name)
    found = links(client)
    assert 1 <= len(found) <= first_steps.MOST
    for link in found:
        assert client.get(link).status_code == 200, link


def test_a_step_leads_to_the_matter_that_waits(demo: Place) -> None:
    matter = demo.matter_in(Status.REGISTERED)
    page = signed_in(demo, "王芳").get("/desk/").content.decode()
    assert HEADING in page and "选种类，写标题" in page
    registered = [link for link in links(signed_in(demo, "王芳")) if "?from=accept" in link]
    assert len(registered) == 1 and registered[0].split("/")[3].startswith(matter.number[:5])


def test_a_queue_with_nothing_in_it_is_no_step(db: None) -> None:
    town = build_town(demo=True)
    assert links(signed_in(town, "刘敏")) == ["/desk/overview/"]


def test_they_are_put_away_until_the_next_sign_in(demo: Place) -> None:
    client = signed_in(demo, "王芳")
    assert HEADING in client.get("/desk/").content.decode()
    answer = client.post("/desk/first-steps/", follow=True)
    assert "收起了" in answer.content.decode() and HEADING not in answer.content.decode()
    assert HEADING not in client.get("/desk/").content.decode()
    assert HEADING in signed_in(demo, "王芳").get("/desk/").content.decode()


def test_in_a_real_institution_there_are_none(db: None) -> None:
    town = build_town()
    town.matter_in(Status.REGISTERED)
    assert HEADING not in signed_in(town, "王芳").get("/desk/").content.decode()
