"""Writes the pages that follow from the code: the procedure and its diagram, settings, commands; and from the manuals their
pages on the desk. `--check` finds stale ones."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a script, this file knows only its own folder
from tools import manuals

if TYPE_CHECKING:
    from shuoshi.matters.vocabulary import Status

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
_BEGIN, _END = "<!-- workflow: written by make docs -->", "<!-- /workflow -->"
_NOTE = "<!-- Written by `make docs`; change the code, not this page. -->\n\n"


def main() -> None:
    _set_up()
    pages = {
        "settings.md": _settings(),
        "commands.md": _commands(),
        "procedure.md": _procedure(),
        "architecture.md": _with_diagram((DOCS / "architecture.md").read_text("utf-8")),
    }
    stale = [name for name, text in pages.items() if not _same(DOCS / name, text)]
    of_the_desk = manuals.stale()
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join([*stale, *of_the_desk])}; run: make docs" if stale or of_the_desk else 0)
    for name in stale:
        (DOCS / name).write_text(pages[name], "utf-8")
        print(f"docs/{name} written")
    manuals.write()
    for name in of_the_desk:
        print(f"{manuals.TARGET.relative_to(ROOT)}/{name} written")


def _set_up() -> None:
    """Django without the developer's own home."""
    from shuoshi.kernel import keys

    home = Path(tempfile.mkdtemp(prefix="shuoshi-docs-"))
    keys.create_missing(home / "keys")
    (home / "tmp").mkdir()
    os.environ |= {"SHUOSHI_HOME": str(home), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "shuoshi.config.settings"}
    import django

    django.setup()


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


def _settings() -> str:
    from shuoshi.config.environment import SETTINGS

    lines = ["# Settings", "", "Read from the environment. An unknown `SHUOSHI_*` stops the start.", ""]
    lines += ["| name | default | type | meaning |", "|---|---|---|---|"]
    lines += [
        f"| `{one.name}` | {f'`{one.default}`' if one.default else '–'} | {one.type} | {one.help} |" for one in SETTINGS
    ]
    return _NOTE + "\n".join(lines) + "\n"


def _commands() -> str:
    from shuoshi.config.cli import main as root

    lines = ["# Commands", ""]
    for context in _walk(root, "shuoshi", None):
        help_text = context.command.get_help(context).rstrip()
        lines += [f"## `{context.command_path}`", "", "```text", help_text, "```", ""]
    return _NOTE + "\n".join(lines)


def _walk(command: click.Command, name: str, parent: click.Context | None) -> Iterator[click.Context]:
    """Of this command and those below the context in which it prints its help; hidden ones are nobody's to call."""
    context = click.Context(command, parent, info_name=name, terminal_width=100, **command.context_settings)
    yield context
    if isinstance(command, click.Group):
        for below, child in command.commands.items():
            if not child.hidden:
                yield from _walk(child, below, context)


def _procedure() -> str:
    """The one table of transitions as people read it."""
    from shuoshi.matters.workflow import TRANSITIONS

    lines = ["# The procedure", "", "Each row is one action; one door runs them all (`matters.actions.run`).", ""]
    lines += ["| action | from | to | clause | who may | when | clocks started | consequences |", "|" + "---|" * 8]
    for row in TRANSITIONS:
        cells = (
            f"`{row.action.value}` {row.action.label}",
            "、".join(str(status.label) for status in _ordered(row.source)) or "–",
            "、".join(str(status.label) for status in _ordered(row.targets)) or "–",
            row.clause,
            f"`{row.allow.name}`".replace("|", "\\|"),
            "<br>".join(f"`{guard.name}`" for guard in row.when) or "–",
            "、".join(str(kind.label) for kind in row.start) or "–",
            "<br>".join(f"`{action.value}`" for action in row.then) or "–",
        )
        lines.append(f"| {' | '.join(cells)} |")
    of_parts = ", ".join(f"`{row.action.value}`" for row in TRANSITIONS if row.of_part)
    lines += ["", f"Of these a part of a divided matter has {of_parts}; every other row is taken on the whole."]
    return _NOTE + "\n".join(lines) + "\n"


def _with_diagram(page: str) -> str:
    head, _, rest = page.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    return f"{head}{_BEGIN}\n{_diagram()}\n{_END}{tail}"


def _diagram() -> str:
    """Statuses and the actions between them; actions that leave the status where it is are in procedure.md."""
    from shuoshi.matters.vocabulary import Status
    from shuoshi.matters.workflow import TRANSITIONS

    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in TRANSITIONS:
        if not row.source:
            arrows["[*]", str(row.target)].append(str(row.action.label))
        for source in _ordered(row.source):
            for target in _ordered(row.ends(source)):
                if source != target:
                    arrows[str(source), str(target)].append(str(row.action.label))
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {status.value}: {status.label}" for status in Status]
    lines += [f"    {source} --> {target}: {'、'.join(labels)}" for (source, target), labels in arrows.items()]
    return "\n".join([*lines, "```"])


def _ordered(statuses: Collection[Status]) -> list[Status]:
    from shuoshi.matters.vocabulary import Status

    return [status for status in Status if status in statuses]


if __name__ == "__main__":
    main()
