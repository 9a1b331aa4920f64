"""What the speaker of a dispute or a suggestion reads of its steps, before the words that somebody wrote (2.2.3, 2.2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters.models import Entry
from shuoshi.matters.vocabulary import Action, Adopted, EndsBecause, Exit, Looked, Mediated, Performed

Facts = Mapping[str, object]


def sentence(entry: Entry) -> str:
    """From the facts of a step; "" for any other step, and for what stands inside only."""
    told = _TOLD.get(Action(entry.action))
    return told(entry.facts) if told is not None else ""


def _on(facts: Facts, name: str) -> str:
    return day(date.fromisoformat(str(facts[name])))


def _named(facts: Facts) -> str:
    return _("这件事的对方是%(unit)s。它和它的人不再看、不再办这件事，由别的单位来办。") % {
        "unit": facts.get("unit", "")
    }


def _opened(facts: Facts) -> str:
    return _("您和对方都同意调解，最晚到%(day)s，答复您的日期也随着改。您不想再谈，随时可以在这一页说。") % {
        "day": _on(facts, "until")
    }


def _session(facts: Facts) -> str:
    there = {
        (True, True): _("双方都到了。"),
        (True, False): _("您到了，对方没有到。"),
        (False, True): _("对方到了，您没有到。"),
        (False, False): _("双方都没有到。"),
    }[bool(facts.get("speaker_there")), bool(facts.get("other_there"))]
    said = _("%(day)s调解了一次，") % {"day": _on(facts, "held_on")} + there
    if facts.get("until"):
        said += _("双方同意延长到%(day)s，答复您的日期也随着改。") % {"day": _on(facts, "until")}
    if facts.get("mediator"):
        said += _("双方同意，换了一位调解员。")
    return said


def _agreed(facts: Facts) -> str:
    signed = facts.get("agreed") == Mediated.SIGNED
    said = _("双方签了调解协议，都要照着做。") if signed else _("双方达成了口头协议，调解员记下来了，都要照着做。")
    return said + _("到期以后会回查。想让法院确认的，双方最晚%(day)s一起向人民法院申请。") % {
        "day": _on(facts, "confirm")
    }


def _ended(facts: Facts) -> str:
    why = EndsBecause(str(facts["ended"])).label
    return _("调解到此为止：%(why)s。这件事接着办，答复您的日期按原来剩下的时间走。") % {"why": why}


def _performed(facts: Facts) -> str:
    found = Performed(str(facts["performed"]))
    said = _("协议第 %(n)s 条%(found)s。") % {"n": facts["obligation"], "found": found.label}
    if facts.get("until"):
        return said + _("已经催促，%(day)s再回查一次。") % {"day": _on(facts, "until")}
    if found != Performed.YES:
        said += _("可以再请我们督促，也可以向人民法院起诉。")
    return said


def _closed_agreed(_facts: Facts) -> str:
    return _(
        "您对结果不满意，已经如实记下。双方签过的协议有法律约束力，不再重新办理；对方不照做的，可以请我们督促，也可以向人民法院起诉。协议不是您本人签的，或者是被逼着签的，请上一级复核。"
    )


def _adopted(facts: Facts) -> str:
    until = {"day": _on(facts, "until")}
    if facts.get("extent") == Adopted.PART:
        return _("您的建议采纳了一部分，谢谢您。最晚%(day)s落实。") % until
    return _("您的建议采纳了，谢谢您。最晚%(day)s落实。") % until


def _declined(_facts: Facts) -> str:
    return _("您的建议这次没有采纳，谢谢您把它说出来。不同意的，收到答复以后评价时说一声，会换一个人再研究一次。")


def _carried_out(facts: Facts) -> str:
    if facts.get("carried_out"):
        return _("采纳的建议落实了，谢谢您。")
    return _("采纳的建议没有按时落实，改到%(day)s。") % {"day": _on(facts, "until")}


def _sampled(facts: Facts) -> str:
    """That a third person looked at how it ended; where the record was wrong, which ways are open."""
    match Looked(str(facts["sampled"])):
        case Looked.CONFIRMED:
            return _("由没有经手过的人抽查，您说办结的记录属实。不是您说的，请在这一页写，或者打说事热线。")
        case Looked.CONTRADICTED:
            said = _(
                "由没有经手过的人抽查，您说和办结的记录不一样，已经报给领导和受理中心负责人过问。原来的记录照样保留。"
            )
            if facts.get("as_ended") == Exit.PASSED_ON:
                return said + _("要办的事，请另外再说一次。")
            if facts.get("as_ended") in (Exit.UNRATED, Exit.UNREACHABLE):
                return said + _("您可以在这一页再提，三十天以内还可以评价。")
            return said + _("您可以在这一页再提。")
        case Looked.DECLINED:
            return _("由没有经手过的人抽查，联系上了您，您不愿多说，不再打扰。")
        case Looked.UNREACHED:
            return _("由没有经手过的人抽查，几次没有联系上您。有话要说，请在这一页写，或者打说事热线。")


_TOLD: Mapping[Action, Callable[[Facts], str]] = {
    Action.NAME_OTHER_SIDE: _named,
    Action.OPEN_MEDIATION: _opened,
    Action.RECORD_SESSION: _session,
    Action.CONCLUDE_AGREEMENT: _agreed,
    Action.END_MEDIATION: _ended,
    Action.CHECK_PERFORMANCE: _performed,
    Action.CLOSE_AGREED: _closed_agreed,
    Action.ADOPT: _adopted,
    Action.DECLINE_SUGGESTION: _declined,
    Action.CONFIRM_CARRIED_OUT: _carried_out,
    Action.RECORD_SAMPLE: _sampled,
}
ACTIONS = frozenset(_TOLD)
