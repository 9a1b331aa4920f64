"""What the verbs of this package share: naming their deeds, and writing only the columns that differ."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.events import Story


class Deed(models.TextChoices):
    """Names of the events of this package, with the words of the history pages."""

    CREATE_UNIT = "create_unit", _("设立单位")
    EDIT_UNIT = "edit_unit", _("修改单位信息")
    CLOSE_UNIT = "close_unit", _("停用单位")
    REOPEN_UNIT = "reopen_unit", _("恢复单位")
    DESIGNATE_PERSON = "designate_person", _("指定专人")
    APPOINT = "appoint", _("任职")
    END_POST = "end_post", _("离任")
    CREATE_AREA = "create_area", _("增加区域")
    EDIT_AREA = "edit_area", _("修改区域")
    CLOSE_AREA = "close_area", _("停用区域")
    CREATE_POINT = "create_point", _("设立说事点")
    EDIT_POINT = "edit_point", _("修改说事点")
    CLOSE_POINT = "close_point", _("停用说事点")
    ADD_DUTY_LINE = "add_duty_line", _("增加职责清单")
    CLOSE_DUTY_LINE = "close_duty_line", _("停用职责清单")
    PUT_ON_DUTY = "put_on_duty", _("排班")
    CANCEL_DUTY = "cancel_duty", _("撤销排班")
    ENTER_ABSENCE = "enter_absence", _("登记请假")
    END_ABSENCE = "end_absence", _("请假提前结束")
    CHANGE_DEPUTY = "change_deputy", _("更换代理人")
    ENTER_TRANSFER = "enter_transfer", _("登记职责划转")
    CANCEL_TRANSFER = "cancel_transfer", _("撤销职责划转")
    MOVE_DUTY_LINES = "move_duty_lines", _("职责清单划转")
    FINISH_TRANSFER = "finish_transfer", _("职责划转办完")
    SET_UP_INSTITUTION = "set_up_institution", _("建立机构")
    OPEN_INSTITUTION = "open_institution", _("开始受理说事")
    EDIT_INSTITUTION = "edit_institution", _("修改机构信息")
    COME_BACK = "come_back", _("从备份恢复")
    PUBLISH_PROFILE = "publish_profile", _("发布规则")
    TRY_TASK_AGAIN = "try_task_again", _("让后台任务再试")
    UPLOAD_TEMPLATE = "upload_template", _("上传文书模板")
    USE_TEMPLATE = "use_template", _("启用文书模板")
    USE_BUILTIN = "use_builtin", _("改回自带模板")


def write_changed(story: Story, row: models.Model, values: dict[str, Any]) -> bool:
    """Change the columns whose value differs. False when nothing does; then there is nothing to tell."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    if differing:
        story.change(row, **differing)
    return bool(differing)
