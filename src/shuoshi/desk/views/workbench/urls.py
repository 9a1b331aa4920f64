"""Addresses of the workbench, below /desk/."""

from django.urls import path

from shuoshi.desk.views.workbench import drafts

urlpatterns = [
    path("me/drafts/", drafts.listed, name="drafts"),
    path("me/drafts/<uuid:key>/", drafts.drop, name="draft_drop"),
]
