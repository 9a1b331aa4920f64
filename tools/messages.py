"""Words of the product: extracts them from Python and templates and updates the catalogues, without GNU gettext.

The msgid is Simplified Chinese. zh_Hans repeats it, zh_Hant is converted (tools/traditional.txt corrects), en is
written by hand in the .po; what is not translated stays empty there and fails `make check`, as does what nobody uses
and what is not worded as tools/words.py wants it.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a script, this file knows only its own folder
from tools import words

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "shuoshi"
LOCALE = PACKAGE / "locale"
TRADITIONAL = Path(__file__).with_name("traditional.txt")
LANGUAGES = ("zh_Hans", "zh_Hant", "en")

# Name of the function → place of the context (or 0), places of singular and plural.
KEYWORDS: dict[str, tuple[int, tuple[int, ...]]] = {
    "_": (0, (1,)),
    "gettext": (0, (1,)),
    "gettext_lazy": (0, (1,)),
    "gettext_noop": (0, (1,)),
    "ngettext": (0, (1, 2)),
    "ngettext_lazy": (0, (1, 2)),
    "pgettext": (1, (2,)),
    "pgettext_lazy": (1, (2,)),
    "npgettext": (1, (2, 3)),
    "npgettext_lazy": (1, (2, 3)),
}
_CALL = re.compile(r"\b(?:_|n?p?gettext)\(")
_ALIAS = re.compile(r"\b(n?p?gettext(?:_lazy|_noop)?) as (\w+)|^(\w+) = (n?p?gettext(?:_lazy|_noop)?)$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")

Convert = Callable[[str], str]
Key = tuple[str, str]  # context (or empty), singular


def main() -> None:
    if "--check" in sys.argv:
        found = problems()
        sys.exit("\n".join([*found, "", "run: make messages, then translate what is empty in the .po"]) if found else 0)
    wanted = extract()
    for language in LANGUAGES:
        written = write(language, wanted)
        empty = sum(1 for message in _messages(written) if not _complete(message))
        print(f"{language:<8} {len(written)} messages, {empty} empty")


def extract() -> Catalog:
    """Every message of the product with the files that use it."""
    catalog = _catalog("zh_Hans")
    for path in sorted(
        [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]
    ):
        if "migrations" in path.parts:
            continue
        for context, ids in sorted(_found_in(path), key=str):
            catalog.add(ids, None, locations=[(path.relative_to(PACKAGE).as_posix(), 0)], context=context)
    return catalog


def write(language: str, wanted: Catalog) -> Catalog:
    catalog = updated(language, wanted)
    _file(language).parent.mkdir(parents=True, exist_ok=True)
    _file(language).write_bytes(_as_bytes(catalog))
    return catalog


def updated(language: str, wanted: Catalog) -> Catalog:
    """The catalogue of `language` with exactly the wanted messages, keeping for English what people wrote."""
    earlier = {_key(message): message for message in _messages(read(language))}
    catalog = _catalog(language)
    convert = _traditional() if language == "zh_Hant" else str
    for message in sorted(_messages(wanted), key=_key):
        string = _by_hand(message, earlier.get(_key(message))) if language == "en" else _chinese(message, convert)
        catalog.add(message.id, string, locations=message.locations, context=message.context)
    return catalog


def read(language: str) -> Catalog:
    if not _file(language).exists():
        return _catalog(language)
    with _file(language).open("rb") as source:
        return read_po(source, locale=language)


def problems() -> list[str]:
    """What keeps the catalogues from being complete and well worded, one line each, with the file to look at."""
    wanted, found = extract(), []
    expected = {_key(message) for message in _messages(wanted)}
    for language in LANGUAGES:
        where, catalog = _file(language).relative_to(ROOT), read(language)
        here = {_key(message): message for message in _messages(catalog)}
        found += [f"{where}: missing: {key[1]}" for key in sorted(expected - set(here))]
        found += [f"{where}: superfluous: {key[1]}" for key in sorted(set(here) - expected)]
        found += [f"{where}: {problem}" for message in here.values() if (problem := _wrong(message))]
        found += [f"{where}: {problem}" for message in here.values() for problem in _ill_worded(language, message)]
    return found + words.faults_of_the_profile()


def _wrong(message: Message) -> str:
    first = message.id if isinstance(message.id, str) else message.id[0]
    if message.fuzzy:
        return f"fuzzy: {first}"
    if not _complete(message):
        return f"empty: {first}"
    ids, strings = _texts(message.id), _texts(message.string)
    allowed = [set(_PLACEHOLDER.findall(text)) for text in ids]
    for text in strings:
        if set(_PLACEHOLDER.findall(text)) not in allowed:
            return f"placeholders differ: {first} → {text}"
    return ""


def _ill_worded(language: str, message: Message) -> list[str]:
    faults = words.english_faults if language == "en" else words.faults
    used = ", ".join(file for file, _line in message.locations)
    return [f"{fault}: {text} ({used})" for text in _texts(message.string) for fault in faults(text)]


def _found_in(path: Path) -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        source = "\n".join(_calls(_templatized(source, path)))
    known = keywords(source)
    for _line, function, given, _comments in extract_python(io.BytesIO(source.encode()), known, [], {}):  # type: ignore[arg-type]  # Babel reads the names only
        texts = list(given) if isinstance(given, list | tuple) else [str(given)]
        context, places = known[str(function)]
        ids = tuple(str(texts[place - 1]) for place in places if len(texts) >= place and texts[place - 1])
        if len(ids) == len(places):
            yield (texts[context - 1] if context else None), ids[0] if len(ids) == 1 else ids


def keywords(source: str) -> dict[str, tuple[int, tuple[int, ...]]]:
    """KEYWORDS and the other names this module gives them: `gettext as _now`, `_L = gettext_lazy`."""
    known = dict(KEYWORDS)
    for imported, alias, name, assigned in _ALIAS.findall(source):
        known[alias or name] = KEYWORDS[imported or assigned]
    return known


def _templatized(source: str, path: Path) -> str:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation.template import templatize

    text: str = templatize(source, origin=str(path))
    return text


def _calls(text: str) -> Iterator[str]:
    """The calls of gettext in what templatize() returns, each on one line; the rest of it is not Python."""
    for match in _CALL.finditer(text):
        end = _end_of_call(text, match.start())
        call = ast.parse(text[match.start() : end].strip(), mode="eval").body
        assert isinstance(call, ast.Call)
        yield ast.unparse(call)


def _end_of_call(text: str, start: int) -> int:
    depth, lines = 0, text[start:]
    offsets = [0]
    for line in lines.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    for token in tokenize.generate_tokens(io.StringIO(lines).readline):
        depth += {"(": 1, ")": -1}.get(token.string, 0) if token.type == tokenize.OP else 0
        if depth == 0 and token.string == ")":
            return start + offsets[token.end[0] - 1] + token.end[1]
    raise ValueError(f"a call without an end: {text[start : start + 80]!r}")


def _traditional() -> Convert:
    """Characters to traditional ones, then the corrections of tools/traditional.txt (`wrong=right`, a line each)."""
    from opencc import OpenCC

    characters = OpenCC("s2tw")
    lines = TRADITIONAL.read_text("utf-8").splitlines()
    corrections = [line.split("=", 1) for line in lines if "=" in line and not line.startswith("#")]

    def convert(text: str) -> str:
        kept = _PLACEHOLDER.findall(text)
        text = str(characters.convert(text)).replace("“", "「").replace("”", "」").replace("‘", "『").replace("’", "』")
        for wrong, right in corrections:
            text = text.replace(wrong, right)
        assert _PLACEHOLDER.findall(text) == kept, text
        return text

    return convert


def _chinese(message: Message, convert: Convert) -> str | tuple[str, ...]:
    """Chinese has one form for all numbers: the plural's text, which holds the number."""
    if isinstance(message.id, str):
        return convert(message.id)
    return (convert(message.id[1]),)


