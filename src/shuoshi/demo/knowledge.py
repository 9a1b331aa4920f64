"""The knowledge base of the invented town: written and published before the first call, and kept up while matters come in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import yaml

from shuoshi.demo.stories import CONTENT
from shuoshi.demo.town import Town
from shuoshi.kernel import clock
from shuoshi.knowledge import actions
from shuoshi.knowledge.actions import EntryGiven
from shuoshi.knowledge.models import Audience, Entry, KnowledgeTask, Source, State
from shuoshi.matters import terms

ABOVE = "fangzheng"  # publishes what the only head of a unit wrote


@dataclass
class Shelf:
    """The entries of the town by their key in the file, and which of them a voice's answer cites."""

    town: Town
    last_day: date
    entries: dict[str, Entry] = field(default_factory=dict)

    def cites(self, title: str) -> tuple[terms.Cite, ...]:
        """What the answer to this voice rests on: its entry, where one is in force by now."""
        known = self.entries.get(_cited_by().get(title, ""))
        entry = Entry.objects.select_related("current").get(pk=known.pk) if known else None
        if entry is None or entry.current is None or entry.state != State.PUBLISHED:
            return ()
        return (terms.Cite(entry.number, entry.current.number),)

    def propose(self, said: dict[str, Any]) -> Entry:
        """Write an entry as the file says, by whoever it names."""
        unit = self.town.units[said["unit"]]
        entry = actions.propose(given(said, self.last_day), unit.pk, actor=self.town.actor(said["by"]))
        self.entries[said["key"]] = entry
        return entry

    def publisher(self, said: dict[str, Any]) -> str:
        """The head of the unit, unless the head wrote it."""
        head = self.town.head(said["unit"])
        return head if head != said["by"] or said.get("audience") == Audience.STAFF else ABOVE


def fill(town: Town, last_day: date) -> Shelf:
    """Write and publish every entry of the file. At the time the clock shows, before the first matter."""
    shelf = Shelf(town, last_day)
    for said in content()["entries"]:
        entry = shelf.propose(said)
        actions.publish(entry.pk, 1, actor=town.actor(shelf.publisher(said)))
    return shelf


class Upkeep:
    """A script beside those of the matters: entries written again, published, retired; tasks settled."""

    title = "知识库"
    number = 0

    def __init__(self, shelf: Shelf, days: list[date]) -> None:
        steps: list[tuple[int, dict[str, Any]]] = [(step["back"], step) for step in content()["later"]]
        steps += [(step["back"], step | {"do": "settle"}) for step in content()["settled"]]
        self._shelf = shelf
        self._steps = [
            (datetime.combine(days[-back], _NINE, clock.INSTITUTION_ZONE) + timedelta(minutes=place), step)
            for place, (back, step) in enumerate(sorted(steps, key=lambda pair: -pair[0]))
            if back <= len(days)
        ]
        self.start = self._steps[0][0]

    def script(self) -> Iterator[datetime]:
        for at, step in self._steps:
            yield at
            getattr(self, f"_{step['do']}")(step, self._shelf.town.actor(step["by"]) if "by" in step else None)

    def _propose(self, step: dict[str, Any], actor: Any) -> None:
        self._shelf.propose(step)

    def _revise(self, step: dict[str, Any], actor: Any) -> None:
        said = next(one for one in content()["entries"] if one["key"] == step["key"]) | {"answer": step["answer"]}
        entry = self._entry(step)
        seen = entry.versions.count()
        actions.revise(entry.pk, given(said, self._shelf.last_day), seen=seen, actor=actor)

    def _publish(self, step: dict[str, Any], actor: Any) -> None:
        entry = self._entry(step)
        actions.publish(entry.pk, entry.versions.count(), actor=actor)

    def _again(self, step: dict[str, Any], actor: Any) -> None:
        actions.publish(self._entry(step).pk, 1, actor=actor)

    def _decline(self, step: dict[str, Any], actor: Any) -> None:
        entry = self._entry(step)
        actions.decline(entry.pk, entry.versions.count(), step["why"], actor=actor)

    def _retire(self, step: dict[str, Any], actor: Any) -> None:
        actions.retire(self._entry(step).pk, step["why"], actor=actor)

    def _confirm(self, step: dict[str, Any], actor: Any) -> None:
        until = self._shelf.last_day + timedelta(days=step["review"])
        actions.confirm_reviewed(self._entry(step).pk, until, actor=actor)

    def _settle(self, step: dict[str, Any], actor: Any) -> None:
        """Whoever of the unit looks after its entries; nothing where nobody asked meanwhile."""
        open_ = KnowledgeTask.objects.filter(category=step["category"], settled_at__isnull=True)
        for task in list(open_.order_by("opened_at", "pk")):
            keeper = self._shelf.town.actor(self._shelf.town.handlers(self._shelf.town.unit_key(task.unit_id))[0])
            if "entry" in step:
                actions.settle_with(task.pk, self._shelf.entries[step["entry"]].pk, actor=keeper)
            else:
                actions.no_entry_needed(task.pk, step["because"], actor=keeper)

    def _entry(self, step: dict[str, Any]) -> Entry:
        return self._shelf.entries[step["key"]]


def given(said: dict[str, Any], last_day: date) -> EntryGiven:
    """An entry of the file as the verbs take it."""
    return EntryGiven(
        question=said["ask"],
        answer=said["answer"],
        categories=tuple(said["in"]),
        audience=Audience(said.get("audience", Audience.PUBLIC)),
        review_on=last_day + timedelta(days=said["review"]),
        ways=tuple(said["words"]),
        sources=tuple(_source(*one) for one in said["rests"]),
    )


@cache
def content() -> dict[str, Any]:
    """`content/knowledge.yaml` as it stands."""
    found: dict[str, Any] = yaml.safe_load((CONTENT / "knowledge.yaml").read_text("utf-8"))
    return found


@cache
def _cited_by() -> dict[str, str]:
    written = [*content()["entries"], *content()["later"]]
    return {title: said["key"] for said in written for title in said.get("for", ())}


def _source(name: str, number: str = "", dated: str = "") -> Source:
    law = name.startswith("中华人民共和国") or "国务院令" in number
    return Source(name, number, date.fromisoformat(dated) if dated else None, LAWS if law else "")


LAWS = "https://flk.npc.gov.cn/"  # the national collection of laws and regulations
_NINE = time(9, 10)
