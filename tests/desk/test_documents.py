"""Papers on the desk: looking issues nothing, issuing is for some, names in clear cost a reason; lists that leave the house."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.matters import papers, query_code
from shuoshi.matters.models import Document, Matter
from shuoshi.matters.papers import PaperKind
from shuoshi.matters.vocabulary import Naming, Status
from shuoshi.organization import queries as organization
from shuoshi.organization.actions import TemplateGiven, upload_template
from shuoshi.organization.paper_templates import PaperTemplate, in_force
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people.models import Proposal, ProposalState, Reveal, RevealedField
from shuoshi.people.policies import REVEALS_PER_DAY
from tests.kernel.documents import words_of_docx, words_of_pdf
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("papers_made_here")

Desk = Callable[[str], Client]
DELIVER = {"kind": "pdf", "reason": "deliver"}


@pytest.fixture
def matter(town: Place) -> Matter:
    return town.matter_in(Status.CLOSED)


def at(matter: Matter, name: str = "reply-1", what: str = "") -> str:
    return f"/desk/matters/{matter.number}/documents/{name}/{what}"


# ── looking and issuing ────────────────────────────────────────────────────────────────────────────────────────────────


def test_looking_issues_nothing_and_issuing_opens_the_downloads(at_desk: Desk, matter: Matter) -> None:
    client = at_desk("赵红")
    listed = client.get(f"/desk/matters/{matter.number}/documents/").content.decode()
    assert "第 1 轮答复书" in listed and "还没有出具" in listed
    page = client.get(at(matter)).content.decode()
    assert "出具以后编号登记在册" in page and f"{at(matter)}page/?n=1&amp;now" in page
    picture = client.get(f"{at(matter)}page/?n=1&now")
    assert picture["Content-Type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    assert client.get(f"{at(matter)}page/?n=9&now").status_code == 404
    assert client.get(f"{at(matter)}pdf/").status_code == 404 and not Document.objects.exists()

    assert client.post(at(matter)).status_code == 302
    document = Document.objects.get()
    page = client.get(at(matter)).content.decode()
    assert document.number in page and document.fingerprint in page and "下载 Word" in page
    pdf = client.get(f"{at(matter)}pdf/?open")
    assert pdf["Content-Disposition"] == f"inline; filename*=UTF-8''{document.number}.pdf"
    assert "no-store" in pdf["Cache-Control"] and "路灯已经修好" in words_of_pdf(pdf.content)
    word = client.get(f"{at(matter)}word/")
    assert "路灯已经修好" in words_of_docx(word.content) and word["Content-Disposition"].startswith("attachment")
    client.post(at(matter))
    assert Document.objects.count() == 1


def test_a_paper_that_was_overtaken_says_so(at_desk: Desk, town: Place) -> None:
    from shuoshi.matters import terms

    fresh, client = town.raise_matter(), at_desk("王芳")
    client.post(at(fresh, "registration"))
    town.run("王芳", terms.CorrectRegistration(reason="地点写错了", place="村尾"), fresh)
    page = client.get(at(fresh, "registration")).content.decode()
    assert "出具以后，这件事的内容有了变动" in page and "按现在的内容出具新的一版" in page
    assert "还没有出具" in client.get(at(fresh, "registration") + "?now").content.decode()
    client.post(at(fresh, "registration"))
    assert f"{fresh.number}-R2" in client.get(at(fresh, "registration")).content.decode()


def test_who_may_not_issue_reads_why_and_what_is_theirs_not_to_read_is_not_there(at_desk: Desk, matter: Matter) -> None:
    leader = at_desk("马镇长")
    assert "由受理中心出具" in leader.get(at(matter)).content.decode()
    assert leader.post(at(matter)).status_code == 409 and not Document.objects.exists()
    handler = at_desk("孙丽")
    assert "回访记录" not in handler.get(f"/desk/matters/{matter.number}/documents/").content.decode()
    for what in ("", "page/?n=1", "pdf/", "word/", "named/"):
        assert handler.get(at(matter, "follow_up-1", what)).status_code == 404
    assert at_desk("李国强").get(at(matter)).status_code == 404
    for name in ("order-9", "nonsense", "order-"):
        assert leader.get(at(matter, name)).status_code == 404


def test_the_copy_of_the_receipt_bears_no_code(at_desk: Desk, matter: Matter) -> None:
    client, code = at_desk("王芳"), query_code.code_of(matter)
    said = words_of_pdf(client.get(at(matter, "receipt", "pdf/")).content)
    said += words_of_docx(client.get(at(matter, "receipt", "word/")).content)
    assert matter.number in said and "不留底" in said
    assert code not in said.replace(" ", "") and not Event.objects.filter(action="print_receipt").exists()


def test_the_slip_goes_on_the_paper_of_a_till_too(at_desk: Desk, town: Place) -> None:
    """The code is drawn by the browser, on paper only, whatever the width; no file ever holds it."""
    fresh = town.raise_matter(by="王芳")
    body = at_desk("王芳").post(f"/desk/matters/{fresh.number}/receipt/", {"paper": "roll"}).content.decode()
    assert 'class="paper slip roll"' in body and query_code.in_fours(query_code.code_of(fresh)) in body


# ── names in clear ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_names_are_written_out_for_a_reason_that_is_recorded(at_desk: Desk, town: Place) -> None:
    matter, client = town.matter_in(Status.IN_FOLLOW_UP), at_desk("孙丽")
    client.post(at(matter))
    assert "写明姓名电话的一份" in client.get(at(matter)).content.decode()
    asked = client.post(f"{at(matter)}named/", {"kind": "pdf"})
    assert asked.status_code == 422 and not Reveal.objects.exists()
    answer = client.post(f"{at(matter)}named/", {"kind": "pdf", "reason": "deliver"})
    said = words_of_pdf(answer.content)
    assert "陈大明：" in said and "attachment" in answer["Content-Disposition"]
    assert sorted(Reveal.objects.values_list("field", flat=True)) == ["name", "phone"]
    word = client.post(f"{at(matter)}named/", {"kind": "docx", "reason": "deliver"})
    assert "陈大明" in words_of_docx(word.content)
    plain = client.get(f"{at(matter)}pdf/").content
    assert "陈某某：" in words_of_pdf(plain) and "陈大明" not in words_of_pdf(plain)


def test_nobody_stands_on_a_paper_who_did_not_when_it_was_issued(at_desk: Desk, town: Place) -> None:
    matter, client = town.matter_in(Status.IN_FOLLOW_UP), at_desk("孙丽")
    client.post(at(matter))
    person = matter.parties.get().person
    person.name = "林小明"
    person.save()
    for answer in (client.get(f"{at(matter)}named/"), client.post(f"{at(matter)}named/", DELIVER)):
        assert answer.status_code == 409 and "请先出具新的一版" in answer.content.decode()
    assert not Reveal.objects.exists()
    client.post(at(matter))
    assert "林小明：" in words_of_pdf(client.post(f"{at(matter)}named/", DELIVER).content)


def test_names_that_reached_nobody_are_not_recorded_as_seen(at_desk: Desk, town: Place) -> None:
    """A file that cannot be made, or a day's looks used up half way: no look stands in the records."""
    matter, client = town.matter_in(Status.IN_FOLLOW_UP), at_desk("孙丽")
    client.post(at(matter))
    given = upload_template(TemplateGiven("reply", b"no document"), actor=town.actor("管理员"))
    Document.objects.update(template=given)
    assert client.post(f"{at(matter)}named/", DELIVER).status_code == 409
    assert not Reveal.objects.exists()
    Document.objects.update(template=None)
    person = matter.parties.get().person
    for _look in range(REVEALS_PER_DAY - 1):
        people.reveal(person.pk, RevealedField.NAME, "deliver", actor=town.actor("孙丽"))
    assert client.post(f"{at(matter)}named/", DELIVER).status_code == 409
    assert Reveal.objects.count() == REVEALS_PER_DAY - 1


