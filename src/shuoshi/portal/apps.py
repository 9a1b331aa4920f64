"""The residents' face. Tells kernel.web once where the institution's name and numbers are read."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "shuoshi.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shuoshi.kernel.web import site
        from shuoshi.portal import institution

        site.facts_come_from(institution.facts)
