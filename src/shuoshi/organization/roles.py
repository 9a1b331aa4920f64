"""The roles a post may carry, and which of them demand a second factor at sign-in. Nothing here grants anything:
what a role may do stands in the policies of the packages that own the deeds."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody is trusted with at one unit. Several posts of one person mean several roles."""

    REGISTRAR = "registrar", _("登记员")
    DISPATCHER = "dispatcher", _("分办员")
    DEPARTMENT_HEAD = "department_head", _("部门负责人")
    HANDLER = "handler", _("承办人")
    FOLLOW_UP_AGENT = "follow_up_agent", _("回访员")
    DUTY_OFFICER = "duty_officer", _("值班员")
    LEADER = "leader", _("领导")
    SUPERVISOR = "supervisor", _("监督小组成员")
    OVERSIGHT_MEMBER = "oversight_member", _("监督委员会成员")  # may witness and call, never handles or approves
    GRID_WORKER = "grid_worker", _("网格员")
    REPRESENTATIVE = "representative", _("说事代表")
    MEDIATOR = "mediator", _("调解员")
    ASSESSOR = "assessor", _("考核员")
    PUBLICATION_REVIEWER = "publication_reviewer", _("公开审核员")
    SEALED_OFFICER = "sealed_officer", _("举报受理专员")
    ADMINISTRATOR = "administrator", _("系统管理员")

    @property
    def needs_second_factor(self) -> bool:
        """Whether an account of somebody with this role signs in only with a code beside the password."""
        return self in SECOND_FACTOR


WITHOUT_DEEDS = frozenset({Role.MEDIATOR, Role.PUBLICATION_REVIEWER, Role.SEALED_OFFICER})
OFFERED = tuple(role for role in Role if role not in WITHOUT_DEEDS)  # a post that opens nothing is given to nobody

SECOND_FACTOR = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.SEALED_OFFICER,
        Role.LEADER,
        Role.ASSESSOR,
        Role.SUPERVISOR,
    }
)
