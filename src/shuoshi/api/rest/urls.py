"""One address for all: which operation it is, the interface itself knows."""

from __future__ import annotations

from django.urls import re_path

from shuoshi.api.rest.door import door

app_name = "rest"

urlpatterns = [re_path(r"^$", door, {"rest": ""}, name="root"), re_path(r"^(?P<rest>[\s\S]+)$", door, name="any")]
