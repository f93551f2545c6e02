"""The forms of a case: one for each step, and which act it calls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import QuerySet

from credit.acts import cases as acts
from credit.acts.drafts import decision_draft, notice_draft
from credit.acts.outcomes import Judgment
from credit.models import CaseArgument, ListCase, MeetingVote, Outcome
from credit.rules.procedure import load_procedure
from credit.rules.removal import Ground

SEATS: Final = 7


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


_CLASSES: Final[dict[type[forms.Widget], str]] = {
    forms.Select: "form-select",
    forms.CheckboxInput: "form-check-input d-block",
    forms.CheckboxSelectMultiple: "form-check-input",
}


class StepForm(forms.Form):
    """A step without words."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, asked in self.fields.items():
            asked.widget.attrs.setdefault("class", _CLASSES.get(type(asked.widget), "form-control"))
            asked.widget.attrs["id"] = f"{type(self).__name__}-{name}"
            if isinstance(asked, forms.DateField) and asked.required:
                asked.initial = today
            if isinstance(asked.widget, forms.Textarea):
                asked.widget.attrs["rows"] = 4


class ConditionForm(StepForm):
    code = forms.CharField(label="核实哪一项", widget=forms.Select)
    finding = forms.CharField(
        label="核实结果：向哪个部门查了什么，结果怎样（不符合的，请撤回案件）",
        widget=forms.Textarea,
    )


class NoticeForm(StepForm):
    text = forms.CharField(label="告知书正文（事实、理由、依据、权利）", widget=forms.Textarea)
    served_on = forms.DateField(label="当事人签收日期", widget=DayInput)


class StatementForm(StepForm):
    text = forms.CharField(label="陈述、申辩内容", widget=forms.Textarea)
    arguments = forms.CharField(
        label="分条列出每条意见，一行一条（不填就作为一条）", widget=forms.Textarea, required=False
    )
    received_on = forms.DateField(label="收到日期", widget=DayInput)

    def clean_arguments(self) -> list[str]:
        """One for each line."""
        return [
            line.strip() for line in self.cleaned_data["arguments"].splitlines() if line.strip()
        ]


class OpinionForm(StepForm):
    argument = forms.TypedChoiceField(label="复核哪一条", coerce=int)
    accepted = forms.TypedChoiceField(
        label="采纳吗",
        choices=[("", "请选择"), ("yes", "采纳"), ("no", "不采纳")],
        coerce=lambda word: word == "yes",
    )
    opinion = forms.CharField(label="复核意见：查了什么，为什么", widget=forms.Textarea)


class HearingRequestForm(StepForm):
    requested_on = forms.DateField(label="申请日期", widget=DayInput)


class HearingNoticeForm(StepForm):
    set_for = forms.DateField(label="听证日期（听证通知书上写的）", widget=DayInput)
    place = forms.CharField(label="听证地点", max_length=120)
    told_on = forms.DateField(label="当事人签收听证通知书的日期", widget=DayInput)


class HearingForm(StepForm):
    held_on = forms.DateField(label="听证日期", widget=DayInput)
    chair: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        None, label="主持人（没有办理过这个案件的人员）"
    )
    record = forms.CharField(label="听证笔录要点", widget=forms.Textarea)


class WaiverForm(StepForm):
    waived_on = forms.DateField(label="书面放弃日期", widget=DayInput)
    reason = forms.CharField(label="书面材料名称和编号", max_length=200)


class ReviewForm(StepForm):
    passes = forms.TypedChoiceField(
        label="审核结论",
        choices=[("", "请选择"), ("yes", "通过"), ("no", "不通过，退回办案人员")],
        coerce=lambda word: word == "yes",
    )
    opinion = forms.CharField(
        label="审核意见（主体、事实、证据、程序、依据）", widget=forms.Textarea
    )


class MeetingForm(StepForm):
    """The minutes, and up to seven members with their votes."""

    held_on = forms.DateField(label="讨论日期", widget=DayInput)
    record = forms.CharField(label="讨论记录要点", widget=forms.Textarea)

    def clean(self) -> dict[str, Any]:
        """The members that were named, each with a vote."""
        found = self.cleaned_data
        members = []
        for number in range(1, SEATS + 1):
            name, vote = found.pop(f"member_{number}", ""), found.pop(f"vote_{number}", "")
            if bool(name) != bool(vote):
                self.add_error(None, f"第{number}人：姓名和表决要一起填")
            elif name:
                members.append((name, vote))
        return {**found, "members": members}


for _number in range(1, SEATS + 1):
    MeetingForm.base_fields |= {
        f"member_{_number}": forms.CharField(
            label=f"第{_number}人：姓名和职务",
            max_length=60,
            required=_number <= load_procedure().members.amount,
        ),
        f"vote_{_number}": forms.ChoiceField(
            label=f"第{_number}人表决",
            choices=[("", "请选择"), *MeetingVote.Vote.choices],
            required=_number <= load_procedure().members.amount,
        ),
    }


class DecisionForm(StepForm):
    number = forms.CharField(label="决定文号", max_length=60)
    reason = forms.CharField(label="决定理由", widget=forms.Textarea)


class ServiceForm(StepForm):
    served_on = forms.DateField(label="送达日期", widget=DayInput)
    how = forms.CharField(label="送达方式", max_length=100)


class DropForm(StepForm):
    reason = forms.CharField(label="撤回理由", widget=forms.Textarea)


