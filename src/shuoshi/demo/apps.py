"""The demo as an app: names what whoever signs in to it may try first."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "shuoshi.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shuoshi.demo import first_steps as demo
        from shuoshi.desk import first_steps

        first_steps.come_from(demo.of)
