"""Where the platform writes to."""

from __future__ import annotations

from django.urls import path

from shuoshi.api.wechat import views

app_name = "wechat"

urlpatterns = [path("", views.messages, name="messages")]
