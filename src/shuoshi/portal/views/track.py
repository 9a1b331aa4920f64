"""The page of promises of one matter, and what its speaker may do: add, nudge, withdraw, answer questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.kernel import drafts, files
from shuoshi.kernel.templatetags.shuoshi import limit
from shuoshi.kernel.web import PageData, show
from shuoshi.kernel.web.forms import Form
from shuoshi.kernel.web.kept import posted, unsent
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.kernel.web.sound import sound
from shuoshi.matters import actions, terms
from shuoshi.matters.models import Matter, Reissue
from shuoshi.matters.queries import promises
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Action, Kind, Naming, Status
from shuoshi.organization.profile import Question
from shuoshi.people.sign_in import account_of
from shuoshi.portal import forms, opened, photos
from shuoshi.portal.views.closed import Given, closed, why_not
from shuoshi.portal.views.naming import naming_of
from shuoshi.portal.views.receipt import Slip, slip_of


@dataclass(frozen=True)
class MatterPage(PageData):
    """The tracking page: what is told, and what the resident can do."""

    template: ClassVar[str] = "portal/matter.html"
    told: promises.Told
    matter: Matter
    questions: Sequence[Question]
    can: dict[str, bool]
    slip: Slip
    tell_by: str
    naming: Naming
    reissues: Sequence[Reissue]  # of this reader's code


@dataclass(frozen=True)
class AddPage(PageData):
    template: ClassVar[str] = "portal/add.html"
    matter: Matter
    form: forms.Add
    upload: photos.Upload


@dataclass(frozen=True)
class ReasonPage(PageData):
    """A page that says what will happen, takes a few words, and does it: nudge, withdraw, ask for a recusal."""

    template: ClassVar[str] = "portal/reason.html"
    matter: Matter
    form: Form
    title: str
    follows: str
    button: str


@dataclass(frozen=True)
class QuestionsPage(PageData):
    template: ClassVar[str] = "portal/questions.html"
    matter: Matter
    form: forms.Questions


@opened.opened
def matter(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """The page of one matter: the next promise first."""
    can = {offer.action.value: offer.allowed for offer in seen.offers}
    return show(
        request,
        MatterPage(
            told=promises.told(seen),
            matter=seen.matter,
            questions=() if seen.matter.status == Status.IN_FOLLOW_UP else seen.open_questions,
            can=can,
            slip=slip_of(request, seen),
            naming=naming_of(seen),
            reissues=_reissues(seen),
            tell_by=seen.part.get_tell_by_display() if seen.part else seen.matter.get_tell_by_display(),
        ),
    )


def _reissues(seen: TrackingView) -> Sequence[Reissue]:
    """When the code was handed out anew, and how; asked for only where it was."""
    if (seen.part or seen.matter).query_generation == 1:
        return ()
    return list(seen.matter.reissues.filter(part=seen.part).order_by("-at", "-id")[:5])


@opened.opened
def add(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Add words and photos; it wakes whoever works on the matter."""
    if not seen.can(Action.ADD_INFORMATION):
        form, album = forms.Add(posted(request)), photos.Album.of(request, seen.matter)
        reason = why_not(seen, Action.ADD_INFORMATION) or _("这件事没有受理，不能再补充。")
        return closed(request, seen, _("补充情况"), reason, form, album=album)

    def done(text: str, files: tuple[FileGiven, ...]) -> terms.AddInformation:
        return terms.AddInformation(text=text, files=files)

    return with_photos(request, seen, forms.Add, AddPage, done, _("补充的情况收到了，会转给办这件事的人。"))


