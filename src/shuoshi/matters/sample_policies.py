"""Who may look at an end that nobody decided: a third person, who had nothing to do with the matter before (1.3.1)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case, scopes
from shuoshi.matters.policies import Policy, Words
from shuoshi.matters.vocabulary import Bond, FollowUpBy
from shuoshi.organization.roles import Role

ASKING = {
    FollowUpBy.REGISTRY: Role.FOLLOW_UP_AGENT,
    FollowUpBy.OVERSIGHT: Role.OVERSIGHT_MEMBER,
    FollowUpBy.ABOVE: Role.FOLLOW_UP_AGENT,
}


def _policy(says: Words, denies: Words = "") -> Callable[[Callable[[Case], bool]], Policy]:
    return lambda test: Policy(test.__name__, test, says, denies)


@_policy(_("抽查回访由没有经手过的回访员做；都经手过时，按顺序由监督委员会成员、上一级受理中心做。"))
def sampler(case: Case) -> bool:
    """Whoever's turn it is in the order of fall-back that was fixed when the end was drawn; nobody where none was."""
    role = ASKING.get(FollowUpBy(case.matter.sample_by)) if case.matter.sample_by else None
    return role is not None and case.matter.sample_path in scopes(case.actor, (role,))


@_policy("", _("您登记、回访或者经手过这件事，抽查要由别人来做。"))
def knows_it(case: Case) -> bool:
    """Did anything in the matter but look at its end: whose work it is about does not ask whether it was right."""
    return bool(case.standing.bonds - {Bond.CALLED, Bond.SAMPLED})
