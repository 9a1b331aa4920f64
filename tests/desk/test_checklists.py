"""The checklist on the page of a matter and on that of a category in the rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import checklist
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from shuoshi.organization import actions as organization
from shuoshi.organization import profile
from tests.desk.test_acting import act
from tests.matters.lists import item, rules
from tests.support.village import Place

Desk = Callable[[str], Client]
EDIT = "/desk/settings/profile/edit/categories/B604/"


def page(client: Client, matter: Matter) -> str:
    return client.get(f"/desk/matters/{matter.number}/").content.decode()


def test_who_ticked_stands_beside_each_item_and_in_the_timeline(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("孙丽")
    assert act(client, matter, "tick_items", items=["scene", "owner"], shown="").status_code == 302
    assert act(client, matter, "tick_items", items=["scene"], shown="scene,owner").status_code == 302
    body = page(client, matter)
    assert "核对清单：到现场看过，查清由谁管护" in body and "撤销：查清由谁管护" in body
    assert 'value="scene" checked' in body and 'value="owner" checked' not in body
    watched = page(at_desk("王芳"), matter)
    assert "到现场看过" in watched and 'name="items"' not in watched
    assert "核对清单" not in at_desk("王芳").get(f"/desk/matters/{matter.number}/as-resident/").content.decode()


def test_what_somebody_else_ticked_meanwhile_stays_ticked(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    act(at_desk("周建国"), matter, "tick_items", items=["safe"], shown="")
    assert act(at_desk("孙丽"), matter, "tick_items", items=["scene"], shown="").status_code == 302
    assert set(checklist.ticked_now(matter)) == {"safe", "scene"}


def test_wrong_and_foreign_input_changes_nothing(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    assert act(at_desk("孙丽"), matter, "tick_items", items=["else"], shown="").status_code == 422
    assert act(at_desk("孙丽"), matter, "tick_items", items=[], shown="owner,<b>").status_code == 409
    for name, status in (("王芳", 409), ("李国强", 404)):
        answer = at_desk(name).post(f"/desk/matters/{matter.number}/tick_items/", {"items": ["scene"], "shown": ""})
        assert answer.status_code == status, name
    assert not checklist.ticked_now(matter)


def test_the_form_of_the_answer_names_what_is_open_before_anything_is_written(town: Place, at_desk: Desk) -> None:
    organization.publish_profile(rules(item("see", "到现场看过", needed=True)), actor=SYSTEM)
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("孙丽")
    address = f"/desk/matters/{matter.number}/prepare_result/"
    assert "还有要先做的：到现场看过" in client.get(address).content.decode()
    act(client, matter, "tick_items", items=["see"], shown="")
    assert "还有要先做的" not in client.get(address).content.decode()


def test_without_a_list_there_is_no_place_for_it(town: Place, at_desk: Desk) -> None:
    organization.publish_profile(rules(), actor=SYSTEM)
    matter = town.matter_in(Status.IN_HANDLING)
    assert 'id="check-h"' not in page(at_desk("孙丽"), matter)


def test_the_page_of_a_matter_costs_the_same_however_often_it_was_ticked(
    town: Place, at_desk: Desk, statements: Callable
) -> None:
    client = at_desk("孙丽")
    matter, other = (town.matter_in(Status.IN_HANDLING) for _n in range(2))
    for n in range(6):
        act(client, other, "tick_items", items=["scene"][n % 2 :], shown="scene" if n % 2 else "")
    counts = []
    for one in (matter, other):
        page(client, one)
        with statements() as seen:
            page(client, one)
        counts.append(seen.count)
    assert counts[0] == counts[1]


@pytest.fixture
def admin(town: Place, at_desk: Desk) -> Client:
    town.look_at_ends()  # the town's own rules leave sampling out, which no rules may
    client = at_desk("管理员")
    client.post("/desk/settings/profile/", {"do": "edit"})
    return client


def names(client: Client) -> dict[str, str]:
    form = client.get(EDIT).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields if name.startswith(("name:", "spoken"))}


def test_the_list_of_a_category_is_changed_in_the_rules(admin: Client) -> None:
    standing = admin.get(EDIT).context["form"]["checklist"].value().split("\n")
    assert standing[0] == "到现场看过"
    typed = ["* 到现场看过", "", "＊问过邻居", *standing[2:]]
    assert admin.post(EDIT, names(admin) | {"checklist": "\r\n".join(typed)}).status_code == 302
    assert "＊" not in admin.get(EDIT).context["form"]["checklist"].value()
    assert "核对清单" in admin.get("/desk/settings/profile/edit/preview/").content.decode()
    admin.post("/desk/settings/profile/edit/preview/", {"note": "先核对"})
    found = profile.current().category("B604").checklist
    assert [(one.code, str(one), one.needed) for one in found[:2]] == [
        ("scene", "到现场看过", True),
        ("c1", "问过邻居", True),
    ]
    assert found[0].name.en == "Seen on the spot" and not found[2].needed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("*", "要有 1 到"),
        ("长" * 41, "要有 1 到"),
        ("看过\n看过", "写了两次"),
        ("\n".join(map(str, range(13))), "最多 12"),
    ],
)
def test_a_list_that_is_none_is_told_at_its_field(admin: Client, typed: str, said: str) -> None:
    answer = admin.post(EDIT, names(admin) | {"checklist": typed})
    assert answer.status_code == 422 and said in str(answer.context["form"].errors["checklist"])
    assert answer.context["form"]["checklist"].value() == typed
