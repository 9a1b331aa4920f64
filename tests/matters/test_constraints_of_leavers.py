"""What the database refuses of absences and transfers of duties, whoever writes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, F

from shuoshi.kernel import clock
from shuoshi.organization.absence import Absence
from shuoshi.organization.transfer import DutyTransfer
from tests.matters.test_transfers import transferred
from tests.support.village import Place

ABSENCE = {
    "absence_ends_after_start": {"ends_at": F("starts_at")},
    "absence_not_before_it_was_entered": {"entered_at": F("ends_at")},
    "absence_deputy_is_another": {"deputy": F("person")},
    "absence_why_known": {"why": "tired"},
}
TRANSFER = {
    "transfer_between_two": {"to_unit": F("from_unit")},
    "transfer_has_document": {"document_number": ""},
    "transfer_not_backdated": {"takes_effect_at": F("entered_at") - timedelta(days=1)},
    "transfer_lines_before_matters": {"lines_moved_at": None, "finished_at": clock.now()},
    "transfer_taken_back_before_its_day": {"active": False, "lines_moved_at": clock.now()},
}


@pytest.mark.parametrize("model", [Absence, DutyTransfer])
def test_every_constraint_is_broken_here(model: type[Absence] | type[DutyTransfer]) -> None:
    found = {one.name for one in model._meta.constraints if isinstance(one, CheckConstraint)}
    assert found == set(ABSENCE if model is Absence else TRANSFER)


def test_the_database_refuses_them(town: Place) -> None:
    town.away("孙丽", "周建国")
    transferred(town, after=1)
    for model, breaks in ((Absence, ABSENCE), (DutyTransfer, TRANSFER)):
        for name, change in breaks.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                model.objects.update(**change)
