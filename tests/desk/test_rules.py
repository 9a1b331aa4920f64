"""Rules are changed in the product: a draft, every difference, a version; matters keep the one they were registered under."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.desk.views.settings.rules import FORM
from shuoshi.kernel import drafts
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters.likely import likely
from shuoshi.matters.models import Matter
from shuoshi.organization import actions, profile
from shuoshi.organization.actions import UnitGiven
from shuoshi.organization.models import ProfileVersion
from shuoshi.organization.profile import stored
from shuoshi.people.models import Account
from tests.support.village import Place

Desk = Callable[[str], Client]
EDIT = "/desk/settings/profile/edit/"


@pytest.fixture(autouse=True)
def rules_that_may_be_published(town: Place) -> None:
    """The town's own leave sampling out, which no rules may."""
    town.look_at_ends()


@pytest.fixture
def admin(at_desk: Desk) -> Client:
    """An administrator who has begun to change the rules."""
    client = at_desk("管理员")
    assert client.post("/desk/settings/profile/", {"do": "edit"})["Location"] == EDIT
    return client


def shown(client: Client, address: str) -> dict[str, str]:
    """What the form at this address holds, as a browser would send it back."""
    text = client.get(address).content.decode()
    main = text[text.index("<main") :]
    values = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and 'type="hidden"' not in tag:
            values[name[1]] = value[1] if value else ""
    return values


def test_rules_of_an_earlier_release_are_edited_without_what_was_struck(town: Place, at_desk: Desk) -> None:
    newest = ProfileVersion.objects.order_by("-number")[0]
    data = json.loads(newest.content)
    data["limits"]["steps"]["review_request"] = data["limits"]["steps"]["rating"]
    data["requests"] = [one for one in data["requests"] if one["code"] not in ("EXTENSION", "PAUSE", "PARK")]
    ProfileVersion.objects.filter(pk=newest.pk).update(content=json.dumps(data))
    client = at_desk("管理员")
    client.post("/desk/settings/profile/", {"do": "edit"})
    assert "review_request" not in client.get(f"{EDIT}limits/").content.decode()
    assert client.get(EDIT).context["changed"] == 0
    draft = drafts.latest(Account.objects.get(person=town.persons["管理员"]).pk, FORM)
    assert draft is not None
    draft.body["data"]["limits"]["steps"]["review_request"] = data["limits"]["steps"]["rating"]  # begun before
    draft.body["data"]["requests"] = data["requests"]
    drafts.save(drafts.new_token(), FORM, draft.body, owner=Account.objects.get(person=town.persons["管理员"]).pk)
    assert client.get(EDIT).context["changed"] == 0
    name = {"name:zh-Hans": "停车场", "name:zh-Hant": "", "name:en": "Car parks"}
    client.post(f"{EDIT}categories/", {"beneath": "B6", **name})
    assert publish(client) == "/desk/settings/profile/"


def publish(client: Client, note: str = "试用以后改") -> str:
    return str(client.post(f"{EDIT}preview/", {"note": note})["Location"])


def test_a_new_category_with_a_question_is_there_after_publishing_and_not_before(town: Place, admin: Client) -> None:
    earlier = town.raise_matter()
    name = {"name:zh-Hans": "停车场", "name:zh-Hant": "", "name:en": "Car parks"}
    there = admin.post(f"{EDIT}categories/", {"beneath": "B6", **name})["Location"]
    assert there == f"{EDIT}categories/B606/"
    asked = {"text:zh-Hans": "哪个停车场", "type": "choice", "options": "东门 | 東門 | East\n西门", "required": "on"}
    assert admin.post(f"{there}new/", asked)["Location"] == there
    then = {"text:zh-Hans": "第几排", "type": "text", "options": "", "after": ["q1=o1"]}
    admin.post(f"{there}new/", then)
    page = admin.get(there).content.decode()
    assert "哪个停车场" in page and "东门" in page
    assert "B606" not in [one.code for _k, _g, one in profile.current().every_category()]
    preview = admin.get(f"{EDIT}preview/").content.decode()
    assert "种类和类别 › 利益诉求 › 基础设施 › 停车场" in preview
    assert publish(admin) == "/desk/settings/profile/"
    category = profile.current().category("B606")
    assert [question.code for question in category.questions] == ["q1", "q2"]
    assert [question.code for question in category.asked({"q1": "o2"})] == ["q1"]
    assert str(category.questions[0].options[0].name.en) == "East"
    assert "B606" not in {one.code for _k, _g, one in stored.version(earlier.profile_id).every_category()}
    assert town.raise_matter().profile_id == ProfileVersion.objects.order_by("-number")[0].pk


