"""What the background does again and again, by name: the last run, the next, and what failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.desk import rights
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.settings.pages import ListPage, Row
from shuoshi.kernel import clock, jobs
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import page, show

NAMES = {
    "shuoshi.kernel.tasks._reap": gettext_lazy("接手断了的后台任务"),
    "shuoshi.kernel.tasks._forget": gettext_lazy("清理做完的后台任务"),
    "shuoshi.kernel.tasks._look_for_failing_looks": gettext_lazy("看有没有反复看不成的期限"),
    "shuoshi.kernel.steady.look_at_disk": gettext_lazy("看磁盘还有没有地方"),
    "shuoshi.kernel.steady.prune": gettext_lazy("清理过去的提醒"),
    "shuoshi.kernel.drafts.expire": gettext_lazy("清理过期的草稿"),
    "shuoshi.kernel.throttle.prune": gettext_lazy("清理防猜密码的记录"),
    "shuoshi.kernel.files.reap": gettext_lazy("清理没有用上的附件"),
    "shuoshi.kernel.idempotency.prune": gettext_lazy("清理防重复提交的记录"),
    "shuoshi.kernel.outbox.prune": gettext_lazy("清理看过的通知"),
    "shuoshi.kernel.jobs.prune": gettext_lazy("清理这张表"),
    "shuoshi.channels.wechat.late.catch_up": gettext_lazy("补回公众号里没来得及回的话"),
    "shuoshi.channels.wechat.late.tell": gettext_lazy("把补回的话发给关注的人"),
    "shuoshi.channels.wechat.late.fetch": gettext_lazy("取公众号里的照片和语音"),
    "shuoshi.channels.wechat.late.prune": gettext_lazy("清理公众号里说过的话"),
    "shuoshi.config.working.work.look_at_copies": gettext_lazy("每夜备份"),
    "shuoshi.config.working.work.look_at_certificate": gettext_lazy("换快到期的证书"),
    "shuoshi.matters.actions.looks.recount": gettext_lazy("放假安排变了，重算期限"),
    "shuoshi.matters.actions.looks.rearrange": gettext_lazy("岗位变了，换人接着办"),
    "shuoshi.matters.actions.transfers.carry_out_transfers": gettext_lazy("职责划转生效，件交给划入单位"),
    "shuoshi.people.sessions.prune": gettext_lazy("清理过期的登录"),
    "shuoshi.notices.carrying.carry": gettext_lazy("把新的通知分给各人"),
    "shuoshi.channels.points.days.draw_up": gettext_lazy("排出以后的说事日"),
    "shuoshi.channels.boxes.reading.read_next": gettext_lazy("从来信照片上认字"),
    "shuoshi.channels.boxes.reading.forget": gettext_lazy("清理办过的来信上认出的字"),
    "shuoshi.channels.platforms.telling.carry": gettext_lazy("把办理变化写给别的平台"),
    "shuoshi.channels.platforms.telling.deliver": gettext_lazy("通知别的平台"),
    "shuoshi.channels.platforms.telling.give_back": gettext_lazy("通知到一半断了的，再通知"),
    "shuoshi.channels.platforms.telling.prune": gettext_lazy("清理一个月前的平台通知"),
    "shuoshi.notices.delivering.deliver": gettext_lazy("发短信、邮件、群消息"),
    "shuoshi.notices.codes.send_due": gettext_lazy("给丢了回执的人发验证码"),
    "shuoshi.notices.codes.forget": gettext_lazy("清理过期的验证码"),
    "shuoshi.notices.delivering.give_back": gettext_lazy("发到一半断了的，改由人告知"),
    "shuoshi.notices.delivering.leave_to_people": gettext_lazy("久发不出去的，改由人告知"),
    "shuoshi.notices.delivering.look_for_reports": gettext_lazy("问短信送到没有"),
    "shuoshi.notices.delivering.prune": gettext_lazy("清理半年前的消息"),
    "shuoshi.channels.mail.fetching.fetch": gettext_lazy("取收信邮箱里的新邮件"),
    "shuoshi.channels.spreadsheets.running.carry_on": gettext_lazy("登记导入的表格"),
    "shuoshi.channels.spreadsheets.undoing.carry_on": gettext_lazy("撤销导入"),
    "shuoshi.channels.spreadsheets.running.forget": gettext_lazy("清理导入过的表格"),
    "shuoshi.archive.reckoning.reckon": gettext_lazy("算每件事保管到哪天"),
    "shuoshi.archive.carrying_out.carry_on": gettext_lazy("销毁批准了的档案"),
    "shuoshi.archive.making.forget": gettext_lazy("清理做好一天的档案文件"),
    "shuoshi.ledgers.making.carry_on": gettext_lazy("做要导出的台账"),
    "shuoshi.ledgers.making.forget": gettext_lazy("清理导出过的台账"),
    "shuoshi.notices.digest.put_together": gettext_lazy("每天早上的清单"),
}


@page(access=rights.administrator, methods=("GET",))
def jobs_page(request: DeskRequest) -> HttpResponse:
    """Those that fail first."""
    found = jobs.runs()
    rows = [
        Row([_called(one.name), moment(one.at, "short"), moment(one.next_at, "short"), _went(one)]) for one in found
    ]
    note = _("每分钟记一次。做不成的，原因在服务器日志里。期限也由后台看，见“运行状况”。")
    columns = [_("做什么"), _("上一次"), _("下一次"), _("结果")]
    empty = _("后台还没有做过什么。请看“运行状况”。")
    return show(
        request,
        ListPage(
            title=_("后台做的事"), columns=columns, rows=rows, note=note, warn=_late(found, clock.now()), empty=empty
        ),
    )


def _called(name: str) -> str:
    """What a job does, in words; a job that no release of ours names, by its way."""
    return str(NAMES.get(name.replace(".<locals>", ""), name.removeprefix("shuoshi.")))


def _went(run: jobs.JobRun) -> str:
    if run.failures:
        return _("连着 %(n)d 次没有做成") % {"n": run.failures}
    if run.failed_at:
        return _("做成了；%(at)s 有一次没有做成") % {"at": moment(run.failed_at, "short")}
    return _("做成了")


def _late(found: Sequence[jobs.JobRun], now: datetime) -> str:
    """Nothing ran for a while: no single job is to blame."""
    newest = max((one.at for one in found), default=None)
    if newest is None or (now - newest).total_seconds() < 3 * jobs.WRITTEN_EVERY:
        return ""
    return _("从 %(at)s 起什么都没有做。请看“运行状况”。") % {"at": moment(newest)}
