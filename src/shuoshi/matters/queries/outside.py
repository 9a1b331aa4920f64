"""What came from a superior body and what went outside: the order, who acts for the speaker with which papers, letters.

Read where the matter says that there is any: a page about an ordinary matter pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters.models import Agency, Entry, HandOver, Matter, OutsideOrder, PaperTaken
from shuoshi.matters.queries.matter import mine
from shuoshi.matters.vocabulary import Action, Given, Ground, PaperBecame

_L = gettext_lazy


@dataclass(frozen=True)
class Letter:
    """A letter to an outside body, and in words what it told of the speaker and why it might."""

    row: HandOver
    told: str


@dataclass(frozen=True)
class Outside:
    """What a page shows of it; `order` is for the desk alone."""

    order: OutsideOrder | None
    authorisations: Sequence[Agency]
    papers: Sequence[PaperTaken]
    letters: Sequence[Letter]


def outside_of(matter: Matter) -> Outside:
    """At most four statements, none where the matter has nothing of the kind."""
    order = None
    if matter.order_state:
        order = mine(matter, OutsideOrder.objects.filter(matter=matter).select_related("objected_by", "reported_by"))[0]
    acts, papers = [], []
    if matter.agencies:
        acts = mine(matter, matter.authorisations.select_related("agent", "unit").order_by("-ordinal"))
        papers = mine(matter, matter.papers_taken.select_related("taken_by").order_by("ordinal"))
    letters = []
    if matter.hand_overs:
        letters = mine(matter, matter.outside_letters.select_related("unit").order_by("-ordinal"))
    return Outside(
        order, acts, papers, [Letter(one, told_of_the_speaker(one.given, one.ground, _law(one))) for one in letters]
    )


def told_of_the_speaker(codes: str, ground: str, law: str = "") -> str:
    """没有提供个人信息; 提供了姓名、电话，依据是：本人单独同意. `law`: which one, where it rests on one."""
    if not codes:
        return _("没有提供个人信息。")
    named = _("、").join(str(Given(code).label) for code in codes.split(","))
    return _("提供了%(what)s，依据是：%(ground)s。") % {"what": named, "ground": law or Ground(ground).label}


def _law(letter: HandOver) -> str:
    """Where a consent is kept stays inside."""
    return str(letter.basis) if letter.ground == Ground.LAW else ""


_BECAME = {
    PaperBecame.RETURNED: _L("%(n)d 件材料已经还给您。没有收到，请马上告诉说事热线。"),
    PaperBecame.HANDED_IN: _L("%(n)d 件材料已经交给办事的单位，有收件的凭据。"),
    PaperBecame.LOST: _L("%(n)d 件材料丢失了，这是我们的责任。单位负责人会和您联系，补办由我们负责。"),
}


def _authorised(entry: Entry) -> str:
    facts = {"office": entry.facts["office"], "day": day(date.fromisoformat(str(entry.facts["until"])))}
    said = _("您委托我们到%(office)s办下面的事，到%(day)s为止。您随时可以收回。不是您的意思，请马上收回。") % facts
    return f"{said}\n{entry.words}"


def _taken(entry: Entry) -> str:
    n = int(entry.facts.get("papers", 0) or 0)
    said = ngettext("收下了您 %(n)d 件材料，逐件列在这一页上。", "收下了您 %(n)d 件材料，逐件列在这一页上。", n)
    return said % {"n": n}


def _done_there(entry: Entry) -> str:
    facts = {"day": day(date.fromisoformat(str(entry.facts["on"]))), "office": entry.facts["office"]}
    said = _("%(day)s在%(office)s：") % facts + str(entry.words)
    return said + "\n" + _("委托的事办完了。") if entry.facts.get("done") else said


def _accounted(entry: Entry) -> str:
    return str(_BECAME[PaperBecame(str(entry.facts["became"]))]) % {"n": entry.facts.get("papers", 0)}


def _revoked(entry: Entry) -> str:
    said = _("委托收回了，不再以您的名义去办。您的材料还在我们手里的，三个工作日内归还。")
    return f"{said}\n{entry.words}".strip()


def _handed_over(entry: Entry) -> str:
    facts = entry.facts
    named = {
        "office": facts["office"],
        "number": facts["number"],
        "where": facts["where"],
        "day": day(date.fromisoformat(str(facts["until"]))),
    }
    said = (
        _("发函给%(office)s（%(number)s），%(day)s我们去问结果；您也可以直接问：%(where)s。答应您的日期不变。") % named
    )
    return said + told_of_the_speaker(str(facts.get("given", "")), str(facts.get("ground", "")))


def _asked(entry: Entry) -> str:
    facts = {"office": entry.facts["office"], "day": day(date.fromisoformat(str(entry.facts["until"])))}
    return _("又问了%(office)s，还没有正式答复，%(day)s再问。") % facts + f"\n{entry.words}"


def _answered(entry: Entry) -> str:
    return _("%(office)s答复了：") % {"office": entry.facts["office"]} + f"\n{entry.words}"


_WORDED: Mapping[Action, Callable[[Entry], str]] = {
    Action.RECORD_SUPERIOR_ANSWER: lambda entry: _("上级收回了转来的单子。您说的事还在这里，按规定接着办。"),
    Action.AUTHORISE_AGENCY: _authorised,
    Action.TAKE_PAPERS: _taken,
    Action.RECORD_AGENCY_STEP: _done_there,
    Action.HAND_BACK_PAPERS: _accounted,
    Action.REVOKE_AGENCY: _revoked,
    Action.LAPSE_AGENCY: lambda entry: _("委托到期了，不再以您的名义去办。您的材料还在我们手里的，三个工作日内归还。"),
    Action.HAND_OVER_OUTSIDE: _handed_over,
    Action.ASK_OUTSIDE: _asked,
    Action.RECORD_OUTSIDE_ANSWER: _answered,
}
SPEAKS = frozenset(_WORDED)  # steps that say what they are by their facts, with the words that were written


def worded(entry: Entry) -> str:
    """What the speaker reads of such a step."""
    return _WORDED[Action(entry.action)](entry)
