"""Import of messages: through the ordinary door, again without doubles, with reasons for what was refused."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from shuoshi.channels.messages import BadColumns, columns_from, import_messages
from shuoshi.kernel import clock
from shuoshi.matters.models import Matter
from tests.support.village import Place

pytestmark = pytest.mark.django_db

LETTERS = [
    {"mail_id": "1", "title": "路灯不亮", "query": "村口的路灯坏了三盏。", "query_date": "2026-03-02"},
    {"mail_id": "2", "title": "", "query": "水管漏了。", "query_date": "2026-03-02T19:30:05"},
    {"mail_id": "2", "title": "", "query": "同一个编号下的另一封信。", "query_date": ""},
]


def _lines(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_every_letter_becomes_a_matter_and_none_twice(town: Place, tmp_path: Path) -> None:
    file = _lines(tmp_path / "letters.jsonl", [*LETTERS])

    first = import_messages(file)
    assert (first.registered, first.repeated, first.rejected, first.rejects_path) == (3, 0, 0, None)
    again = import_messages(file)
    assert (again.registered, again.repeated, again.rejected) == (0, 3, 0)

    by_words = {matter.content: matter for matter in Matter.objects.all()}
    lamp = by_words["路灯不亮\n村口的路灯坏了三盏。"]
    assert clock.local(lamp.happened_at).strftime("%Y-%m-%d %H:%M") == "2026-03-02 12:00"
    assert (lamp.channel, lamp.naming, lamp.status, lamp.said_place) == (
        "import",
        "anonymous",
        "REGISTERED",
        "mail_id 1",
    )
    assert clock.local(by_words["水管漏了。"].happened_at).strftime("%H:%M") == "19:30"


def test_what_cannot_be_registered_is_kept_with_its_reason_for_the_owner_alone(town: Place, tmp_path: Path) -> None:
    file = tmp_path / "说事.csv"
    text = '留言内容,留言时间,联系电话\n,2026-01-02,\n路坏了,昨天,\n桥坏了,2026-01-02 08:15,12\n"井盖，\n破了",2026/1/2 8:15,138 0000 0017\n'
    file.write_bytes(text.encode("gb18030"))

    report = import_messages(file)

    assert (report.registered, report.rejected) == (1, 3)
    assert report.rejects_path == tmp_path / "说事.csv.rejects.jsonl"
    assert stat.S_IMODE(report.rejects_path.stat().st_mode) == 0o600
    kept = [json.loads(line) for line in report.rejects_path.read_text("utf-8").splitlines()]
    assert [row["line"] for row in kept] == [2, 3, 4]
    assert kept[0]["reason"] == "没有内容。"
    assert "昨天" in kept[1]["reason"]
    assert "电话" in kept[2]["reason"]
    matter = Matter.objects.get()
    assert matter.content == "井盖，\n破了"
    assert matter.naming == "named"


def test_a_broken_line_does_not_stop_the_others(town: Place, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"content": "路灯坏了"}\n{"content": \n[1]\n\n{"content": "水管漏了"}\n', "utf-8")
    report = import_messages(file)
    assert (report.registered, report.rejected) == (2, 2)


def test_columns_are_named_where_headings_are_unknown(town: Place, tmp_path: Path) -> None:
    file = _lines(tmp_path / "b.jsonl", [{"甲": "路灯坏了", "乙": "2026-01-02"}])
    with pytest.raises(BadColumns, match="甲、乙"):
        import_messages(file)
    with pytest.raises(BadColumns, match="丙"):
        import_messages(file, columns_from("content=丙"))
    with pytest.raises(BadColumns):
        columns_from("内容=甲")
    report = import_messages(file, columns_from("content=甲,said_at=乙"))
    assert report.registered == 1


def test_a_row_is_read_by_whichever_column_of_content_it_fills(town: Place, tmp_path: Path) -> None:
    file = _lines(
        tmp_path / "d.jsonl", [{"title": "甲", "body": "路灯坏了", "text": "甲路灯坏了"}, {"text": "水管漏了"}]
    )
    assert import_messages(file).registered == 2
    assert {matter.content for matter in Matter.objects.all()} == {"甲\n路灯坏了", "水管漏了"}


def test_a_limit_stops_and_progress_is_told(town: Place, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    file = _lines(tmp_path / "c.jsonl", [{"content": f"第 {n} 盏路灯不亮"} for n in range(5)])
    report = import_messages(file, progress=lambda what, done, total: told.append((done, total)), limit=3)
    assert report.registered == 3
    assert told[-1] == (3, 3)
    assert import_messages(file).repeated == 3
