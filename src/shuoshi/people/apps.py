from datetime import timedelta

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "shuoshi.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shuoshi.kernel import tasks
        from shuoshi.people import sessions

        tasks.every(timedelta(hours=1), sessions.prune)
