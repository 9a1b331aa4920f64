"""What to try first in the demo, by role: pages, and matters of the invented town that wait for this person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import words
from shuoshi.desk.first_steps import FirstStep
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web.site import current_site
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues, visible_to
from shuoshi.matters.vocabulary import EMERGENCIES, OPEN, RequestKind, RequestState, Status
from shuoshi.organization.roles import Role

MOST = 4
Words = str | Promise
Try = Callable[[Actor, datetime], FirstStep | None]


def of(actor: Actor) -> Sequence[FirstStep]:
    """The first steps of whoever signs in to a demo, none elsewhere. One statement for each step that leads to a matter."""
    if not current_site().demo:
        return ()
    role = next((one for one in STEPS if actor.holds(one)), None)
    now = clock.now()
    found = (step(actor, now) for step in (STEPS[role] if role else ()))
    return list(islice((step for step in found if step is not None), MOST))


def _page(view: str, label: Words, says: Words) -> Try:
    return lambda actor, now: FirstStep(str(label), reverse(view), str(says))


def _waiting(queue: str, says: Words, place: int = 0, **narrowed: Any) -> Try:
    """The most urgent matter of a queue, or the one at that `place`; no step where none waits."""

    def found(actor: Actor, now: datetime) -> FirstStep | None:
        rows = queues.in_queue(actor, queue, now).filter(**narrowed)
        return _led_to(rows.order_by(*queues.ORDER), says, place, origin=queue)

    return found


def _any(condition: Q, says: Words) -> Try:
    """The newest matter of a kind among those this person sees."""
    return lambda actor, now: _led_to(visible_to(actor).filter(condition).order_by("-registered_at", "id"), says)


def _led_to(rows: QuerySet[Matter], says: Words, place: int = 0, origin: str = "") -> FirstStep | None:
    matter = next(iter(rows[place : place + 1]), None)
    if matter is None:
        return None
    url = reverse("desk:matter", args=[matter.number])
    return FirstStep(words.title(matter), f"{url}?from={origin}" if origin else url, str(says))


def _asked(kind: RequestKind) -> dict[str, Any]:
    return {"requests__kind": kind, "requests__state": RequestState.PENDING}


def _where_also(role: Role, step: Try) -> Try:
    """Only for somebody who holds this role, too."""
    return lambda actor, now: step(actor, now) if actor.holds(role) else None


_ACCEPT = _waiting("accept", _("点“受理”：选种类，写标题。标题里不写姓名、电话。"), urgency_suspected=False)
_OVERVIEW = _page("desk:overview", _("总览"), _("看哪个单位超期最多。每个数字都点得开。"))
_REGISTER = _page("desk:register", _("登记一件事"), _("怎么说就怎么记，按 Ctrl+Enter 登记。"))
_KNOWLEDGE = _page("desk:knowledge", _("知识库"), _("打开一条，看它的依据和被引用的次数。"))

# The first role somebody holds, in this order, is whose steps they see.
STEPS: Mapping[Role, Sequence[Try]] = {
    Role.ADMINISTRATOR: (
        _page("desk:set_units", _("单位和岗位"), _("打开一个单位，看任职、指定专人和改动经过。")),
        _page("desk:set_roll", _("用表格导入单位和人员"), _("下载空表，填几行，传上来看看；不写入也行。")),
        _page("desk:set_profile", _("规则"), _("点“改规则”，把一个时限改短，再看改动；草稿可以不要。")),
        _page("desk:set_templates", _("文书模板"), _("打开答复书，看印出来的样子。")),
    ),
    Role.LEADER: (
        _waiting("to_sign", _("有单位申请依规办结。看事实和依据，作出裁定。"), **_asked(RequestKind.EXIT)),
        _waiting("to_sign", _("有答复等签发。看过答复和报告，签发或者退改。"), result_in_hand=True),
        _waiting("to_sign", _("有人申请回避。看是什么关系，作出裁定。"), **_asked(RequestKind.RECUSAL)),
        _OVERVIEW,
    ),
    Role.SUPERVISOR: (
        _OVERVIEW,
        _any(
            Q(status=Status.CLOSED, round__ordinal__gt=1),
            _("这件事重新办过。看每一轮谁办的、怎么答复、说事人怎么评价。"),
        ),
        _waiting("over", _("这件事超期了。看右边的期限，晚在哪一步。")),
        _page("desk:results", _("每月办理结果公示"), _("看贴在公开栏里的那张纸写什么、不写什么。")),
    ),
    Role.FOLLOW_UP_AGENT: (
        _waiting("follow_up", _("点“记回访”：先念答复，再问三个问题，照对方的话记。")),
        _waiting("follow_up", _("看书面报告。缺内容的，点“退回补正”。"), place=1),
        _page("desk:receipts", _("待交付的回执"), _("工作人员登记的事，回执要印出来交到说事人手里。")),
    ),
    Role.DISPATCHER: (
        _waiting("assign", _("先点“分类”，再点“交办”。职责清单上的单位排在最前。")),
        _where_also(
            Role.HANDLER,
            _waiting("assign", _("您也承办：点“我来办”，分类、交办、签收一次办完。"), place=1),
        ),
        _waiting("returns", _("有单位申请退单。看理由和建议的单位，作出裁定。")),
        _waiting("to_sign", _("有人申请回避。看是什么关系，作出裁定。"), **_asked(RequestKind.RECUSAL)),
        _ACCEPT,
        _OVERVIEW,
    ),
    Role.REGISTRAR: (
        _REGISTER,
        _ACCEPT,
        _page("desk:receipts", _("待交付的回执"), _("印一张回执，再记下交给了谁。")),
        _KNOWLEDGE,
    ),
    Role.DUTY_OFFICER: (
        _any(
            Q(urgency_suspected=True, status__in=OPEN),
            _("说事人勾了有危险。先打电话，再核实为紧急，或者降低紧急程度。"),
        ),
        _any(Q(urgency__in=EMERGENCIES, status__in=OPEN), _("这件事按分钟计时。看走到了哪一步。")),
        _page("desk:register", _("登记一件事"), _("选“紧急”或“特急”，一登记就开始计时。")),
    ),
    Role.DEPARTMENT_HEAD: (
        _waiting("sign_for", _("点“签收”，选定承办人。")),
        _waiting("to_sign", _("有答复等签发。看过答复和报告，签发或者退改。"), result_in_hand=True),
        _waiting("reports", _("报告退回来了。看缺什么，改好再送审签。")),
        _waiting("mine", _("本单位在办。要换人，点“改派”。")),
        _OVERVIEW,
    ),
    Role.HANDLER: (
        _waiting("sign_for", _("点“签收”，再给说事人打电话，记首次联系。")),
        _waiting("mine", _("点“告知进展”：写做了什么，下一步做什么。")),
        _waiting("mine", _("点“写答复和报告”：一条一条回答，送审签。"), place=1, result_in_hand=False),
        _waiting("words", _("说事人补充了话。看过以后，用“告知说事人”回一句。")),
        _REGISTER,
        _KNOWLEDGE,
    ),
    Role.OVERSIGHT_MEMBER: (
        _waiting("follow_up", _("点“记回访”：先念答复，再问三个问题，照对方的话记。")),
        _REGISTER,
        _KNOWLEDGE,
    ),
}
