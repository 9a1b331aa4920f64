"""What must happen inside an installation before it is measured: python -m bench.inside DEED, answers as JSON."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable
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
    from shuoshi.matters.scope import visible_to
    from shuoshi.organization import actors
    from shuoshi.people.models import Account

    leader = actors.of(Account.objects.select_related("person").get(username=PEOPLE["leader"]))
    counts = queues.counts(leader, clock.now())
    hers = Matter.objects.filter(pk__in=visible_to(leader).values("pk"))  # from some she has recused herself
    usual = hers.annotate(n=Count("entries")).filter(n__gte=13, n__lte=15, status="CLOSED")
    return {
        "queues": counts,
        "numbers": list(usual.order_by("-registered_at").values_list("number", flat=True)[:20]),
        "count": Matter.objects.count(),
    }


def platforms(count: int) -> dict[str, Any]:
    """Keys of so many platforms that may post."""
    from shuoshi.channels.platforms import keeping
    from shuoshi.channels.platforms.keeping import PlatformGiven
    from shuoshi.kernel import clock
    from shuoshi.kernel.actors import SYSTEM

    until = clock.local(clock.now()).date() + timedelta(days=300)
    given = [
        PlatformGiven(name=f"平台{n}", runs_it="王工 8600000", posts=True, reads=True, until=until)
        for n in range(count)
    ]
    return {"keys": [keeping.let_in(one, actor=SYSTEM)[1] for one in given]}


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


def sweep(total: int, due: int) -> dict[str, Any]:
    """So many open clocks, `due` of them at matters with no others than their own; the fastest of three sweeps."""
    import time

    from django.db import connection

    from shuoshi.kernel import clock, clocks
    from shuoshi.matters.models import Deadline, Matter

    still = Deadline.objects.filter(outcome="OPEN", next_look_at__isnull=False, matter__status="IN_HANDLING")
    chosen = list(still.order_by("matter", "pk").values_list("matter", "pk"))
    first = dict(reversed(chosen))
    matters_due = list(first)[:due]
    assert len(matters_due) == due, f"only {len(matters_due)} matters are in hand"
    others = Matter.objects.exclude(pk__in=matters_due).values_list("round", flat=True)[:500]
    missing = total - Deadline.objects.filter(outcome="OPEN").count()
    columns = [str(field.column) for field in Deadline._meta.concrete_fields]
    given = {
        "id": "gen_random_uuid()",
        "about": "'bench-' || n",
        "kind": "'progress'",
        "outcome": "'OPEN'",
        "started_at": "now()",
        "due_at": "now() + interval '400 days' + n * interval '1 second'",
        "next_look_at": "now() + interval '399 days' + n * interval '1 second'",
        "settled_at": "NULL",
        "done_at": "NULL",
        "follows_id": "NULL",
    }
    chose = ", ".join(given.get(name, f'one."{name}"') for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    each = -(-max(missing, 0) // len(others))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            f"""INSERT INTO matters_deadline ({named})
            SELECT {chose} FROM (SELECT DISTINCT ON (round_id) * FROM matters_deadline WHERE round_id = ANY(%s)
            ORDER BY round_id, id) one CROSS JOIN generate_series(%s::int, %s::int) n""",
            [list(others), total, total + each],
        )
        cursor.execute("ANALYZE matters_deadline")
    times = []
    for _again in range(3):
        now = clock.now()
        Deadline.objects.filter(next_look_at__lte=now).update(next_look_at=now + timedelta(days=2))
        due_ones = [first[matter] for matter in matters_due]
        with connection.cursor() as cursor:  # a clock brings each card once: what the last sweep brought goes
            cursor.execute("DELETE FROM matters_card WHERE deadline_id = ANY(%s)", [due_ones])
        ready = Deadline.objects.filter(pk__in=due_ones)
        ready.update(next_look_at=now - timedelta(seconds=1), due_at=now + timedelta(days=1))
        began = time.perf_counter()
        done = clocks.sweep(now, batch=due)
        times.append(time.perf_counter() - began)
        assert done == due, f"{done} of {due} were looked at"
    return {"seconds": min(times), "open": Deadline.objects.filter(outcome="OPEN").count()}


def export(csv: int) -> dict[str, Any]:
    """One export of all that was ever registered, made as the worker makes it, in this process and no other.

    How many rows the page counts and the file has, seconds, rounds, how often progress was seen, and the most memory:
    resident (of the process, once) and in proportion (looked at after each round).
    """
    import resource
    import time

    from bench import processes
    from shuoshi.kernel import clock
    from shuoshi.ledgers import actions, making
    from shuoshi.ledgers.asked import Asked
    from shuoshi.ledgers.models import Export, FileKind, Purpose
    from shuoshi.organization import actors
    from shuoshi.people.models import Account

    leader = actors.of(Account.objects.select_related("person").get(username=PEOPLE["leader"]))
    today = clock.local(clock.now()).date()
    period = f"{today.replace(year=today.year - 9, day=1).isoformat()}--{today.isoformat()}"
    kind = FileKind.CSV if csv else FileKind.XLSX
    before, began = processes.memory(os.getpid()), time.perf_counter()
    row = actions.ask(
        Asked("balance.new", period=period), "-", kind, Purpose.CHECK, actor=leader, key=secrets.token_hex(8)
    )
    asked = time.perf_counter() - began
    most, longest, seen = before, 0.0, set[int]()
    while row.state == "asked":
        round_began = time.perf_counter()
        making.carry_on(clock.now())
        longest = max(longest, time.perf_counter() - round_began)
        most = max(most, processes.memory(os.getpid()))
        row = Export.objects.get(pk=row.pk)
        seen.add(row.written)
    seconds = time.perf_counter() - began
    taken, data = actions.take(row.pk, actor=leader)
    return {
        "state": row.state,
        "promised": row.promised,
        "rows": taken.rows,
        "bytes": len(data),
        "asking": asked,
        "seconds": seconds,
        "longest": longest,
        "progress": len(seen),
        "before": before,
        "pss": most,
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def main() -> None:
    deed, *rest = sys.argv[1:]
    if deed == "bare":
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare.settings"
    from shuoshi.config import prepare

    prepare.open_home()
    deeds: dict[str, Callable[..., dict[str, Any]]] = {
        "bare": bare,
        "export": export,
        "sessions": sessions,
        "matters": matters,
        "platforms": platforms,
        "sweep": sweep,
    }
    answer = deeds[deed](*map(int, rest))
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
