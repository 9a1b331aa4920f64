"""Everything that can be said about the code without running its tests. Each check runs; the end names those that failed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
LONGEST = 400  # lines of one file: one idea
_PLACES = ("src", "tests", "tools", "bench")
_FREE = ("migrations", "vendor", "axe")


def main() -> None:
    failed = []
    with tempfile.TemporaryDirectory(prefix="shuoshi-check-") as home:
        for name, command in _commands().items():
            began = time.monotonic()
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=_environ(home),
                check=False,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            _say(name, done.returncode == 0, began, done.stdout)
            failed += [name] if done.returncode else []
        long = long_files()
        _say("file length", not long, time.monotonic(), "\n".join(long))
        failed += ["file length"] if long else []
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


def long_files() -> list[str]:
    """Files over the limit, longest first."""
    found = []
    for place in _PLACES:
        for kind in ("py", "html", "css", "js"):
            for file in (ROOT / place).rglob(f"*.{kind}"):
                lines = len(file.read_text("utf-8").splitlines())
                if lines > LONGEST and not set(_FREE) & set(file.parts):
                    found.append((lines, f"{file.relative_to(ROOT)}: {lines} lines, at most {LONGEST}"))
    return [text for _, text in sorted(found, reverse=True)]


def _commands() -> dict[str, list[str]]:
    python = sys.executable
    return {
        "ruff": [str(PROGRAMS / "ruff"), "check", "--no-cache"],
        "ruff format": [str(PROGRAMS / "ruff"), "format", "--check", "--no-cache"],
        "mypy": [str(PROGRAMS / "mypy")],
        "import contracts": [str(PROGRAMS / "lint-imports"), "--no-cache"],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "messages": [python, "tools/messages.py", "--check"],
        "generated pages": [python, "tools/docs.py", "--check"],
    }


def _environ(home: str) -> dict[str, str]:
    import os

    sys.path.insert(0, str(ROOT / "src"))
    from shuoshi.kernel import keys

    keys.create_missing(Path(home) / "keys")
    (Path(home) / "tmp").mkdir(exist_ok=True)
    rest = {name: value for name, value in os.environ.items() if not name.startswith("SHUOSHI_")}
    return {**rest, "SHUOSHI_HOME": home, "DATABASE_URL": ""}


def _say(name: str, well: bool, began: float, output: str) -> None:
    print(f"{'ok    ' if well else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not well:
        print(output.rstrip())


if __name__ == "__main__":
    main()