def test_a_question_that_is_reworded_keeps_the_codes_that_answers_hold(admin: Client) -> None:
    address = f"{EDIT}categories/B601/state/"
    text = {"text:zh-Hans": "现在水怎么样", "type": "choice", "required": "on"}
    page = admin.get(address).content.decode()
    options = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.DOTALL)
    assert options is not None and options[1].startswith("没水 | 沒水 | No water")
    admin.post(address, text | {"options": options[1].replace("没水 |", "没水 |") + "\n水有味 | | Smells"})
    publish(admin)
    found = profile.current().category("B601").questions[0]
    assert [option.code for option in found.options] == ["none", "at_hours", "weak", "dirty", "o1"]


def test_limits_are_typed_as_people_say_them(admin: Client) -> None:
    values = shown(admin, f"{EDIT}limits/")
    assert values["limit:steps:completion:by_complexity:INTEREST_CLAIM:standard"] == "7 个工作日"
    assert values["limit:steps:assign:kinds:POLICY_ENQUIRY"] == "当天"
    values["limit:steps:completion:by_complexity:INTEREST_CLAIM:standard"] = "５个工作日"
    values["limit:steps:sign_for:kinds:DISPUTE"] = "4 个工作小时"
    assert values["limit:steps:first_contact:kinds:DISPUTE"] == "1 个工作日", "what holds for all kinds"
    values["limit:steps:first_contact:kinds:SUGGESTION"] = "1 个工作日"
    assert admin.post(f"{EDIT}limits/", values)["Location"] == EDIT
    publish(admin)
    rules = profile.current()
    assert str(rules.limit("completion", "INTEREST_CLAIM")) == "5wd"
    assert str(rules.limit("sign_for", "DISPUTE")) == "4wh"
    assert rules.limit("first_contact", "SUGGESTION") == rules.limit("first_contact", "DISPUTE")
    assert rules.limit("completion", "SUGGESTION") is not None, "what was not touched stays"


def test_a_limit_nobody_understands_is_refused_at_its_field_and_nothing_is_lost(admin: Client) -> None:
    values = shown(admin, f"{EDIT}limits/")
    values["limit:steps:accept:kinds:DISPUTE"] = "尽快"
    values["limit:steps:ruling:kinds:DISPUTE"] = "2 个工作日"
    answer = admin.post(f"{EDIT}limits/", values)
    page = answer.content.decode()
    assert answer.status_code == 422 and "请写成“7 个工作日”" in page
    assert 'value="尽快"' in page and 'value="2 个工作日"' in page


def test_words_and_numbers_change_and_every_difference_is_shown_before_it_holds(admin: Client) -> None:
    values = shown(admin, f"{EDIT}texts/outcomes/")
    values["CANNOT_ACT:name:zh-Hans"] = "办不了"
    admin.post(f"{EDIT}texts/outcomes/", values)
    numbers = shown(admin, f"{EDIT}numbers/")
    admin.post(f"{EDIT}numbers/", numbers | {"calls": "4"})
    preview = admin.get(f"{EDIT}preview/").content.decode()
    for words in ("办理结果 › 办不了 › 名称", "无法办理", "回访几次算联系不上 › 次数"):
        assert words in preview
    publish(admin)
    assert str(profile.current().outcome("CANNOT_ACT")) == "办不了"
    assert profile.current().attempts.calls == 4


def test_how_residents_speak_of_a_category_is_changed_and_offered_from_then_on(town: Place, admin: Client) -> None:
    address = f"{EDIT}categories/B605/"
    name = {"name:zh-Hans": "通信", "name:zh-Hant": "通信", "name:en": "Telecommunication"}
    standing = admin.get(address).context["form"]["spoken"].value()
    assert "宽带" in standing.split("、")
    answer = admin.post(address, name | {"spoken": "宽带、网"})
    assert answer.status_code == 422 and "“网”不行" in answer.content.decode()
    assert admin.post(address, name | {"spoken": "宽带，大锅盖\n大锅盖"}).status_code == 302
    assert "spoken" not in admin.get(f"{EDIT}categories/B6/").context["form"].fields, "one beneath it is chosen"
    assert "通信 › 群众怎么说" in admin.get(f"{EDIT}preview/").content.decode()
    said = "楼顶的大锅盖收不到台"
    assert likely(profile.current(), "INTEREST_CLAIM", said) == []
    publish(admin)
    assert profile.current().category("B605").spoken == ("宽带", "大锅盖")
    assert [one.category for one in likely(profile.current(), "INTEREST_CLAIM", said)] == ["B605"]


