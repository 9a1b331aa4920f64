"""Who may: pure functions of a case, combined with & | ~. Their words are what the refusing page says.

What may be done to a matter in which state is `guards` and `workflow`; which matters somebody sees is `queries.scope`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.matters.case import (
    HANDLING,
    HEADING,
    NOT_LEAD,
    Case,
    Pending,
    bonds_that_involve,
    headed,
    opinions_owed,
    parent_path,
    scopes,
    signs_at,
    units,
)
from shuoshi.matters.vocabulary import EMERGENCIES, Bond, FollowUpBy, RequestKind
from shuoshi.organization.models import UnitKind
from shuoshi.organization.roles import Role

Words = str | Promise


@dataclass(frozen=True)
class Policy:
    """`test` answers; `says` is why not when it fails, `denies` why not when it is negated and holds."""

    name: str
    test: Callable[[Case], bool]
    says: Words
    denies: Words = ""

    def __call__(self, case: Case) -> bool:
        return self.test(case)

    def refusal(self, case: Case) -> Words | None:
        """None when the case passes, else the words of the first part that fails."""
        return None if self.test(case) else self.says

    def __and__(self, other: Policy) -> Policy:
        return _Both(
            f"{self.name} & {other.name}", lambda case: self(case) and other(case), "", first=self, second=other
        )

    def __or__(self, other: Policy) -> Policy:
        return Policy(f"{self.name} | {other.name}", lambda case: self(case) or other(case), self.says)

    def __invert__(self) -> Policy:
        """Who is not so. In somebody's place neither the one nor the other may be: a duty passes on, no way around."""
        return Policy(f"~{self.name}", lambda case: not any(self(one) for one in case.persons), self.denies, self.says)


@dataclass(frozen=True)
class _Both(Policy):
    first: Policy | None = None
    second: Policy | None = None

    def refusal(self, case: Case) -> Words | None:
        assert self.first and self.second
        words = self.first.refusal(case)
        return self.second.refusal(case) if words is None else words  # a refusal without words is one, too


def _policy(says: Words, denies: Words = "") -> Callable[[Callable[[Case], bool]], Policy]:
    return lambda test: Policy(test.__name__, test, says, denies)


def _serves(case: Case, path: str, *roles: Role) -> bool:
    return bool(path) and path in scopes(case.actor, roles)


@_policy(_("只有说事人本人能做。"))
def speaker(case: Case) -> bool:
    """Whoever opened this matter with its number and code; of a group with the code of one of its spokespersons."""
    if case.matter.is_group and case.actor.part is None:
        return False
    return case.actor.kind is ActorKind.SPEAKER and case.actor.matter_id == case.matter.id


@_policy(_("由说事人本人做；受理中心可以替他记下。"))
def speaker_or_registry(case: Case) -> bool:
    """The speaker, or the registry that answers to them, for somebody who says it there."""
    return speaker(case) or home_registrar(case)


@_policy(_("这一步到时由规则自动进行，谁都不能手工去做。"))
def system(case: Case) -> bool:
    return case.actor.kind is ActorKind.SYSTEM


@_policy(_("由受理中心登记员做。"))
def registrar(case: Case) -> bool:
    """Registers and accepts for the tier the matter lies at."""
    return _serves(case, case.matter.tier_path, Role.REGISTRAR, Role.DISPATCHER)


@_policy(_("由受理中心登记员做。"))
def home_registrar(case: Case) -> bool:
    """Of the registry where it was registered, wherever it lies now: answers to the resident."""
    return _serves(case, case.matter.home_path, Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT)


@_policy(_("由受理中心的登记员或回访员做。"))
def takes_down(case: Case) -> bool:
    """Whoever listens to the speaker: the registry where it was registered and where it lies, and who follows up."""
    asks = follow_up_agent(case) and any(post.role == Role.FOLLOW_UP_AGENT for post in case.actor.posts)
    return home_registrar(case) or registrar(case) or asks


@_policy(_("由受理中心分办员做。"))
def dispatcher(case: Case) -> bool:
    """Classifies and assigns at the tier the matter lies at."""
    return _serves(case, case.matter.tier_path, Role.DISPATCHER)


@_policy(_("由受理中心办；受理中心的人要回避时，由领导代办。"))
def leader_stands_in(case: Case) -> bool:
    """The registry may have nobody left where the matter is kept from some: then the tier's leader takes its steps."""
    kept = case.standing.excluded_people or case.standing.excluded_units
    return bool(kept) and _serves(case, case.matter.tier_path, Role.LEADER)