@opened.opened
def nudge(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Ask where it stays."""
    form = forms.Reason(posted(request))
    if not seen.can(Action.NUDGE):
        reason = why_not(seen, Action.NUDGE) or _("这件事现在没有在办。")
        return closed(request, seen, _("催一催"), reason, form, given=_only(terms.Nudge))
    if form.is_valid():
        given = _only(terms.Nudge)(form.cleaned_data)
        return carry_out(request, seen, given, form, _("催办已经转给承办人和负责人。"))
    follows = _("承办人和他的负责人马上会看到。期限不会因为催办变长。")
    return show(request, ReasonPage(seen.matter, form, _("催一催"), follows, _("催一催")))


@opened.opened
def withdraw(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Withdraw; for some working days it can be taken back. Not from a browser of the staff, as with a rating (1.3.1)."""
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众撤回。请用您自己的手机打开。"))
    form = forms.Reason(posted(request))
    title = _("不用办了，撤回这件事")
    if not seen.can(Action.WITHDRAW):
        reason = why_not(seen, Action.WITHDRAW) or _("这件事已经不在办，不用撤回。")
        return closed(request, seen, title, reason, form, given=_only(terms.Withdraw))
    within = limit(seen.profile.limit("withdrawal", seen.matter.kind or Kind.INTEREST_CLAIM))
    if seen.part is not None:
        title = _("我不再参加，撤回我的这一份")
    if form.is_valid():
        said = _("撤回收到了。%(limit)s内可以反悔。") % {"limit": within}
        return carry_out(request, seen, terms.Withdraw(text=form.cleaned_data["text"]), form, said)
    follows = _("%(limit)s以后生效，这件事就不再办。生效前您可以反悔。没有人可以劝您撤回；有人劝，请告诉说事热线。") % {
        "limit": within
    }
    if seen.part is not None:
        follows = _(
            "%(limit)s以后生效：您不再是这件事的代表，您的查询码也打不开它了；别的代表继续，事情照样办。"
            "生效前您可以反悔。没有人可以劝您撤回；有人劝，请告诉说事热线。"
        ) % {"limit": within}
    return show(request, ReasonPage(seen.matter, form, title, follows, _("撤回")))


@opened.opened
def end_agency(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Take back the authority to act for the speaker. Not from a browser of the staff, as with a withdrawal (1.3.1)."""
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众收回委托。请用您自己的手机打开。"))
    form, title = forms.Reason(posted(request)), _("收回委托")
    if not seen.can(Action.REVOKE_AGENCY):
        reason = why_not(seen, Action.REVOKE_AGENCY) or _("现在没有有效的委托，不用收回。")
        return closed(request, seen, title, reason, form, given=_only(terms.RevokeAgency))
    if form.is_valid():
        given = terms.RevokeAgency(text=form.cleaned_data["text"])
        return carry_out(request, seen, given, form, _("委托收回了，不再以您的名义去办。"))
    follows = _("马上生效。您的材料还在我们手里的，三个工作日内归还。您说的事接着办，答应您的日期不变。")
    return show(request, ReasonPage(seen.matter, form, title, follows, _("收回委托")))


@opened.opened
def no_mediation(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """One side says no, and the mediation is over (2.2.4); not from a browser of the staff."""
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众终止调解。请用您自己的手机打开。"))
    form, title = forms.Reason(posted(request)), _("不想再调解")
    if not seen.can(Action.END_MEDIATION):
        return closed(request, seen, title, _("现在没有在调解。"), form, given=_only(terms.EndMediation))
    if form.is_valid():
        given = terms.EndMediation(text=form.cleaned_data["text"])
        return carry_out(request, seen, given, form, _("调解终止了，这件事接着办。"))
    follows = _(
        "调解到此为止，不再开始一次。这件事接着办，答复您的日期按原来剩下的时间走。您还可以申请仲裁，或者向人民法院起诉。"
    )
    return show(request, ReasonPage(seen.matter, form, title, follows, _("不再调解")))


@opened.opened
def recuse(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Ask that whoever handles it stays away: the handler, and before there is one the unit (2.2.4)."""
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众申请回避。请用您自己的手机打开。"))
    matter, title = seen.matter, _("请承办人回避")
    form = forms.Conflict(posted(request), turn=matter.turn)  # meant for whoever handled it then
    if matter.lead_unit is None or not seen.can(Action.DECLARE_CONFLICT):
        reason = _("现在没有单位在办这件事，没有人要回避。交给哪个单位以后，再到这里申请。")
        return closed(request, seen, title, reason, form, private=True)
    if form.is_valid():
        unit = matter.lead_unit_id if matter.handler_id is None else None
        given = terms.DeclareConflict(text=form.cleaned_data["text"], person=matter.handler_id, unit=unit)
        return carry_out(request, seen, given, form, _("申请收到了，会有别的人来裁定，结果写在这一页。"))
    who = matter.handler.name if matter.handler else matter.lead_unit.name
    follows = _("您申请%(who)s回避，由没有关系的人裁定。同意了就换人办；不同意，会写明理由。办理的期限照走。") % {
        "who": who
    }
    return show(request, ReasonPage(matter, form, title, follows, _("申请回避")))


@opened.opened
def disagree(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Say why it should be accepted; somebody else looks at it, once (1.3.1)."""
    form, title = forms.Objection(posted(request)), _("我有异议，请换一个人看")
    if not seen.can(Action.OBJECT_TO_SCREENING):
        reason = why_not(seen, Action.OBJECT_TO_SCREENING) or _("这件事已经受理了，或者正在看。")
        return closed(request, seen, title, reason, form, given=_only(terms.ObjectToScreening))
    if form.is_valid():
        given = terms.ObjectToScreening(text=form.cleaned_data["text"])
        return carry_out(request, seen, given, form, _("异议收到了，由另一个人重新看。"))
    follows = _("由另一个人重新看要不要受理，只能提一次。结果和理由写在这一页。")
    return show(request, ReasonPage(seen.matter, form, title, follows, _("提出异议")))


@opened.opened
def review(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Ask the tier above to look at the answer once more (4.4.2)."""
    form, title = forms.Review(posted(request)), _("不同意答复，请上一级复核")
    if not seen.can(Action.REQUEST_REVIEW):
        reason = why_not(seen, Action.REQUEST_REVIEW) or _("有了答复以后，才能请上一级复核。")
        return closed(request, seen, title, reason, form, given=_only(terms.RequestReview))
    if form.is_valid():
        given = terms.RequestReview(text=form.cleaned_data["text"])
        return carry_out(request, seen, given, form, _("收到了，由上一级没有经手过的人复核。"))
    follows = _(
        "由上一级没有经手过这件事的人复核，%(limit)s内作出决定，意见和依据写在这一页。您评价过的不变；维持原答复的，您还可以评价。"
    ) % {"limit": limit(seen.profile.limit("review", seen.matter.kind))}
    return show(request, ReasonPage(seen.matter, form, title, follows, _("请上一级复核")))


@opened.opened
def keep_going(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Take a withdrawal back before it takes effect."""
    form = forms.Reason(posted(request))
    if form.is_valid():
        return carry_out(request, seen, terms.RevokeWithdrawal(), form, _("收回了，这件事接着办。"))
    return redirect("portal:matter", number=seen.matter.number)


@opened.opened
def publication(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Whether it may be made public: one press each way (1.3.3), never from a browser of the staff (1.3.1)."""
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众决定公开不公开。请用您自己的手机打开。"))
    form, wish = forms.Reason(posted(request)), request.POST.get("wish")
    if form.is_valid() and wish == "no" and seen.can(Action.WITHDRAW_CONSENT):
        return carry_out(request, seen, terms.WithdrawConsent(), form, _("收回了，这件事从现在起不公开。"))
    if form.is_valid() and wish == "yes" and seen.can(Action.CONSENT_TO_PUBLICATION):
        said = _("记下了，可以隐去个人信息以后公开。您随时可以收回。")
        return carry_out(request, seen, terms.ConsentToPublication(), form, said)
    return redirect("portal:matter", number=seen.matter.number)


@opened.opened
def questions(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """The questions of the category, once it is set, until the matter is closed."""
    data, category = posted(request), seen.matter.category
    asked = data.get("category", category) if data else category
    if not seen.open_questions or asked != category:  # closed, answered on the telephone, or put into another category
        form = forms.Questions(data, category=asked, questions=_questions_of(seen, asked), known={})
        return closed(request, seen, _("几个小问题"), _("现在没有要您答的问题了，或者问题换过了。"), form)
    form = forms.Questions(data, category=category, questions=seen.open_questions, known=seen.answers)
    if form.is_valid():
        return carry_out(request, seen, form.terms(), form, _("收到了，办这件事的人会看到。"))
    return show(request, QuestionsPage(seen.matter, form))


@opened.opened
def photo(request: HttpRequest, number: str, seen: TrackingView, file: UUID) -> HttpResponse:
    """One photo that waits in a form of this matter, small."""
    try:
        found = drafts.open_file_about(photos.FORM, seen.matter.pk.hex, file, thumbnail=True)
    except files.FileMissing:
        found = None
    if found is None:
        raise Http404
    return HttpResponse(found[1], content_type=found[0].media_type)


@opened.opened
def file(request: HttpRequest, number: str, seen: TrackingView, file: UUID) -> HttpResponse:
    """One public file of the matter; others do not exist for this page."""
    found = next((one for one in seen.attachments if one.pk == file), None)
    if found is None:
        raise Http404
    try:
        data = files.read(found.stored, found.matter.data_key())
    except files.FileMissing:
        raise Http404 from None
    if found.is_sound:
        return sound(request, data, found.media_type)
    response = HttpResponse(data, content_type=found.media_type)
    kind = "inline" if found.media_type.startswith("image/") else "attachment"
    response["Content-Disposition"] = kind
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def carry_out(request: HttpRequest, seen: TrackingView, given: terms.Terms, form: Form, said: str) -> HttpResponse:
    """Run the speaker's action and go back to the page. A refusal becomes a page that keeps the words."""
    speaker = opened.actor(request, seen.matter.number)
    assert speaker is not None
    actions.run(Action(given.action), seen.matter.pk, given, actor=speaker, turn=form.turn, key=form.key)
    messages.success(request, said)
    return redirect("portal:matter", number=seen.matter.number)


def _only(kind: Callable[..., terms.Terms]) -> Given:
    """Terms that are made of the words alone."""
    return lambda said: kind(text=said["text"])


def _questions_of(seen: TrackingView, category: str) -> tuple[Question, ...]:
    try:
        return seen.profile.category(category).questions
    except KeyError:
        return ()


def with_photos(
    request: HttpRequest,
    seen: TrackingView,
    kind: type[forms.Add | forms.NotSolved],
    page_of: Callable[[Matter, Any, photos.Upload], PageData],
    given: Callable[[str, tuple[FileGiven, ...]], terms.Terms],
    said: str,
) -> HttpResponse:
    """A form of words and photos: photos lie in its album until it is sent; one that is not fit costs nothing else."""
    form, album = kind(posted(request)), photos.Album.of(request, seen.matter)
    if form.is_bound:
        away = album.change(request)
        if away is not None:
            return away
        if photos.pressed(request):
            form = kind(unsent(request))
        elif form.is_valid() and not album.refusals:
            done = given(form.cleaned_data["text"], album.given())
            answer = carry_out(request, seen, done, form, said)
            album.finish()
            return answer
        else:
            form.mention(album.refusals)
    return show(request, page_of(seen.matter, form, album.upload), status=422 if album.refusals else None)
