"""The pages of a matter with an order, papers and letters: a fixed price, and nothing internal on the speaker's side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Status
from tests.desk.test_taking_in import cost
from tests.matters import outside
from tests.support.attempts import sample
from tests.support.village import Place

Desk = Callable[[str], Client]


def busy(town: Place, size: int) -> Matter:
    matter = outside.after(town, outside.sent_down(town, Status.IN_HANDLING), ("孙丽", Action.AUTHORISE_AGENCY))
    for n in range(size):
        matter = town.run("孙丽", terms.TakePapers(originals=(f"第 {n} 本证",), receipt=f"清单 {n}"), matter)
        matter = town.run("周建国", sample(town, Action.HAND_OVER_OUTSIDE, matter), matter)
    return matter


@pytest.mark.parametrize("size", [1, 6])
def test_papers_and_letters_cost_the_same_however_many(
    town: Place, at_desk: Desk, statements: Callable[..., Any], size: int
) -> None:
    matter = busy(town, size)
    page, seen = cost(at_desk("孙丽"), f"/desk/matters/{matter.number}/", statements)
    body = page.content.decode()
    assert body.count("本证") >= size and body.count("95598") >= size and "县信访局" in body
    assert seen.count <= 12 + 4, seen


def test_the_speaker_sees_nothing_of_the_order_or_of_the_proof(town: Place, at_desk: Desk) -> None:
    matter = outside.after(town, busy(town, 1), ("刘敏", Action.OBJECT_TO_SUPERIOR))
    page = at_desk("王芳").get(f"/desk/matters/{matter.number}/as-resident/").content.decode()
    assert "县不动产登记中心" in page
    assert not [inside for inside in ("县信访局", "还没有移交", "委托书 7 号", "清单 0") if inside in page]


def test_number_and_limit_of_an_order_are_corrected_in_the_form_of_corrections(town: Place, at_desk: Desk):
    matter = outside.sent_down(town)
    client, address = at_desk("王芳"), f"/desk/matters/{matter.number}/correct_registration/"
    form = client.get(address).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    assert (given["order_number"], given["order_days"], given["order_unit"]) == ("县转 12 号", "10", "wd")
    answer = client.post(address, given | {"order_number": "县转 21 号", "order_days": "15", "reason": "抄错了"})
    assert answer.status_code == 302
    matter.refresh_from_db()
    assert (matter.outside_number, matter.outside_order.limit) == ("县转 21 号", "15wd")
    assert "order_number" not in client.get(address.replace(matter.number, town.raise_matter().number)).content.decode()
