"""The manuals in docs as pages of the desk: a small part of Markdown, refused where it is another.

Headings, paragraphs, lists (with what is indented beneath a line), tables, code, **names**, `code` and links. The desk
has no use for a library that could do more, and the pages are made here, not where they are shown.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
TARGET = ROOT / "src" / "shuoshi" / "desk" / "manuals"
BESIDE = ("operations", "knowledge", "papers", "open311", "api")  # pages of docs that manuals lead to
_LIST = re.compile(r"(?:- |\d+\. )")
_INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")


def pages() -> dict[str, str]:
    """What each page of the desk holds, by the name of its file."""
    sources = {page.stem if page.stem != "README" else "index": page for page in (DOCS / "manuals").glob("*.md")}
    sources |= {f"about-{name}": DOCS / f"{name}.md" for name in BESIDE}
    return {f"{name}.html": page_of(path) for name, path in sorted(sources.items())}


def stale() -> list[str]:
    """Names of pages that are missing, not as the manuals are now, or of no manual any more."""
    there = {path.name: path.read_text("utf-8") for path in TARGET.glob("*.html")}
    wanted = pages()
    return sorted(name for name in {*there, *wanted} if there.get(name) != wanted.get(name))


def write() -> None:
    TARGET.mkdir(exist_ok=True)
    wanted = pages()
    for name in stale():
        if name in wanted:
            (TARGET / name).write_text(wanted[name], "utf-8")
        else:
            (TARGET / name).unlink()


def page_of(path: Path) -> str:
    return "\n".join(blocks(path.read_text("utf-8").strip().splitlines(), path)) + "\n"


def blocks(lines: list[str], path: Path) -> Iterator[str]:
    """HTML of each block, in order."""
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if not line.strip():
            pass
        elif line.startswith("#"):
            level, _space, words = line.partition(" ")
            yield f'<h{len(level)} id="{anchor(words)}">{inline(words, path)}</h{len(level)}>'
        elif line.startswith("```"):
            end = lines.index("```", at + 1) + 1
            yield f"<pre><code>{escape(chr(10).join(lines[at + 1 : end - 1]))}</code></pre>"
        elif line.startswith("|"):
            end = _end(lines, at, lambda one: one.startswith("|"))
            yield _table(lines[at:end], path)
        elif _LIST.match(line):
            end = _end(lines, at, lambda one: not one.strip() or one.startswith(" ") or bool(_LIST.match(one)))
            yield _list(lines[at:end], path)
        else:
            end = _end(lines, at, lambda one: bool(one.strip()) and not one.startswith(("#", "|", "```")))
            yield f"<p>{inline(''.join(lines[at:end]), path)}</p>"
        at = end


def inline(text: str, path: Path) -> str:
    """Words of one block with their marks."""
    parts, done = [], 0
    for match in _INLINE.finditer(text):
        code, name, words, link = match.groups()
        parts.append(escape(text[done : match.start()], quote=False))
        done = match.end()
        if code:
            parts.append(f"<code>{escape(code, quote=False)}</code>")
        elif name:
            parts.append(f"<b>{escape(name, quote=False)}</b>")
        else:
            parts.append(_link(escape(words, quote=False), link, path))
    left = escape(text[done:], quote=False)
    if "**" in left or "](" in left:
        raise ValueError(f"{path.name}: marks that do not close: {text}")
    return "".join([*parts, left])


def anchor(heading: str) -> str:
    """As the usual viewers make them from a heading."""
    return re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")


def _link(words: str, link: str, path: Path) -> str:
    """A link to another page here; the words alone where it leads to what the desk does not hold."""
    file, _hash, place = link.partition("#")
    target = (path.parent / file).resolve() if file else path
    if target.parent == DOCS / "manuals":
        name = "" if target.stem == "README" else f"{target.stem}/"
    elif target.parent == DOCS and target.stem in BESIDE:
        name = f"about-{target.stem}/"
    else:
        return words
    return f'<a href="/desk/help/{name}{f"#{place}" if place else ""}">{words}</a>'


def _table(rows: list[str], path: Path) -> str:
    heads, *body = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows if set(row) - set("|-: "))
    top = "".join(f'<th scope="col">{inline(cell, path)}</th>' for cell in heads)
    rest = "".join(f"<tr>{''.join(f'<td>{inline(cell, path)}</td>' for cell in row)}</tr>" for row in body)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(heads[0])}"><table class="plain"><thead>'
        f"<tr>{top}</tr></thead><tbody>{rest}</tbody></table></div>"
    )


def _list(lines: list[str], path: Path) -> str:
    items: list[list[str]] = []
    for line in lines:
        marker = _LIST.match(line)
        if marker:
            items.append([line[marker.end() :]])
        else:
            items[-1].append(line)
    tag = "ol" if lines[0][0].isdigit() else "ul"
    return f"<{tag}>{''.join(f'<li>{_item(item, path)}</li>' for item in items)}</{tag}>"


def _item(lines: list[str], path: Path) -> str:
    """The first lines are its words, what is indented beneath them is a list, a table or code of its own."""
    rest = textwrap.dedent("\n".join(lines[1:])).splitlines()
    first, begin = lines[0], 0
    while begin < len(rest) and rest[begin].strip() and not rest[begin].startswith(("|", "```", "- ")):
        first, begin = first + rest[begin], begin + 1
    return inline(first, path) + "".join(blocks(rest[begin:], path))


def _end(lines: list[str], at: int, belongs: Callable[[str], bool]) -> int:
    end = at + 1
    while end < len(lines) and belongs(lines[end]):
        end += 1
    return end
