"""Addresses of the workbench, below /desk/."""

from django.urls import path

from shuoshi.desk.views.workbench import drafts, phrases, reminders, watched

urlpatterns = [
    path("me/drafts/", drafts.listed, name="drafts"),
    path("me/drafts/<uuid:key>/", drafts.drop, name="draft_drop"),
    path("me/phrases/", phrases.listed, name="phrases"),
    path("me/phrases/new/", phrases.new, name="phrase_new"),
    path("me/phrases/<uuid:key>/", phrases.one, name="phrase"),
    path("watched/", watched.listed, name="watched"),
    path("watched/looked/", watched.looked, name="watched_looked"),
    path("reminders/<uuid:key>/", reminders.done, name="reminder_done"),
    path("matters/<str:number>/watch/", watched.watch, name="watch"),
    path("matters/<str:number>/remind/", reminders.remind, name="remind"),
    path("register/phrases/", phrases.registering, name="register_phrases"),
    path("matters/<str:number>/phrases/", phrases.beside, name="matter_phrases"),
]
