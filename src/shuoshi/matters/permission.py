"""Whether somebody may take a step, why not, and whom they could ask: the table asked for one case, or for many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from shuoshi.kernel.actors import ActorKind, PostHeld
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.case import NOT_LEAD, Case, Standing, parent_path, prefixes
from shuoshi.matters.models import Matter
from shuoshi.matters.policies import excluded
from shuoshi.matters.scope import standings_of
from shuoshi.matters.transition import Transition
from shuoshi.organization import holders
from shuoshi.organization.holders import Holder

NAMED = 3  # people; more are no help in choosing
_OF_THE_MATTER = frozenset({"status", "part", "drill", "destroyed"})  # nobody else could either
_OF_THE_PERSON = frozenset({"policy", "excluded"})  # codes of refusals that another person need not meet


@dataclass(frozen=True)
class Other:
    """Somebody else before the same matter."""

    holder: Holder
    case: Case


def permit(row: Transition, case: Case) -> None:
    """Raise Refused unless status, policy and guards of the row hold for this case.

    Whom staff could ask is looked up when the page says it, not before.
    """
    refusal = refusal_of(row, case)
    if refusal is not None:
        asked = _asked(row, refusal[0], case) if case.actor.kind is ActorKind.STAFF else ""
        raise Refused(*refusal, who_could=asked)


def refusal_of(row: Transition, case: Case) -> tuple[str, str] | None:
    """Why not, as code and words; None when it may be done, in the own right or in the place of somebody away."""
    refusal = _refusal(row, case)
    if refusal is None or not case.actor.stands_in or refusal[0] in _OF_THE_MATTER:
        return refusal
    return refusal if placed(row, case) is case else None


def placed(row: Transition, case: Case) -> Case:
    """As whom somebody takes this step: as themselves where they may, else in the place of one who is away.

    One person's posts at a time: what nobody could do alone, nobody can by standing in. Unchanged where neither helps.
    """
    if not case.actor.stands_in or _refusal(row, case) is None:
        return case
    for absent in case.actor.stands_in:
        other = case.in_place_of(absent)
        if _refusal(row, other) is None:
            return other
    return case


def _refusal(row: Transition, case: Case) -> tuple[str, str] | None:
    if case.matter.is_erased:
        return "destroyed", _("这件事的档案保管期满，已经销毁，不能再办。")
    if row.source and case.matter.status not in row.source:
        label = case.matter.get_status_display()
        return "status", _("现在是“%(status)s”，不能做这一步。") % {"status": label}
    if case.matter.is_part and not row.of_part:
        return "part", _("这是分项，请在整件 %(number)s 里办。") % {"number": case.matter.number_of_whole}
    if case.matter.drill and not row.drilled:
        return "drill", _("这是演练，只练应急这一段。")
    if excluded(case):
        return "excluded", str(excluded.denies)
    words = row.allow.refusal(case)
    if words is not None:
        return "policy", str(words)
    for guard in row.when:
        if not guard(case):
            return guard.name, str(guard.says)
    return None


def near(matter: Matter) -> list[Holder]:
    """Whose post brings them near this matter: of its tiers and those above, their registries and committees, its lead."""
    over = {*prefixes(matter.tier_path), *prefixes(matter.home_path)}
    if matter.lead_unit is not None:
        over |= set(prefixes(matter.lead_unit.path))
    return [holder for holder in holders.everybody() if any(_is_near(post, over) for post in _all_posts(holder))]


def _all_posts(holder: Holder) -> list[PostHeld]:
    actor = holder.actor
    return [*actor.posts, *(post for absent in actor.stands_in for post in absent.lent)]


def beside(case: Case) -> list[Other]:
    """Everybody near the matter, each as they stand to it; one statement."""
    found = near(case.matter)
    return others(case, found, standings_of([holder.actor for holder in found], case.matter))


def others(case: Case, found: Sequence[Holder], standings: Sequence[Standing]) -> list[Other]:
    """These people before the matter of `case`."""
    pairs = zip(found, standings, strict=True)
    return [Other(one, replace(case, actor=one.actor, standing=standing)) for one, standing in pairs]


def who_could(row: Transition, refusal: str, among: Iterable[Other]) -> tuple[str, ...]:
    """Names of those who could take the step now, for somebody who was refused with this code.

    Where nobody could and it was no matter of the state, of those whom only the state of the matter stops.
    """
    now: list[str] = []
    later: list[str] = []
    for other in among:
        if other.holder.away:
            continue
        found = refusal_of(row, other.case)
        if found is None:
            now.append(other.holder.name)
        elif found[0] not in _OF_THE_PERSON and refusal in _OF_THE_PERSON:
            later.append(other.holder.name)
        if len(now) == NAMED:
            break
    return tuple((now or later)[:NAMED])


def named(names: Sequence[str]) -> str:
    """Names in one line."""
    return _("、").join(names)


def _named_beside(row: Transition, refusal: str, case: Case) -> str:
    return named(who_could(row, refusal, beside(case)))


_asked = lazy(_named_beside, str)


def _is_near(post: PostHeld, over: set[str]) -> bool:
    return post.unit_path in over or (post.unit_kind in NOT_LEAD and parent_path(post.unit_path) in over)
