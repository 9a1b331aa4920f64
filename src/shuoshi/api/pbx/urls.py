"""Where exchanges push to."""

from __future__ import annotations

from django.urls import path

from shuoshi.api.pbx import views

app_name = "pbx"

urlpatterns = [
    path("<slug:key>/", views.push, name="push"),
    path("<slug:key>/recording/", views.record, name="recording"),
]
