from datetime import timedelta

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "shuoshi.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The worker learns what comes again and again, notices which of them answer a mail."""
        from shuoshi.channels.boxes import reading
        from shuoshi.channels.mail.fetching import fetch
        from shuoshi.channels.mail.queries import thread
        from shuoshi.channels.platforms import telling
        from shuoshi.channels.points import days
        from shuoshi.channels.said_in import said_in
        from shuoshi.channels.spreadsheets import running, undoing
        from shuoshi.channels.wechat import late
        from shuoshi.kernel import tasks
        from shuoshi.matters import destroying
        from shuoshi.notices import threads

        tasks.every(timedelta(seconds=2), telling.carry)
        tasks.every(timedelta(seconds=2), telling.deliver)
        tasks.every(timedelta(minutes=1), telling.give_back)
        tasks.every(timedelta(hours=1), telling.prune)
        tasks.every(timedelta(seconds=5), reading.read_next)
        tasks.every(timedelta(hours=1), reading.forget)
        tasks.every(timedelta(seconds=2), late.catch_up)
        tasks.every(timedelta(seconds=2), late.tell)
        tasks.every(timedelta(seconds=2), late.fetch)
        tasks.every(timedelta(minutes=10), late.prune)
        tasks.every(timedelta(minutes=1), fetch)
        tasks.every(timedelta(hours=6), days.draw_up)
        tasks.every(timedelta(seconds=1), running.carry_on)
        tasks.every(timedelta(seconds=1), undoing.carry_on)
        tasks.every(timedelta(hours=1), running.forget)
        threads.come_from(thread)
        destroying.also(said_in)
