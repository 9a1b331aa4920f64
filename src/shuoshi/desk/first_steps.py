"""What somebody may try first, on the first page of the desk. The desk knows no examples: who has some says so once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from shuoshi.kernel.actors import Actor

_PUT_AWAY = "first_steps_put_away"  # in the session: they come back with the next sign-in


@dataclass(frozen=True)
class FirstStep:
    """One thing to try: where it is, as a link, and what to do there."""

    label: str
    url: str
    says: str


Source = Callable[[Actor], Sequence[FirstStep]]


def come_from(source: Source) -> None:
    """Have `source` name the steps of somebody. Called once, when apps are ready."""
    global _source
    _source = source


def shown(request: HttpRequest, actor: Actor) -> Sequence[FirstStep]:
    """The steps of this person, until they put them away."""
    return () if _PUT_AWAY in request.session else _source(actor)


def put_away(request: HttpRequest) -> None:
    request.session[_PUT_AWAY] = True


def _none(actor: Actor) -> Sequence[FirstStep]:
    return ()


_source: Source = _none
