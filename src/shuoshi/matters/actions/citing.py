"""What an answer rests on, and that it rested on nothing: citations, and the task that an unanswered enquiry makes (2.2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.knowledge import actions as knowledge
from shuoshi.knowledge.models import EntryVersion
from shuoshi.knowledge.queries import citable, owner
from shuoshi.matters.models import Citation, Result, Unanswered
from shuoshi.matters.step import Step
from shuoshi.matters.terms import Cite
from shuoshi.matters.vocabulary import Kind

MOST = 5


def versions(cites: Iterable[Cite]) -> list[EntryVersion]:
    """The versions that are cited, each once. Raises Refused for one that residents cannot be pointed to."""
    wanted = list(dict.fromkeys((one.entry, one.version) for one in cites))
    if len(wanted) > MOST:
        raise Refused("cites_too_many", _("一次答复最多引用 %(n)d 条知识条目。") % {"n": MOST})
    found = citable(wanted)
    for pair in wanted:
        if pair not in found:
            raise Refused("not_citable", _("第 %(n)d 条知识条目现在不能引用，请重新选。") % {"n": pair[0]})
    return [found[pair] for pair in wanted]


def named(cited: Iterable[EntryVersion]) -> str:
    """What is cited, a line each, as `matters.queries.matter.Cited` reads it: number of the entry, version, question."""
    return "\n".join(f"{version.entry.number} {version.number} {version.question}" for version in cited)


def cite(step: Step, result: Result, cited: Sequence[EntryVersion]) -> None:
    """Write down what the result rests on."""
    for version in cited:
        step.add(Citation(matter=step.matter, result=result, version=version))


def notice_unanswered(step: Step, result: Result) -> None:
    """An enquiry answered out of somebody's head becomes a task of the unit that answers for its category."""
    if step.matter.kind == Kind.POLICY_ENQUIRY and not result.cites:
        missing(step)


def missing(step: Step) -> None:
    """Let the owner of the category know that its entries lack this answer; without a duty line the registry.

    Not where the matter is kept from somebody: a task is read by others than the matter.
    """
    matter = step.matter
    if matter.exclusions.in_force().exists():
        return
    unit = owner(matter.category, matter.area.path if matter.area else "") or matter.registry
    task = knowledge.missing(step.story, matter.category, unit)
    if not Unanswered.objects.filter(task=task, matter=matter).exists():
        step.add(Unanswered(matter=matter, task=task, at=step.now))