@_policy(_("由领导决定。"))
def leader(case: Case) -> bool:
    """A leader of the tier the matter lies at."""
    return _serves(case, case.matter.tier_path, Role.LEADER)


@_policy(_("由本级或登记那一级的领导做。"))
def leads_it(case: Case) -> bool:
    """A leader of the tier the matter lies at, or of the one where it was registered."""
    return leader(case) or _serves(case, case.matter.home_path, Role.LEADER)


@_policy(_("由包案的领导做。"))
def sponsor(case: Case) -> bool:
    """Who sees the matter through, as long as they lead anything."""
    mine = case.matter.sponsor_id is not None and case.matter.sponsor_id == case.actor.whose
    return mine and any(post.role == Role.LEADER for post in case.actor.posts)


@_policy(_("由领导指定；没有领导能指定时，由分办员指定。"))
def designates(case: Case) -> bool:
    """A leader of the tier it lies at; its dispatcher where no leader is free, here or above."""
    return leader(case) or (case.matter.dispatcher_designates and dispatcher(case))


@_policy(_("由值班员或受理中心做；他们没有处置时，由被叫到的人做。"))
def duty_officer(case: Case) -> bool:
    """The duty desk of where it was registered, and everybody who was called because nobody acted (4.1.2)."""
    return called(case) or _serves(case, case.matter.home_path, Role.DUTY_OFFICER, Role.DISPATCHER, Role.REGISTRAR)


def called(case: Case) -> bool:
    """Was called for this emergency, which is not over."""
    return Bond.CALLED in case.standing.bonds and case.matter.duty_since is not None


@_policy(_("紧急的事由值班员先联系。"))
def duty_officer_in_emergency(case: Case) -> bool:
    """The duty officer speaks to the person while nobody handles it yet (4.1.2)."""
    urgent = case.matter.urgency in EMERGENCIES or case.matter.urgency_suspected
    return urgent and duty_officer(case)


@_policy(_("由承办人做。"), _("承办人自己不能做这一步。"))
def handler(case: Case) -> bool:
    """The person the matter is in the hands of, or who stands in, as long as that person handles for the lead unit."""
    mine = case.actor.whose is not None and case.matter.handler_id == case.actor.whose
    mine = mine or case.is_actor(case.matter.handler_id)
    return mine and case.matter.lead_unit_id in units(case.actor, HANDLING)


@_policy(_("由调解员做。"))
def mediator(case: Case) -> bool:
    """Who mediates this dispute, as long as they hold any post."""
    mine = case.actor.person_id is not None and case.matter.mediator_id == case.actor.person_id
    return mine and bool(case.actor.posts)


@_policy(_("由主办单位签收、办理。"))
def lead(case: Case) -> bool:
    """Anybody who handles for the lead unit, and who heads it."""
    return case.matter.lead_unit_id in units(case.actor, HANDLING) or head(case)


@_policy("", _("这件事由您所在的单位办，替说事人记下要由别人来做。"))
def works_for_the_lead(case: Case) -> bool:
    """Of the side that is rid of the work when the matter ends, also before anybody signed for it (1.3.1)."""
    main = case.matter.merged_into if case.matter.merged_into_id else None
    mine = units(case.actor, HANDLING) | headed(case.actor)
    if lead(case) or (main is not None and main.lead_unit_id in mine):
        return True
    return bool(mine) and bool(mine & case.matter.leads_of_parts)


@_policy(_("由主办单位签收、办理。"))
def lead_before_anybody_handles(case: Case) -> bool:
    """Whoever handles for the lead unit, as long as nobody is named."""
    return case.matter.handler_id is None and lead(case)


@_policy(_("由主办单位负责人做。"))
def head(case: Case) -> bool:
    """The head of the lead unit, its leader where it is a tier: a village may have nobody else."""
    return case.matter.lead_unit_id in headed(case.actor)


@_policy(_("由主办单位负责人签发；负责人就是承办人时，由上一级单位负责人签发。"))
def signer(case: Case) -> bool:
    """The head of the lead unit, its leader where it is a tier, or the leader or head of the unit above it."""
    lead = case.matter.lead_unit
    return lead is not None and not signs_at(case.actor).isdisjoint({lead.path, parent_path(lead.path)})


