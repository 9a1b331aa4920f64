"""Who may sign what they, or whoever they stand in for, had in hand: conditions beside the status."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import Bond


def _handled_it(case: Case) -> bool:
    return case.matter.handler_id == case.actor.person_id or Bond.STOOD_IN in case.standing.bonds


@guard(_("您就是承办人，这件事要由别的负责人或上一级签发。"))
def signed_by_another_unless_short(case: Case) -> bool:
    """Handler and issuer may be one person only for simple and standard matters with the short report.

    Whoever stood in for the handler handled it, too.
    """
    if not any(_handled_it(one) for one in case.persons):
        return True
    return case.matter.result_short and case.matter.complexity in ("simple", "standard")
