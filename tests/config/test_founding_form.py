"""The page on which an institution is founded says what is wrong on the page, all at once, and forgives what it can."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from shuoshi.config.first_run.forms import FoundingForm

SECRET = "granite meadow 82 lamp"
GIVEN = {
    "variant": "default",
    "name": "云溪镇人民政府",
    "short_name": "云溪镇",
    "institution_code": "YX",
    "hotline": "000-8812 6600",
    "address": "云溪镇中心路 8 号",
    "morning_from": "08:30",
    "morning_to": "12:00",
    "afternoon_from": "14:00",
    "afternoon_to": "17:30",
    "admin_name": "唐静",
    "username": "唐静",
    "password": SECRET,
    "repeat": SECRET,
}


def filled(**changed: str) -> FoundingForm:
    data = QueryDict(mutable=True)
    data.update(GIVEN | changed)
    return FoundingForm(data)


@pytest.mark.parametrize("typed", ["yx", "Yx", "ＹＸ"])
def test_the_code_may_be_typed_small_or_wide(typed: str) -> None:
    form = filled(institution_code=typed)
    assert form.is_valid(), form.errors
    assert form.founding().institution.code == "YX"


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"admin_phone": "1380000001"}, {"admin_phone"}),  # a digit short
        ({"institution_code": "云溪"}, {"institution_code"}),
        ({"institution_code": "330102"}, {"institution_code"}),  # no letter: the number would read as a telephone
        ({"institution_code": "云溪", "password": "short", "repeat": "short"}, {"institution_code", "password"}),
    ],
)
def test_what_is_wrong_stands_at_its_field(changed: dict[str, Any], wrong: set[str]) -> None:
    form = filled(**changed)
    assert set(form.errors) == wrong, form.errors
