"""What must happen inside an installation before it is measured: python -m bench.inside DEED, answers as JSON."""

from __future__ import annotations

import json
import os
import secrets
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

PEOPLE = {"registrar": "wangfang", "leader": "chenhaiyan", "follow_up": "liumin"}
SIGN_INS = 8  # as many as there are clients


def sessions() -> dict[str, Any]:
    """Sessions of those who open the pages, with nothing owed, and eight of the registrar."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    from shuoshi.desk import frame
    from shuoshi.people.models import Account

    def begun(username: str) -> str:
        request = HttpRequest()
        request.session = SessionStore()
        frame.begin(request, Account.objects.select_related("person").get(username=username))
        request.session["owes"] = ""
        request.session.save()
        return str(request.session.session_key)

    found: dict[str, Any] = {name: begun(username) for name, username in PEOPLE.items()}
    found["registrars"] = [begun(PEOPLE["registrar"]) for _each in range(SIGN_INS)]
    return found


def matters() -> dict[str, Any]:
    """What to open: queues long enough for a whole page, and matters as long as they usually are."""
    from django.db.models import Count

    from shuoshi.kernel import clock
    from shuoshi.matters.models import Matter
    from shuoshi.matters.queries import queues
    from shuoshi.organization import actors
    from shuoshi.people.models import Account

    leader = actors.of(Account.objects.select_related("person").get(username=PEOPLE["leader"]))
    counts = queues.counts(leader, clock.now())
    usual = Matter.objects.annotate(n=Count("entries")).filter(n__gte=13, n__lte=15, status="CLOSED")
    return {
        "queues": counts,
        "numbers": list(usual.order_by("-registered_at").values_list("number", flat=True)[:20]),
        "count": Matter.objects.count(),
    }


def bare(size: int) -> dict[str, Any]:
    """The yardstick's tables with so many cases, 13 notes and 8 deadlines to those that are opened."""
    from django.core.management import call_command

    call_command("migrate", "bare", run_syncdb=True, verbosity=0)
    from bench.bare.models import Case, Deadline, Demand, Note, Reporter

    now = datetime.now(UTC)
    have = Case.objects.count()
    Case.objects.bulk_create(
        [
            Case(
                number=f"A-{n:08d}",
                title="路灯坏了一个星期没人修",
                content="村口的路灯坏了，晚上走路看不见，已经报过一次。" * 3,
                place="村口",
                category="B603",
                channel="hotline",
                urgency="U4",
                status="open" if n % 50 == 0 or n < 60 else "closed",
                unit="城建办",
                area="柳湾村",
                registered_at=now - timedelta(minutes=n),
                due_at=now + timedelta(minutes=n % 5000 - 1000),
            )
            for n in range(have, size)
        ],
        batch_size=2000,
    )
    if have == 0:
        for case in Case.objects.order_by("number")[:20]:
            Reporter.objects.create(
                case=case, name="陈大明", phone=f"000{secrets.randbelow(10**8):08d}", tell_by="call"
            )
            Demand.objects.create(case=case, text="把路灯修好")
            for n in range(13):
                Note.objects.create(
                    case=case,
                    author="孙丽",
                    text="到现场看过，灯泡和线路都要换，明天一早去。",
                    at=now - timedelta(hours=n),
                )
            for n in range(8):
                Deadline.objects.create(case=case, kind="completion", due_at=now + timedelta(hours=n), met=n % 2 == 0)
    return {"numbers": list(Case.objects.order_by("number").values_list("number", flat=True)[:20])}


def main() -> None:
    deed, *rest = sys.argv[1:]
    if deed == "bare":
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare.settings"
    from shuoshi.config import prepare

    prepare.open_home()
    answer = bare(int(rest[0])) if deed == "bare" else {"sessions": sessions, "matters": matters}[deed]()
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
