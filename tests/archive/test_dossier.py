"""One matter, one file: complete, numbered through, for its owner alone, and gone a day later."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from PIL import Image
from pypdf import PdfReader

from shuoshi.archive import making
from shuoshi.archive.models import MadeFile, MadeState
from shuoshi.kernel import clock, files
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import PaperKind, Ref
from shuoshi.matters.purpose import Purpose
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Naming, Status
from shuoshi.people.models import Account
from tests.support.archived import destroyed, years_later
from tests.support.village import Place, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("papers_made_here")]

ADDRESS = "https://example.test/paper/"


def made(town: Place, matter: Matter, kind: str = "pdf", who: str = "王芳") -> tuple[MadeFile, bytes]:
    actor = town.actor(who)
    row = making.ask(matter.pk, kind, Purpose.ARCHIVE, ADDRESS, actor=actor)
    making.make.call(str(row.pk), ADDRESS)
    return making.read(row.pk, actor=actor)


def photo() -> FileGiven:
    data = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(data, "JPEG")
    return FileGiven("路灯.jpg", data.getvalue(), "image/jpeg")


@pytest.fixture
def matter(town: Place) -> Matter:
    matter = town.matter_in(Status.CLOSED, files=(photo(),))
    actions.issue_paper(matter.pk, Ref(PaperKind.REPLY, 1, 1), actor=town.actor("王芳"))
    return matter


def test_all_of_it_is_in_one_pdf_with_the_right_pages(town: Place, matter: Matter) -> None:
    row, data = made(town, matter)
    reader = PdfReader(io.BytesIO(data))
    texts = [page.extract_text().replace("\n", "") for page in reader.pages]
    assert row.state == MadeState.READY and row.done == row.parts
    assert "一事一档" in texts[0] and matter.number in texts[0] and "归档" in texts[0]
    assert all(f"档页 {place}" in text for place, text in enumerate(texts, start=1))
    marks = [item for item in reader.outline if not isinstance(item, list)]
    names = {str(item.title): reader.get_destination_page_number(item) or 0 for item in marks}
    assert {"封面", "目录", "办理经过", "事件记录", "图片、录音和附件清单"} <= set(names)
    assert any("答复书" in name and "没有出具" not in name for name in names)
    contents = texts[1]
    place = names["办理经过"] + 1
    assert f"办理经过—{place}" in contents.replace(" ", ""), contents
    assert "图片 1" in names and len(reader.pages[names["图片 1"]].images) == 1
    whole = "".join(texts)
    assert "路灯已经修好" in whole and "陈大明" not in whole and "13800000017" not in whole
    assert list(verify()) == []


def test_a_picture_that_is_none_is_told_of_and_breaks_nothing(town: Place) -> None:
    _row, data = made(town, town.matter_in(Status.IN_HANDLING, files=(picture(),)), "zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        left = json.loads(archive.read("contents.json"))["left_out"]
    assert [one["what"] for one in left] == ["图片 1"]


def test_the_archive_beside_it_can_be_checked(town: Place, matter: Matter) -> None:
    _row, data = made(town, matter, "zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        contents = json.loads(archive.read("contents.json"))
        assert {"dossier.pdf", "contents.json", "目录.csv", "verify.txt"} <= names
        for line in contents["files"]:
            content = archive.read(line["file"])
            assert (len(content), hashlib.sha256(content).hexdigest()) == (line["bytes"], line["sha256"])
        assert len(contents["files"]) == len(names) - 3
        assert contents["last_event"] == Event.objects.filter(stream_id=str(matter.pk)).latest("sequence").hash
        assert any(line["event"] for line in contents["files"])
        assert archive.read("目录.csv").startswith(b"\xef\xbb\xbf")
        assert contents["last_event"] in archive.read("verify.txt").decode()
        assert sum(name.startswith("files/") for name in names) == matter.attachments.count()


def test_of_a_confidential_matter_nothing_says_who_spoke(town: Place) -> None:
    speaker = PersonSaid(name="欧阳建国", phone="13911112222")
    matter = town.matter_in(
        Status.IN_HANDLING,
        naming=Naming.CONFIDENTIAL,
        speaker=speaker,
        content="我是欧阳建国，电话 13911112222，路灯坏了。",
        files=(picture(),),
    )
    _row, data = made(town, matter, "zip", "孙丽")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        contents = json.loads(archive.read("contents.json"))
        assert not any(name.startswith("files/") for name in archive.namelist())
        assert contents["left_out"]
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(archive.read("dossier.pdf"))).pages)
    assert "欧阳" not in text and "1111" not in text and "路灯坏了" in text


def test_it_is_its_owners_alone_and_lies_sealed(town: Place, matter: Matter) -> None:
    row, data = made(town, matter)
    assert data[:4] == b"%PDF" and files.read_sealed(row.stored)[:4] != b"%PDF"
    with pytest.raises(MadeFile.DoesNotExist):
        making.read(row.pk, actor=town.actor("刘敏"))
    event = Event.objects.get(action="export_dossier")
    assert event.facts() == {"kind": "pdf", "purpose": "archive"}
    with clock.simulated(clock.now() + timedelta(hours=25)):
        with pytest.raises(MadeFile.DoesNotExist):
            making.read(row.pk, actor=town.actor("王芳"))
        assert making.forget(clock.now()) == 1
    assert not MadeFile.objects.exists()
    with pytest.raises(files.FileMissing):
        files.read_sealed(row.stored)


def test_what_may_not_be_known_any_more_is_not_made(town: Place, matter: Matter) -> None:
    """Asked for while one had the post; made, if at all, by the rights of the moment it is made."""
    actor = town.actor("王芳")
    row = making.ask(matter.pk, "pdf", Purpose.CHECK, ADDRESS, actor=actor)
    Account.objects.filter(pk=actor.account_id).update(is_active=False)
    making.make.call(str(row.pk), ADDRESS)
    row.refresh_from_db()
    assert row.state == MadeState.FAILED and "不能调取" in str(row.problem) and not row.stored


def test_pressing_twice_makes_one_and_nobody_fills_the_queue(town: Place, matter: Matter) -> None:
    actor = town.actor("王芳")
    first = making.ask(matter.pk, "pdf", Purpose.CHECK, ADDRESS, actor=actor)
    assert making.ask(matter.pk, "pdf", Purpose.CHECK, ADDRESS, actor=actor).pk == first.pk
    assert Event.objects.filter(action="export_dossier").count() == 1
    making.ask(matter.pk, "zip", Purpose.CHECK, ADDRESS, actor=actor)
    making.ask(matter.pk, "zip", Purpose.REPORT, ADDRESS, actor=actor)
    with pytest.raises(Refused) as refused:
        making.ask(matter.pk, "pdf", Purpose.MEETING, ADDRESS, actor=actor)
    assert refused.value.code == "enough_under_way"
    outsider = town.actor("县水务")
    with pytest.raises(Matter.DoesNotExist):
        making.ask(matter.pk, "pdf", Purpose.CHECK, ADDRESS, actor=outsider)


def test_what_was_destroyed_has_no_dossier(town: Place, matter: Matter) -> None:
    made(town, matter)
    with years_later(12):
        destroyed(town, matter)
        with pytest.raises(Refused) as refused:
            making.ask(matter.pk, "pdf", Purpose.CHECK, ADDRESS, actor=town.actor("王芳"))
        assert refused.value.code == "destroyed"
