"""The knowledge base at the desk: read, written, published, kept; who may not is told why, and pages cost the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.knowledge import actions
from shuoshi.knowledge.models import Audience, Entry, KnowledgeTask, State
from shuoshi.portal import institution
from tests.knowledge.written import ANSWER, QUESTION, answered, cite, duty, given, propose, published, today
from tests.matters.cells import PEOPLE
from tests.support.village import Place

Desk = Callable[[str], Client]
HOME = "/desk/knowledge/"


def written(**changed: object) -> dict[str, Any]:
    said = {
        "question": "残疾人证怎么换",
        "answer": "带旧证来。",
        "categories": ["A104"],
        "audience": "public",
        "review_on": (today() + timedelta(days=300)).isoformat(),
        "name_1": "中华人民共和国残疾人保障法",
        "key": "k",
    }
    return said | changed


def do(client: Client, entry: Entry, deed: str, **more: object) -> Any:
    return client.post(f"{HOME}{entry.number}/", {"do": deed, **more})


def test_everybody_of_the_staff_reads_what_is_in_force(town: Place, at_desk: Desk):
    entry = published(town)
    for name in ("王芳", "李国强", "钱监督", "管理员"):
        client = at_desk(name)
        assert QUESTION in client.get(HOME).content.decode()
        assert ANSWER in client.get(f"{HOME}{entry.number}/").content.decode()


def test_a_draft_and_what_waits_are_not_there_for_others(town: Place, at_desk: Desk):
    draft, revised = propose(town, question="还没发布的"), published(town)
    actions.revise(revised.pk, given(answer="还在等的新答案。"), seen=1, actor=town.actor("孙丽"))
    for name in PEOPLE:
        client = at_desk(name)
        mine = name in {"王芳", "刘敏", "周建国", "孙丽", "马镇长", "管理员", "县分办"}
        assert client.get(f"{HOME}{draft.number}/").status_code == (200 if mine else 404), name
        assert ("还没发布的" in client.get(HOME).content.decode()) == mine, name
        assert ("还在等的新答案" in client.get(f"{HOME}{revised.number}/").content.decode()) == mine, name
        assert client.get(f"{HOME}{revised.number}/edit/").status_code == (200 if mine else 403), name


def test_an_entry_is_written_looked_at_and_sent_to_be_published(town: Place, at_desk: Desk):
    client = at_desk("孙丽")
    said = written(unit=str(town.units["城建办"].pk))
    looked = client.post(f"{HOME}new/", said | {"preview": "1"})
    assert looked.status_code == 200 and "群众会看到" in looked.content.decode() and not Entry.objects.exists()
    for _twice in range(2):
        assert client.post(f"{HOME}new/", said)["Location"] == f"{HOME}1/"
    entry = Entry.objects.get()
    assert (entry.state, entry.waiting.rests_on[0].name) == (State.DRAFT, "中华人民共和国残疾人保障法")
    head = at_desk("周建国")
    assert "知识任务" in head.get("/desk/").content.decode()
    assert entry.waiting.question in head.get(f"{HOME}tasks/").content.decode()
    do(head, entry, "publish", version=1)
    assert Client().get("/knowledge/1/").status_code == 200


def test_who_wrote_it_is_told_why_not_and_whom_to_ask(town: Place, at_desk: Desk):
    entry = propose(town, "周建国")
    page = at_desk("周建国").get(f"{HOME}{entry.number}/").content.decode()
    assert "这一版是您写的" in page and "看过了，发布" not in page
    assert do(at_desk("周建国"), entry, "publish", version=1).status_code == 409
    assert "看过了，发布给群众" in at_desk("马镇长").get(f"{HOME}{entry.number}/").content.decode()


def test_whose_post_writes_nothing_is_told_so(town: Place, at_desk: Desk):
    assert at_desk("钱监督").get(f"{HOME}new/").status_code == 403
    assert f"{HOME}new/" not in at_desk("钱监督").get(HOME).content.decode()


def test_an_odd_entry_keeps_what_was_typed(town: Place, at_desk: Desk):
    said = written(unit=str(town.units["城建办"].pk), review_on=today().isoformat())
    answer = at_desk("孙丽").post(f"{HOME}new/", said)
    body = answer.content.decode()
    assert answer.status_code == 422 and "复核日期要在明天以后" in body and "带旧证来。" in body
    nameless = at_desk("孙丽").post(f"{HOME}new/", written(unit=said["unit"], name_1="", number_1="国令第 1 号"))
    assert "请写依据的名称" in nameless.content.decode()


def test_two_who_write_at_once_find_their_words_again(town: Place, at_desk: Desk):
    entry = published(town)
    mine = written(turn="1", answer="我写的那一版。")
    actions.revise(entry.pk, given(answer="别人先写的。"), seen=1, actor=town.actor("周建国"))
    answer = at_desk("孙丽").post(f"{HOME}{entry.number}/edit/", mine)
    assert answer.status_code == 409
    assert "周建国" in answer.content.decode() and "我写的那一版。" in answer.content.decode()


def test_an_earlier_version_is_published_again_from_the_page(town: Place, at_desk: Desk):
    entry = published(town)
    actions.revise(entry.pk, given(answer="写错了。"), seen=1, actor=town.actor("孙丽"))
    actions.publish(entry.pk, 2, actor=town.actor("周建国"))
    client = at_desk("周建国")
    assert "重新发布第 1 版" in client.get(f"{HOME}{entry.number}/").content.decode()
    assert "重新发布第 1 版" not in at_desk("孙丽").get(f"{HOME}{entry.number}/").content.decode()
    do(client, entry, "publish", version=1)
    page = client.get(f"{HOME}{entry.number}/").content.decode()
    assert ANSWER in page and "重新发布以前的一版" in page and "重新发布第 2 版" in page


def test_deeds_of_the_page_are_done_by_whoever_may(town: Place, at_desk: Desk):
    entry = published(town)
    until = (today() + timedelta(days=30)).isoformat()
    assert do(at_desk("王芳"), entry, "confirm", **{"confirm-until": until}).status_code == 409
    assert do(at_desk("孙丽"), entry, "confirm", **{"confirm-until": until}).status_code == 302
    assert do(at_desk("孙丽"), entry, "retire", **{"retire-why": "不用了"}).status_code == 409
    assert do(at_desk("周建国"), entry, "retire", **{"retire-why": ""}).status_code == 422
    water = str(town.units["水利站"].pk)
    assert do(at_desk("王芳"), entry, "hand_over", **{"hand-unit": water}).status_code == 422
    assert do(at_desk("管理员"), entry, "hand_over", **{"hand-unit": water}).status_code == 302
    assert do(at_desk("赵立新"), entry, "retire", **{"retire-why": "不用了"}).status_code == 302
    for broken in ({"do": "burn"}, {"do": "publish", "version": "-1"}):
        assert at_desk("周建国").post(f"{HOME}{entry.number}/", broken).status_code == 404
    entry.refresh_from_db()
    assert (entry.state, entry.unit) == (State.RETIRED, town.units["水利站"])


def test_a_declined_version_says_why_to_its_writer(town: Place, at_desk: Desk):
    entry = propose(town)
    do(at_desk("周建国"), entry, "decline", version=1, **{"decline-why": "先说结论"})
    page = at_desk("孙丽").get(f"{HOME}{entry.number}/").content.decode()
    assert "先说结论" in page and "草稿，退回了" in page


def test_the_list_is_narrowed_and_no_number_gets_into_an_address(town: Place, at_desk: Desk):
    published(town)
    published(
        town,
        question="内部怎么接电话",
        audience=Audience.STAFF,
        categories=("A9",),
        review_on=today() + timedelta(days=9),
    )
    client = at_desk("王芳")
    sent = client.post(HOME, {"q": "养老金", "category": "A1"})
    assert sent["Location"].startswith(f"{HOME}?")
    body = client.get(sent["Location"]).content.decode()
    assert QUESTION in body and "内部怎么接电话" not in body
    assert client.post(HOME, {"q": "13800000017"})["Location"] == HOME
    assert client.get(f"{HOME}?q=13800000017&state=draft")["Location"] == f"{HOME}?state=draft"
    near = client.get(f"{HOME}?marked=review").content.decode()
    assert "快到复核日" in near and QUESTION not in near
    assert client.get(f"{HOME}?unit=nonsense&state=lost&after=x").status_code == 200


def test_a_task_shows_what_was_asked_and_is_settled_by_its_unit(town: Place, at_desk: Desk):
    duty(town)
    matter = answered(town)
    task = KnowledgeTask.objects.get()
    address = f"{HOME}tasks/{task.pk}/"
    mine = at_desk("孙丽")
    body = mine.get(address).content.decode()
    assert matter.title in body and matter.number not in body and "不用写进知识库" in body
    assert matter.number in at_desk("王芳").get(address).content.decode()
    assert "不用写进知识库" not in at_desk("王芳").get(address).content.decode()
    assert at_desk("李国强").get(address).status_code == 404
    assert mine.post(address, {"do": "not_needed", "why": ""}).status_code == 422
    assert mine.post(address, {"do": "not_needed", "why": "只问他一家"}).status_code == 302
    assert "只问他一家" in mine.get(address).content.decode()
    assert "知识任务" not in mine.get("/desk/queues/mine/").content.decode()


def test_an_entry_begun_from_a_task_settles_it(town: Place, at_desk: Desk):
    duty(town)
    answered(town)
    task = KnowledgeTask.objects.get()
    client = at_desk("孙丽")
    form = client.get(f"{HOME}new/?task={task.pk}").context["form"]
    assert (form["unit"].value(), form["categories"].value()) == (str(task.unit_id), ["A101"])
    said = written(unit=str(task.unit_id), task=str(task.pk), categories=["A101"])
    assert client.post(f"{HOME}new/", said).status_code == 302
    do(at_desk("周建国"), Entry.objects.get(), "publish", version=1)
    task.refresh_from_db()
    assert task.entry == Entry.objects.get()


def test_managers_see_what_is_missing_beneath_them(town: Place, at_desk: Desk):
    duty(town)
    answered(town)
    leader = at_desk("马镇长")
    assert "社保养老" not in leader.get(f"{HOME}tasks/").content.decode()
    assert "社保养老" in leader.get(f"{HOME}tasks/?all=1").content.decode()
    assert "社保养老" not in at_desk("李国强").get(f"{HOME}tasks/?all=1").content.decode()


@pytest.mark.parametrize("address", ["", "tasks/", "1/"])
def test_pages_cost_the_same_whatever_is_in_them(
    town: Place, at_desk: Desk, statements: Callable[..., Any], address: str
):
    duty(town)
    published(town, review_on=today() + timedelta(days=1))
    propose(town, question="等发布的")
    answered(town)

    def cost() -> int:
        client = at_desk("周建国")
        client.get(HOME + address)
        institution.forget()  # else a slow machine reads it anew in one of the two
        with statements() as seen:
            assert client.get(HOME + address).status_code == 200
        assert seen.count <= 16, str(seen)
        return int(seen.count)

    with clock.simulated(clock.now() + timedelta(days=1)):
        few = cost()
        for number in range(4):
            entry = published(town, question=f"第 {number} 个问题", review_on=today() + timedelta(days=1))
            propose(town, question=f"第 {number} 个草稿")
            answered(town, cite(entry))
            answered(town, category=f"A20{number + 1}")
        assert cost() == few


def test_the_rail_counts_without_a_statement_of_its_own(town: Place, at_desk: Desk, statements: Callable[..., Any]):
    propose(town)
    client = at_desk("周建国")
    client.get("/desk/me/")
    with statements() as seen:
        assert "知识任务" in client.get("/desk/me/").content.decode()
    asking = [sql for sql in seen.sql if "knowledge_" in sql]
    assert len(asking) == 1 and "accept" in asking[0], "in the statement that counts the queues"
