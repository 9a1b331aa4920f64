"""The desk as an app: says how a request becomes an actor of staff, and puts its pages on the rail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "shuoshi.desk"
    label = "desk"

    def ready(self) -> None:
        from shuoshi.desk import frame, rights
        from shuoshi.kernel.web import access, navigation

        access.staff_actors_come_from(frame.staff_actor)
        for order, link in enumerate(
            (
                navigation.Link(_("今天"), "desk:my_day", "calendar-days"),
                navigation.Link(_("关注的事"), "desk:watched", "eye"),
                navigation.Link(_("总览"), "desk:overview", "chart-column", rights.sees_overview),
                navigation.Link(_("黄牌、红牌"), "desk:cards", "triangle-alert", rights.sees_overview),
                navigation.Link(_("查找"), "desk:search", "search"),
                navigation.Link(_("知识库"), "desk:knowledge", "book-open"),
                navigation.Link(_("待交付的回执"), "desk:receipts", "ticket", rights.delivers_receipts),
                navigation.Link(_("要告知的"), "desk:to_tell", "phone-call", rights.delivers_receipts),
                navigation.Link(_("等第二个人核对"), "desk:changes", "user-check", rights.may_settle_changes),
                navigation.Link(_("来电"), "desk:calls", "phone", rights.takes_calls),
                navigation.Link(_("来信"), "desk:mails", "mail", rights.reads_mails),
                navigation.Link(_("意见箱"), "desk:boxes", "mailbox", rights.opens_boxes),
                navigation.Link(_("说事点"), "desk:points", "map-pin"),
                navigation.Link(_("走访"), "desk:visits", "footprints", rights.visits_homes),
                navigation.Link(_("会议"), "desk:meetings", "users", rights.goes_to_meetings),
                navigation.Link(_("表格导入"), "desk:import", "list", rights.imports_sheets),
                navigation.Link(_("档案"), "desk:archive", "archive", rights.keeps_the_archive),
                navigation.Link(_("请假和代理"), "desk:absences", "users"),
                navigation.Link(_("设置"), "desk:settings", "settings", rights.administers),
                navigation.Link(_("使用手册"), "desk:help", "circle-help"),
            )
        ):
            navigation.register(navigation.Link(link.label, link.view, link.icon, link.allow, order=100 + order))
