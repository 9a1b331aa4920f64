from datetime import timedelta

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "shuoshi.archive"
    label = "archive"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The worker learns what comes again and again."""
        from shuoshi.archive import carrying_out, making, reckoning
        from shuoshi.kernel import tasks

        tasks.every(timedelta(minutes=10), reckoning.reckon)
        tasks.every(timedelta(seconds=5), carrying_out.carry_on)
        tasks.every(timedelta(minutes=10), making.forget)
