"""The registry of the desk's rail: packages name their pages, the rail shows those that one's duty allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from shuoshi.kernel.actors import Actor


@dataclass(frozen=True)
class Link:
    """One entry of the rail: what it is called (lazy text), the name of its address, an icon, and who sees it."""

    label: str | Promise
    view: str
    icon: str = ""
    allow: Callable[[Actor], bool] = lambda actor: True
    order: int = 100


@dataclass(frozen=True)
class Entry:
    """One line as the template draws it; `count` "" where nothing waits, `keys` a shortcut that is printed there."""

    label: str
    url: str
    icon: str = ""
    count: str = ""
    keys: str = ""
    current: bool = False


@dataclass(frozen=True)
class Group:
    """A heading of the rail with its entries; a group without entries is left out by whoever makes it."""

    label: str
    entries: tuple[Entry, ...]


def register(link: Link) -> None:
    """Add a page to 本单位. Called when apps are ready; registering the same address again replaces it."""
    _links[link.view] = link


def links_for(actor: Actor, path: str = "") -> tuple[Entry, ...]:
    """The entries this actor may open, in order; the one with the longest address above `path` counts as current."""
    allowed = sorted((link for link in _links.values() if link.allow(actor)), key=lambda link: (link.order, link.view))
    urls = [(link, reverse(link.view)) for link in allowed]
    above = max((url for _, url in urls if path.startswith(url)), key=len, default="")
    home = min((url for _, url in urls), key=len, default="")  # every page is below the first one: it must be meant
    current = above if above != home or path == home else ""
    return tuple(Entry(str(link.label), url, link.icon, current=bool(current) and url == current) for link, url in urls)


_links: dict[str, Link] = {}
