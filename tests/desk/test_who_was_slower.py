"""Somebody acted while a form was being filled in: who, when and what, how it stands now, the text, and the way on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.kernel.refusal import Stale
from shuoshi.matters import actions, meanwhile, query_code, terms, workflow
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Status
from tests.support.attempts import sample
from tests.support.village import Place

Desk = Callable[[str], Client]
TYPED = "孙丽要去外地学习，换个人接着办"
NOTE = "支管图和竣工图不一致，先别对外说"


def told(town: Place, matter: Matter, action: Action, *, turn: int, who: str = "") -> Stale:
    """What whoever sends a form of `turn` hears; without `who` the speaker."""
    actor = town.actor(who) if who else town.speaker(matter)
    with pytest.raises(Stale) as slower:
        actions.run(action, matter.pk, sample(town, action, matter), actor=actor, turn=turn)
    return slower.value


def test_every_deed_that_makes_forms_stale_can_be_told():
    assert {row.action for row in workflow.TRANSITIONS if row.raises_turn or row.may_turn} == set(meanwhile.DEEDS)


def test_what_is_named_is_the_deed_the_form_rested_on_and_not_the_last_line(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    turn = matter.turn
    town.run("孙丽", terms.Note(text=NOTE), town.sign_for(matter))
    for who in ("周建国", ""):
        slower = told(town, matter, Action.REQUEST_RETURN if who else Action.WITHDRAW, turn=turn, who=who)
        assert (slower.by, slower.what_happened, slower.state) == ("孙丽", "签收了这件事", "办理中")


def test_nobody_signs_for_one_more_who_joined_unseen(town: Place):
    """4.2: the reply is everybody's who is merged in; whoever had it open sees first that there is one more."""
    main = town.prepare(town.matter_in(Status.IN_HANDLING))
    turn = main.turn
    other = town.run("刘敏", terms.Merge(main=main.pk, why="是同一盏灯"), town.matter_in(Status.ACCEPTED))
    slower = told(town, main, Action.SIGN_RESULT, turn=turn, who="周建国")
    assert (slower.by, slower.what_happened) == ("这件事", "收进了说同一件事的另一件，一起办")
    town.sign(Matter.objects.get(pk=main.pk))
    assert Matter.objects.get(pk=other.pk).status == Status.IN_FOLLOW_UP


def test_what_is_said_in_a_matter_that_joined_makes_no_form_stale(town: Place):
    main = town.matter_in(Status.IN_HANDLING)
    turn = main.turn
    other = town.run("刘敏", terms.Merge(main=main.pk, why="是同一盏灯"), town.matter_in(Status.ACCEPTED))
    main = town.prepare(Matter.objects.get(pk=main.pk))
    assert main.turn == turn + 1, "no reply was waiting when it joined"
    turn = main.turn
    town.run(town.speaker(other), terms.AddInformation(text="昨晚又灭了"), other)
    main = Matter.objects.get(pk=main.pk)
    assert main.turn == turn and town.sign(main).status == Status.IN_FOLLOW_UP
    town.run("孙丽", terms.Note(text=NOTE), main)
    assert told(town, main, Action.WITHDRAW, turn=turn).what_happened == "签发了答复和报告"


def test_the_speaker_hears_of_nothing_they_cannot_see(town: Place):
    """The reply that waits for its signature makes the form stale; who wrote it, and that it is there, stays inside."""
    matter = town.matter_in(Status.IN_HANDLING)
    turn = matter.turn
    town.prepare(matter)
    slower = told(town, matter, Action.WITHDRAW, turn=turn)
    assert (slower.by, slower.what_happened, slower.at) == ("", "", None)
    assert told(town, matter, Action.REQUEST_EXIT, turn=turn, who="周建国").by == "孙丽"


def test_the_residents_page_names_nobody_for_an_internal_deed_and_sends_the_same_after_all(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    browser = Client(headers={"accept-language": "zh-CN"})
    browser.post("/track/", {"number": matter.number, "code": query_code.code_of(matter)})
    address = f"/track/{matter.number}/rate/"
    said = {"contacted": "yes", "solved": "YES", "result": "5", "attitude": "5", "words": "修好了，谢谢"}
    turn = browser.get(address).context["form"]["turn"].value()
    given = terms.RequestExit(exit="EXPLAINED", text="按规定解释过了", basis="条例", rights_notice="可以复核")
    town.run("孙丽", terms.Note(text=NOTE), town.run("周建国", given, matter))
    page = browser.post(address, {**said, "turn": turn})
    body = page.content.decode()
    assert page.status_code == 409
    assert "您填写时，这件事有了变化。现在是“待回访”" in body and "修好了，谢谢" in body
    assert not any(word in body for word in ("周建国", "孙丽", "备注", "依规办结"))
    assert "仍要提交" in body
    matter.refresh_from_db()
    assert browser.post(address, {**said, "turn": page.context["stale"].turn, "key": "once"}).status_code == 302
    matter.refresh_from_db()
    assert matter.status == Status.CLOSED


def test_a_form_whose_choices_are_gone_says_who_was_faster_before_anything_else(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    address = f"/desk/matters/{matter.number}/change_handler/"
    client = at_desk("周建国")
    form = client.get(address).context["form"]
    chosen = str(town.persons["周建国"])
    town.run("周建国", terms.ChangeHandler(handler=town.persons["周建国"], reason="先由我接"), matter)
    data = {"turn": form["turn"].value(), "key": "k", "handler": chosen, "reason": TYPED}
    page = client.post(address, data)
    body = page.content.decode()
    assert page.status_code == 409
    assert "您填写时，周建国已于" in body and "换了承办人" in body and "办理中" in body
    assert TYPED in body and "仍要提交" in body
    assert page.context["head"].due is not None and "data-clock" in body.split('id="doing"')[0]
    fresh = page.context["form"]
    again = {"turn": fresh["turn"].value(), "key": fresh["key"].value(), "reason": TYPED}
    assert client.post(address, {**again, "handler": str(town.persons["孙丽"])}).status_code == 302
    matter.refresh_from_db()
    assert matter.handler_id == town.persons["孙丽"]


def test_what_is_no_longer_there_to_do_says_so_with_what_happened(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.REGISTERED)
    client = at_desk("王芳")
    address = f"/desk/matters/{matter.number}/screen_out/"
    turn = client.get(address).context["form"]["turn"].value()
    town.assign(town.classify(town.accept(matter)))
    page = client.post(address, {"turn": turn, "key": "k", "reason": "SECRET", "text": TYPED})
    body = page.content.decode()
    assert page.status_code == 409
    assert "刘敏已于" in body and "交办了这件事" in body and "现在是“待签收”" in body
    assert "这一步现在不能做了" in body and TYPED in body and "仍要提交" not in body
    assert client.get(address).status_code == 403


def test_a_form_that_comes_back_to_be_looked_at_is_not_told_again(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.REGISTERED)
    page = at_desk("王芳").post(
        f"/desk/matters/{matter.number}/screen_out/", {"again": "1", "turn": str(matter.turn - 1), "text": TYPED}
    )
    assert page.status_code == 200 and TYPED in page.content.decode()
    assert page.context["stale"] is None and page.context["form"]["turn"].value() == matter.turn