def _by_hand(message: Message, earlier: Message | None) -> str | tuple[str, ...]:
    if earlier is None or isinstance(message.id, str) != isinstance(earlier.string, str):
        return "" if isinstance(message.id, str) else ("", "")
    return earlier.string if isinstance(earlier.string, str) else tuple(earlier.string or ())


def _complete(message: Message) -> bool:
    return all(_texts(message.string)) and bool(_texts(message.string))


def _texts(value: str | Iterable[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _key(message: Message) -> Key:
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def _catalog(language: str) -> Catalog:
    return Catalog(locale=language, fuzzy=False, project="shuoshi", charset="utf-8")


def _file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _as_bytes(catalog: Catalog) -> bytes:
    """Without dates and line numbers: a catalogue changes when words do, and only then."""
    buffer = io.BytesIO()
    write_po(
        buffer, catalog, omit_header=True, sort_output=False, width=110, include_lineno=False, include_previous=False
    )
    plural = f'"Plural-Forms: {catalog.plural_forms}\\n"'
    language = f'"Language: {catalog.locale}\\n"'
    header = f'msgid ""\nmsgstr ""\n{language}\n"Content-Type: text/plain; charset=utf-8\\n"\n{plural}\n\n'
    return header.encode() + buffer.getvalue()


if __name__ == "__main__":
    main()