def test_a_desk_left_open_is_asked_again_before_names_and_lists(at_desk: Desk, town: Place) -> None:
    matter, client = town.matter_in(Status.IN_FOLLOW_UP), at_desk("孙丽")
    client.post(at(matter))
    with clock.simulated(clock.now() + timedelta(minutes=6)):
        asked = client.post(f"{at(matter)}named/", {"kind": "pdf", "reason": "deliver"})
        assert 'name="password"' in asked.content.decode() and not Reveal.objects.exists()
        asked = client.post("/desk/ledger/?list=queue.mine", {"kind": "xlsx", "purpose": "check"})
        assert 'name="password"' in asked.content.decode() and not Event.objects.filter(stream_kind="export").exists()


def test_a_confidential_name_is_written_out_for_nobody(at_desk: Desk, town: Place) -> None:
    matter, client = town.matter_in(Status.IN_FOLLOW_UP, naming=Naming.CONFIDENTIAL), at_desk("赵红")
    client.post(at(matter))
    assert client.post(f"{at(matter)}named/", {"kind": "pdf", "reason": "deliver"}).status_code == 403
    assert not Reveal.objects.exists() and "写明姓名电话" not in client.get(at(matter)).content.decode()


# ── the notice board ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sheet_for_the_notice_board_is_for_those_who_see_the_overview(at_desk: Desk, matter: Matter) -> None:
    client = at_desk("马镇长")
    due = clock.local(matter.deadlines.get(kind="promise").due_at)
    with clock.simulated(due + timedelta(days=20)):
        client = at_desk("马镇长")
        month = f"{due:%Y-%m}"
        page = client.get(f"/desk/results/?month={month}").content.decode()
        assert f"month={month}&amp;n=1" in page
        assert client.get(f"/desk/results/page/?month={month}&n=1").content.startswith(b"\x89PNG")
        said = words_of_pdf(client.get(f"/desk/results/pdf/?month={month}").content)
        assert "办结：满意" in said and "陈" not in said
        assert "办结：满意" in words_of_docx(client.get(f"/desk/results/word/?month={month}").content)
        assert client.get("/desk/results/?month=1999-13").status_code == 200
        for what in ("", "page/", "pdf/", "word/"):
            assert at_desk("孙丽").get(f"/desk/results/{what}").status_code == 403