class AskRemovalForm(StepForm):
    ground = forms.ChoiceField(
        label="移出的原因", choices=[(one.value, one.label) for one in Ground]
    )
    annulled_on = forms.DateField(
        label="处罚被撤销、变更的日期（只在处罚被撤销、变更时填）", widget=DayInput, required=False
    )
    duties_performed = forms.BooleanField(
        label="处罚决定的义务已全部履行（申请提前移出时要勾选）", required=False
    )
    harm_remedied = forms.BooleanField(
        label="已消除危害后果或者不良影响（申请提前移出时要勾选）", required=False
    )
    reason = forms.CharField(label="事实和材料名称、编号", widget=forms.Textarea)


class RemovalForm(StepForm):
    reason = forms.CharField(label="移出理由（会公开）", widget=forms.Textarea)


class RefuseRemovalForm(StepForm):
    reason = forms.CharField(label="不同意移出的理由", widget=forms.Textarea)


class ReasonForm(StepForm):
    reason = forms.CharField(label="理由和材料", widget=forms.Textarea)


class RestorationForm(StepForm):
    reason = forms.CharField(label="哪份材料不实，事实是什么", widget=forms.Textarea)
    paper = forms.CharField(label="证明文书的名称和文号", max_length=200)


class OutcomeForm(StepForm):
    body = forms.ChoiceField(label="哪个程序", choices=Outcome.Body.choices)
    result = forms.ChoiceField(label="结果", choices=Outcome.Result.choices)
    paper = forms.CharField(label="文书名称和文号", max_length=200)
    on = forms.DateField(label="文书日期", widget=DayInput)
    reason = forms.CharField(label="内容摘要", widget=forms.Textarea)
    ends_on = forms.DateField(
        label="变更后的期满日期（只在变更期限时填）", widget=DayInput, required=False
    )
    grounds = forms.MultipleChoiceField(
        label="变更后仍然成立的列入情形（只在变更情形时选）",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """The judgment as the act wants it."""
        return {"judgment": Judgment(**self.cleaned_data)} if not self.errors else {}


class WithdrawalForm(StepForm):
    reason = forms.CharField(label="理由", widget=forms.Textarea)
    paper = forms.CharField(label="文书名称和文号，例如：行政复议决定书〔2026〕1号", max_length=200)
    paper_on = forms.DateField(
        label="文书日期（按它计算3个工作日内撤回的期限）", widget=DayInput, required=False
    )


ACTIONS: dict[str, tuple[type[StepForm], Callable[..., Any]]] = {
    "confirm": (ConditionForm, acts.confirm_condition),
    "send_notice": (NoticeForm, acts.send_notice),
    "statement": (StatementForm, acts.record_statement),
    "consider": (OpinionForm, acts.consider_statement),
    "request_hearing": (HearingRequestForm, acts.request_hearing),
    "announce_hearing": (HearingNoticeForm, acts.announce_hearing),
    "hold_hearing": (HearingForm, acts.hold_hearing),
    "waive": (WaiverForm, acts.waive),
    "hear": (StepForm, acts.close_hearing),
    "legal_review": (ReviewForm, acts.legal_review),
    "meeting": (MeetingForm, acts.record_meeting),
    "decide": (DecisionForm, acts.decide),
    "serve": (ServiceForm, acts.serve),
    "publish": (StepForm, acts.publish),
    "drop": (DropForm, acts.drop),
    "ask_removal": (AskRemovalForm, acts.ask_removal),
    "remove": (RemovalForm, acts.remove),
    "refuse_removal": (RefuseRemovalForm, acts.refuse_removal),
    "ask_resume": (ReasonForm, acts.ask_resume),
    "resume": (ReasonForm, acts.resume),
    "refuse_resume": (ReasonForm, acts.refuse_resume),
    "outcome": (OutcomeForm, acts.register_outcome),
    "change": (ReasonForm, acts.apply_change),
    "annul": (ReasonForm, acts.annul),
    "restore": (RestorationForm, acts.open_restoration),
}


_RED_WORDS: Final[dict[type[StepForm], dict[str, str]]] = {
    NoticeForm: {"text": "公告正文（企业、依据、提意见的办法）", "served_on": "公告日期"},
    StatementForm: {"text": "意见内容：谁提出、什么事实"},
}


@dataclass(frozen=True, slots=True)
class Offers:
    """What a case's forms offer to choose from: conditions still to be looked up, arguments that wait, chairs."""

    conditions: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[CaseArgument] = ()
    chairs: QuerySet[Any] | None = None
    grounds: Sequence[dict[str, Any]] = ()

    def fill(self, form: StepForm) -> None:
        """Fill the choices; before the form is validated or printed."""
        fields: dict[str, Any] = form.fields
        if "code" in fields:
            fields["code"].widget.choices = list(self.conditions.items())
        if "argument" in fields:
            fields["argument"].choices = [(one.pk, one.text[:60]) for one in self.arguments]
        if "chair" in fields:
            fields["chair"].queryset = self.chairs
        if "grounds" in fields:
            fields["grounds"].choices = [(one["code"], one["name"]) for one in self.grounds]


def blank_forms(case: ListCase, today: date, offers: Offers) -> dict[str, StepForm]:
    """Every step's form, with today's date and a draft of the papers filled in."""
    blank = {name: form(today=today) for name, (form, _) in ACTIONS.items()}
    for form in blank.values():
        offers.fill(form)
        worded(form, case.colour)
    blank["send_notice"].initial["text"] = notice_draft(case)
    blank["decide"].initial["reason"] = decision_draft(case)
    return blank


def worded(form: StepForm, colour: str) -> None:
    """Give a case for the red list its own words; before the form is validated or printed."""
    for name, label in _RED_WORDS.get(type(form), {}).items() if colour == "red" else ():
        form.fields[name].label = label
