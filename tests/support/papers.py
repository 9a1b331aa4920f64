"""Papers made in the process of the test: the same code as in the child, without the time a process takes to start."""

from __future__ import annotations

import pytest

from shuoshi.kernel.papers import child, press


@pytest.fixture
def papers_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "_in_child", child.answer_to)
