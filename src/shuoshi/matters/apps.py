from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "shuoshi.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The sweeper of the kernel learns who looks at clocks of matters."""
        from shuoshi.kernel import clocks
        from shuoshi.matters.actions import look_at_deadline
        from shuoshi.matters.models import Deadline

        clocks.register(Deadline, look_at_deadline)
