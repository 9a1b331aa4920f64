"""Addresses of the residents' pages."""

from __future__ import annotations

from django.urls import path

from shuoshi.portal.views import about, home, knowledge, notices, papers, rate, receipt, submit, track

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("points/", about.points, name="points"),
    path("procedure/", about.procedure, name="procedure"),
    path("privacy/", about.privacy, name="privacy"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("sealed/", about.sealed, name="sealed"),
    path("knowledge/", knowledge.listed, name="knowledge"),
    path("knowledge/search/", knowledge.search, name="knowledge_search"),
    path("knowledge/<int:number>/", knowledge.entry, name="knowledge_entry"),
    path("submit/", submit.start, name="submit"),
    path("submit/what/", submit.what, name="what"),
    path("submit/where/", submit.where, name="where"),
    path("submit/who/", submit.who, name="who"),
    path("submit/check/", submit.check, name="check"),
    path("submit/done/", receipt.done, name="done"),
    path("submit/photo/<int:position>/", submit.photo, name="draft-photo"),
    path("submit/afresh/", submit.afresh, name="afresh"),
    path("paper/", papers.check, name="paper"),
    path("n/<slug:token>/", notices.from_message, name="notice"),
    path("track/", track.look_up, name="track"),
    path("track/leave/", track.leave, name="leave"),
    path("track/<str:number>/", track.matter, name="matter"),
    path("track/<str:number>/add/", track.add, name="add"),
    path("track/<str:number>/nudge/", track.nudge, name="nudge"),
    path("track/<str:number>/withdraw/", track.withdraw, name="withdraw"),
    path("track/<str:number>/end-agency/", track.end_agency, name="end-agency"),
    path("track/<str:number>/no-mediation/", track.no_mediation, name="no-mediation"),
    path("track/<str:number>/recuse/", track.recuse, name="recuse"),
    path("track/<str:number>/object/", track.disagree, name="object"),
    path("track/<str:number>/review/", track.review, name="review"),
    path("track/<str:number>/keep-going/", track.keep_going, name="keep-going"),
    path("track/<str:number>/publication/", track.publication, name="publication"),
    path("track/<str:number>/notices/", notices.choose, name="notices"),
    path("track/<str:number>/questions/", track.questions, name="questions"),
    path("track/<str:number>/rate/", rate.rate, name="rate"),
    path("track/<str:number>/not-solved/", rate.not_solved, name="not-solved"),
    path("track/<str:number>/receipt/", receipt.again, name="receipt"),
    path("track/<str:number>/receipt/pdf/", papers.receipt_pdf, name="receipt-pdf"),
    path("track/<str:number>/photo/<uuid:file>/", track.photo, name="album-photo"),
    path("track/<str:number>/files/<uuid:file>/", track.file, name="file"),
]
