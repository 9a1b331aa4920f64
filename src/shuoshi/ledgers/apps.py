from datetime import timedelta

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "shuoshi.ledgers"
    label = "ledgers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The worker learns what comes again and again."""
        from shuoshi.kernel import tasks
        from shuoshi.ledgers import making

        tasks.every(timedelta(seconds=1), making.carry_on)
        tasks.every(timedelta(minutes=10), making.forget)
