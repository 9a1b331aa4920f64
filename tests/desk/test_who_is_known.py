"""What the desk tells about a person: to whom the number, to whom the name, and to whom nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from shuoshi.desk import callers
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.vocabulary import Naming, Status
from tests.support.village import Place

PHONE = "13900001234"


def test_a_number_names_nobody_to_staff_who_see_no_matter_of_it(town: Place):
    town.matter_in(Status.REGISTERED, speaker=PersonSaid(name="褚秀兰", phone=PHONE))
    assert [known.name for known in callers.aside(town.actor("王芳"), PHONE).known] == ["褚某某"]
    assert callers.aside(town.actor("孙丽"), PHONE).known == []