def test_rules_of_an_earlier_release_hear_what_those_of_the_product_hear(town: Place) -> None:
    newest = ProfileVersion.objects.order_by("-number")[0]
    data = json.loads(newest.content)
    for kind in data["kinds"]:
        for one in (one for group in kind["categories"] for one in (group, *group["children"])):
            del one["spoken"]
            if one["code"] == "B604":
                one["name"]["zh-Hans"] = "桥梁"  # their own category under a code of ours
    found = stored.parse(json.dumps(data))
    assert "宽带" in found.category("B605").spoken and found.category("B604").spoken == ()
    assert stored.parse(newest.content).category("B604").spoken


def test_what_does_not_hold_together_is_not_published(admin: Client) -> None:
    numbers = shown(admin, f"{EDIT}categories/B601/")
    assert numbers["name:zh-Hans"] == "供水"
    question = {"text:zh-Hans": "选哪个", "type": "choice", "options": "只有一个"}
    answer = admin.post(f"{EDIT}categories/B605/new/", question)
    assert answer.status_code == 422 and "至少写两个选项" in answer.content.decode()
    before = ProfileVersion.objects.count()
    publish_again = admin.post(f"{EDIT}preview/", {"note": ""})
    assert publish_again.status_code == 422
    assert ProfileVersion.objects.count() == before


def test_who_was_slower_is_told_and_loses_nothing(town: Place, admin: Client) -> None:
    admin.post(f"{EDIT}numbers/", shown(admin, f"{EDIT}numbers/") | {"calls": "5"})
    other = profile.current().model_copy(update={"attempts": profile.current().attempts.model_copy(update={"days": 2})})
    actions.publish_profile(other, note="别人改的", actor=SYSTEM)
    answer = admin.post(f"{EDIT}preview/", {"note": "晚了"})
    page = answer.content.decode()
    assert "别人发布了第" in page and "次数" in page
    assert profile.current().attempts.calls == 3


def test_an_earlier_version_is_published_anew(admin: Client) -> None:
    admin.post(f"{EDIT}numbers/", shown(admin, f"{EDIT}numbers/") | {"calls": "5"})
    publish(admin)
    first = ProfileVersion.objects.order_by("number")[0]
    page = admin.get(f"/desk/settings/profile/versions/{first.number}/").content.decode()
    assert "恢复这一版" in page
    admin.post(f"/desk/settings/profile/versions/{first.number}/", {"note": "改回去"})
    newest = ProfileVersion.objects.order_by("-number")[0]
    assert (newest.number, newest.sha256, newest.note) == (4, first.sha256, "改回去")
    assert profile.current().attempts.calls == 3


def test_a_category_that_is_taken_out_stays_with_the_matters_that_carry_it(town: Place, admin: Client) -> None:
    matter = town.classify(town.accept(town.raise_matter()), category="B605")
    admin.post(f"{EDIT}categories/B605/", {"do": "remove"})
    publish(admin)
    with pytest.raises(KeyError):
        profile.current().category("B605")
    assert str(stored.version(Matter.objects.get(pk=matter.pk).profile_id).category("B605")) == "通信"


def test_without_a_draft_every_page_of_it_leads_back(at_desk: Desk) -> None:
    client = at_desk("管理员")
    for page in ("", "categories/", "limits/", "numbers/", "texts/exits/", "preview/"):
        assert client.get(f"{EDIT}{page}")["Location"] == "/desk/settings/profile/"
    client.post("/desk/settings/profile/", {"do": "edit"})
    assert client.get(f"{EDIT}texts/nothing/").status_code == 404
    assert client.get(f"{EDIT}categories/ZZ/").status_code == 404
    client.post("/desk/settings/profile/", {"do": "drop"})
    assert client.get(EDIT).status_code == 302


def test_levels_of_units_are_renamed_and_called_so_wherever_they_stand(town: Place, admin: Client) -> None:
    units = "/desk/settings/units/"
    village = f"{units}{town.units['柳湾村'].pk}/"
    actions.edit_unit(
        town.units["柳湾村"].pk,
        UnitGiven(name="柳湾村村民委员会", short_name="柳湾村", code=town.units["柳湾村"].code, level="village"),
        actor=SYSTEM,
    )
    assert "村（社区）" in admin.get(units).content.decode()
    values = shown(admin, f"{EDIT}texts/levels/")
    assert admin.post(f"{EDIT}texts/levels/", {**values, "village:name:zh-Hans": "行政村"}).status_code == 302
    assert "单位层级 › 行政村" in admin.get(f"{EDIT}preview/").content.decode()
    assert "行政村" not in admin.get(units).content.decode()
    assert admin.post(f"{EDIT}preview/", {"note": "合并了居委会"}).status_code == 302
    assert "行政村" in admin.get(units).content.decode()
    page = admin.get(village).content.decode()
    assert '<option value="village" selected>行政村</option>' in page
    assert "层级：— → 行政村" in page  # the history of the unit calls it so too
