"""Addresses of the workbench, below /desk/."""

from django.urls import path

from shuoshi.desk.views.workbench import drafts, phrases

urlpatterns = [
    path("me/drafts/", drafts.listed, name="drafts"),
    path("me/drafts/<uuid:key>/", drafts.drop, name="draft_drop"),
    path("me/phrases/", phrases.listed, name="phrases"),
    path("me/phrases/new/", phrases.new, name="phrase_new"),
    path("me/phrases/<uuid:key>/", phrases.one, name="phrase"),
    path("register/phrases/", phrases.registering, name="register_phrases"),
    path("matters/<str:number>/phrases/", phrases.beside, name="matter_phrases"),
]
