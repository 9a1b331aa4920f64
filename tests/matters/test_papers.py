"""What stands on the papers of a matter and what never does; issued once for the same content, bound to the history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.kernel.papers import press
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, paper_check, papers, terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Deadline, Document, Matter
from shuoshi.matters.papers import KNOWN, PaperKind, Ref, ledger, receipts, results
from shuoshi.matters.queries import as_resident, visible_to
from shuoshi.matters.queries.matter import RELATED, timeline
from shuoshi.matters.vocabulary import Kind, Naming, Satisfaction, Solved, Status
from shuoshi.organization.actions import edit_unit
from shuoshi.organization.models import UnitKind
from tests.kernel.documents import words_of_docx, words_of_pdf
from tests.matters.test_answered_on_the_spot import ANSWER as ON_THE_SPOT
from tests.support.village import Place

pytestmark = [pytest.mark.usefixtures("papers_made_here"), pytest.mark.once]  # a paper is the same from any database

ADDRESS = "https://shuoshi.example/paper/"
REGISTRY, ISSUER = "赵红", "王芳"


def whole(matter: Matter) -> Matter:
    return Matter.objects.select_related(*RELATED).get(pk=matter.pk)


def content(matter: Matter, name: str) -> papers.Content:
    matter = whole(matter)
    ref = papers.ref(matter, name)
    assert ref is not None
    return papers.content_of(matter, ref)


def issue(town: Place, matter: Matter, name: str = "registration", by: str = REGISTRY) -> Document:
    ref = papers.ref(matter, name)
    assert ref is not None
    return actions.issue_paper(matter.pk, ref, actor=town.actor(by))


def made(paper: press.Paper, kind: str = "pdf") -> press.Made:
    return paper.docx() if kind == "docx" else paper.pdf()


def texts(value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(texts(one) for one in value)


def all_papers(town: Place, matter: Matter) -> str:
    """Every word on every paper of a matter, by both ways."""
    found = []
    for ref in papers.refs(matter):
        document = actions.issue_paper(matter.pk, ref, actor=town.actor(REGISTRY))
        paper = papers.of_document(document, ADDRESS)
        found += [words_of_pdf(made(paper).data), words_of_docx(made(paper, "docx").data)]
    told = as_resident(matter, clock.now())
    copy = receipts.for_the_file(whole(matter), "https://shuoshi.example/track/", told.next)
    return "\n".join([*found, words_of_pdf(made(copy).data)])


# ── what there is ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_papers_come_with_the_steps_of_the_procedure(town: Place) -> None:
    matter = town.raise_matter()
    assert [ref.name for ref in papers.refs(matter)] == ["registration"]
    matter = town.sign_for(town.assign(town.classify(town.accept(matter))))
    assert [ref.name for ref in papers.refs(matter)] == ["registration", "order-1"]
    matter = town.prepare(matter)
    assert papers.ref(matter, "reply-1") is None, "nobody signed it yet"
    matter = town.follow_up(town.sign(matter), 5)
    names = [ref.name for ref in papers.refs(matter)]
    assert names == ["registration", "order-1", "reply-1", "report-1", "follow_up-1"]
    assert papers.ref(matter, "order-9") is None and papers.ref(matter, "nonsense") is None


@pytest.mark.parametrize("kind", PaperKind)
def test_our_templates_ask_for_known_names_and_the_pdf_shows_all_of_them(kind: PaperKind) -> None:
    sample = made(papers.sample(kind, papers.builtin(kind), ADDRESS))
    assert sample.unknown == () and sample.replaced == ()
    assert set(KNOWN[kind]) >= {name for name in sample.used if name in KNOWN[kind]}
    assert made(papers.sample(kind, papers.builtin(kind), ADDRESS), "docx").data.startswith(b"PK")


def test_each_paper_says_what_it_has_to_say_with_its_number(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED, content="家门口的路灯坏了三盏，镇里的𬱖老师也说过。")
    year = clock.local(clock.now()).year
    for name, suffix, words in (
        ("registration", "", ("家门口的路灯坏了三盏", "镇里的𬱖老师", "修好路灯", f"{year}年", "说事人签字")),
        ("order-1", "-JB01", ("城建办：", "修好路灯", "道路照明由城建办管", "7个工作日", "刘敏", f"{year}年")),
        ("reply-1", "-DF01", ("陈某某：", "路灯已经修好", "三盏路灯已经换好", "孙丽")),
        ("report-1", "-BG01", ("签发人：周建国", "灯泡老化", f"{matter.number}-JB01", f"{matter.number}-DF01")),
        ("follow_up-1", "-HF01", ("赵红", "非常满意", "修好了，谢谢", "录音0012", "办结：满意")),
    ):
        document = issue(town, matter, name)
        assert document.number == matter.number + suffix
        paper = papers.of_document(document, ADDRESS)
        for said in (words_of_pdf(made(paper).data), words_of_docx(made(paper, "docx").data).replace(" ", "")):
            said = said.replace("\n", "")
            for word in (*words, document.number, document.fingerprint.replace(" ", "")):
                assert word in said, (name, word)
    assert list(verify()) == []


def test_a_reworked_matter_has_papers_of_both_rounds(town: Place) -> None:
    matter = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), 1)
    order = content(matter, "order-2")
    assert order["轮次"] and order["上轮原话"] == "晚上还是黑的" and order["退单期限"] == ""
    record = content(matter, "follow_up-1")
    assert record["处理"] == "不满意，重新办理（第 2 轮）" and record["结果满意度"] == "非常不满意"


def test_a_report_does_not_say_twice_what_the_paper_says_anyway(town: Place) -> None:
    from shuoshi.matters.papers.values import _body

    unit, title = town.units["城建办"], "村口路灯不亮"
    written = "关于“村口路灯不亮”办理情况的报告\n受理中心：\n一、查了。\n二、换了：三盏。\n城建办"
    assert _body(written, title, unit) == "一、查了。\n二、换了：三盏。"
    assert _body("村口路灯不亮，已换。", title, unit) == "村口路灯不亮，已换。"
    assert _body("城建办", title, unit) == "城建办"


def test_a_paper_costs_the_same_with_one_demand_and_with_ten(town: Place, statements: Any) -> None:
    few, many = town.raise_matter(), town.raise_matter(demands=tuple(f"第{n}条" for n in range(10)))
    counted = []
    for matter in (few, many):
        one = whole(matter)
        with statements() as seen:
            papers.content_of(one, Ref(PaperKind.REGISTRATION))
        counted.append(seen.count)
    assert counted[0] == counted[1]


# ── whose names ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_persons_are_masked_on_every_paper_and_the_code_is_on_none(town: Place) -> None:
    from shuoshi.matters import query_code

    other = PersonSaid(name="欧阳阿婆", phone="13711112222")
    matter = town.matter_in(Status.CLOSED, on_behalf_of=other)
    said = all_papers(town, matter)
    assert "陈某某" in said and "138****0017" in said and "欧阳某某" in said
    code = query_code.code_of(matter)
    for private in ("陈大明", "13800000017", "欧阳阿婆", "13711112222", code, query_code.in_fours(code)):
        assert private not in said and private.replace(" ", "") not in said.replace(" ", "")


def test_a_confidential_speaker_stands_on_no_paper_masked_or_not(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED, naming=Naming.CONFIDENTIAL)
    said = all_papers(town, matter)
    assert "应本人要求保密" in said and "说事人：" in said
    clear = papers.in_clear(content(matter, "reply-1"), papers.parties_of(whole(matter)))
    for text in (said, texts(list(clear.values()))):
        assert "陈" not in text and "0017" not in text


def test_who_may_see_them_gets_the_names_written_out(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED)
    clear = papers.in_clear(content(matter, "reply-1"), papers.parties_of(whole(matter)))
    assert (clear["称呼"], clear["联系电话"]) == ("陈大明", "13800000017")
    assert "陈大明" not in texts(list(content(matter, "reply-1").values()))


def test_papers_are_chinese_whatever_the_desk_speaks(town: Place) -> None:
    from django.utils import translation

    matter = town.matter_in(Status.CLOSED)
    chinese = content(matter, "follow_up-1")
    with translation.override("en"):
        assert content(matter, "follow_up-1") == chinese


def test_the_reply_a_matter_shows_is_the_one_signed_last(town: Place) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    assert papers.newest_reply(timeline(whole(matter))) is None
    matter = town.sign_for(town.follow_up(town.sign(town.prepare(matter)), result=1))
    again = town.sign(town.prepare(matter))
    spot = town.run("王芳", ON_THE_SPOT, town.raise_matter(by="何勇"))
    spot = town.run("王芳", terms.DeclareConflict(text="是亲戚"), spot)
    spot = town.run("刘敏", terms.ReturnReport(reason="没有修好"), spot)
    spot = town.run("刘敏", ON_THE_SPOT, spot)
    for one, label in ((again, "第 2 轮答复书"), (spot, "第 1 轮答复书")):
        newest = papers.newest_reply(timeline(whole(one)))
        assert newest is not None and (newest.name, newest.label) == ("reply-2", label)
        assert newest == [ref for ref in papers.refs(one) if ref.kind == PaperKind.REPLY][-1]


# ── issuing ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_content_is_issued_once_and_other_content_as_another_edition(town: Place) -> None:
    matter = town.raise_matter()
    first = issue(town, matter, by=ISSUER)
    assert issue(town, matter, by=ISSUER).pk == first.pk
    matter = town.run(ISSUER, terms.CorrectRegistration(reason="地点写错了", place="村尾"), matter)
    second = issue(town, matter, by=ISSUER)
    assert (second.number, second.edition) == (f"{matter.number}-R2", 2)
    assert second.digest != first.digest and paper_check.superseded(first) and not paper_check.superseded(second)
    told = Event.objects.filter(stream_id=str(matter.pk), action="issue_paper")
    assert told.count() == 2 and "村尾" not in "".join(told.values_list("payload", flat=True))
    assert list(verify()) == []


def test_an_issued_paper_stays_as_it_was_whatever_changes_later(town: Place) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    document = issue(town, matter, "reply-1")
    unit = town.units["城建办"]
    from shuoshi.organization.actions import UnitGiven

    edit_unit(unit.pk, UnitGiven(name="城乡建设办", short_name="城建办", code=unit.code), actor=town.actor("管理员"))
    assert content(matter, "reply-1")["落款"] == "城乡建设办"
    document = Document.objects.get(pk=document.pk)
    document.matter = whole(matter)
    said = words_of_pdf(made(papers.of_document(document, ADDRESS)).data)
    assert "城建办" in said and "城乡建设办" not in said


def test_a_draft_says_that_it_is_one_and_bears_no_qr_code(town: Place) -> None:
    matter = whole(town.raise_matter())
    ref = Ref(PaperKind.REGISTRATION)
    paper = papers.of_draft(matter, ref, papers.content_of(matter, ref))
    assert paper.values["二维码"] == "" and "没有出具" in words_of_pdf(made(paper).data)


@pytest.mark.parametrize("who", ["何勇", "李国强", "马镇长", "县分办"])
def test_only_the_registry_and_the_lead_unit_issue(town: Place, who: str) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    with pytest.raises(Refused):
        issue(town, matter, "order-1", by=who)
    assert not Document.objects.exists()
    assert issue(town, matter, "order-1", by="孙丽").by_id == town.persons["孙丽"]


def test_the_record_of_a_follow_up_is_kept_from_those_it_is_about(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED)
    with pytest.raises(Refused):
        issue(town, matter, "follow_up-1", by="孙丽")
    from shuoshi.matters.case import Case
    from shuoshi.matters.scope import standing

    for who, may in (("孙丽", False), ("周建国", False), ("赵红", True), ("刘敏", True)):
        actor = town.actor(who)
        case = Case(actor=actor, matter=matter, standing=standing(actor, matter), now=clock.now())
        assert actions.may_read_paper(case, PaperKind.FOLLOW_UP) == may, who
        assert actions.may_read_paper(case, PaperKind.REPLY)


def test_the_check_fits_one_paper_only(town: Place) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    one, other = issue(town, matter, "reply-1"), issue(town, matter, "report-1")
    check = paper_check.check_of(one)
    assert paper_check.confirmed(one.number, check) == one
    assert paper_check.confirmed(f" {one.number.lower()} ", f"{check[:4]} {check[4:].lower()}") == one
    for number, given in ((other.number, check), (one.number, paper_check.check_of(other)), ("SS-NO-1", check)):
        assert paper_check.confirmed(number, given) is None


# ── receipts, the notice board, the ledger ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("size", "width"), [(receipts.Size.A5, 419), (receipts.Size.ROLL, 226)])
def test_the_receipt_of_the_speaker_bears_the_code_in_both_widths(town: Place, size: receipts.Size, width: int) -> None:
    import io

    from pypdf import PdfReader

    from shuoshi.matters import query_code

    matter = whole(town.raise_matter())
    told = as_resident(matter, clock.now())
    pdf = made(receipts.for_the_speaker(matter, matter, size, "https://shuoshi.example/track/", told.next)).data
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1 and abs(float(pages[0].mediabox.width) - width) < 2
    said = words_of_pdf(pdf)
    assert matter.number in said and query_code.code_of(matter) in said and "000-88126600" in said and "最晚" in said


def month_of(matter: Matter) -> date:
    return clock.local(Deadline.objects.get(matter=matter, kind="promise").due_at).date().replace(day=1)


def test_the_sheet_of_a_month_tells_no_words_and_no_persons(town: Place) -> None:
    matters = [town.matter_in(Status.CLOSED) for _n in range(3)]
    month = results.of_month(month_of(matters[0]))
    assert (month.listed, month.kept, month.unlisted) == (3, 3, 0)
    assert list(month.rows[0])[1:3] == ["利益诉求 › 基础设施", "城建办"] and month.rows[0][5:] == ["按时", "办结：满意"]
    said = words_of_pdf(made(results.paper(month, "https://shuoshi.example/", clock.now())).data)
    for private in ("陈", "路灯不亮", "柳湾村", "0017", *(one.number for one in matters)):
        assert private not in said
    assert "群众说事办理结果公示" in said and "样本" not in said and "按时3件" in said


def test_what_is_sensitive_disputed_or_confidential_is_only_counted_and_not_below_three(town: Place) -> None:
    shown = town.matter_in(Status.IN_FOLLOW_UP)
    first = month_of(shown)
    quiet = [town.matter_in(Status.IN_FOLLOW_UP, naming=Naming.CONFIDENTIAL) for _n in range(2)]
    month = results.of_month(first)
    assert (month.listed, month.unlisted) == (1, 2)
    assert results._unlisted(month).endswith("不足 3 件。")
    dispute = town.accept(town.raise_matter(), Kind.DISPUTE)
    dispute = town.assign(town.classify(dispute, "D101", Kind.DISPUTE))
    Deadline.objects.filter(matter=dispute, kind="promise").update(
        due_at=Deadline.objects.get(matter=shown, kind="promise").due_at
    )
    Matter.objects.filter(pk=quiet[0].pk).update(naming=Naming.NAMED, sensitive=True)
    month = results.of_month(first)
    assert (month.listed, month.unlisted, month.unlisted_kept) == (1, 3, 2)
    assert "有 3 件" in results._unlisted(month) and "按时" not in results._unlisted(month), (
        "one was late: it would show"
    )


def test_what_is_kept_from_somebody_it_concerns_is_only_counted(town: Place) -> None:
    """2.2.4: whoever is complained about reads the notice board too."""
    shown = town.matter_in(Status.CLOSED)
    about_a_unit = town.matter_in(Status.CLOSED, concerns_units=(town.units["水利站"].pk,))
    about_somebody = town.matter_in(Status.CLOSED, concerns_people=(town.persons["李国强"],))
    month = results.of_month(month_of(shown))
    assert {month_of(one) for one in (about_a_unit, about_somebody)} == {month.first}
    assert (month.listed, month.unlisted, month.unlisted_kept) == (1, 2, 2)


def test_a_village_with_few_lines_is_not_named(town: Place) -> None:
    def by_the_village() -> Matter:
        matter = town.assign(town.classify(town.accept(town.raise_matter())), "柳湾村")
        return town.sign_for(matter, "陈书记", by="陈书记")

    by_the_village()
    first = month_of(by_the_village())
    assert {row[2] for row in results.of_month(first).rows} == {"村（社区）"}
    by_the_village()
    assert {row[2] for row in results.of_month(first).rows} == {"柳湾村"}
    assert UnitKind.VILLAGE in results._VILLAGES


def test_the_ledger_names_no_speaker_and_repeats_nobody(town: Place) -> None:
    done, fresh = town.matter_in(Status.CLOSED), town.raise_matter()
    hidden = town.matter_in(Status.IN_HANDLING)
    Matter.objects.filter(pk=hidden.pk).update(sensitive=True)
    found = ledger.ledger(visible_to(town.actor("刘敏")), "群众说事台账", ["范围：全部"], clock.now())
    rows = {row[1]: row for row in found.rows}
    assert rows[done.number][5] == "村口路灯不亮" and rows[done.number][11] == "满意"
    assert rows[fresh.number][5] == "（还没有受理）"
    assert rows[hidden.number][5] == "（敏感类别，不列标题）" and rows[hidden.number][6] == ""
    said = words_of_pdf(found.pdf().data)
    for private in ("陈", "孩子放学", "0017"):
        assert private not in said
    assert done.number in said and found.xlsx().data.startswith(b"PK")


def test_a_ledger_that_is_cut_says_so(town: Place) -> None:
    for _n in range(3):
        town.raise_matter()
    found = ledger.ledger(visible_to(town.actor("刘敏")), "台账", ["范围：全部"], clock.now(), most=2)
    assert len(found.rows) == 2 and found.notes[-1] == "件数太多，只列登记最早的 2 件。"


def test_a_long_ledger_is_set_within_the_limits_of_the_child(town: Place) -> None:
    """As much memory for each line as one has, however many there are; numbers stay whole."""
    row: list[str | int] = [1, "SS-QH-20261117-0012", *(["柳湾村"] * 10)]
    found = ledger.Ledger("台账", [], ["列"] * 12, [row] * 400, clock.now())
    said = words_of_pdf(found.pdf().data)
    assert said.count("SS-QH-20261117-0012") == 400 and said.count("第1页") == 1


def test_only_what_one_sees_is_in_ones_ledger(town: Place) -> None:
    town.matter_in(Status.IN_HANDLING)
    found = ledger.ledger(visible_to(town.actor("李国强")), "台账", [], clock.now())
    assert found.rows == []


def test_ratings_are_told_as_they_were_given(town: Place) -> None:
    matter = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), 3, solved=Solved.YES)
    record = content(matter, "follow_up-1")
    assert record["结果满意度"] == str(Satisfaction.FAIR.label) and record["评价来源"] == "回访记录"
