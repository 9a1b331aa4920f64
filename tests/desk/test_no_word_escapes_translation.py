"""What the desk shows goes through gettext to the last comma: in English no Chinese separator stands between two words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import shuoshi

PACKAGE = Path(shuoshi.__file__).parent
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
TAGS = re.compile(r"{#.*?#}|{% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}", re.DOTALL)
OWN_NAMES = re.compile(r'lang="zh-Han[st]">[^<]+<|class="seal" aria-hidden="true">说<br>事<')
TEMPLATES = [
    path
    for folder in ("desk", "kernel")
    for path in sorted((PACKAGE / folder / "templates").rglob("*.html"))
    if path.name != "500_bare.html"  # it needs nothing that may be broken, and says everything three times
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_chinese_of_its_own(path: Path) -> None:
    left = OWN_NAMES.sub("", TAGS.sub("", path.read_text("utf-8")))
    assert not CHINESE.search(left), CHINESE.findall(left)


def test_no_f_string_and_no_join_of_the_desk_puts_chinese_between_words() -> None:
    found = []
    for path in sorted((PACKAGE / "desk").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
            elif isinstance(node, ast.Attribute) and node.attr == "join" and isinstance(node.value, ast.Constant):
                parts = [str(node.value.value)]
            else:
                continue
            found += [f"{path.name}:{node.lineno} {part}" for part in parts if CHINESE.search(part)]
    allowed = ("settings.py", "words.py")  # opening times are typed as they are shown; an ellipsis ends what was said
    assert not [one for one in found if not one.startswith(allowed)], found
