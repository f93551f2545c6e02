"""The forms of the enterprise's side and of the officers who answer it."""

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile

from credit.models import Objection, ServiceConsent
from credit.rules.files import ACCEPT
from credit.views.case_forms import DayInput, StepForm

HELP: Final = "PDF、照片、Word 或 Excel，每个不超过 10 MB，一次最多 5 个"


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploads, maybe empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput(attrs={"accept": ACCEPT}))
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", HELP)
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each by Django's own check; what a file is, the act looks at."""
        found = data if isinstance(data, list | tuple) else [data]
        uploads = [one for one in found if one]
        if self.required and not uploads:
            raise forms.ValidationError("请至少选一个文件")
        return [super(FilesField, self).clean(one, initial) for one in uploads]


class PartyStatementForm(StepForm):
    text = forms.CharField(label="您的意见和理由", widget=forms.Textarea, max_length=20_000)
    files = FilesField(label="证明材料（可以不传）")  # type: ignore[assignment]


class PartyHearingForm(StepForm):
    text = forms.CharField(
        label="申请听证的理由（可以不写）", widget=forms.Textarea, max_length=20_000, required=False
    )
    files = FilesField(label="证明材料（可以不传）")  # type: ignore[assignment]


class ObjectionForm(StepForm):
    reason = forms.ChoiceField(label="为什么有异议", choices=Objection.Reason.choices)
    text = forms.CharField(label="哪里不对，应该是什么", widget=forms.Textarea, max_length=20_000)
    files = FilesField(label="证明材料（可以不传）")  # type: ignore[assignment]


class RepairForm(StepForm):
    statement = forms.CharField(
        label="义务怎样履行的、违法行为怎样改正的", widget=forms.Textarea, max_length=20_000
    )
    promised = forms.BooleanField(
        label="我单位承诺：材料真实，今后依法生产经营；弄虚作假的，撤销修复、恢复公示"
    )
    files = FilesField(label="证明材料（至少一份）", required=True)  # type: ignore[assignment]


class SupplementForm(StepForm):
    text = forms.CharField(
        label="补了什么", widget=forms.Textarea, max_length=20_000, required=False
    )
    files = FilesField(label="补的材料")  # type: ignore[assignment]


class AppointForm(StepForm):
    uscc = forms.CharField(label="企业的统一社会信用代码", max_length=18)
    phone = forms.CharField(label="本人手机号（本人先用它注册登录一次）", max_length=20)
    paper = forms.CharField(label="授权委托书的名称和编号", max_length=200)
    from_day = forms.DateField(label="起始日期", widget=DayInput)
    last_day = forms.DateField(label="最后一天（长期的不填）", widget=DayInput, required=False)


class ConsentForm(StepForm):
    uscc = forms.CharField(label="企业的统一社会信用代码", max_length=18)
    action = forms.ChoiceField(label="内容", choices=ServiceConsent.Action.choices)
    on = forms.DateField(label="签署日期", widget=DayInput)
    paper = forms.CharField(label="确认书的名称和编号", max_length=200)


class ReasonForm(StepForm):
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=20_000)


class RevokeForm(StepForm):
    reason = forms.CharField(label="撤销的理由", max_length=200)


class AnswerForm(StepForm):
    outcome = forms.ChoiceField(
        label="结果", choices=[("uphold", "异议成立"), ("reject", "异议不成立")]
    )
    reason = forms.CharField(
        label="核查情况和理由（会告诉企业）", widget=forms.Textarea, max_length=20_000
    )


class EvidenceForm(StepForm):
    files = FilesField(label="证据材料", required=True)  # type: ignore[assignment]
    for_party = forms.BooleanField(label="企业也可以看", required=False)
