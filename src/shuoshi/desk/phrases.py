"""What the names in a phrase stand for on the desk: only what the page itself shows to this person."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shuoshi.desk import disclosure, headings
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.kernel.web.site import current_site
from shuoshi.matters.case import Case
from shuoshi.matters.queries.matter import MatterView
from shuoshi.matters.vocabulary import PartyRole
from shuoshi.organization.queries import posts_of
from shuoshi.workbench.variables import Variable

Values = Mapping[Variable, str]


def anywhere(request: DeskRequest) -> Values:
    """Where there is no matter yet. One statement."""
    post = next(iter(posts_of(request.account.person_id)), None)
    return {
        Variable.PHONE: current_site().hotline,
        Variable.TODAY: day(clock.now()),
        Variable.ME: str(request.account.person.name),
        Variable.OFFICE: post.unit.short_name if post else "",
    }


def on(request: DeskRequest, view: MatterView, case: Case) -> Values:
    """Beside a matter. One statement."""
    matter = view.matter
    return {
        **anywhere(request),
        Variable.NUMBER: matter.number,
        Variable.TITLE: headings.of(matter) if matter.title else "",
        Variable.ADDRESS: _address(view, case),
        Variable.UNIT: matter.lead_unit.short_name if matter.lead_unit else "",
        Variable.HANDLER: str(matter.handler.name) if matter.handler else "",
        Variable.PROMISED: day(matter.promised_by) if matter.promised_by else "",
    }


def _address(view: MatterView, case: Case) -> str:
    """陈某某, as their card says it; whoever is not named to this person is 说事人."""
    speakers = [party for party in view.parties if party.role == PartyRole.SPEAKER]
    names = [disclosure.card(case, party).name for party in speakers]
    return names[0] if len(names) == 1 and names[0] else _("说事人")
