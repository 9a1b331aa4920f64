"""Addresses of meetings, below /desk/meetings/."""

from django.urls import path

from shuoshi.desk.views.meetings import decisions, held, listed, papers

urlpatterns = [
    path("meetings/", listed.meetings, name="meetings"),
    path("meetings/new/", listed.call, name="meeting_new"),
    path("meetings/calendar/", listed.calendar, name="meeting_calendar"),
    path("meetings/topics/<uuid:key>/", listed.topic, name="meeting_topic"),
    path("meetings/decisions/new/", decisions.begin, name="decision_new"),
    path("meetings/decisions/<uuid:key>/", decisions.one, name="decision"),
    path("meetings/decisions/<uuid:key>/call/", decisions.call, name="decision_call"),
    path("meetings/<uuid:key>/", held.meeting, name="meeting"),
    path("meetings/<uuid:key>/edit/", listed.edit, name="meeting_edit"),
    path("meetings/<uuid:key>/notice/", papers.notice, name="meeting_notice"),
    path("meetings/<uuid:key>/sheet/", papers.sheet, name="meeting_sheet"),
    path("meetings/<uuid:key>/screen/", papers.screen, name="meeting_screen"),
    path("meetings/<uuid:key>/<slug:action>/", held.deed, name="meeting_deed"),
]
