"""The desk around every page: who is signed in, since when, and the rail with its counts. No page's own content."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.kernel import clock, steady
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import kept
from shuoshi.kernel.web.access import Access, actor_of
from shuoshi.kernel.web.navigation import Entry, Group, links_for
from shuoshi.knowledge import queries as knowledge
from shuoshi.matters.queries import queues
from shuoshi.organization import actors
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Post
from shuoshi.people import sign_in
from shuoshi.people.models import Account

OWES_PASSWORD = "password"  # noqa: S105 what is owed, not a secret
OWES_FACTOR = "factor"
_PASSKEY = "passkey"


class DeskRequest(HttpRequest):
    """A request behind `@page(access=staff)`: the actor and the account are there."""

    actor: Actor
    account: Account


def begin(request: HttpRequest, account: Account, *, by_passkey: bool = False) -> None:
    """Open a session for an account that has just proved itself; a passkey is both factors in one."""
    sign_in.start(request, account, **_noted(account, by_passkey))


def carry_on(request: HttpRequest, *, by_passkey: bool = False) -> None:
    """The owner changed a secret, which ended all sessions, or gave what was owed: this one goes on under a new key."""
    account = Account.objects.select_related("person").get(pk=request.session["account"])
    sign_in.renew(request, account, **_noted(account, by_passkey or request.session.get("by") == _PASSKEY))


def account_of(request: HttpRequest) -> Account | None:
    """The account of a living session, also of one that still owes a password or a second factor; one statement."""
    if not hasattr(request, "_account"):
        request._account = sign_in.account_of(request)  # type: ignore[attr-defined]  # a DeskRequest from here on
    found: Account | None = request._account  # type: ignore[attr-defined]  # a DeskRequest from here on
    return found


def owes(request: HttpRequest) -> str:
    return str(request.session.get("owes", ""))


def staff_actor(request: HttpRequest) -> Actor | None:
    """The actor of a session that owes nothing; kernel.web asks once per request. Two statements."""
    account = account_of(request)
    if account is None or owes(request):
        return None
    actor = actors.of(account)
    request.actor = actor  # type: ignore[attr-defined]  # a DeskRequest from here on
    request.account = account  # type: ignore[attr-defined]  # a DeskRequest from here on
    return actor


def _check_half(request: HttpRequest) -> HttpResponse | None:
    account = account_of(request)
    if account is None:
        return HttpResponseRedirect(reverse("desk:sign_in"))
    request.account = account  # type: ignore[attr-defined]  # a DeskRequest from here on
    request.actor = actors.of(account)  # type: ignore[attr-defined]  # a DeskRequest from here on
    return None


def _check_quiet(request: HttpRequest) -> HttpResponse | None:
    return None if actor_of(request) is not None else HttpResponse(status=401)


def _check_polled(request: HttpRequest) -> HttpResponse | None:
    request.polled = True  # type: ignore[attr-defined]  # people.sign_in: nobody moved, so the session does not last longer
    return _check_quiet(request)


half = Access("signed-in", _check_half)  # also while a password or a second factor is owed
quiet = Access("staff-quiet", _check_quiet)  # for what scripts ask: no redirect to the sign-in page
polled = Access("staff-polled", _check_polled)  # for what scripts ask by themselves, again and again


def posted_deed(request: HttpRequest) -> str:
    """Which button is to be carried out, as `do`; "" where the page is only shown, also with what was typed before."""
    return "" if kept.AGAIN in request.POST else str(request.POST.get("do", ""))


def posted_row(request: HttpRequest) -> UUID:
    """The key of the row whose button was pressed; Http404 for what is no key, which no page of ours posts."""
    try:
        return UUID(request.POST.get("row", ""))
    except ValueError as error:
        raise Http404 from error


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Context processor: what kernel/desk.html draws around the page. Nothing is read unless the frame is drawn."""
    if not request.path.startswith("/desk/"):
        return {}
    actor = actor_of(request)
    if actor is None:
        return {"home_url": reverse("desk:my_day")}
    return {
        "rail": SimpleLazyObject(lambda: rail(request, actor)),
        "register_url": reverse("desk:register"),
        "search_url": reverse("desk:search"),
        "home_url": reverse("desk:my_day"),
        "me_name": request.account.person.name,  # type: ignore[attr-defined]  # a DeskRequest from here on
        "me_post": request.session.get("title", ""),
        "me_url": reverse("desk:me"),
        "sign_in_url": reverse("desk:sign_in"),
        "sign_out_url": reverse("desk:sign_out"),
        "alarms": SimpleLazyObject(lambda: steady.alarms() if rights.administers(actor) else []),
        "alarms_url": "" if request.path == (health := reverse("desk:set_health")) else health,
        "shortcuts_off": request.COOKIES.get("shortcuts") == "off",
    }


def rail(request: HttpRequest, actor: Actor) -> tuple[Group, ...]:
    """Three groups: the seven queues with their keys, what deserves attention, the pages of one's duty. One statement."""
    now = clock.now()
    counts = queues.counts(actor, now, also=knowledge.waiting)
    seven = [queue for queue in queues.QUEUES.values() if not queue.attention]
    attention = [queue for queue in queues.QUEUES.values() if queue.attention and counts[queue.name]]
    return (
        Group(_("队列"), tuple(_entry(request, queue, counts, key) for key, queue in enumerate(seven, start=1))),
        Group(
            _("要留意"),
            (
                *(_entry(request, queue, counts) for queue in attention),
                *_knowledge(request, sum(n for name, n in counts.items() if name not in queues.QUEUES)),
            ),
        ),
        Group(_("本单位"), links_for(actor, request.path)),
    )


def capped(count: int) -> str:
    """A number where work waits, 99+ at most, nothing where none does."""
    return "" if not count else f"{queues.CAP}+" if count > queues.CAP else str(count)


def _entry(request: HttpRequest, queue: queues.Queue, counts: dict[str, int], key: int = 0) -> Entry:
    url = reverse("desk:queue", args=[queue.name])
    return Entry(
        label=str(queue.label),
        url=url,
        count=capped(counts[queue.name]),
        keys=f"Alt+{key}" if key else "",
        current=request.path == url,
    )


def _knowledge(request: HttpRequest, count: int) -> tuple[Entry, ...]:
    """What the knowledge base asks of this person, in one line; none where it asks nothing."""
    url = reverse("desk:knowledge_tasks")
    return (Entry(_("知识任务"), url, count=capped(count), current=request.path == url),) if count else ()


def _noted(account: Account, by_passkey: bool) -> dict[str, str]:
    """What a session keeps: what must be set up first, how it began, and 镇水利站承办人 for the top of the page.

    Posts change only with a new epoch, which ends the session, so neither grows stale.
    """
    held = Post.objects.filter(person_id=account.person_id, until__isnull=True).select_related("unit")
    post = held.order_by("since", "pk").first()
    title = ""
    if post is not None:
        unit = post.unit.short_name
        title = str(post) if str(post).startswith(unit) else f"{unit}{post}"
    owed = ""
    if account.must_change_password:
        owed = OWES_PASSWORD
    elif not account.totp_confirmed and not by_passkey and organization.needs_second_factor(account.person_id):
        owed = OWES_FACTOR
    return {"owes": owed, "by": _PASSKEY if by_passkey else "", "title": title}
