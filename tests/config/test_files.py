"""The house stays readable and its generated pages true: what make check says, said by the tests as well."""

from __future__ import annotations

import re
import subprocess

from tools import check

FORBIDDEN = re.compile(r"\b(TODO|FIXME|XXX)\b")


def test_no_file_is_longer_than_one_idea() -> None:
    assert not check.long_files()


def test_nothing_is_left_to_do_in_the_code() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.html"], cwd=check.ROOT, capture_output=True, text=True, check=True
    )
    paths = [check.ROOT / name for name in listed.stdout.split()]
    ours = [path for path in paths if "vendor" not in path.parts and path.name != "test_files.py" and path.exists()]
    assert len(ours) > 50
    assert not [str(path) for path in ours if FORBIDDEN.search(path.read_text("utf-8"))]
