"""What stands on the answer to a superior body: its number and limit, what was asked, done and said, how satisfied (3.1.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.templatetags.shuoshi import limit as in_words
from shuoshi.matters.models import Matter, OutsideOrder, Result
from shuoshi.matters.papers import answered, wording
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.papers.subject import Content, Subject, number_of
from shuoshi.matters.queries.matter import mine
from shuoshi.matters.vocabulary import Exit, RequestKind, RequestState, ResultState


def _order_answer(subject: Subject, _ordinal: int) -> Content:
    """From rows only: what nobody signed or said is not there, and how satisfied the speaker is stands as they said it."""
    matter = subject.matter
    order: OutsideOrder = mine(matter, [OutsideOrder.objects.get(matter=matter)])[0]
    until = wording.until(wording.full_moment(order.due_at))
    return {
        "主送": order.sender,
        "上级单号": order.number,
        "收到日期": wording.full_day(order.received_at),
        "上级期限": _("%(until)s（%(limit)s）") % {"until": until, "limit": in_words(Limit.parse(order.limit))},
        "上级要求": subject.said(str(order.content)),
        "事项编号": matter.number,
        "说事时间": wording.full_day(matter.happened_at),
        "登记时间": wording.full_moment(matter.registered_at),
        "事发地点": wording.place(matter.area and matter.area.name, matter.place),
        "结论": _where_it_stands(matter),
        "满意度": _how_satisfied(matter),
        "落款": subject.registry,
        **_what_was_answered(subject),
    }


def _what_was_answered(subject: Subject) -> Content:
    """The answer that the speaker was given and that stands; nothing where there is none, or it was sent back."""
    matter = subject.matter
    if matter.round is None or matter.round.replied_at is None:
        return {}
    rows = matter.results.filter(state=ResultState.SIGNED, signed_at__isnull=False, round=matter.round)
    row: Result | None = rows.select_related("assignment__unit", "prepared_by", "issuer").order_by("ordinal").last()
    if row is None:
        return {}
    result: Result = mine(matter, [row])[0]
    points = mine(matter, result.points.select_related("demand").order_by("demand__ordinal"))
    return {
        "承办单位": answered.units(result),
        "承办人": result.prepared_by.name,
        "承办电话": answered.phone(subject, result),
        "逐条": [
            [
                str(one.demand.ordinal),
                subject.said(one.demand.heading),
                str(one.get_outcome_display()),
                subject.said("\n".join(filter(None, (str(one.text), str(one.because))))),
            ]
            for one in points
        ],
        "答复": subject.said(str(result.reply)),
        "报告": subject.said(str(result.report)),
        "依据": str(result.basis),
        "签发人": result.issuer.name if result.issuer else "",
        "签发时间": wording.full_moment(result.signed_at),
        "答复日期": wording.full_day(result.delivered_on),
        "答复书编号": number_of(matter, subject.profile, Ref(PaperKind.REPLY, result.ordinal)),
    }


def _where_it_stands(matter: Matter) -> str:
    if matter.exit:
        return _("办结：%(how)s") % {"how": Exit(matter.exit).label}
    if matter.round is not None and matter.round.replied_at is not None:
        return _("已经答复说事人")
    if matter.withdrawal_asked_at is not None:
        return _("说事人撤回")
    asked = matter.requests.filter(kind=RequestKind.EXIT, state=RequestState.PENDING).exists()
    return _("申请依规办结") if asked else _("还在办理")


def _how_satisfied(matter: Matter) -> str:
    """The speaker's last word on the answer that stands."""
    round_ = matter.round
    if round_ is None or round_.replied_at is None:
        return _("还没有评价")
    said = matter.ratings.filter(at__gte=round_.replied_at).order_by("-at", "-pk").first()
    return str(said.get_result_display()) if said is not None else _("还没有评价")


BUILT_IN = (
    "{主送}：\n你单位转来的{上级单号}，办理的情况报告如下。\n办理情况：{报告}\n逐条结果：\n{逐条}\n办理结论：{结论}\n"
    "说事人评价：{满意度}\n承办单位：{承办单位}；签发：{签发人}，{签发时间}\n{落款}"
)
SAMPLE: Content = {  # of a text, as it is looked at before it is used
    "机构": "示例镇群众说事受理中心",
    "落款": "示例镇群众说事受理中心",
    "热线": "000-0000 0000",
    "主送": "示例县信访局",
    "上级单号": "县转〔2026〕12 号",
    "收到日期": "2026年1月2日",
    "上级期限": "最晚 2026年1月16日 17:30（10 个工作日）",
    "上级要求": "请核实路灯不亮的情况，办理后报结果。",
    "事项编号": "SS-XX-20260102-0001",
    "标题": "村口路灯不亮",
    "说事人": "陈某某",
    "联系电话": "138****0000",
    "类别": "利益诉求 › 基础设施 › 道路照明排水",
    "要求": [["1", "修好路灯"], ["2", "以后定期检查"]],
    "说事时间": "2026年1月1日",
    "登记时间": "2026年1月2日 9:00",
    "事发地点": "示例村 村口",
    "承办单位": "城建办",
    "承办人": "周某",
    "承办电话": "000-0000 0001",
    "逐条": [["1", "修好路灯", "解决", "三盏路灯已经换好。"], ["2", "以后定期检查", "解决", "每月检查一次。"]],
    "答复": "我们到现场看过，三盏路灯灯泡老化，已经全部换好。",
    "报告": "经现场查看，灯泡老化，已更换三盏，并列入每月检查。",
    "依据": "城市照明设施养护办法第九条",
    "签发人": "马某",
    "签发时间": "2026年1月9日 16:00",
    "答复日期": "2026年1月9日",
    "结论": "办结：满意办结",
    "满意度": "满意",
    "答复书编号": "SS-XX-20260102-0001-DF01",
}
WRITERS: Mapping[PaperKind, Callable[[Subject, int], Content]] = {PaperKind.ORDER_ANSWER: _order_answer}
