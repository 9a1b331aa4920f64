from datetime import timedelta

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "shuoshi.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The worker learns what comes again and again, notices which of them answer a mail."""
        from shuoshi.channels.mail.fetching import fetch
        from shuoshi.channels.mail.queries import thread
        from shuoshi.kernel import tasks
        from shuoshi.notices import threads

        tasks.every(timedelta(minutes=1), fetch)
        threads.come_from(thread)
