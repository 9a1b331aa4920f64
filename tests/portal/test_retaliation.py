"""5.3: the way to report that somebody retaliates starts on every page of one's own matter, and the matter never knows."""

from __future__ import annotations

import pytest

from shuoshi.kernel.events import Event
from shuoshi.matters.vocabulary import Status
from tests.portal.resident import Resident
from tests.support.village import Place


@pytest.mark.parametrize("status", [Status.REGISTERED, Status.SCREENED_OUT, Status.IN_HANDLING, Status.CLOSED])
def test_every_page_of_a_matter_leads_there_and_going_leaves_no_trace(town: Place, resident: Resident, status: Status):
    matter = town.matter_in(status)
    resident.opens(matter)
    before = Event.objects.count()
    for page in ("", "add/", "receipt/"):
        assert 'href="/sealed/"' in resident.page(f"/track/{matter.number}/{page}"), page
    assert matter.number not in resident.page("/sealed/")
    assert Event.objects.count() == before
