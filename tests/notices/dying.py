"""A worker in a process of its own that kills itself at a step: python -m tests.notices.dying DATABASE MOMENT STEP."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from typing import Any
from unittest import mock

STEPS = {  # where it dies: what is called then, and whether the step before it is on the disk
    "while carrying": "shuoshi.notices.carrying.outbox.carried",
    "before sending is written down": "shuoshi.notices.delivering.written",
    "before handing over": "shuoshi.notices.ways.smtp.Smtp.send",
    "after handing over": "shuoshi.notices.delivering._record",
    "while recording": "shuoshi.notices.delivering._end",
    "after recording": "shuoshi.notices.ways.smtp.Smtp.close",
    "never": "",
}


def die(*_args: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(database: str, moment: str, step: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.support.settings"
    import django

    django.setup()
    from django.db import connection

    from shuoshi.kernel import clock

    connection.settings_dict["NAME"] = database
    with clock.simulated(datetime.fromisoformat(moment)):
        if STEPS[step]:
            with mock.patch(STEPS[step], die):
                _work()
        _work()


def _work() -> None:
    from shuoshi.kernel import clock
    from shuoshi.notices import carrying, delivering

    carrying.carry(clock.now())
    delivering.give_back(clock.now())
    delivering.deliver(clock.now())


if __name__ == "__main__":
    main(*sys.argv[1:])
