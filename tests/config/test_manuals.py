"""The manuals name what is on the pages: every name in bold or in 「」 is in the catalogue or the rules, every link leads
somewhere, every role has its page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shuoshi.demo.first_steps import STEPS
from shuoshi.desk.views.manuals import OF_ROLE
from shuoshi.organization.profile.load import load
from tools import manuals, messages, words

ROOT = Path(__file__).resolve().parent.parent.parent
MANUALS = ROOT / "docs" / "manuals"
PAGES = sorted(MANUALS.glob("*.md"))
_NAMED = re.compile(r"\*\*([^*]+)\*\*|「([^」]+)」")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\d+")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@cache
def on_the_pages() -> frozenset[str]:
    """Every word of the product, and what the rules of a township call things. Numbers read 0; a count in brackets at
    the end may be left out."""
    product = {_PLACEHOLDER.sub("0", id_) for message in messages.read("zh_Hans") for id_ in _ids(message.id)}
    rules = {str(part) for name in ("follow_up", "outcomes", "exits") for part in _named(getattr(load(), name))}
    return frozenset(product | {word.removesuffix("（0）") for word in product} | rules)


def _ids(given: object) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else (str(given),)


def _named(rows: Iterable[Any]) -> list[Any]:
    """What these are called, questions by their text."""
    return [getattr(row, "text", None) or row for row in rows]


def unknown(text: str) -> list[str]:
    """Names that are on no page. A way through pages is written 设置 › 职责清单."""
    found = [(bold or quoted) for bold, quoted in _NAMED.findall(text)]
    return [
        name for name in found if not all(re.sub(r"\d+", "0", part) in on_the_pages() for part in name.split(" › "))
    ]


def anchors(page: str) -> set[str]:
    return {manuals.anchor(heading) for heading in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_name_is_on_a_page_of_the_product(page: Path) -> None:
    assert unknown(page.read_text("utf-8")) == []


def test_a_name_that_is_on_no_page_is_found() -> None:
    assert unknown("点 **登记一件事**，再点 **登计**，看「受理」和 **设置 › 没有的一页**。") == [
        "登计",
        "设置 › 没有的一页",
    ]


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text("utf-8")):
        path, _hash, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target.read_text("utf-8")), link


def test_every_role_has_its_page_and_the_index_names_them_all() -> None:
    index = (MANUALS / "README.md").read_text("utf-8")
    assert set(STEPS) <= set(OF_ROLE)
    for page in PAGES:
        assert page.name == "README.md" or f"]({page.name})" in index, page.name
    for name in OF_ROLE.values():
        assert (MANUALS / f"{name}.md").is_file(), name


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_manuals_are_worded_as_the_product_is(page: Path) -> None:
    text = re.sub(r"^\s*(\d+\.|-|#+) ", "", page.read_text("utf-8"), flags=re.MULTILINE)
    prose = re.sub(r"```.*?```|`[^`]*`", "码", re.sub(r"\]\([^)]*\)", "]", text), flags=re.DOTALL)
    faults = [(line, fault) for line in prose.splitlines() for fault in words.faults(line)]
    assert faults == []
