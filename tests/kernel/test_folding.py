"""What events say of rows, put together: in the order of a stream, and by time where two streams tell of one row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from shuoshi.kernel.folding import Folded


@pytest.fixture
def folded() -> Iterator[Folded]:
    with closing(Folded()) as folded:
        yield folded


def note(row: str, **columns: object) -> dict[str, object]:
    return {"row": row, "set": columns}


def test_the_later_of_two_streams_counts_column_by_column_whichever_is_read_first(folded: Folded) -> None:
    folded.event("person:1", "2026-03", [{**note("p", name="三", phone="3"), "new": False}])
    folded.event("matter:1", "2026-01", [{**note("p", name="一", phone="1", place="家"), "new": True}])
    folded.event("matter:2", "2026-02", [note("p", name="二", place="村口")])
    assert folded.take(["p"])["p"].columns == {"name": "三", "phone": "3", "place": "村口"}


def test_within_a_stream_its_own_order_counts_whatever_its_clock_said(folded: Folded) -> None:
    folded.event("matter:1", "2026-05", [note("m", status="a")])
    folded.event("matter:1", "2026-04", [note("m", status="b")])
    assert folded.take(["m"])["m"].columns == {"status": "b"}


def test_a_row_that_went_stays_gone_for_streams_that_only_tell_of_a_column(folded: Folded) -> None:
    folded.event("a", "2026-01", [{**note("r", n=1), "new": True}])
    folded.event("b", "2026-02", [{"row": "r", "gone": True}])
    folded.event("c", "2026-03", [note("r", n=2)])
    assert folded.take(["r"])["r"].gone
    folded.event("d", "2026-04", [{**note("r", n=3), "new": True}])
    assert not folded.take(["r"])["r"].gone


def test_rows_that_were_never_taken_are_named_but_not_those_that_went(folded: Folded) -> None:
    folded.event("a", "2026-01", [{**note("kept"), "new": True}, {**note("lost"), "new": True}])
    folded.event("a", "2026-02", [{**note("went"), "new": True}, {"row": "went", "gone": True}])
    assert folded.take(["kept", "unknown"]).keys() == {"kept"}
    assert list(folded.unseen()) == ["lost"]
