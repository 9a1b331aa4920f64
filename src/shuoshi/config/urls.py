"""Root addresses: residents at /, staff at /desk/, watchdogs at /healthz and /readyz."""

from django.urls import URLPattern, URLResolver, include, path

from shuoshi.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("start/", include("shuoshi.config.first_run.urls")),
    path("desk/", include("shuoshi.desk.urls")),
    path("api/v1/", include("shuoshi.api.rest.urls")),
    path("open311/v2/", include("shuoshi.api.open311.urls")),
    path("wechat/", include("shuoshi.api.wechat.urls")),
    path("pbx/", include("shuoshi.api.pbx.urls")),
    path("", include("shuoshi.portal.urls")),
]

_pages = "shuoshi.kernel.web.refusals"
handler400, handler403 = f"{_pages}.handler400", f"{_pages}.handler403"
handler404, handler500 = f"{_pages}.handler404", f"{_pages}.handler500"
