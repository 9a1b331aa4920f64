from datetime import timedelta

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "shuoshi.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The worker learns what comes again and again."""
        from shuoshi.kernel import tasks
        from shuoshi.notices import codes
        from shuoshi.notices.carrying import carry
        from shuoshi.notices.delivering import deliver, give_back, leave_to_people, look_for_reports, prune
        from shuoshi.notices.digest import put_together

        tasks.every(timedelta(seconds=2), carry)
        tasks.every(timedelta(seconds=2), deliver)
        tasks.every(timedelta(seconds=2), codes.send_due)
        tasks.every(timedelta(hours=1), codes.forget)
        tasks.every(timedelta(minutes=1), give_back)
        tasks.every(timedelta(minutes=1), leave_to_people)
        tasks.every(timedelta(minutes=1), put_together)
        tasks.every(timedelta(minutes=10), look_for_reports)
        tasks.every(timedelta(hours=1), prune)
