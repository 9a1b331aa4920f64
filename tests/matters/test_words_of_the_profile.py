"""The profile words what the procedure knows: a code of the procedure that a profile may leave out fails here."""

from __future__ import annotations

import pytest

from shuoshi.matters.vocabulary import Complexity, Exit, Kind, Outcome, RequestKind, Urgency
from shuoshi.organization.profile.check import REQUIRED


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("kinds", Kind.values),
        ("complexities", Complexity.values),
        ("urgencies", Urgency.values),
        ("outcomes", Outcome.values),
        ("exits", Exit.values),
        ("requests", RequestKind.values),
    ],
)
def test_every_code_of_the_procedure_must_stand_in_a_profile(name: str, codes: list[str]) -> None:
    assert set(REQUIRED[name]) == set(codes)
