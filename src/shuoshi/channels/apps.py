from datetime import timedelta

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "shuoshi.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The worker learns what comes again and again."""
        from shuoshi.channels.wechat import late
        from shuoshi.kernel import tasks

        tasks.every(timedelta(seconds=2), late.catch_up)
        tasks.every(timedelta(seconds=2), late.tell)
        tasks.every(timedelta(seconds=2), late.fetch)
        tasks.every(timedelta(minutes=10), late.prune)
