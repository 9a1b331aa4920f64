"""A browser that follows every link there is, and keeps all that it was told: pages, headers, addresses."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from urllib.parse import unquote, urlsplit

from django.test import Client

PAPERS = 10  # each takes a process of its own to be laid out; what stands on them is read back in matters.test_papers
VARIANTS = 3  # of one path with different queries: a filter bar has more addresses than anybody can visit
_LINK = re.compile(r'(?:href|src|hx-get)="(/[^"#]*)')
_ELSEWHERE = re.compile(r"^/static/|[?&](lang|size)=")
_PAPER = re.compile(r"/documents/\w+(-\d+)?/|/results/|/receipt/pdf/|/settings/papers/\w+/")
_FRESH = re.compile(r'(name="(?:csrfmiddlewaretoken|key|uploads)" value=")[^"]*|(?<=hx-headers=)\S+')


@dataclass(frozen=True)
class Answer:
    """What came back: its status, its headers as text, and its body."""

    status: int
    headers: str
    body: bytes

    @cached_property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @cached_property
    def whole(self) -> str:
        """Body and headers in clear, whatever they were escaped as."""
        return "\0".join((self.text, unescape(self.text), self.headers, unquote(self.headers)))

    def settled(self) -> str:
        """The page without what is made up anew for each answer."""
        return _FRESH.sub(r"\1", self.text)

    def holds(self, thing: str) -> bool:
        return thing in self.whole


def visit(browser: Client, address: str) -> Answer:
    """Ask for one address; where it leads to is a link like any other."""
    answer = browser.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return Answer(answer.status_code, "\n".join(f"{name}: {value}" for name, value in answer.items()), body)


def crawl(browser: Client, *starts: str, most: int = 2_000) -> dict[str, Answer]:
    """Every answer that links lead to from here, by address. Fails when there is no end to them."""
    found: dict[str, Answer] = {}
    variants: Counter[str] = Counter()
    papers = 0
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        if address in found or _ELSEWHERE.search(address) or variants[path] >= VARIANTS:
            continue
        if _PAPER.search(path):
            papers += 1
            if papers > PAPERS:
                continue
        assert len(found) < most, f"{most} addresses, and {len(waiting)} more"
        variants[path] += 1
        found[address] = answer = visit(browser, address)
        waiting += [unescape(link) for link in _LINK.findall(answer.text)]
        waiting += re.findall(r"^Location: (/\S*)", answer.headers, re.M)
    return found
