"""The manuals are pages of the desk: each role finds its own, and every link in them leads on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.desk.views.manuals import OF_ROLE
from tests.support.village import Place
from tools import manuals

Desk = Callable[[str], Client]


def test_the_pages_are_what_the_manuals_say() -> None:
    assert manuals.stale() == [], "run: make docs"


@pytest.mark.parametrize(
    ("name", "title"),
    [("王芳", "登记员"), ("孙丽", "承办人"), ("马镇长", "领导"), ("钱监督", "监督"), ("管理员", "系统管理员")],
)
def test_everybody_finds_the_page_of_their_role(at_desk: Desk, name: str, title: str) -> None:
    client = at_desk(name)
    assert 'href="/desk/help/"' in client.get("/desk/").content.decode()
    page = client.get("/desk/help/").content.decode()
    found = re.search(rf'<p class="flash[^>]*>.*?href="([^"]+)"[^>]*>{title}<', page, re.DOTALL)
    assert found is not None
    assert f">{title}</h1>" in client.get(found[1]).content.decode()


def test_every_page_opens_and_every_link_leads_to_a_heading(town: Place, at_desk: Desk) -> None:
    client, waiting, seen = at_desk("王芳"), ["/desk/help/"], {}
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        assert answer.status_code == 200, address
        seen[address] = answer.content.decode()
        links = re.findall(r'href="(/desk/help/[^"#]*)', seen[address])
        waiting += [link for link in dict.fromkeys(links) if link not in seen and link not in waiting]
    assert {f"/desk/help/{name}/" for name in OF_ROLE.values()} <= seen.keys()
    for text in seen.values():
        for address, place in re.findall(r'href="(/desk/help/[^"#]*)#([^"]+)"', text):
            assert f'id="{place}"' in seen[address], (address, place)


def test_there_is_no_other_page(at_desk: Desk) -> None:
    assert at_desk("王芳").get("/desk/help/nobody/").status_code == 404
    assert at_desk("王芳").get("/desk/help/..%2Fapps/").status_code == 404


def test_what_is_indented_belongs_to_its_line() -> None:
    text = "1. 先看\n   - 一\n   - 二\n\n   | 甲 | 乙 |\n   |---|---|\n   | **子** | `丑` |\n2. 再办\n\n完了 <b>"
    page = "".join(manuals.blocks(text.splitlines(), manuals.DOCS / "manuals" / "README.md"))
    assert page.startswith("<ol><li>先看<ul><li>一</li><li>二</li></ul><div ")
    assert "<td><b>子</b></td><td><code>丑</code></td>" in page
    assert page.endswith("</div></li><li>再办</li></ol><p>完了 &lt;b&gt;</p>")


def test_marks_that_do_not_close_are_refused() -> None:
    with pytest.raises(ValueError, match="do not close"):
        manuals.inline("点 **登记", manuals.DOCS / "manuals" / "README.md")
