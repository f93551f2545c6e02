"""The forms of a case: one for each step, and which act it calls."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django import forms

from credit.acts import cases as acts
from credit.acts.drafts import decision_draft, notice_draft
from credit.models import ListCase
from credit.rules.removal import Ground


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


_CLASSES: Final[dict[type[forms.Widget], str]] = {
    forms.Select: "form-select",
    forms.CheckboxInput: "form-check-input d-block",
}


class StepForm(forms.Form):
    """A step without words."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("class", _CLASSES.get(type(field.widget), "form-control"))
            field.widget.attrs["id"] = f"{type(self).__name__}-{name}"
            if isinstance(field, forms.DateField) and field.required:
                field.initial = today
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4


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
    received_on = forms.DateField(label="收到日期", widget=DayInput)


class OpinionForm(StepForm):
    opinion = forms.CharField(label="对每条意见的复核结论", widget=forms.Textarea)


class HearingRequestForm(StepForm):
    requested_on = forms.DateField(label="申请日期", widget=DayInput)


class HearingForm(StepForm):
    held_on = forms.DateField(label="听证日期", widget=DayInput)
    record = forms.CharField(label="听证笔录要点", widget=forms.Textarea)


class WaiverForm(StepForm):
    waived_on = forms.DateField(label="书面放弃日期", widget=DayInput)
    reason = forms.CharField(label="书面材料名称和编号", max_length=200)


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
    reason = forms.CharField(label="事实和材料名称、编号", widget=forms.Textarea)


class RemovalForm(StepForm):
    reason = forms.CharField(label="移出理由（会公开）", widget=forms.Textarea)


class RefuseRemovalForm(StepForm):
    reason = forms.CharField(label="不同意移出的理由", widget=forms.Textarea)


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
    "hold_hearing": (HearingForm, acts.hold_hearing),
    "waive": (WaiverForm, acts.waive),
    "hear": (StepForm, acts.close_hearing),
    "decide": (DecisionForm, acts.decide),
    "serve": (ServiceForm, acts.serve),
    "publish": (StepForm, acts.publish),
    "drop": (DropForm, acts.drop),
    "ask_removal": (AskRemovalForm, acts.ask_removal),
    "remove": (RemovalForm, acts.remove),
    "refuse_removal": (RefuseRemovalForm, acts.refuse_removal),
}


_RED_WORDS: Final[dict[type[StepForm], dict[str, str]]] = {
    NoticeForm: {"text": "公告正文（企业、依据、提意见的办法）", "served_on": "公告日期"},
    StatementForm: {"text": "意见内容：谁提出、什么事实"},
}


def blank_forms(
    case: ListCase, today: date, conditions: dict[str, str] | None = None
) -> dict[str, StepForm]:
    """Every step's form, with today's date and a draft of the papers filled in.

    ``conditions`` (code → name) are those that are still to be looked up.
    """
    blank = {name: form(today=today) for name, (form, _) in ACTIONS.items()}
    offer(blank["confirm"], conditions or {})
    for form in blank.values():
        worded(form, case.colour)
    blank["send_notice"].initial["text"] = notice_draft(case)
    blank["decide"].initial["reason"] = decision_draft(case)
    return blank


def offer(form: StepForm, conditions: dict[str, str]) -> None:
    """Fill the choice of conditions."""
    if "code" in form.fields:
        form.fields["code"].widget.choices = list(conditions.items())


def worded(form: StepForm, colour: str) -> None:
    """Give a case for the red list its own words; before the form is validated or printed."""
    for name, label in _RED_WORDS.get(type(form), {}).items() if colour == "red" else ():
        form.fields[name].label = label
