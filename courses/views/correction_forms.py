"""The form with which the office corrects study time."""

from typing import Any

from django import forms


class CorrectionForm(forms.Form):
    """Which lesson, how many minutes more or less, and why."""

    lesson: Any = forms.ModelChoiceField(queryset=None, label="哪一课", empty_label="请选择")
    change = forms.ChoiceField(
        label="加还是减", choices=[("less", "减"), ("more", "加（要另一人复核）")]
    )
    minutes = forms.IntegerField(label="多少分钟", min_value=1, max_value=480)
    reason = forms.CharField(
        label="原因", max_length=200, help_text="学员能看到您的姓名和这段话。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, lessons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lesson"].queryset = lessons  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            chosen = name in ("lesson", "change")
            field.widget.attrs["class"] = "form-select" if chosen else "form-control"

    def said(self) -> dict[str, Any]:
        """As the act reads it."""
        data = self.cleaned_data
        sign = -1 if data["change"] == "less" else 1
        return {
            "lesson": data["lesson"], "minutes": sign * data["minutes"], "reason": data["reason"],
        }  # fmt: skip
