"""One address for all: which operation it is, the interface itself knows."""

from __future__ import annotations

from django.urls import path

from shuoshi.api.rest.door import door

app_name = "rest"

urlpatterns = [path("<path:rest>", door, name="any"), path("", door, {"rest": ""}, name="root")]
