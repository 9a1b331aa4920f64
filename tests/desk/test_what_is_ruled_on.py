"""Whoever rules reads all that was asked for on the page of the ruling: nobody decides on what they have not seen."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Exit, Status
from tests.support.village import Place, default_profile

Desk = Callable[[str], Client]


def asked(client: Client, matter: Matter, action: str) -> dict[str, str]:
    """The lines above the form, as they stand on the page."""
    page = client.get(f"/desk/matters/{matter.number}/{action}/").content.decode()
    found = re.search(r'<dl class="kv asked">(.*?)</dl>', page, re.DOTALL)
    return dict(re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", found[1], re.DOTALL)) if found else {}


def test_a_return_shows_its_reason_and_the_unit_that_is_proposed(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.ASSIGNED)
    reason = default_profile().return_reasons[0]
    given = terms.RequestReturn(reason=reason.code, text="水管归水利站管", proper_unit=town.units["水利站"].pk)
    town.run("周建国", given, matter)
    lines = asked(at_desk("刘敏"), matter, "rule_return")
    assert lines.pop("谁提的").startswith("周建国（城建办）")
    assert lines == {
        "理由类别": str(reason),
        "为什么不该由本单位办": "水管归水利站管",
        "建议由谁办": town.units["水利站"].name,
    }


def test_an_exit_shows_facts_basis_and_the_rights_that_were_told(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    given = terms.RequestExit(exit=Exit.EXPLAINED, text="没有这项政策", basis="办法第三条", rights_notice="可以复核")
    town.run("周建国", given, matter)
    lines = asked(at_desk("马镇长"), matter, "rule_exit")
    assert lines.pop("谁提的").startswith("周建国（城建办）")
    assert lines == {
        "按哪一条办结": "已解释说明",
        "事实和证据": "没有这项政策",
        "依据": "办法第三条",
        "告知的权利和途径": "可以复核",
    }


def test_a_recusal_of_oneself_says_so(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    town.run("孙丽", terms.DeclareConflict(text="说事人是我叔叔"), matter)
    lines = asked(at_desk("刘敏"), matter, "rule_conflict")
    assert lines.pop("谁提的").startswith("孙丽")
    assert lines == {"谁要回避": "他自己", "是什么关系": "说事人是我叔叔"}


def test_a_voiding_shows_why(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(by="王芳")
    town.run("王芳", terms.Void(reason="登记了两遍"), matter)
    lines = asked(at_desk("刘敏"), matter, "rule_void")
    assert lines.pop("谁提的").startswith("王芳")
    assert lines == {"理由": "登记了两遍"}
