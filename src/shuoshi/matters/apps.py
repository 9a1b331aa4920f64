from datetime import timedelta

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "shuoshi.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The sweeper of the kernel learns who looks at clocks of matters, the worker what comes again and again."""
        from shuoshi.kernel import clocks, tasks
        from shuoshi.matters.actions import carry_out_transfers, look_at_deadline, rearrange, recount
        from shuoshi.matters.actions.transfers import left_at
        from shuoshi.matters.models import Deadline
        from shuoshi.matters.queries import held
        from shuoshi.organization import handing_over
        from shuoshi.people import leaving

        clocks.register(Deadline, look_at_deadline)
        tasks.every(timedelta(minutes=1), recount)
        tasks.every(timedelta(minutes=5), rearrange)
        tasks.every(timedelta(minutes=5), carry_out_transfers)
        leaving.asks(held.held)
        handing_over.asks_of_units(left_at)
