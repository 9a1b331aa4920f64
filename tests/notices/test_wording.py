"""The words of messages: what may stand in them, versions and the way back, and no personal data whatever is planted."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.notices import PART_OVER, SPEAKER
from shuoshi.matters.vocabulary import Status, TellBy
from shuoshi.notices import actions, delivering, wording
from shuoshi.notices.models import Way, Wording
from tests.notices.told import Kept, address, carried, gateway, phone, speaker_address
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("morning")


def test_every_kind_the_procedure_tells_has_words_in_three_languages():
    for kind in {*SPEAKER.values(), PART_OVER, wording.STAFF, wording.DIGEST}:
        said = {wording.built_in(kind, language) for language in wording.languages()}
        assert len(said) == 3, kind
        for text in said:
            assert wording.check(kind, text) == text and wording.name_of(kind)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "没有编号 {link}",
        "没有链接 {number}",
        "{number} {link} {name}",
        "{number} {link} {",
        "{number} {link} 打 13800000017",
        "{number} {link} 打 １３８００００００１７",
        "{number} {link}" + "长" * 200,
    ],
)
def test_what_may_not_stand_in_a_message_is_refused(text: str):
    with pytest.raises(Refused):
        wording.check("accepted", text)


def test_what_a_value_holds_is_not_looked_at_again():
    assert wording.filled("{number} {link}", {"number": "{link}", "link": "x"}) == "{link} x"


def test_own_words_are_used_from_now_on_and_can_be_taken_back(town: Place):
    admin = town.actor("管理员")
    first = actions.write_wording("accepted", "zh-hans", "收到啦 {number} {link}", actor=admin)
    second = actions.write_wording("accepted", "zh-hans", "受理啦 {number} {link}", actor=admin)
    assert wording.in_force("accepted", "zh-hans") == second.text and second.number == 2
    actions.use_wording("accepted", "zh-hans", first.number, actor=admin)
    assert wording.in_force("accepted", "zh-hans") == first.text
    actions.use_wording("accepted", "zh-hans", 0, actor=admin)
    assert wording.in_force("accepted", "zh-hans") == wording.built_in("accepted", "zh-hans")
    assert Wording.objects.filter(in_force=True).count() == 0
    with pytest.raises(Refused):
        actions.write_wording("accepted", "zh-hans", "改 {number} {link}", actor=town.actor("王芳"))


@pytest.mark.drill(14)
def test_nothing_personal_is_in_any_outgoing_text(town: Place, sms: Kept):
    """Planted: a name, a number, an identity card, a plate, words of the matter; whatever leaves is searched for them."""
    gateway(Way.SMS)
    gateway(Way.EMAIL)
    for name in ("王芳", "刘敏", "孙丽", "周建国", "赵红", "马镇长", "何勇"):
        address(town, name, f"{town.persons[name].hex[-6:]}@example.com")
    phone(town, "何勇", "13800000031")
    for wish in (TellBy.SMS, TellBy.EMAIL):
        matter = town.raise_matter(
            by="王芳",
            tell_by=wish,
            content="我是欧阳青，身份证 330105199001011234，电话 13911112222，车 浙A12345，找过孙丽",
            speaker=PersonSaid(name="欧阳青", phone="13800000017"),
            place="青石桥边",
        )
        speaker_address(matter, "ouyang@example.com")
        matter = town.classify(town.accept(matter))
        town.follow_up(town.sign(town.prepare(town.sign_for(town.assign(matter)))), 1)
    carried()
    for _ in range(5):
        delivering.deliver(clock.now(), batch=200)
    assert len(sms.sent) > 20
    for _to, out in sms.sent:
        for text in (out.text, out.subject, out.number, out.link, out.stop):
            found = [
                one
                for one in ("欧阳", "13911112222", "13800000017", "330105", "A12345", "孙丽", "青石桥", "路灯")
                if one in text
            ]
            assert not found, (found, text)
            without = text.replace(out.number, "").replace(settings.PUBLIC_ADDRESS, "") if out.number else text
            assert not re.search(r"\d{5}", re.sub(r"/n/\w+/", "", without)), text


def test_whoever_just_said_on_the_telephone_that_all_is_well_is_not_called_again(town: Place):
    gateway(Way.SMS)
    for wish, kinds in ((TellBy.CALL, []), (TellBy.SMS, ["satisfied"])):
        matter = town.matter_in(Status.IN_FOLLOW_UP, by="王芳", tell_by=wish)
        before = {one.pk for one in carried()}
        town.follow_up(matter, 5)
        assert [one.kind for one in carried() if one.to == "speaker" and one.pk not in before] == kinds
