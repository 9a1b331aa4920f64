"""What no single piece of a profile can know about itself: codes used twice, references to nothing, missing limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from shuoshi.kernel.calendar import Unit
from shuoshi.organization.profile.asked import Category, Question
from shuoshi.organization.profile.retention import AT_LEAST
from shuoshi.organization.profile.sampling import Sampling
from shuoshi.organization.profile.schema import Profile, Step

Place = tuple[str | int, ...]

REQUIRED_STEPS = (
    Step.ACCEPT,
    Step.ASSIGN,
    Step.SIGN_FOR,
    Step.RETURN,
    Step.RULING,
    Step.FIRST_CONTACT,
    Step.COMPLETION,
    Step.EXTENSION,
    Step.PROGRESS_PAUSED,
    Step.PROGRESS_PARKED,
    Step.PARKED_REVIEW,
    Step.FOLLOW_UP,
    Step.RATING,
    Step.WITHDRAWAL,
    Step.NOT_SOLVED,
    Step.REVIEW,
    Step.REVIEW_ASKED,
    Step.REOPEN,
    Step.MEDIATION,
    Step.PERFORMANCE,
    Step.SUPERVISION,
    Step.SAMPLE,
)
REQUIRED = {  # codes the procedure itself uses: a profile words them, limits them and may add others
    "kinds": ("POLICY_ENQUIRY", "INTEREST_CLAIM", "SUGGESTION", "DISPUTE", "OTHER", "PRAISE", "INVALID"),
    "complexities": ("simple", "standard", "complex", "difficult"),
    "urgencies": ("U1", "U2", "U3", "U4"),
    "outcomes": ("SOLVED", "PARTLY", "CANNOT_ACT", "NOT_JUSTIFIED"),
    "exits": (
        "SATISFIED",
        "ANSWERED",
        "PASSED_ON",
        "EXPLAINED",
        "STATUTORY_ROUTE",
        "UNREACHABLE",
        "UNRATED",
        "WITHDRAWN",
        "REVIEW_FINAL",
        "AGREED_MEDIATION",
        "MEDIATION_ENDED",
        "VOID",
        "DRILL",
    ),
    "requests": ("RETURN", "ESCALATION", "EXTENSION", "PAUSE", "PARK", "EXIT", "VOID", "RECUSAL"),
    "follow_up": ("contacted", "solved", "result", "attitude", "words"),
}
LONGEST_ITEM = 40  # characters of one line of a checklist
BY_FACTS = Sampling().of  # ends that nobody decides; what was only passed on may be left out
_PLACEHOLDERS = {"org": "QH", "date": "20261117", "number": "0012"}


def faults(profile: Profile) -> Iterator[tuple[Place, str]]:
    """Every contradiction of a profile whose pieces are each in order: where it stands and what to do."""
    yield from _codes(profile)
    yield from _categories(profile)
    yield from _limits(profile)
    yield from _references(profile)
    yield from _scales(profile)


def _codes(profile: Profile) -> Iterator[tuple[Place, str]]:
    lists = (
        "levels",
        "complexities",
        "kinds",
        "urgencies",
        "outcomes",
        "exits",
        "return_reasons",
        "screening_reasons",
        "pause_causes",
        "requests",
        "follow_up",
    )
    for name in lists:
        yield from _twice((name,), (item.code for item in getattr(profile, name)))
    for name, required in REQUIRED.items():
        have = {item.code for item in getattr(profile, name)}
        for code in required:
            if code not in have:
                yield (name,), _("缺少“%(code)s”，办理程序离不开它。请补上。") % {"code": code}
    for index, urgency in enumerate(profile.urgencies):
        if urgency.emergency and urgency.action is None:
            yield ("urgencies", index), _("按分钟计时的级别要写明处置时限 action。请补上。")


def _twice(place: Place, codes: Iterable[str]) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if code in seen:
            yield (*place, index, "code"), _("代码“%(code)s”用了两次。请换一个。") % {"code": code}
        seen.add(code)


def _categories(profile: Profile) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for number, kind in enumerate(profile.kinds):
        if kind.categories and not kind.letter:
            yield ("kinds", number), _("有类别的事项种类要写 letter。请补上一个大写字母。")
        for index, group in enumerate(kind.categories):
            place: Place = ("kinds", number, "categories", index)
            yield from _category(place, group, kind.letter, seen)
            for inner, category in enumerate(group.children):
                below: Place = (*place, "children", inner)
                yield from _category(below, category, group.code, seen)
                if category.children:
                    yield (*below, "children"), _("类别只分两级。请把下一级并到上一级。")


def _category(place: Place, category: Category, begins: str, seen: set[str]) -> Iterator[tuple[Place, str]]:
    if category.code in seen:
        yield (*place, "code"), _("代码“%(code)s”用了两次。请换一个。") % {"code": category.code}
    seen.add(category.code)
    if not category.code.startswith(begins) or category.code == begins:
        values = {"code": category.code, "begins": begins}
        yield (*place, "code"), _("代码“%(code)s”要以“%(begins)s”开头，职责清单靠它找承办单位。请改正。") % values
    yield from _questions((*place, "questions"), category.questions)
    yield from _twice((*place, "checklist"), (item.code for item in category.checklist))
    for index, item in enumerate(category.checklist):
        if len(item.name.zh_hans) > LONGEST_ITEM:
            text = _("核对的事最多 %(most)d 个字。请写短一点。") % {"most": LONGEST_ITEM}
            yield (*place, "checklist", index, "name"), text
    if category.checklist and category.children:
        yield (*place, "checklist"), _("下面还分小类的，核对清单要写在小类里。请移过去。")


def _questions(place: Place, questions: tuple[Question, ...]) -> Iterator[tuple[Place, str]]:
    yield from _twice(place, (question.code for question in questions))
    earlier: dict[str, Question] = {}
    for index, question in enumerate(questions):
        here: Place = (*place, index)
        if (question.type == "choice") != bool(question.options):
            yield here, _("选择题要写 options，其他题不写。请改正。")
        yield from _twice((*here, "options"), (option.code for option in question.options))
        condition = question.visible_when
        if condition is not None and condition.question not in earlier:
            values = {"code": condition.question}
            yield (*here, "visible_when"), _("前面没有问过“%(code)s”。请改成前面某一问的代码。") % values
        elif condition is not None:
            known = earlier[condition.question].values
            for answer in condition.any_of:
                if known and answer not in known:
                    values = {"answer": answer, "known": _("、").join(known)}
                    yield (*here, "visible_when"), _("“%(answer)s”不是那一问的答案。请改成：%(known)s。") % values
        earlier[question.code] = question


def _limits(profile: Profile) -> Iterator[tuple[Place, str]]:
    kinds = {kind.code: kind for kind in profile.kinds}
    complexities = {item.code for item in profile.complexities}
    for step in REQUIRED_STEPS:
        if step not in profile.limits.steps:
            yield ("limits", "steps"), _("缺少“%(code)s”的时限。请补上。") % {"code": step.value}
    for step, rule in profile.limits.steps.items():
        for code in (*rule.kinds, *rule.by_complexity):
            if code not in kinds:
                yield ("limits", "steps", step.value), _("没有“%(code)s”这一种事项。请改正代码。") % {"code": code}
        for code, found in rule.by_complexity.items():
            place: Place = ("limits", "steps", step.value, "by_complexity", code)
            if set(found) != complexities:
                values = {"known": _("、").join(sorted(complexities))}
                yield place, _("每一种复杂程度都要有时限：%(known)s。请补齐。") % values
    completion = profile.limits.steps.get(Step.COMPLETION)
    for kind in profile.kinds:
        if kind.in_loop and completion is not None and completion.of(kind.code, "standard") is None:
            yield ("limits", "steps", "completion"), _("“%(code)s”没有办理时限。请补上。") % {"code": kind.code}
        if kind.in_loop and kind.code not in profile.limits.intake:
            yield ("limits", "intake"), _("“%(code)s”没有受理交办天数。请补上。") % {"code": kind.code}


def _references(profile: Profile) -> Iterator[tuple[Place, str]]:
    kinds = {kind.code for kind in profile.kinds}
    named: list[tuple[Place, Iterable[str]]] = [
        (("limits", "intake"), profile.limits.intake),
        (("limits", "rework", "fixed"), profile.limits.rework.fixed),
    ]
    named += [(("exits", index, "kinds"), exit_.kinds) for index, exit_ in enumerate(profile.exits)]
    for place, codes in named:
        for code in codes:
            if code not in kinds:
                yield (*place, code), _("没有“%(code)s”这一种事项。请改正代码。") % {"code": code}


def _scales(profile: Profile) -> Iterator[tuple[Place, str]]:
    if sorted(level.value for level in profile.satisfaction.levels) != [1, 2, 3, 4, 5]:
        yield ("satisfaction", "levels"), _("满意度要有 5、4、3、2、1 五级，每级一次。请改正。")
    for index, band in enumerate(profile.attempts.bands):
        if band.start >= band.end:
            yield ("attempts", "bands", index), _("时段的结束要晚于开始。请改正。")
    if not profile.telling.start <= profile.telling.digest < profile.telling.end:
        yield ("telling", "from"), _("晚上不通知：开始要早于结束，每天的清单在这中间。请改正。")
    if profile.telling.sms_hour > profile.telling.sms_day:
        yield ("telling", "sms_hour"), _("一小时的短信不能多于一天的。请改正。")
    order, talk = profile.cards.order_after, profile.cards.talk_after
    if {order.unit, talk.unit} != {Unit.WORKING_DAYS} or order.amount >= talk.amount:
        yield ("cards", "talk_after"), _("督办和约谈都按工作日算，约谈要比督办晚。请改正。")
    for code in BY_FACTS:
        if code not in profile.sampling.of and code != "PASSED_ON":
            yield ("sampling", "of"), _("“%(code)s”要抽查，不能去掉。请补上。") % {"code": code}
    for code in profile.sampling.of:
        if code not in BY_FACTS:
            yield ("sampling", "of"), _("“%(code)s”不是按事实办结的，不在抽查里。请去掉。") % {"code": code}
    yield from _retention(profile)
    try:
        example = profile.numbering.matter.format(**_PLACEHOLDERS)
    except (KeyError, IndexError, ValueError):
        example = ""
    if not all(part in example for part in _PLACEHOLDERS.values()):
        yield ("numbering", "matter"), _("编号要含 {org}、{date}、{number}，不能有别的花括号。请改正。")


def _retention(profile: Profile) -> Iterator[tuple[Place, str]]:
    """Each kind has its time, and none is so short that a matter could be made to vanish soon after its end."""
    rules = profile.retention
    codes = {kind.code for kind in profile.kinds}
    for code in codes - set(rules.kinds):
        yield ("retention", "kinds"), _("“%(code)s”没有写保管期限。请补上年数，或者写 permanent。") % {"code": code}
    for code in set(rules.kinds) - codes:
        yield ("retention", "kinds", code), _("没有“%(code)s”这个事项种类。请改正。") % {"code": code}
    for name, years in [*rules.kinds.items(), ("no_kind", rules.no_kind), *rules.reasons.items()]:
        if years != "permanent" and not AT_LEAST <= years <= 100:
            yield ("retention", name), _("保管期限要写 3 到 100 年，或者写 permanent。请改正。")
