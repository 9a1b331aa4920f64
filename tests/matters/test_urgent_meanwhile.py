"""4.1.2: what is merged or under review may turn out to be an emergency; it does not wait for either."""

from __future__ import annotations

import pytest

from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, DeadlineKind, EmergencyReportKind, Status, Urgency
from tests.matters.test_reviewed import UPHELD, ask
from tests.matters.test_together import pair
from tests.support.looking import fresh, running, told
from tests.support.village import Place

URGENT = terms.ConfirmUrgency(level=Urgency.U1, reason="老人摔倒，路边电线落地")
MINUTES = {DeadlineKind.EMERGENCY, DeadlineKind.FIRST_CONTACT, DeadlineKind.REPORT, DeadlineKind.DUTY}


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.IN_HANDLING])
def test_what_was_merged_parts_by_itself_and_begins_at_once(town: Place, status: Status):
    main, merged = pair(town, status)
    merged = town.run("王芳", URGENT, merged)
    assert (merged.status, merged.merged_into) == (status, None)
    assert running(merged) >= MINUTES and DeadlineKind.PROMISE in running(merged)
    assert fresh(main).merged_here == 0 and told(town, main, "parted") and told(town, merged, "duty_called")
    parted = merged.entries.get(action=Action.UNMERGE, audience="public")
    assert "紧急" in parted.text and parted.person is None
    assert list(verify()) == []


def test_under_review_it_begins_beside_the_review(town: Place):
    matter = _reviewed(town)
    matter = town.run("王芳", URGENT, matter)
    assert matter.status == Status.UNDER_REVIEW
    assert MINUTES | {DeadlineKind.REVIEW} <= running(matter)
    matter = town.run("何勇", terms.RecordFirstContact(way="call", reached=True, text="已经去人"), matter)
    assert DeadlineKind.FIRST_CONTACT not in running(matter)
    with pytest.raises(Refused) as first:
        town.run("县分办", UPHELD, matter)
    assert first.value.code == "emergency_over"
    for kind in (EmergencyReportKind.INITIAL, EmergencyReportKind.FINAL):
        matter = town.report(matter, kind, by="何勇")
    matter = town.run("何勇", terms.StandDown(text="电线接好了"), matter)
    matter = town.run("县分办", UPHELD, matter)
    assert matter.status == Status.IN_FOLLOW_UP and not MINUTES & running(matter)
    assert list(verify()) == []


def test_calmed_under_review_nobody_owes_a_call(town: Place):
    matter = town.run("王芳", URGENT, _reviewed(town))
    matter = town.run("王芳", terms.LowerUrgency(level=Urgency.U4, reason="是误会"), matter)
    assert matter.status == Status.UNDER_REVIEW and running(matter) == {DeadlineKind.REVIEW}


def _reviewed(town: Place) -> Matter:
    return ask(town, town.sign(town.prepare(town.matter_in(Status.IN_HANDLING))))
