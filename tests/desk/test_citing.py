"""While a call is registered and a reply is written, entries stand beside the form, and taking one cites it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from shuoshi.knowledge.models import Audience, KnowledgeTask
from shuoshi.matters import papers
from shuoshi.matters.models import Citation, Matter, Result
from shuoshi.matters.vocabulary import Kind, Status
from tests.knowledge.written import ANSWER, QUESTION, duty, published
from tests.support.village import Place

Desk = Callable[[str], Client]
SAID = {
    "phone": "138 0000 0017",
    "naming": "named",
    "content": "我下个月满六十，新农保怎么领？",
    "channel": "hotline",
    "urgency": "U4",
    "tell_by": "call",
}
REGISTER = "/desk/register/"


def beside(client: Client, **typed: str) -> str:
    return str(client.post("/desk/knowledge/beside/", typed).content.decode())


def test_what_is_said_brings_its_entry_and_a_word_finds_another(town: Place, at_desk: Desk):
    published(town)
    published(town, question="身份证丢了怎么补办", ways=(), answer="带户口本去派出所。")
    client = at_desk("王芳")
    assert QUESTION in beside(client, content=SAID["content"])
    assert "身份证丢了" in beside(client, content=SAID["content"], look="户口本")
    assert "没有找到" in beside(client, content="路灯坏了三盏", at="register")
    assert client.get("/desk/knowledge/beside/").status_code == 405
    assert Client().post("/desk/knowledge/beside/", {"content": "x"}).status_code == 401


def test_a_matter_out_of_sight_brings_nothing(town: Place, at_desk: Desk):
    published(town)
    matter = town.raise_matter(content=SAID["content"])
    assert QUESTION in beside(at_desk("王芳"), matter=matter.number)
    assert QUESTION not in beside(at_desk("李国强"), matter=matter.number)


def test_an_entry_is_taken_and_cited_without_a_script(town: Place, at_desk: Desk):
    entry = published(town)
    client = at_desk("王芳")
    taken = client.post(REGISTER, {**SAID, "cite": str(entry.number), "key": "k"})
    form = taken.context["form"]
    assert taken.status_code == 200 and not Matter.objects.exists()
    assert form["answer"].value() == ANSWER and form["cites"].value() == ["1:1"] and form["category"].value() == "A101"
    assert form["spot_title"].value() == QUESTION and "社会保险法" in form["basis"].value()
    assert form["content"].value() == SAID["content"]
    spot = {name: form[name].value() for name in ("answer", "basis", "cites", "category", "spot_title")}
    client.post(
        REGISTER, {**SAID, **spot, "answer": f"{ANSWER}身份证别忘了。", "clear": "yes", "done": "1", "key": "k"}
    )
    matter = Matter.objects.get()
    assert (matter.status, Citation.objects.get().version.entry) == (Status.CLOSED, entry)
    assert Result.objects.get().reply.endswith("身份证别忘了。")
    assert QUESTION in client.get(f"/desk/matters/{matter.number}/").content.decode()


def test_taking_a_second_one_keeps_what_was_typed(town: Place, at_desk: Desk):
    published(town)
    second = published(town, question="社保卡丢了怎么补", answer="先挂失。", ways=())
    typed = {**SAID, "answer": "我自己写的。", "basis": "文件", "cites": ["1:1"], "cite": str(second.number)}
    form = at_desk("王芳").post(REGISTER, typed).context["form"]
    assert form["answer"].value() == "我自己写的。\n先挂失。"
    assert (form["basis"].value(), form["cites"].value()) == ("文件", ["1:1", "2:1"])


def test_what_is_for_staff_is_shown_and_cannot_be_cited(town: Place, at_desk: Desk):
    entry = published(town, audience=Audience.STAFF)
    body = beside(at_desk("王芳"), content=SAID["content"], at="register")
    assert QUESTION in body and "只给工作人员看" in body and 'name="cite"' not in body
    form = at_desk("王芳").post(REGISTER, {**SAID, "cite": str(entry.number)}).context["form"]
    assert not form["cites"].value() and not form["answer"].value()


def test_a_citation_nobody_offered_is_refused_beside_the_field(town: Place, at_desk: Desk):
    typed = {**SAID, "cites": ["7:1", "nonsense"], "key": "k"}
    answer = at_desk("王芳").post(REGISTER, typed)
    assert answer.status_code == 422 and "不能引用" in answer.content.decode()
    assert not Matter.objects.exists()


def test_what_is_not_there_is_asked_for_by_a_tick(town: Place, at_desk: Desk):
    duty(town)
    at_desk("王芳").post(REGISTER, {**SAID, "category": "A101", "not_known": "on", "key": "k"})
    assert KnowledgeTask.objects.get().unit == town.units["城建办"]


def test_an_enquiry_that_waits_is_answered_from_the_knowledge_base(town: Place, at_desk: Desk):
    entry = published(town)
    matter = town.raise_matter(by="王芳", content=SAID["content"])
    client, address = at_desk("王芳"), f"/desk/matters/{matter.number}/answer_on_the_spot/"
    assert QUESTION in client.get(address).content.decode(), "found by what was said"
    taken = client.post(address, {"cite": str(entry.number), "kind": "POLICY_ENQUIRY", "turn": matter.turn})
    form = taken.context["form"]
    typed: dict[str, Any] = {
        name: form[name].value() for name in ("kind", "title", "category", "answer", "basis", "cites")
    }
    client.post(address, {**typed, "clear": "on", "turn": matter.turn, "key": "k"})
    assert Citation.objects.get().matter == matter
    assert not KnowledgeTask.objects.exists()


def test_a_written_reply_takes_an_entry_as_well(town: Place, at_desk: Desk):
    entry = published(town)
    matter = town.accept(town.raise_matter(content=SAID["content"]), Kind.POLICY_ENQUIRY)
    matter = town.sign_for(town.assign(town.classify(matter, "A101", Kind.POLICY_ENQUIRY)))
    client, address = at_desk("孙丽"), f"/desk/matters/{matter.number}/prepare_result/"
    taken = client.post(address, {"cite": str(entry.number), "report": "经查。", "turn": matter.turn})
    form = taken.context["form"]
    assert (form["reply"].value(), form["report"].value(), form["cites"].value()) == (ANSWER, "经查。", ["1:1"])
    typed = {"reply": ANSWER, "report": "经查。", "form": "short", "cites": ["1:1"], "outcome_1": "SOLVED"}
    client.post(address, {**typed, "text_1": "说清楚了。", "turn": matter.turn, "key": "k"})
    assert Citation.objects.get().result.cites == 1
    page = client.get(f"/desk/matters/{matter.number}/").content.decode()
    assert QUESTION in page and "答复引用的知识条目" in page
    town.sign(Matter.objects.get(pk=matter.pk))
    printed = papers.content_of(Matter.objects.get(pk=matter.pk), papers.Ref(papers.PaperKind.REPLY, 1))
    assert "知识库第 1 条" in printed["依据"]
