"""Acting at the desk: forms carry matters on, keep what was typed, and say who was faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import papers, terms
from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.vocabulary import Kind, Naming, Status
from shuoshi.organization import actions as organization
from tests.support.village import Place

Desk = Callable[[str], Client]


def act(client: Client, matter: Matter, action: str, **data: object) -> Any:
    """Open the form as a browser does, and post it with the turn it was drawn for."""
    address = f"/desk/matters/{matter.number}/{action}/"
    form = client.get(address).context["form"]
    return client.post(address, {"turn": form["turn"].value(), "key": form["key"].value(), **data})


def test_a_matter_goes_the_whole_way_through_forms(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(by="王芳")
    steps = [
        ("王芳", "accept", {"kind": "INTEREST_CLAIM", "title": "村口路灯不亮"}),
        ("刘敏", "classify", {"category": "B604", "complexity": "simple"}),
        ("刘敏", "assign", {"unit": str(town.units["城建办"].pk), "reason": "道路照明由城建办管"}),
        ("孙丽", "sign_for", {"handler": str(town.persons["孙丽"])}),
        ("孙丽", "record_first_contact", {"way": "call", "reached": "yes", "text": "约好傍晚去看"}),
        ("孙丽", "report_progress", {"done": "看过现场", "next_step": "买灯泡"}),
    ]
    for name, action, data in steps:
        answer = act(at_desk(name), matter, action, **data)
        assert answer.status_code == 302, (action, answer.context["form"].errors if answer.context else answer)
    matter.refresh_from_db()
    assert matter.status == Status.IN_HANDLING and matter.handler_id == town.persons["孙丽"]


def test_who_leaves_the_duty_list_is_asked_why_in_the_form(town: Place, at_desk: Desk) -> None:
    matter, elsewhere = town.classify(town.accept(town.raise_matter(by="王芳")), "B604"), town.units["水利站"].pk
    answer = act(at_desk("刘敏"), matter, "assign", unit=str(elsewhere))
    assert answer.status_code == 422 and "职责清单里还没有写这类事由谁办" in answer.content.decode()
    organization.add_duty_line("B604", town.units["城建办"].pk, actor=SYSTEM)
    answer = act(at_desk("刘敏"), matter, "assign", unit=str(elsewhere))
    assert answer.status_code == 422 and "这个单位不在职责清单上，请写为什么交给它。" in answer.content.decode()
    assert act(at_desk("刘敏"), matter, "assign", unit=str(town.units["城建办"].pk)).status_code == 302


def test_a_field_error_keeps_the_text_and_names_the_field(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(by="王芳")
    answer = act(at_desk("王芳"), matter, "accept", kind="INTEREST_CLAIM", title="电话 13800000017 的路灯不亮")
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "标题里不要写电话或证件号。" in body and "电话 13800000017 的路灯不亮" in body
    matter.refresh_from_db()
    assert matter.status == Status.REGISTERED


def test_a_stale_form_says_who_did_what_and_keeps_the_text(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.ASSIGNED)
    client = at_desk("周建国")
    form = client.get(f"/desk/matters/{matter.number}/request_return/").context["form"]
    town.sign_for(matter)
    typed = "这段路灯是县里公路局装的，归他们管"
    answer = client.post(
        f"/desk/matters/{matter.number}/request_return/",
        {
            "turn": form["turn"].value(),
            "key": form["key"].value(),
            "reason": form.fields["reason"].choices[1][0],
            "text": typed,
            "proper_unit": str(town.units["水利站"].pk),
        },
    )
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "孙丽" in body and "签收" in body and typed in body


def test_a_refused_action_says_why_instead_of_a_form(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    answer = at_desk("孙丽").get(f"/desk/matters/{matter.number}/sign_result/")
    assert answer.status_code == 403
    assert "现在没有待审签的答复和报告。" in answer.content.decode() or "签发" in answer.content.decode()


def test_a_word_to_the_speaker_with_a_number_is_asked_again(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("孙丽")
    typed = "请打 138 0000 0018 找我"
    answer = act(client, matter, "write_to_speaker", text=typed)
    assert answer.status_code == 422 and typed in answer.content.decode()
    assert act(client, matter, "write_to_speaker", text=typed, sure="on").status_code == 302


def test_a_note_stays_inside_and_a_word_does_not(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("孙丽")
    act(client, matter, "note", text="支管图和竣工图不一致")
    act(client, matter, "write_to_speaker", text="灯泡周五到货")
    seen = client.get(f"/desk/matters/{matter.number}/as-resident/").content.decode()
    assert "灯泡周五到货" in seen and "支管图和竣工图不一致" not in seen
    inside = client.get(f"/desk/matters/{matter.number}/?show=internal").content.decode()
    assert "支管图和竣工图不一致" in inside and "灯泡周五到货" not in inside


def test_the_same_form_sent_twice_is_done_once(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("孙丽")
    data = {"turn": matter.turn, "key": "once-only-key", "text": "只记一次"}
    for _time in range(2):
        assert client.post(f"/desk/matters/{matter.number}/note/", data).status_code == 302
    assert Entry.objects.filter(matter=matter, action="note").count() == 1


def test_a_follow_up_without_proof_is_sent_back_field_by_field(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    client = at_desk("赵红")
    answer = act(
        client, matter, "record_follow_up", way="call", reached="yes", contacted="yes", solved="YES", result="5"
    )
    assert answer.status_code == 422
    assert {"attitude", "proof", "proof_ref"} <= set(answer.context["form"].errors)
    said = {"way": "call", "reached": "yes", "contacted": "yes", "solved": "YES", "result": "5", "attitude": "5"}
    answer = act(client, matter, "record_follow_up", **said, proof="recording", proof_ref="录音 7", words="修好了")
    assert answer.status_code == 302
    matter.refresh_from_db()
    assert matter.status == Status.CLOSED


def test_the_call_asks_what_the_profile_asks_with_its_levels(town: Place, at_desk: Desk) -> None:
    """The same questions and levels as on the resident's page, in the profile the matter was registered under (4.4.1)."""
    from shuoshi.organization.profile import stored

    matter = town.matter_in(Status.IN_FOLLOW_UP)
    form = at_desk("赵红").get(f"/desk/matters/{matter.number}/record_follow_up/").context["form"]
    profile = stored.version(matter.profile_id)
    for question in profile.follow_up:
        assert form.fields[question.code].label == str(question.text)
    levels = [(str(level.value), str(level)) for level in profile.satisfaction.levels]
    assert form.fields["result"].choices == form.fields["attitude"].choices == levels
    solved = next(question for question in profile.follow_up if question.code == "solved")
    assert form.fields["solved"].choices == [(option.code, str(option)) for option in solved.options]


