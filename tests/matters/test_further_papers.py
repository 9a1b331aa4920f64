"""Papers of the further steps: one for each occasion, with what was asked and what somebody else ruled; told to nobody new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, paper_check, papers, terms
from shuoshi.matters.case import Case
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.papers import PaperKind
from shuoshi.matters.scope import standing
from shuoshi.matters.vocabulary import Naming, PartyRole, Status
from shuoshi.organization.profile.stored import bring_up_to_date
from shuoshi.organization.roles import Role
from tests.kernel.documents import words_of_docx, words_of_pdf
from tests.matters.test_clocks_run_out import sweep_until
from tests.matters.test_going_up import put_above, taken_on
from tests.matters.test_papers import ADDRESS, REGISTRY, content, issue, made, texts
from tests.matters.test_reviewed import CHANGED, UPHELD, ask
from tests.matters.test_supervision import ordered
from tests.matters.test_time_moves import extend
from tests.support.looking import fresh
from tests.support.village import Place, default_profile

pytestmark = pytest.mark.usefixtures("papers_made_here")

EXIT = terms.RequestExit(exit="EXPLAINED", text="政策没有这一项", basis="办法第九条", rights_notice="可以申请复核")  # type: ignore[arg-type]


def returned(town: Place, *, granted: bool = True, **said: object) -> Matter:
    asked = terms.RequestReturn(
        reason=default_profile().return_reasons[0].code, text="路灯归水利站管", proper_unit=town.units["水利站"].pk
    )
    matter = town.run("周建国", asked, town.matter_in(Status.ASSIGNED, **said))
    return town.run("刘敏", terms.RuleReturn(granted=granted, text="查了职责清单"), matter)


def extended(town: Place, **said: object) -> Matter:
    matter = extend(town, town.matter_in(Status.IN_HANDLING, **said))
    return town.run("刘敏", terms.RuleExtension(granted=True, text="理由成立"), matter)


def struck_off(town: Place, **said: object) -> Matter:
    matter = town.run("周建国", terms.ReviewParked(text="资金还没有到"), town.matter_in(Status.PARKED, **said))
    return town.run("周建国", terms.StrikeOff(text="资金到了，可以动工"), matter)


def urged(town: Place, **said: object) -> Matter:
    return town.run("刘敏", terms.Remind(text="陈大明又来问了，请抓紧"), town.matter_in(Status.IN_HANDLING, **said))


def answered(town: Place) -> Matter:
    return town.run("周建国", terms.AnswerSupervision(text="灯具周五到"), ordered(town))


def reworked(town: Place, **said: object) -> Matter:
    return town.follow_up(town.matter_in(Status.IN_FOLLOW_UP, **said), 1)


def reviewed(town: Place, **said: object) -> Matter:
    return town.run("县分办", UPHELD, ask(town, town.matter_in(Status.IN_FOLLOW_UP, **said)))


def ended(town: Place, **said: object) -> Matter:
    matter = town.run("周建国", EXIT, town.matter_in(Status.IN_HANDLING, **said))
    return town.run("刘敏", terms.RuleExit(granted=True, text="情况属实"), matter)


OCCASIONS: dict[str, tuple[Callable[[Place], Matter], str, tuple[str, ...]]] = {
    "return-1": (returned, "TD01", ("城建办", "路灯归水利站管", "水利站", "同意", "刘敏", "查了职责清单", "周建国")),
    "extension-1": (extended, "YQ01", ("3个工作日", "灯具要定做", "到货就装", "孙丽", "同意", "理由成立")),
    "parking-1": (struck_off, "GZ01", ("改造资金明年才有", "先装临时灯", "马镇长", "资金还没有到", "资金到了")),
    "escalation-1": (
        lambda town: taken_on(town, town.matter_in(Status.IN_HANDLING)),
        "TJ01",
        ("要有执法权才能办", "拆违建要县里的执法队", "县分办", "县里来办", "青禾镇", "青禾县"),
    ),
    "reminder-1": (urged, "CB01", ("城建办：", "又来问了，请抓紧", "刘敏（受理中心）", "没有超期", "第1次")),
    "supervision-1": (answered, "DB01", ("城建办：", "写清楚为什么慢", "马镇长", "灯具周五到", "周建国")),
    "rework-1": (reworked, "CBL01", ("城建办：", "第2轮", "晚上还是黑的", "解决", "修好路灯")),
    "review-1": (reviewed, "FH01", ("陈某某：", "只换了一盏", "三盏都换了", "照明维护办法", "维持", "向法院起诉")),
    "exit-1": (ended, "BJ01", ("已解释说明", "政策没有这一项", "办法第九条", "可以申请复核", "情况属实", "刘敏")),
}


# ── what they say ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.once  # a paper is the same from any database
@pytest.mark.parametrize("name", OCCASIONS)
def test_each_occasion_has_its_paper_which_says_what_was_ruled(town: Place, name: str) -> None:
    comes_to_be, suffix, words = OCCASIONS[name]
    matter = comes_to_be(town)
    document = issue(town, matter, name)
    assert document.number == f"{matter.number}-{suffix}"
    assert paper_check.confirmed(document.number, paper_check.check_of(document)) == document
    paper = papers.of_document(document, ADDRESS)
    for said in (words_of_pdf(made(paper).data), words_of_docx(made(paper, "docx").data)):
        said = said.replace("\n", "").replace(" ", "")
        for word in (*words, document.number, document.fingerprint.replace(" ", "")):
            assert word in said, word
    assert not made(paper).replaced and list(verify()) == []


def test_what_nobody_ruled_on_has_no_paper_and_silence_says_that_it_is_a_refusal(town: Place) -> None:
    matter = extend(town, town.matter_in(Status.IN_HANDLING))
    assert papers.ref(matter, "extension-1") is None
    sweep_until(clock.now() + timedelta(days=8))
    said = content(fresh(matter), "extension-1")
    assert (said["裁定结果"], said["裁定人"], said["新期限"]) == ("不同意（到期没有裁定）", "—", "—")


def test_silence_above_is_a_refusal_too(town: Place) -> None:
    matter = put_above(town, town.matter_in(Status.IN_HANDLING))
    sweep_until(clock.now() + timedelta(days=8))
    said = content(fresh(matter), "escalation-1")
    assert (said["裁定结果"], said["提到"], said["理由"]) == ("不同意（到期没有裁定）", "—", "要有执法权才能办")


def test_what_fell_without_a_ruling_takes_no_number(town: Place) -> None:
    matter = extend(town, town.matter_in(Status.IN_HANDLING))
    matter = town.run("刘敏", terms.Escalate(reason="本级办不了"), matter)
    matter = town.run("县分办", terms.Assign(unit=town.units["县水务局"].pk, reason="县里的事"), matter)
    assert not [ref for ref in papers.refs(matter) if ref.kind == PaperKind.EXTENSION]


def test_an_extension_says_both_dates_it_moved(town: Place) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    before = content(matter, "order-1")["办理期限"]
    matter = town.run("刘敏", terms.RuleExtension(granted=True, text="可以"), extend(town, matter))
    said = content(matter, "extension-1")
    assert said["原期限"] in before and said["新期限"] not in ("—", said["原期限"])
    assert said["答应说事人"] not in ("—", "")


def test_a_parking_keeps_its_own_looks_and_the_next_target_has_a_paper_of_its_own(town: Place) -> None:
    matter = town.run("周建国", terms.ReviewParked(text="第一次看"), town.matter_in(Status.PARKED))
    again = terms.RequestPark(
        reason=default_profile().park_reasons[0].code,
        text="还要等",
        measures="继续等",
        until=clock.local(clock.now()).date() + timedelta(days=200),
    )
    matter = town.run("马镇长", terms.RulePark(granted=True, text="再等一等"), town.run("周建国", again, matter))
    matter = town.run("周建国", terms.ReviewParked(text="第二次看"), matter)
    matter = town.run("周建国", terms.StrikeOff(text="可以办了"), matter)
    first, second = content(matter, "parking-1"), content(matter, "parking-2")
    assert [row[3] for row in first["复核"]] == ["第一次看"] and first["销号时间"] == ""
    assert [row[3] for row in second["复核"]] == ["第二次看"] and second["销号理由"] == "可以办了"


def test_every_way_up_is_one_paper_with_the_tiers(town: Place) -> None:
    refused = town.run(
        "县分办",
        terms.RuleEscalation(granted=False, text="镇里能办"),
        put_above(town, town.matter_in(Status.IN_HANDLING)),
    )
    matter = town.run("刘敏", terms.Escalate(reason="本级办不了"), refused)
    first, second = content(matter, "escalation-1"), content(matter, "escalation-2")
    assert (first["裁定结果"], first["提到"], first["裁定人"]) == ("不同意", "—", "县分办")
    assert (second["原层级"], second["提到"], second["裁定人"]) == ("青禾镇", "青禾县", "刘敏")
    assert second["情况说明"] == "本级办不了" and second["申请单位"] == "城建办"
    assert "县受理中心" in first["落款"] and second["落款"].endswith("受理中心")


def test_a_rise_by_rule_says_the_rule(town: Place) -> None:
    matter = reworked(town)
    matter = town.follow_up(town.sign(town.prepare(town.sign_for(matter))), 1)
    said = content(matter, "escalation-1")
    assert (said["方式"], said["裁定人"]) == ("按规则提级", "按规则自动提级") and "都不满意" in said["理由"]
    late = town.matter_in(Status.IN_HANDLING)
    sweep_until(clock.now() + timedelta(days=40))
    assert "超过期限" in content(fresh(late), "escalation-1")["理由"]
    order = content(fresh(late), "supervision-1")
    assert order["督办人"] == "按规则自动督办" and "红牌 2 张" in order["督办要求"] and "主送" in order


def test_a_rework_that_went_up_names_whoever_has_it_now(town: Place) -> None:
    matter = reworked(town)
    assert content(matter, "rework-1")["主送"] == "城建办"
    matter = town.follow_up(town.sign(town.prepare(town.sign_for(matter))), 1)
    waiting = content(matter, "rework-2")
    assert "另行交办" in waiting["待交办"] and waiting["办理期限"] == "—"
    matter = town.run("县分办", terms.Assign(unit=town.units["县水务局"].pk, reason="县里的事"), matter)
    assert content(matter, "rework-2")["主送"] == "县水务局" and not content(matter, "rework-2")["待交办"]


def test_a_changed_answer_and_a_petition_say_what_they_are(town: Place) -> None:
    changed = town.run("县分办", CHANGED, ask(town, town.matter_in(Status.IN_FOLLOW_UP)))
    said = content(changed, "review-1")
    assert (
        said["结论"] == "改变原来的答复，重新办理。" and said["文种"] == "复核决定书" and "县受理中心" in said["落款"]
    )
    petition = town.matter_in(Status.IN_FOLLOW_UP)
    Matter.objects.filter(pk=petition.pk).update(petition=True)
    petition = town.run("县分办", UPHELD, ask(town, fresh(petition)))
    assert content(petition, "review-1")["文种"] == "信访事项复查意见书"


def test_the_answer_to_an_order_is_another_edition(town: Place) -> None:
    matter = ordered(town)
    first = issue(town, matter, "supervision-1")
    matter = town.run("周建国", terms.AnswerSupervision(text="灯具周五到"), matter)
    second = issue(town, matter, "supervision-1")
    assert (first.edition, second.edition) == (1, 2) and paper_check.superseded(first)


# ── for whose eyes, and by whose hand ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("comes_to_be", [returned, extended, struck_off, urged, reworked, reviewed, ended])
def test_who_asked_for_confidence_stands_on_none_of_them(town: Place, comes_to_be: Callable[..., Matter]) -> None:
    matter = comes_to_be(town, naming=Naming.CONFIDENTIAL)
    further = [ref for ref in papers.refs(matter) if ref.name in OCCASIONS]
    assert further
    for ref in further:
        said = papers.content_of(Matter.objects.select_related("registry__parent").get(pk=matter.pk), ref)
        for text in (
            texts(list(said.values())),
            texts(list(papers.in_clear(said, papers.parties_of(matter)).values())),
        ):
            assert "陈" not in text and "0017" not in text, ref.name


@pytest.mark.parametrize("name", OCCASIONS)
def test_no_unit_issues_what_was_ruled_on_its_own_work(town: Place, name: str) -> None:
    matter = OCCASIONS[name][0](town)
    for who in ("孙丽", "周建国", "李国强"):
        with pytest.raises(Refused, match=r"^not_yours_to_issue:"):
            issue(town, matter, name, by=who)
    assert issue(town, matter, name, by=REGISTRY).by_id == town.persons[REGISTRY]


@pytest.mark.parametrize(
    ("name", "who"), [("parking-1", "马镇长"), ("review-1", "县分办"), ("supervision-1", "督查员")]
)
def test_who_ruled_or_watches_issues_it_too(town: Place, name: str, who: str) -> None:
    town.person("督查员", ("监督委员会", Role.SUPERVISOR))
    matter = OCCASIONS[name][0](town)
    assert issue(town, matter, name, by=who).by_id == town.persons[who]


def test_those_who_watch_write_in_their_own_name(town: Place) -> None:
    town.person("督查员", ("监督委员会", Role.SUPERVISOR))
    matter = ordered(town, by="督查员")
    said = content(matter, "supervision-1")
    assert said["落款"] == "监督委员会" and said["督办人"] == "督查员（监督委员会）"
    matter = town.run("督查员", terms.Remind(text="请抓紧"), matter)
    assert content(matter, "reminder-1")["落款"] == "监督委员会"
    assert content(ordered(town), "supervision-1")["落款"].endswith("受理中心")


def test_of_several_posts_it_is_the_one_it_was_done_under(town: Place) -> None:
    town.person("督查员", ("柳湾村", Role.HANDLER), ("监督委员会", Role.SUPERVISOR), ("青禾镇", Role.ASSESSOR))
    matter = town.run("督查员", terms.Remind(text="请抓紧"), town.matter_in(Status.IN_HANDLING))
    entry = matter.entries.get(action="remind")
    assert entry.unit == town.units["监督委员会"]
    assert content(ordered(town, by="督查员"), "supervision-1")["督办人"] == "督查员（监督委员会）"


def test_in_somebodys_place_it_is_the_post_that_was_lent(town: Place) -> None:
    town.person("双岗", ("柳湾村", Role.HANDLER), ("受理中心", Role.REGISTRAR))
    town.person("小郑", ("水利站", Role.HANDLER))
    matter = town.matter_in(Status.IN_HANDLING)
    town.away("双岗", "小郑")
    entry = town.run("小郑", terms.Remind(text="请抓紧"), matter).entries.get(action="remind")
    assert (entry.unit, entry.in_place_of_id) == (town.units["受理中心"], town.persons["双岗"])


def test_a_date_that_passed_is_said_so_and_the_date_is_the_one_that_counted_then(town: Place) -> None:
    matter = urged(town)
    extended_later = town.run("刘敏", terms.RuleExtension(granted=True, text="可以"), extend(town, matter))
    first = content(matter, "reminder-1")
    assert first["办理期限"] == content(extended_later, "extension-1")["原期限"]
    assert first["是否超期"] == "没有超期"
    with clock.simulated(matter.deadlines.filter(kind="completion").latest("pk").due_at + timedelta(days=1)):
        matter = town.run("刘敏", terms.Remind(text="已经晚了"), fresh(matter))
        last = content(matter, "reminder-2")
    assert last["办理期限"] == content(matter, "extension-1")["新期限"] != first["办理期限"]
    assert (last["是否超期"], last["次数"]) == ("已经超期", "第 2 次")


def test_whoever_sees_the_matter_reads_them(town: Place) -> None:
    matter = ended(town)
    actor = town.actor("孙丽")
    case = Case(actor=actor, matter=matter, standing=standing(actor, matter), now=clock.now())
    assert actions.may_read_paper(case, PaperKind.EXIT)


# ── what it costs, and what older rules say ────────────────────────────────────────────────────────────────────────────


def test_the_list_costs_the_same_with_one_occasion_and_with_many(town: Place, statements: Any) -> None:
    few = urged(town)
    many = town.run("马镇长", terms.OrderSupervision(text="请抓紧"), few)
    several = town.run("刘敏", terms.RuleExtension(granted=True, text="可以"), extend(town, reworkable(town)))
    counted = []
    for matter in (few, many, several):
        with statements() as seen:
            papers.refs(Matter.objects.get(pk=matter.pk))
        counted.append(seen.count)
    assert len(set(counted)) == 1


def reworkable(town: Place) -> Matter:
    return town.sign_for(reworked(town))


def test_rules_laid_down_earlier_number_the_new_papers_apart(town: Place) -> None:
    import json

    from shuoshi.organization.models import ProfileVersion

    data = json.loads(ProfileVersion.objects.latest("number").content)
    suffixes = data["numbering"]["suffixes"]
    for code in ("review", "exit", "reminder"):
        suffixes.pop(code)
    suffixes["own"] = "FH"
    bring_up_to_date(data)
    assert (suffixes["exit"], suffixes["reminder"], suffixes["review"]) == ("BJ", "CB", "FH2")
    assert len(set(suffixes.values())) == len(suffixes)


@pytest.mark.once  # of SQLite, where a row can be laid elsewhere
def test_whom_a_reply_speaks_to_stands_in_the_order_they_were_named_wherever_their_rows_lie(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED, on_behalf_of=PersonSaid(name="欧阳阿婆", phone="13711112222"))
    said = content(matter, "reply-1")["称呼"]
    assert said == "陈某某、欧阳某某"
    first = Party.objects.get(matter=matter, role=PartyRole.SPEAKER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matters_party SET rowid = rowid + 1000 WHERE id = %s", [first.pk.hex])
        assert cursor.rowcount == 1
    assert content(matter, "reply-1")["称呼"] == said
