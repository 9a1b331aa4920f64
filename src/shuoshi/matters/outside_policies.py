"""Who may: what comes from a superior body, what is done for the speaker elsewhere, what is asked of outside bodies."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import HANDLING, Case, headed, scopes, units
from shuoshi.matters.policies import Policy, Words, handler, head, home_registrar
from shuoshi.organization.roles import Role


def _policy(says: Words, denies: Words = "") -> Callable[[Callable[[Case], bool]], Policy]:
    return lambda test: Policy(test.__name__, test, says, denies)


@_policy(_("由登记那一级的受理中心分办员或者领导做。"))
def answers_the_superior(case: Case) -> bool:
    """Speaks to the superior body for the institution: dispatcher or leader of where the order was registered."""
    return case.matter.home_path in scopes(case.actor, (Role.DISPATCHER, Role.LEADER))


@_policy(_("由登记那一级的受理中心或者领导做。"))
def keeps_the_order(case: Case) -> bool:
    """The registry where the order came in, and whoever leads there."""
    return home_registrar(case) or answers_the_superior(case)


@_policy("", _("异议是您提的，上级的答复要由别人来记。"))
def objected_to_superior(case: Case) -> bool:
    """Nobody writes down in a superior's name what they asked for themselves (rule b)."""
    return case.actor.person_id is not None and case.matter.order_objector_id == case.actor.person_id


@_policy(_("由委托书上写明的代办人做。"))
def agent(case: Case) -> bool:
    """Whom the speaker authorised, as long as they handle for the lead unit."""
    mine = case.actor.person_id is not None and case.matter.agent_id == case.actor.person_id
    return mine and case.matter.lead_unit_id in units(case.actor, HANDLING) | headed(case.actor)


@_policy(_("由代办人、承办人、主办单位负责人或者受理中心做。"))
def holds_papers(case: Case) -> bool:
    """Whoever took them, the unit that has the matter now, and the registry that answers to the speaker."""
    took = case.actor.person_id is not None and case.matter.agent_id == case.actor.person_id
    return took or handler(case) or head(case) or home_registrar(case)


@_policy(_("由承办人、主办单位负责人或者受理中心做。"))
def asks_outside(case: Case) -> bool:
    """Asks an outside body back: whoever has the matter, and the registry."""
    return handler(case) or head(case) or home_registrar(case)