@_policy(_("由被请协办的单位答复。"))
def asked_to_help(case: Case) -> bool:
    """Whoever handles for, or heads, a unit that owes an opinion."""
    if any(one.actor.person_id is None or one.is_actor(case.matter.handler_id) for one in case.persons):
        return False
    return bool(opinions_owed(case) & (units(case.actor, HANDLING) | headed(case.actor)))


@_policy(_("由受理中心、领导或者监督小组做。"))
def supervises(case: Case) -> bool:
    """The registry, whoever leads the tier, and the supervision group: where it was registered and where it lies."""
    watching = (Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT, Role.LEADER, Role.SUPERVISOR)
    return _serves(case, case.matter.tier_path, *watching) or _serves(case, case.matter.home_path, *watching)


@_policy(_("由分办员、领导或者监督小组做。"))
def orders(case: Case) -> bool:
    """Whoever may demand an answer from a unit."""
    above = (Role.DISPATCHER, Role.LEADER, Role.SUPERVISOR)
    return _serves(case, case.matter.tier_path, *above) or _serves(case, case.matter.home_path, *above)


@_policy(_("由现在经手这件事的人做。"))
def works_on_it(case: Case) -> bool:
    """The registry, the lead unit, and whoever leads the tier it lies at."""
    return home_registrar(case) or registrar(case) or lead(case) or leader(case)


@_policy(
    _("回访由受理中心的回访员做；都经手过时，按顺序由监督委员会成员、上一级受理中心做。"),
)
def follow_up_agent(case: Case) -> bool:
    """Whoever's turn it is in the order of fall-back that was fixed, with its reason, when the reply went out."""
    roles = {
        FollowUpBy.REGISTRY: (Role.FOLLOW_UP_AGENT,),
        FollowUpBy.OVERSIGHT: (Role.OVERSIGHT_MEMBER,),
        FollowUpBy.ABOVE: (Role.FOLLOW_UP_AGENT,),
    }.get(FollowUpBy(case.matter.follow_up_by) if case.matter.follow_up_by else FollowUpBy.SPEAKER, ())
    return _serves(case, case.matter.follow_up_path, *roles)


@_policy(_("由受理中心出具。"))
def keeps_records(case: Case) -> bool:
    """The registry, whose papers they are: where it was registered, where it lies, and who follows up."""
    return home_registrar(case) or registrar(case) or follow_up_agent(case)


@_policy(_("由受理中心或者作出裁定的人出具。"))
def keeps_records_or_ruled(case: Case) -> bool:
    return keeps_records(case) or Bond.RULED in case.standing.bonds


@_policy("", _("回访记录里有评价的凭据，办这件事的单位和人不能看。"))
def handling_side(case: Case) -> bool:
    """Those whose work a follow-up is about (1.3.1)."""
    return lead(case) or handler(case) or bool(case.standing.bonds & {Bond.HANDLED, Bond.ISSUED})


@_policy("", _("这件事由您或您的单位在办，要由别人催办、督办。"))
def their_own_work(case: Case) -> bool:
    """The lead unit, and whoever handled or signed: nobody supervises themselves (6.1.1)."""
    return handling_side(case)


@_policy(
    _("只有经手过这件事的人能做。"),
    _("您承办、签发、主管或裁定过这件事，不能再做这一步，要由没有经手过的人来做。"),
)
def involved(case: Case) -> bool:
    """Handled, issued, directly led or ruled on this matter, under any post (1.3.1)."""
    return bonds_that_involve(case.standing)


@_policy("", _("您在承办人主管的单位里任职，不能评价他办的事，要由别人来做。"))
def subordinate_of_handler(case: Case) -> bool:
    return any(
        post.unit_path.startswith(path)
        for post in case.actor.posts
        if post.unit_kind != UnitKind.OVERSIGHT  # elected beside the leadership, under nobody's orders
        for path in case.standing.handled_over
    )


@_policy("", _("这件事是您登记的，要由别人来回访。"))
def entered_it(case: Case) -> bool:
    """Typed the matter in for the resident: others ask how it went, at any size of office (rule g)."""
    return case.matter.staff_entered and case.is_actor(case.matter.registered_by_id)


@_policy("", _("这件事和您或您的单位有关，您要回避。"))
def excluded(case: Case) -> bool:
    """Complained about or recused: no rights on the matter at all (5.3)."""
    return case.actor.kind is ActorKind.STAFF and case.standing.excluded


