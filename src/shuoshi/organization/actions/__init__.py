"""Every verb that changes the institution: each is one transaction with one event in the stream of what it changes."""

from shuoshi.organization.actions.absences import change_deputy, end_absence, enter_absence
from shuoshi.organization.actions.duties import (
    add_duty_line,
    cancel_duty,
    close_duty_line,
    hand_over_duty,
    put_on_duty,
)
from shuoshi.organization.actions.founding import Founding, found
from shuoshi.organization.actions.institution import (
    InstitutionGiven,
    come_back,
    edit_institution,
    make_year_official,
    open_institution,
    publish_profile,
    require_code,
    set_up_institution,
)
from shuoshi.organization.actions.places import (
    OpeningGiven,
    PointGiven,
    close_area,
    close_point,
    create_area,
    create_point,
    edit_area,
    edit_point,
)
from shuoshi.organization.actions.roll import FirstCode, Plan, Taken, plan, take_in
from shuoshi.organization.actions.tasks import try_task_again
from shuoshi.organization.actions.templates import TemplateGiven, upload_template, use_builtin, use_template
from shuoshi.organization.actions.units import (
    UnitGiven,
    appoint,
    close_unit,
    create_unit,
    designate_person,
    edit_unit,
    end_post,
    reopen_unit,
)

__all__ = [
    "FirstCode",
    "Founding",
    "InstitutionGiven",
    "OpeningGiven",
    "Plan",
    "PointGiven",
    "Taken",
    "TemplateGiven",
    "UnitGiven",
    "add_duty_line",
    "appoint",
    "cancel_duty",
    "change_deputy",
    "close_area",
    "close_duty_line",
    "close_point",
    "close_unit",
    "come_back",
    "create_area",
    "create_point",
    "create_unit",
    "designate_person",
    "edit_area",
    "edit_institution",
    "edit_point",
    "edit_unit",
    "end_absence",
    "end_post",
    "enter_absence",
    "found",
    "hand_over_duty",
    "make_year_official",
    "open_institution",
    "plan",
    "publish_profile",
    "put_on_duty",
    "reopen_unit",
    "require_code",
    "set_up_institution",
    "take_in",
    "try_task_again",
    "upload_template",
    "use_builtin",
    "use_template",
]
