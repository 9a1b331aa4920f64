"""Village PCs stop at Chromium 109, WeChat's own browser not far from it: nothing younger in our styles and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "shuoshi"
YOUNGER_CSS = {  # what: the version of Chromium that brought it
    r"color-mix\(": 111,
    r"\boklch\(|\boklab\(|\blch\(|\blab\(": 111,
    r"^\s*&|[{;]\s*&": 112,  # nesting
    r"@starting-style": 117,
    r"\bsubgrid\b": 117,
    r"@scope\b": 118,
    r":user-(in)?valid": 119,
    r"light-dark\(": 123,
    r"text-wrap\s*:": 114,
    r"anchor-name|position-anchor": 125,
    r"field-sizing": 123,
    r"@property\b.*syntax.*<string>": 121,
    r"animation-timeline": 115,
    r"\bround\(|\bmod\(|\brem\(": 125,
}
YOUNGER_JS = {
    r"\.toSorted\(|\.toReversed\(|\.toSpliced\(|\.with\(\d": 110,
    r"Promise\.withResolvers|Object\.groupBy|Map\.groupBy": 119,
    r"Array\.fromAsync": 121,
    r"\.isWellFormed\(": 111,
    r"popover|showPopover": 114,
    r"URL\.canParse": 120,
    r"\.setHTMLUnsafe|Iterator\.prototype": 122,
    r"new Set\([^)]*\)\.(union|intersection|difference)": 122,
    r"import\s+\w+\s+from\s+[\"'][^\"']+[\"']\s+with": 123,
}


def ours(kind: str) -> Iterator[Path]:
    yield from (path for path in PACKAGE.rglob(f"static/**/*.{kind}") if "vendor" not in path.parts)


@pytest.mark.parametrize(("kind", "younger"), [("css", YOUNGER_CSS), ("js", YOUNGER_JS)])
def test_nothing_is_younger_than_the_oldest_browser(kind: str, younger: dict[str, int]) -> None:
    files = list(ours(kind))
    assert len(files) >= 3
    found = []
    for path in files:
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        if kind == "js":
            text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
        for pattern, version in younger.items():
            found += [
                f"{path.name}: {match[0].strip()!r} needs Chromium {version}"
                for match in re.finditer(pattern, text, re.MULTILINE)
            ]
    assert not found, "\n".join(found)