# ── own templates ──────────────────────────────────────────────────────────────────────────────────────────────────────


def own(heading: str = "本镇答复书样式", *more: str) -> SimpleUploadedFile:
    document = docx.Document(io.BytesIO(papers.builtin(PaperKind.REPLY)))
    document.paragraphs[1].runs[0].text = heading
    for line in more:
        document.add_paragraph(line)
    made = io.BytesIO()
    document.save(made)
    return SimpleUploadedFile("reply.docx", made.getvalue())


SETTINGS = "/desk/settings/papers/reply/"


def test_an_own_template_takes_two_administrators_and_one_takes_it_out(
    at_desk: Desk, town: Place, matter: Matter
) -> None:
    town.person("第二管理员", ("青禾镇", Role.ADMINISTRATOR))
    first, second, registry = at_desk("管理员"), at_desk("第二管理员"), at_desk("赵红")
    answer = first.post(SETTINGS, {"file": own()})
    row = PaperTemplate.objects.get()
    assert answer.status_code == 302 and not row.in_force and in_force("reply") is None
    shown = first.get(f"{SETTINGS}page/?n=1&version={row.pk}")
    assert shown.content.startswith(b"\x89PNG")
    assert "本镇答复书样式" in words_of_docx(first.get(f"{SETTINGS}file/?version={row.pk}").content)

    first.post(f"{SETTINGS}use/", {"do": "use", "row": str(row.pk)})
    proposal = Proposal.objects.get(state=ProposalState.OPEN)
    assert in_force("reply") is None and proposal.detail == "reply:1"
    page = second.get("/desk/settings/seconds/").content.decode()
    assert "启用文书模板" in page and "答复书第 1 版" in page
    second.post("/desk/settings/seconds/", {"do": "agree", "row": str(proposal.pk)})
    assert in_force("reply") == row
    registry.post(at(matter))
    assert "本镇答复书样式" in words_of_pdf(registry.get(f"{at(matter)}pdf/").content)

    first.post(f"{SETTINGS}use/", {"do": "builtin"})
    assert in_force("reply") is None
    assert "本镇答复书样式" in words_of_pdf(registry.get(f"{at(matter)}pdf/").content), "it was issued with it"
    first.post(f"{SETTINGS}use/", {"do": "use", "row": str(row.pk)})
    assert in_force("reply") == row, "it was agreed to once"
    assert [one.deed for one in organization.history("paper", "reply")][-1] == "上传文书模板"
    assert list(verify()) == []


