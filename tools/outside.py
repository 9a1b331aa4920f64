"""Texts of pages and code that never went through gettext: what they say, they say in Chinese whatever the language."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator

from tools.messages import PACKAGE, ROOT, keywords

SILENT = (
    "config",  # speaks to operators in English
    "demo",  # is the invented town itself
    "migrations",
    "papers",  # official papers are written in the institution's own language, whoever prints them
)
NOTATION = {  # texts of one file that belong to no language, or to the one they are chosen for
    "desk/headings.py": {"。."},  # taken off the end of a heading
    "desk/forms/choices.py": {"\u3000"},  # indents a name in a list
    "desk/forms/rules.py": {"个", "分钟"},  # a limit as the rules write it: 5个工作日
    "desk/forms/settings.py": {"周", "日", "天", "："},  # opening hours, as they are typed and read back
    "kernel/templatetags/shuoshi.py": {"年", "月", "日", "周", "週", "（", "）"},  # days by the rules of each language
    "desk/views/settings/templates.py": {"月份", "列表"},  # names of fields in a template
    "kernel/web/uploads.py": {"。"},  # taken off the end of a reason
    "kernel/workbook_child.py": {"是", "否"},  # a cell of a workbook as it is read
    "matters/actions/documents.py": {"落款"},
    "organization/actions/roll.py": {
        "单位",
        "上级单位",
        "简称",
        "账号名",
    },  # columns of the workbook of units and people
    "organization/roll.py": {"类型", "名称", "账号名", "岗位", "手机", "*＊"},
    "organization/roll_form.py": {"是", "岗位说明"},
    "people/masks.py": {"某某"},  # a masked name
}
_FULL_WIDTH = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_TRANSLATED = re.compile(
    r"""\{\#.*?\#\}
    | \{%\s*comment\b.*?endcomment\s*%\}
    | \{%\s*blocktrans(?:late)?\b[^%]*%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}
    | \{%\s*trans(?:late)?\b.*?%\}
    | \b_\("[^"]*"\)
    | <(?P<tag>\w+)\b[^>]*\slang="zh-\w+"[^>]*>.*?</(?P=tag)>  # says in one language what it says
    | <span\ class="seal"\ aria-hidden="true">.*?</span>  # the mark: an ornament, read by nobody
    """,
    re.DOTALL | re.VERBOSE,
)


def everywhere() -> Iterator[tuple[str, str]]:
    """Place and text, as far as there are any."""
    for path in sorted([*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]):
        for line, text in of_template(path.read_text("utf-8")):
            yield f"{path.relative_to(ROOT)}:{line}", text
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        if not set(SILENT) & set(place.parts):
            for line, text in of_python(path.read_text("utf-8"), NOTATION.get(place.as_posix(), ())):
                yield f"{path.relative_to(ROOT)}:{line}", text


def of_template(source: str) -> Iterator[tuple[int, str]]:
    """Lines with what is left when everything translated, commented or said in a named language is taken out."""
    left = _TRANSLATED.sub(lambda match: "\n" * match.group().count("\n"), source)
    for number, line in enumerate(left.splitlines(), start=1):
        if _FULL_WIDTH.search(line):
            yield number, re.sub(r"\s+", " ", line).strip()


def of_python(source: str, notation: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """Strings that are no docstring, no argument of gettext, no pattern, no constant of the module, not compared with."""
    tree, names = ast.parse(source), set(keywords(source))
    known = {id(part) for node in ast.walk(tree) for top in _known(node, names) for part in ast.walk(top)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in known and text not in notation and _FULL_WIDTH.search(text):
            yield getattr(node, "lineno", 0), text


def _known(node: ast.AST, gettext: Collection[str]) -> Iterable[ast.AST]:
    """The parts of a node that are not said to anybody, or that gettext says."""
    if isinstance(node, ast.Module):  # tables and patterns: what is compared with
        return [part for part in node.body if isinstance(part, ast.Assign | ast.AnnAssign | ast.Expr)]
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [part for part in node.body[:1] if isinstance(part, ast.Expr)]
    if isinstance(node, ast.Compare):
        return [node]
    if isinstance(node, ast.Call):
        owner = getattr(getattr(node.func, "value", None), "id", "")
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return node.args if owner == "re" or name in gettext else ()
    return ()