def _rules_on(kind: RequestKind) -> Policy:
    """May rule on the pending request of this kind: the tier it was put to, never on one's own or about oneself."""

    def test(case: Case) -> bool:
        request = case.standing.pending.get(kind)
        if request is None or _asked_or_concerned(case, request):
            return False
        rulers = (Role.LEADER,) if request.leaders_only else (Role.DISPATCHER, Role.LEADER)
        apart = any(_of_those_it_is_about(one, request) for one in case.persons)
        return _serves(case, request.decider_path, *rulers) and not apart

    return Policy(f"rules_on_{kind.value.lower()}", test, _("由受理中心分办员或领导裁定；自己提的申请自己不能裁定。"))


def _asked_or_concerned(case: Case, request: Pending) -> bool:
    """Whoever acts, or whose place it is, asked for it, had it asked for in their place, or is whom it is about."""
    not_these = (request.requester, request.about_person, *request.asked_in_place_of)
    return any(one.actor.person_id is None or any(map(one.is_actor, not_these)) for one in case.persons)


def _of_the_lead_unit(kind: RequestKind) -> Policy:
    """Holds a post in the lead unit, while somebody outside it is free to rule on what it asks for (rule d)."""

    def test(case: Case) -> bool:
        request, lead = case.standing.pending.get(kind), case.matter.lead_unit
        if request is None or request.lead_may_rule or lead is None:
            return False
        return any(post.unit_path.startswith(lead.path) and post.unit_kind not in NOT_LEAD for post in case.actor.posts)

    says = _("您在主办单位任职，这件事要由主办单位以外的人裁定。")
    return Policy(f"of_the_lead_unit_{kind.value.lower()}", test, "", says)


def _of_those_it_is_about(case: Case, request: Pending) -> bool:
    """Holds a post in a unit whose recusal is asked for, or beneath whom the recusal is about (2.2.4)."""
    posts = [post for post in case.actor.posts if not request.but_heads_only or post.role in HEADING]
    return any(post.unit_path.startswith(path) for post in posts for path in request.apart)


@_policy(_("由复核的一级里没有经手过这件事的领导或分办员作出；在本级复核的，只能由领导作出。"))
def reviewer(case: Case) -> bool:
    """Of the tier that was asked; where none stands above, a leader of the same tier."""
    roles = (Role.LEADER,) if case.matter.review_here else (Role.LEADER, Role.DISPATCHER)
    return _serves(case, case.matter.review_path, *roles)


@_policy("", _("这次复核是您替说事人记下的，要由别人作决定。"))
def wrote_the_request(case: Case) -> bool:
    """Nobody decides on what they asked for in somebody's name (rule b)."""
    return case.is_actor(case.matter.review_written_by_id)


decides_review = reviewer & ~wrote_the_request & ~involved & ~works_for_the_lead
for_the_speaker = speaker_or_registry & (~involved | speaker) & ~works_for_the_lead
rules_on_return = _rules_on(RequestKind.RETURN)
rules_on_escalation = _rules_on(RequestKind.ESCALATION)
rules_on_exit = _rules_on(RequestKind.EXIT) & ~involved & ~_of_the_lead_unit(RequestKind.EXIT)
rules_on_extension = _rules_on(RequestKind.EXTENSION) & ~handler & ~_of_the_lead_unit(RequestKind.EXTENSION)
rules_on_pause = _rules_on(RequestKind.PAUSE) & ~handler & ~_of_the_lead_unit(RequestKind.PAUSE)
rules_on_parking = _rules_on(RequestKind.PARK) & ~handler & ~_of_the_lead_unit(RequestKind.PARK)
rules_on_recusal = _rules_on(RequestKind.RECUSAL)


@_policy(_("作废要由另一个人核定。"))
def second_person(case: Case) -> bool:
    """Somebody of the registry or a leader who did not ask for it."""
    request = case.standing.pending.get(RequestKind.VOID)
    if request is None or _asked_or_concerned(case, request):
        return False
    return _serves(case, request.decider_path, Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT, Role.LEADER)


@_policy(_("由在岗人员提出。"))
def staff_of_it(case: Case) -> bool:
    """Staff who stand in any working relation to the matter."""
    asked = [request.decider_path for request in case.standing.pending.values()]
    rules = any(_serves(case, path, Role.DISPATCHER, Role.LEADER) for path in asked) or reviewer(case)
    return works_on_it(case) or follow_up_agent(case) or rules or bool(case.standing.bonds)