@pytest.mark.drill(20)
def test_a_template_that_would_escape_or_lacks_its_number_is_not_taken(at_desk: Desk, town: Place) -> None:
    client = at_desk("管理员")
    bare = SimpleUploadedFile("x.docx", docx_of("{{ 答复 }}"))
    for upload, words in (
        (own("样式", "{{ ''.__class__.__mro__ }}"), "不能写计算、函数或者点号"),
        (own("样式", "{{ 身份证号 }}"), "大括号里写了这份文书没有的内容：身份证号"),
        (SimpleUploadedFile("x.docx", b"MZ no document"), "这不是 Word 文档"),
        (SimpleUploadedFile("x.docx", b"x" * (3 * 1024 * 1024 + 1)), "模板超过 3 MB"),
        (bare, "模板里没有{{ 编号 }}、{{ 二维码 }}、{{ 指纹 }}"),
        (None, "请选一个 Word 文档"),
    ):
        answer: Any = client.post(SETTINGS, {"file": upload} if upload else {})
        assert answer.status_code == 422 and words in answer.content.decode().replace("&#x27;", "'"), words
    assert not PaperTemplate.objects.exists()


def test_what_its_pdf_will_lack_is_told_and_kept(at_desk: Desk, town: Place) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document(io.BytesIO(papers.builtin(PaperKind.REPLY)))
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}><w:r><w:pict/></w:r></w:p>"))
    made = io.BytesIO()
    document.save(made)
    client = at_desk("管理员")
    client.post(SETTINGS, {"file": SimpleUploadedFile("reply.docx", made.getvalue())})
    assert PaperTemplate.objects.get().left_out == "shape"
    assert "PDF 上不会有：文本框、图形或者浮动的图片" in client.get(SETTINGS).content.decode()


def test_templates_are_the_administrators(at_desk: Desk, town: Place) -> None:
    for address in ("/desk/settings/papers/", SETTINGS, f"{SETTINGS}page/", f"{SETTINGS}file/"):
        assert at_desk("王芳").get(address).status_code == 403
        assert at_desk("管理员").get(address).status_code == 200
    assert at_desk("管理员").get("/desk/settings/papers/nonsense/").status_code == 404
    assert at_desk("管理员").get(f"{SETTINGS}file/?version=x").status_code == 404


def docx_of(line: str) -> bytes:
    from tests.kernel.documents import word

    return word(line)


def test_every_settings_page_of_a_paper_shows_its_preview(at_desk: Desk, town: Place) -> None:
    client = at_desk("管理员")
    for kind in (PaperKind.RESULTS, PaperKind.RECEIPT_ROLL):
        page = client.get(f"/desk/settings/papers/{kind}/").content.decode()
        assert "自带的模板" in page and f"/desk/settings/papers/{kind}/page/?n=1" in page
        assert ("当面打印的那一张不用模板" in page) == (kind == PaperKind.RECEIPT_ROLL)
