"""What a small office owes its residents to say: one person for several duties, and who stands in for whom (4.3.3, 4.4.1).

Separation of duties gives way only where nobody else is left, and then it is told; the facts stand in the events.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuoshi.kernel.events import Event
from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.vocabulary import Action, FollowUpBy

_L = gettext_lazy
StoodIn = tuple[str, str]  # who does a duty instead, and why nobody before them could

STANDS_IN = {
    ("registry_above", "nobody_left_in_registry"): _L("受理中心的人都要回避，由上一级受理中心受理和答复。"),
    ("leader", "nobody_left_in_registry"): _L("受理中心的人都要回避，由领导代办。"),
    ("leader", "kept_from_somebody"): _L("受理中心有人要回避，由领导代办。"),
    ("tier_above", "nobody_left_in_registry"): _L("受理中心的人都要回避，由上一级交办。"),
    ("tier_above", "nobody_left_at_tier"): _L("本级能办的人都要回避，由上一级办。"),
    ("tier_above", "no_leader_at_tier"): _L("本级没有能指定的领导，由上一级指定。"),
    ("tier_above", "nobody_free_at_tier"): _L("本级的人都经手过，由上一级裁定。"),
    ("dispatcher", "no_leader_anywhere"): _L("没有能指定的领导，由分办员指定。"),
    ("of_lead_unit", "nobody_outside_lead_unit"): _L("主办单位以外没有人能裁定，由主办单位的人裁定。"),
    ("decider_again", "nobody_uninvolved"): _L("能裁定的人都经手过，由其中一位裁定。"),
    ("beneath_those_it_is_about", "nobody_above"): _L("上面没有别的人能裁定，由被申请回避的人的下级裁定。"),
    ("tier_above", "nobody_else_to_accept"): _L("本级没有别的人能重新看，由上一级受理中心重新看。"),
    ("accepts_again", "nobody_else_to_accept"): _L("应当换一个人重新看，没有别的人，仍由原来的人重新看。"),
    ("answers_again", "nobody_else_answers"): _L("这一轮应当换一个人答，没有别的人能办，仍由上一轮的人答。"),
    ("reviews_here", "nobody_above_reviews"): _L("没有上一级能复核，由本级没有经手过的领导复核。"),
    ("reviews_above", "nobody_decided"): _L("原定复核的一级逾期没有作出决定，由再上一级复核。"),
    ("reviews_above", "nobody_left_to_review"): _L("原定复核的人都要回避，由再上一级复核。"),
    ("nobody", "nobody_free_anywhere"): _L("没有人能裁定这项申请，到期没有裁定就按不同意处理。"),
    (FollowUpBy.OVERSIGHT, "nobody_uninvolved_in_registry"): _L("受理中心的人都经手过，回访由监督委员会成员做。"),
    (FollowUpBy.ABOVE, "nobody_uninvolved_at_home"): _L("本级的人都经手过，回访由上一级受理中心做。"),
    (FollowUpBy.SPEAKER, "nobody_uninvolved_anywhere"): _L("能回访的人都经手过，所以只由您自己评价。"),
    ("sampled_by_oversight", "nobody_uninvolved_in_registry"): _L("受理中心的人都经手过，抽查由监督委员会成员做。"),
    ("sampled_above", "nobody_uninvolved_at_home"): _L("本级的人都经手过，抽查由上一级受理中心做。"),
    ("sampled_by_nobody", "nobody_uninvolved_anywhere"): _L("能抽查的人都经手过，这次办结没有人抽查，您随时可以再提。"),
}
_HANDLED = "handled"
_DEEDS = {  # in the order in which they are named
    Action.REGISTER: pgettext_lazy("deed", "登记"),
    Action.REGISTER_GROUP: pgettext_lazy("deed", "登记"),
    Action.ASSIGN: pgettext_lazy("deed", "交办"),
    Action.DESIGNATE: pgettext_lazy("deed", "指定承办"),
    _HANDLED: pgettext_lazy("deed", "办理"),
    Action.ANSWER_ON_THE_SPOT: pgettext_lazy("deed", "答复"),
    Action.SIGN_RESULT: pgettext_lazy("deed", "签发答复"),
}


def stood_in(matter: Matter) -> list[StoodIn]:
    """What the events of the matter say of it, in order, each once; one statement."""
    events = Event.objects.filter(stream_kind="matter", stream_id=str(matter.pk), payload__contains='"fallback":')
    found: dict[StoodIn, None] = {}
    for event in events.order_by("sequence"):
        facts = event.facts()
        found |= dict.fromkeys(zip(facts["fallback"], facts["why_no_other"], strict=True))
    return list(found)


def sentences(matter: Matter, entries: Sequence[Entry], stood_in_for: Sequence[StoodIn]) -> list[str]:
    """What is said on the speaker's page; nothing where everybody did one thing."""
    asked = [one for one in stood_in_for if one[0] in FollowUpBy.values]
    others = [one for one in stood_in_for if one not in asked]
    now = [one for one in asked if one[0] == matter.follow_up_by][-1:]
    said = [_one_for_several(matter, entries), *(str(STANDS_IN[one]) for one in [*others, *now] if one in STANDS_IN)]
    return [sentence for sentence in said if sentence]


def _one_for_several(matter: Matter, entries: Sequence[Entry]) -> str:
    """Whoever handled or answered it, with what else the same person did; "" where that is nothing."""
    answered = next((entry.person for entry in entries if entry.action == Action.ANSWER_ON_THE_SPOT), None)
    doer = answered or matter.handler
    if doer is None:
        return ""
    did = {str(entry.action) for entry in entries if entry.person == doer} | ({_HANDLED} if not answered else set())
    deeds = [str(words) for deed, words in _DEEDS.items() if str(deed) in did]
    if len(deeds) < 2:
        return ""
    what = _("%(first)s并%(last)s") % {"first": _("、").join(deeds[:-1]), "last": deeds[-1]}
    if matter.follow_up_by == FollowUpBy.REGISTRY:
        names = {"name": doer.name, "what": what, "who": matter.registry.name}
        return _("本件由%(name)s%(what)s，回访由%(who)s没有经手的人做。") % names
    return _("本件由%(name)s%(what)s。") % {"name": doer.name, "what": what}
