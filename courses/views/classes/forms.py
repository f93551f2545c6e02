"""The forms of classes."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from courses.models import CoursePage, Lecturer, TrainingClass
from courses.rules import classes as rules
from courses.rules.people import parse_phone


def styled(form: forms.BaseForm) -> None:
    """Bootstrap's classes."""
    for one in form.fields.values():
        select = isinstance(one, forms.ChoiceField) and not isinstance(
            one.widget, forms.RadioSelect
        )
        if not isinstance(one.widget, forms.RadioSelect):
            one.widget.attrs["class"] = "form-select" if select else "form-control"


class ClassForm(forms.Form):
    """A new class."""

    title = forms.CharField(label="班名", max_length=120)
    course: Any = forms.ModelChoiceField(queryset=None, label="教哪门课", empty_label="请选择")
    place: Any = forms.ModelChoiceField(queryset=None, label="属地", empty_label="请选择")
    venue = forms.CharField(label="地点", max_length=200)
    seats = forms.IntegerField(
        label="最多多少人（不限就不填）", required=False, min_value=1, max_value=5000
    )

    def __init__(self, *args: Any, places: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course: Any = self.fields["course"]
        course.queryset = CoursePage.objects.live().filter(view_restrictions=None).order_by("path")
        if places is None:
            del self.fields["place"]
        else:
            place: Any = self.fields["place"]
            place.queryset = places
        styled(self)


class SessionForm(forms.Form):
    """One more session."""

    day = forms.DateField(label="日期", widget=forms.DateInput({"type": "date"}))
    begin = forms.TimeField(label="上课", widget=forms.TimeInput({"type": "time"}))
    end = forms.TimeField(label="下课", widget=forms.TimeInput({"type": "time"}))
    lesson: Any = forms.ModelChoiceField(
        queryset=None, label="学时记到哪一课", empty_label="请选择"
    )
    lecturer: Any = forms.ModelChoiceField(queryset=None, label="教员", empty_label="请选择")
    venue = forms.CharField(label="地点（和班里不同才填）", max_length=200, required=False)

    def __init__(self, *args: Any, training_class: TrainingClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lesson: Any = self.fields["lesson"]
        lesson.queryset = training_class.course.lessons()
        lecturer: Any = self.fields["lecturer"]
        lecturer.queryset = Lecturer.objects.teaching()
        styled(self)

    def said(self) -> dict[str, Any]:
        """As the act asks for it."""
        data = self.cleaned_data
        zone = timezone.get_default_timezone()
        begin, end = (
            datetime.combine(data["day"], data[name], tzinfo=zone) for name in ("begin", "end")
        )
        return {
            "starts_at": begin, "ends_at": end, "lesson": data["lesson"],
            "lecturer": data["lecturer"], "venue": data["venue"],
        }  # fmt: skip


class PhoneForm(forms.Form):
    """Somebody by the phone of their account."""

    phone = forms.CharField(label="学员账号的手机号", max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)

    def clean_phone(self) -> str:
        """As accounts have it."""
        try:
            return parse_phone(self.cleaned_data["phone"])
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault


class EvaluationForm(forms.Form):
    """Marks and words about a class."""

    words = forms.CharField(
        label="想说的话（可以不写，不要写姓名）", max_length=300, required=False,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = {
            one.code: forms.TypedChoiceField(
                label=one.text, choices=list(rules.MARKS.items()), coerce=int,
                widget=forms.RadioSelect({"class": "form-check-input"}),
            )
            for one in rules.questions()
        }  # fmt: skip
        self.fields = {**marks, **self.fields}
        styled(self)

    def said(self) -> dict[str, Any]:
        """As the act asks for it."""
        marks = {one.code: self.cleaned_data[one.code] for one in rules.questions()}
        return {"marks": marks, "words": self.cleaned_data["words"]}
