"""The forms of the desk: one per action a person can take, found by the action they carry."""

from __future__ import annotations

from shuoshi.desk.forms import (
    again,
    co_units,
    emergency,
    follow_up,
    going_up,
    group,
    handling,
    intake,
    leading,
    linked,
    requests,
    result,
    review,
    supervision,
    time,
    together,
    triage,
)
from shuoshi.desk.forms.base import About, ActionForm
from shuoshi.matters.vocabulary import Action

FORMS: dict[Action, type[ActionForm]] = {
    form.action: form
    for form in (
        emergency.DispatchEmergencyForm,
        emergency.ReportEmergencyForm,
        emergency.StandDownForm,
        emergency.CompletePapersForm,
        linked.RegisterLinkedForm,
        group.AddSpokespersonForm,
        group.CorrectHeadcountForm,
        intake.ConfirmUrgencyForm,
        intake.LowerUrgencyForm,
        intake.CorrectRegistrationForm,
        intake.CheckConcernedForm,
        intake.HandOverReceiptForm,
        intake.VoidForm,
        intake.RuleVoidForm,
        triage.AcceptForm,
        triage.ScreenOutForm,
        triage.AnswerOnTheSpotForm,
        triage.ClassifyForm,
        triage.AssignForm,
        triage.DesignateForm,
        handling.SignForForm,
        handling.ChangeHandlerForm,
        handling.RecordFirstContactForm,
        handling.RecordInvestigationForm,
        handling.SetPlanForm,
        handling.RecordMeasureForm,
        handling.ReportProgressForm,
        co_units.AddCoUnitForm,
        co_units.GiveCoOpinionForm,
        handling.NoteForm,
        handling.WriteToSpeakerForm,
        handling.AddInformationForm,
        result.PrepareResultForm,
        result.SendBackResultForm,
        result.SignResultForm,
        result.ReturnReportForm,
        follow_up.RecordFollowUpForm,
        requests.RequestReturnForm,
        requests.RuleReturnForm,
        going_up.RequestEscalationForm,
        going_up.RuleEscalationForm,
        time.RequestExtensionForm,
        time.RuleExtensionForm,
        time.RequestPauseForm,
        time.RulePauseForm,
        time.ResumeForm,
        time.RequestParkForm,
        time.RuleParkForm,
        time.ReviewParkedForm,
        time.StrikeOffForm,
        requests.RequestExitForm,
        requests.RuleExitForm,
        supervision.RemindForm,
        supervision.OrderSupervisionForm,
        supervision.AnswerSupervisionForm,
        leading.SponsorForm,
        leading.ReviewSponsoredForm,
        leading.InstructForm,
        leading.AnswerInstructionForm,
        leading.ConferForm,
        together.MergeForm,
        together.UnmergeForm,
        again.ReopenForm,
        review.RequestReviewForm,
        review.DecideReviewForm,
        requests.WithdrawForm,
        requests.RevokeWithdrawalForm,
        requests.DeclareConflictForm,
        requests.RuleConflictForm,
        requests.EscalateForm,
    )
}


def of(action: Action) -> type[ActionForm] | None:
    """The form of an action; None for what only the system or the resident does."""
    return FORMS.get(action)


__all__ = ["FORMS", "About", "ActionForm", "of"]
