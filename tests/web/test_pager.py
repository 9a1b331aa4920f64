"""kernel.web.pager: pages by keyset neither lose nor repeat a row, whatever the cursor says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def units(town):
    from shuoshi.organization.models import Unit

    return Unit.objects.all()


@pytest.mark.parametrize("order", [("name", "pk"), ("-kind", "pk"), ("kind", "-node")])
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_every_row_comes_once_in_order(units, order, size):
    from shuoshi.kernel.web import keyset

    seen, after = [], ""
    while True:
        page = keyset(units, after, order, size)
        seen += [row.pk for row in page.rows]
        after = page.next
        if not after:
            break
    assert seen == [row.pk for row in units.order_by(*order)]


@pytest.mark.parametrize("cursor", ["x", "W10", "bm90IGpzb24", "WyJhIl0", "W1tdLFtdXQ", "WzEsIm5vIHV1aWQiXQ"])
def test_a_damaged_cursor_begins_at_the_first_page(units, cursor):
    from shuoshi.kernel.web import keyset

    assert [row.pk for row in keyset(units, cursor, ("name", "pk"), 3).rows] == [
        row.pk for row in units.order_by("name", "pk")[:3]
    ]


@given(st.text(max_size=40))
def test_no_cursor_breaks_the_reader(text):
    from shuoshi.kernel.web.pager import read

    values = read(text, 2)
    assert values is None or len(values) == 2