def test_who_signs_or_sends_back_reads_what_was_written(town: Place, at_desk: Desk) -> None:
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    for action in ("sign_result", "send_back_result"):
        body = at_desk("周建国").get(f"/desk/matters/{matter.number}/{action}/").content.decode()
        assert "路灯已经修好。" in body and "经查，灯泡老化，已更换三盏。" in body and "三盏路灯已经换好。" in body
    signed = town.sign(matter)
    body = at_desk("王芳").get(f"/desk/matters/{signed.number}/return_report/").content.decode()
    assert "经查，灯泡老化，已更换三盏。" in body


def test_the_call_of_a_second_round_reads_its_own_answer_only(town: Place, at_desk: Desk) -> None:
    matter = town.sign_for(town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), result=1))
    matter = town.sign(town.prepare(matter))
    page = at_desk("赵红").get(f"/desk/matters/{matter.number}/record_follow_up/")
    assert {point.result.round.ordinal for point in page.context["reading"].points} == {2}


def test_the_days_of_a_withdrawal_are_the_profiles(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING, by="王芳")
    body = at_desk("王芳").get(f"/desk/matters/{matter.number}/withdraw/").content.decode()
    assert "2 个工作日后生效" in body


def test_who_loses_sight_of_a_matter_lands_on_the_own_day(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    answer = act(at_desk("孙丽"), matter, "declare_conflict", who="myself", text="说事人是我叔叔")
    assert answer.status_code == 302
    assert answer["Location"] in ("/desk/", f"/desk/matters/{matter.number}/")


def test_the_registry_asks_for_somebody_elses_recusal_and_the_ruling_page_says_whose(
    town: Place, at_desk: Desk
) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    address = f"/desk/matters/{matter.number}/declare_conflict/"
    page = at_desk("王芳").get(address).content.decode()
    assert "孙丽" in page and "是说事人提出来的" in page
    assert "是说事人提出来的" not in at_desk("孙丽").get(address).content.decode()
    who = f"person:{town.persons['孙丽']}"
    answer = act(at_desk("王芳"), matter, "declare_conflict", who=who, text="是对方的舅舅", for_speaker="on")
    assert answer.status_code == 302
    request = matter.requests.get(kind="RECUSAL")
    assert request.about_person_id == town.persons["孙丽"]
    ruling = at_desk("刘敏").get(f"/desk/matters/{matter.number}/rule_conflict/").content.decode()
    assert all(f">{said}<" in ruling for said in ("孙丽", "是对方的舅舅")) and '<dd class="pre">王芳 ' in ruling
    answer = act(at_desk("刘敏"), matter, "rule_conflict", granted="yes", text="查过，是亲戚")
    assert answer.status_code == 302
    assert matter.exclusions.in_force().filter(person=town.persons["孙丽"]).exists()


def test_a_whole_unit_can_be_asked_to_stay_away(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    who = f"unit:{town.units['城建办'].pk}"
    answer = act(at_desk("刘敏"), matter, "declare_conflict", who=who, text="路是他们挖断的")
    assert answer.status_code == 302
    assert matter.requests.get(kind="RECUSAL").unit == town.units["城建办"]


def test_a_confidential_speaker_is_no_name_for_the_handling_unit(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(by="王芳", naming=Naming.CONFIDENTIAL)
    matter = town.sign_for(town.assign(town.classify(town.accept(matter, Kind.INTEREST_CLAIM))))
    body = at_desk("孙丽").get(f"/desk/matters/{matter.number}/").content.decode()
    assert "要求对承办单位保密" in body and "陈某" not in body and "138****" not in body
    party = matter.parties.get()
    answer = at_desk("孙丽").post(f"/desk/matters/{matter.number}/parties/{party.pk}/", {"reason": "contact_speaker"})
    assert answer.status_code == 403 and "陈大明" not in answer.content.decode()
    order = str(papers.content_of(matter, papers.Ref(papers.PaperKind.ORDER, 1)))
    assert "保密" in order and "陈某" not in order


def test_a_reveal_needs_a_reason_and_leaves_a_look(town: Place, at_desk: Desk) -> None:
    from shuoshi.people.models import Reveal

    matter = town.matter_in(Status.IN_HANDLING)
    party = matter.parties.get()
    address = f"/desk/matters/{matter.number}/parties/{party.pk}/"
    client = at_desk("孙丽")
    assert client.post(address, {"reason": "other"}).status_code == 422
    assert not Reveal.objects.exists()
    answer = client.post(address, {"reason": "contact_speaker"})
    assert "陈大明" in answer.content.decode() and "13800000017" in answer.content.decode()
    assert answer["Refresh"].startswith("60;") and answer["Cache-Control"] == "no-store"
    assert Reveal.objects.filter(person=party.person_id).count() >= 2


def test_what_is_not_ones_own_or_is_closed_is_shown_for_a_typed_reason_only(town: Place, at_desk: Desk) -> None:
    """ux.md §5.5: a chosen reason is enough for whoever has to call about an own open matter, and for nobody else."""
    from shuoshi.people.models import Reveal

    others, closed = town.matter_in(Status.IN_HANDLING), town.matter_in(Status.CLOSED, by="王芳")
    for who, matter in (("周建国", others), ("王芳", closed), ("孙丽", closed)):
        client = at_desk(who)
        address = f"/desk/matters/{matter.number}/parties/{matter.parties.get().pk}/"
        for reason in ("contact_speaker", "verify", "deliver", "other"):
            for empty in ("", "  "):
                answer = client.post(address, {"reason": reason, "words": empty})
                assert answer.status_code == 422 and "请写明具体事由。" in answer.content.decode(), (who, reason)
                assert "13800000017" not in answer.content.decode()
        assert not Reveal.objects.exists()
        assert "13800000017" in client.post(address, {"reason": "verify", "words": "来窗口问进度"}).content.decode()
        assert set(Reveal.objects.values_list("reason_code", flat=True)) == {"verify"}
        Reveal.objects.all().delete()


def test_terms_of_a_form_are_the_ones_the_action_takes(town: Place, at_desk: Desk) -> None:
    from shuoshi.desk import forms

    for action, form in forms.FORMS.items():
        made = [
            kind for kind in vars(terms).values() if isinstance(kind, type) and getattr(kind, "action", None) == action
        ]
        assert made, action
        assert form.verb
