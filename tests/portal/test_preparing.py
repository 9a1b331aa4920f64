"""Before an institution begins nobody is led through four pages that nobody takes in."""

from __future__ import annotations

from shuoshi.organization.models import Institution
from shuoshi.portal import institution
from tests.portal.resident import Resident
from tests.support.village import Place


def test_the_first_page_says_that_it_is_being_prepared(town: Place, resident: Resident) -> None:
    hotline = Institution.objects.get().hotline
    for opened, prepared in ((None, True), (Institution.objects.get().opened_at, False)):
        Institution.objects.update(opened_at=opened)
        institution.forget()
        home, first = resident.page("/"), resident.page("/submit/what/")
        assert ("还在准备" in home, "还在准备" in first) == (prepared, prepared)
        assert ("我要说事" in home, 'name="what"' in first) == (not prepared, not prepared)
        assert hotline in home and hotline in first


def test_once_it_has_begun_the_next_page_knows(town: Place, resident: Resident) -> None:
    opened_at = Institution.objects.get().opened_at
    Institution.objects.update(opened_at=None)
    institution.forget()
    assert "还在准备" in resident.page("/")
    Institution.objects.update(opened_at=opened_at)
    assert "我要说事" in resident.page("/"), "the administrator who has just begun goes and looks"
