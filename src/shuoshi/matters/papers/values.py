"""What stands on each paper of a matter, from rows that change no more; persons masked unless a reveal allowed (`in_clear`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuoshi.kernel import search
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import veil
from shuoshi.matters.models import Agreement, Assignment, Deadline, FollowUp, HandOver, Matter, Party, Rating, Result
from shuoshi.matters.papers import answered, approvals, orders, superior, wording
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.papers.subject import Content, Subject, number_of
from shuoshi.matters.queries.matter import citations, mine
from shuoshi.matters.vocabulary import Action, Channel, DeadlineKind, Exit, Given, ResultState
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Unit
from shuoshi.organization.profile import stored


def content_of(matter: Matter, ref: Ref) -> Content:
    """What the paper says now; `ref` is one of `listed.refs`."""
    with wording.official():
        subject = Subject(matter, organization.institution(), stored.version(matter.profile_id), parties_of(matter))
        said = subject.common | _WRITERS[ref.kind](subject, ref.ordinal)
        return {name: value for name, value in said.items() if value is not None}


def in_clear(content: Content, parties: Sequence[Party]) -> Content:
    """The same paper with names and telephones written out; who asked for confidence stays unnamed.

    Raises Refused where the paper says somebody else than the matter does by now: nothing may stand under its number
    that it was not issued with.
    """
    with wording.official():
        masked, clear = _persons(parties, clear=False), _persons(parties, clear=True)
    if any(content[name] != said for name, said in masked.items() if name in content):
        raise Refused("persons_changed", _("出具以后，说事人的姓名或者电话有了变动。请先出具新的一版，再写明姓名。"))
    return content | {name: said for name, said in clear.items() if name in content}


def _persons(parties: Sequence[Party], *, clear: bool) -> dict[str, str]:
    return {
        "说事人": wording.names(parties, clear=clear),
        "联系电话": wording.phones(parties, clear=clear),
        "称呼": wording.salutation(parties, clear=clear),
        **_others(parties, clear=clear),
    }


def parties_of(matter: Matter) -> list[Party]:
    speaking = matter.parties.filter(spokesperson__left_at__isnull=True)
    return mine(
        matter, speaking.select_related("person", "contact", "contact__person").order_by("spokesperson__seat", "pk")
    )


def _registration(subject: Subject, _ordinal: int) -> Content:
    matter = subject.matter
    return {
        "留名方式": str(matter.get_naming_display()),
        "渠道": str(matter.get_channel_display()),
        "上级编号": matter.outside_number,
        "说事时间": wording.full_moment(matter.happened_at),
        "说事地点": wording.place(matter.said_point and matter.said_point.name, matter.said_place)
        or str(matter.get_channel_display()),
        "登记时间": wording.full_moment(matter.registered_at),
        "登记人": _registered_by(matter),
        "事发地点": wording.place(matter.area and matter.area.name, matter.place),
        "紧急程度": str(matter.get_urgency_display()),
        "原话": subject.said(subject.own_words(_accepted_at(matter))),
        "核对": _read_back(matter.read_back),
        "告知方式": str(matter.get_tell_by_display()),
        "同意公开": _("同意（隐去个人信息以后）") if matter.consent_to_publication else _("不同意"),
        "落款": subject.registry,
    }


def _accepted_at(matter: Matter) -> datetime | None:
    """What is typed of recordings that come later was not said when it was registered."""
    return matter.entries.filter(action=Action.ACCEPT).order_by("at").values_list("at", flat=True).first()


def _registered_by(matter: Matter) -> str:
    """Who typed it; of an import whoever brought the file, and never the speaker."""
    name = matter.registered_by.name if matter.registered_by else ""
    if matter.channel == Channel.IMPORT:
        return _("%(name)s（从表格导入）") % {"name": name} if name else _("从表格导入")
    return name or _("说事人自己提交")


def _order(subject: Subject, ordinal: int) -> Content:
    matter = subject.matter
    rows = matter.assignments.select_related("unit", "assigned_by", "round")
    row: Assignment = mine(matter, rows.filter(ordinal=ordinal))[0]
    clocks = list(matter.deadlines.filter(round=row.round).order_by("started_at", "pk"))

    def first(kind: DeadlineKind, *, of_it: bool = True) -> Deadline | None:
        return next((c for c in clocks if c.kind == kind and (not of_it or c.assignment_id == row.pk)), None)

    completion, contact = first(DeadlineKind.COMPLETION), first(DeadlineKind.FIRST_CONTACT)
    promise = first(DeadlineKind.PROMISE, of_it=False) or _of_the_whole(matter)
    again = row.round.ordinal > 1
    helpers = row.co_units.order_by("unit__node", "pk").values_list("unit__name", flat=True)
    return {
        "主送": row.unit.name,
        "紧急程度": str(matter.get_urgency_display()),
        "交办时间": wording.full_moment(row.assigned_at),
        "办理期限": wording.latest(completion),
        "期限依据": subject.profile.basis(DeadlineKind.COMPLETION),
        "先行联系": wording.latest(contact) or "—",
        "答应说事人": wording.latest(promise) or "—",
        "退单期限": "" if row.binding else wording.until(wording.full_moment(row.returnable_until)),
        "事发地点": wording.place(matter.area and matter.area.name, matter.place),
        "原话": subject.said(subject.own_words(row.assigned_at)),
        "协办单位": "、".join(helpers),
        "交办人": row.assigned_by.name if row.assigned_by else _("按规则自动交办"),
        "交办理由": str(row.reason) or _("按职责清单"),
        "轮次": _("重新办理（第 %(n)d 轮）") % {"n": row.round.ordinal} if again else "",
        "上轮原话": subject.said(str(row.round.words)) if again else "",
        "落款": subject.registry,
    }


def _of_the_whole(matter: Matter) -> Deadline | None:
    """Of a part the date that the speaker was given for all of it."""
    if not matter.is_part:
        return None
    promises = Deadline.objects.filter(matter=matter.part_of_id, kind=DeadlineKind.PROMISE)
    return promises.order_by("started_at", "pk").first()


def _reply(subject: Subject, ordinal: int) -> Content:
    result, content = _of_result(subject, ordinal, beside_the_reply=True)
    return content | {"答复": str(result.reply), "救济": str(result.remedies)}


def _report(subject: Subject, ordinal: int) -> Content:
    result, content = _of_result(subject, ordinal)
    matter = subject.matter
    return content | {
        "主送": subject.registry,
        "报告": _body(str(result.report), matter.title, result.assignment.unit if result.assignment else None),
        "交办单编号": answered.orders(subject, result),
        "答复书编号": number_of(matter, subject.profile, Ref(PaperKind.REPLY, ordinal)),
        "报告形式": str(result.get_form_display()),
    }


def _of_result(subject: Subject, ordinal: int, *, beside_the_reply: bool = False) -> tuple[Result, Content]:
    """What both papers of a result say. A point answered in the words of the reply does not say them twice beside it."""
    matter = subject.matter
    signed = matter.results.filter(state__in=[ResultState.SIGNED, ResultState.RETURNED], ordinal=ordinal)
    related = ("assignment__unit", "prepared_by", "issuer", "round")
    result: Result = mine(matter, signed.select_related(*related))[0]
    points = mine(matter, result.points.select_related("demand").order_by("demand__ordinal"))
    overlap = _("承办人和签发人是同一人（一人多岗）") if result.duty_overlap else ""
    assert result.issuer is not None
    said = str(result.reply) if beside_the_reply else ""
    return result, {
        "称呼": wording.salutation(subject.parties),
        "说事时间": wording.full_day(matter.happened_at),
        "逐条": [
            [
                str(one.demand.ordinal),
                subject.said(one.demand.heading),
                str(one.get_outcome_display()),
                "\n".join(filter(None, ("" if str(one.text) == said else str(one.text), str(one.because)))),
            ]
            for one in points
        ],
        "依据": _rests_on(matter, result),
        "承办人": result.prepared_by.name,
        "承办电话": answered.phone(subject, result),
        "签发人": result.issuer.name,
        "签发时间": wording.full_moment(result.signed_at),
        "一人多岗": overlap,
        "轮次": _("重新办理（第 %(n)d 轮）") % {"n": result.round.ordinal} if result.round.ordinal > 1 else "",
        "送达方式": str(result.get_delivered_by_display()),
        "送达日期": wording.full_day(result.delivered_on),
        "落款": answered.signed_by(subject, result),
    }  # fmt: skip


def _rests_on(matter: Matter, result: Result) -> str:
    """The basis as it was written, and the entries of the knowledge base that were cited."""
    entries = sorted({one.version.entry.number for one in citations(matter, [result])})
    cited = [_("知识库第 %(n)d 条") % {"n": number} for number in entries]
    return pgettext("separator", "；").join(part for part in (str(result.basis), *cited) if part)


def _follow_up(subject: Subject, ordinal: int) -> Content:
    matter = subject.matter
    round_ = matter.rounds.get(ordinal=ordinal)
    attempts = mine(matter, round_.follow_ups.select_related("asked_by").order_by("at", "pk"))
    rating = next(iter(mine(matter, round_.ratings.select_related("follow_up").order_by("-at", "-pk")[:1])), None)
    result = (
        round_.results.filter(signed_at__isnull=False).select_related("assignment__unit").order_by("ordinal").last()
    )
    reply = "—" if result is None else number_of(matter, subject.profile, Ref(PaperKind.REPLY, result.ordinal))
    return {
        "轮次": _("第 %(n)d 轮") % {"n": ordinal},
        "承办单位": "—" if result is None else answered.units(mine(matter, [result])[0]),
        "答复书编号": reply,
        "回访": [_attempt(place, one) for place, one in enumerate(attempts, start=1)],
        **_answers(rating, attempts),
        "处理": _what_came(matter, ordinal),
        "落款": subject.registry,
    }


def _agreement(subject: Subject, ordinal: int) -> Content:
    """What both sides agreed: who, what about, what each has to do until when, how, and the ways of the law."""
    matter = subject.matter
    rows = matter.agreements.select_related("mediation__mediator", "by")
    row: Agreement = mine(matter, rows.filter(ordinal=ordinal))[0]
    owed = mine(matter, row.obligations.order_by("ordinal"))
    return {
        **_others(subject.parties, clear=False),
        "形式": str(row.get_form_display()),
        "达成日期": wording.full_day(row.concluded_on),
        "事实": str(row.facts),
        "争议": str(row.issue),
        "约定": [
            [str(place), str(one.get_owed_by_display()), str(one.text), wording.full_day(one.due_on)]
            for place, one in enumerate(owed, start=1)
        ],
        "履行": str(row.way),
        "调解员": row.mediation.mediator.name,
        "记录人": row.by.name,
        "司法确认": wording.full_day(row.confirm_until),
        "凭据": _("%(kind)s：%(what)s") % {"kind": row.get_proof_display(), "what": row.proof_ref},
        "落款": subject.registry,
    }


def _others(parties: Sequence[Party], *, clear: bool) -> dict[str, str]:
    return {
        "对方": wording.others(parties, clear=clear),
        "对方电话": wording.phones(parties, clear=clear, others=True),
    }


def _attempt(place: int, one: FollowUp) -> list[str]:
    reached = _("联系上了") if one.reached else _("没有联系上")
    way = str(one.get_way_display())
    return [str(place), wording.full_moment(one.at), way, reached, one.asked_by.name, str(one.text)]


def _answers(rating: Rating | None, attempts: Sequence[FollowUp]) -> Content:
    names = (
        "评价来源",
        "评价时间",
        "联系过",
        "是否解决",
        "结果满意度",
        "态度满意度",
        "剩下的要求",
        "说事人的话",
        "凭据",
    )
    if rating is None:
        return dict.fromkeys(names, "—") | {"剩下的要求": "", "评价来源": _("还没有评价")}
    call = next((one for one in attempts if one.pk == rating.follow_up_id), None)
    rest = {None: "", True: _("要继续办"), False: _("不用再办")}[rating.rest_wanted]
    proof = (
        "—" if call is None else _("%(kind)s：%(what)s") % {"kind": call.get_proof_display(), "what": call.proof_ref}
    )
    told = (
        str(rating.get_source_display()),
        wording.full_moment(rating.at),
        _("联系过") if rating.contacted else _("没有联系过"),
        str(rating.get_solved_display()),
        str(rating.get_result_display()),
        str(rating.get_attitude_display()),
        rest,
        str(rating.words) or "—",
        proof,
    )
    return dict(zip(names, told, strict=True))


def _what_came(matter: Matter, ordinal: int) -> str:
    """What followed from this round: another one, or the end."""
    if matter.rounds.filter(ordinal__gt=ordinal).exists():
        return _("不满意，重新办理（第 %(n)d 轮）") % {"n": ordinal + 1}
    return _("办结：%(how)s") % {"how": Exit(matter.exit).label} if matter.exit else "—"


def _body(report: str, title: str, unit: Unit | None) -> str:
    """A report without heading, address and signature, which the paper has anyway, where its writer put them."""
    lines = report.strip().split("\n")
    if lines and title in lines[0] and lines[0].rstrip().endswith("报告"):
        lines = lines[1:]
    if len(lines) > 1 and len(lines[0]) < 30 and lines[0].rstrip().endswith(("：", ":")):
        lines = lines[1:]
    if len(lines) > 1 and unit is not None and lines[-1].strip() in (unit.name, unit.short_name):
        lines = lines[:-1]
    return "\n".join(lines).strip()


def _hand_over(subject: Subject, ordinal: int) -> Content:
    """The letter. Of the speaker it says what was chosen to be given and nothing else: None is left out."""
    matter = subject.matter
    rows = matter.outside_letters.select_related("unit", "sent_by")
    row: HandOver = mine(matter, rows.filter(ordinal=ordinal))[0]
    given = set(row.given.split(","))
    words = search.scrub_identities(subject.own_words(row.sent_at))
    if not {Given.NAME, Given.PHONE} <= given:
        words = veil.without_names(words, subject.parties)
    own = number_of(matter, subject.profile, Ref(PaperKind.HAND_OVER, ordinal))
    content: Content = {
        "主送": row.body,
        "字号": row.number if row.number != own else "",
        "函文": str(row.text),
        "事发地点": wording.place(matter.area and matter.area.name, matter.place) if Given.ADDRESS in given else "",
        "原话": words if Given.WORDS in given else "",
        "提供依据": wording.ground(row.ground, str(row.basis)),
        "回复日期": wording.full_day(row.answer_by),
        "承办人": matter.handler.name if matter.handler else row.sent_by.name,
        "承办电话": row.unit.phone or subject.institution.hotline,
        "签发人": row.sent_by.name,
        "机构": wording.heading(matter, row.unit.name),
        "落款": row.unit.name,
        "要求": None,
        "类别": None,
    }
    if Given.NAME not in given:
        content["说事人"] = None
    if Given.PHONE not in given:
        content["联系电话"] = None
    return content


def _read_back(code: str) -> str:
    found = {
        "signature": _("念给本人听过，本人签字。"),
        "fingerprint": _("念给本人听过，按手印，有见证人。"),
        "recording": _("念给本人听过，有录音。"),
    }
    return found.get(code, "")


_WRITERS: Mapping[PaperKind, Callable[[Subject, int], Content]] = {
    PaperKind.REGISTRATION: _registration,
    PaperKind.ORDER: _order,
    PaperKind.REPLY: _reply,
    PaperKind.REPORT: _report,
    PaperKind.FOLLOW_UP: _follow_up,
    PaperKind.HAND_OVER: _hand_over,
    PaperKind.AGREEMENT: _agreement,
    **approvals.WRITERS,
    **orders.WRITERS,
    **superior.WRITERS,
}
