"""Who works where, in Wagtail's admin: a person by phone, an enterprise by its 统一社会信用代码."""

from typing import Any

from django import forms
from django.db import models, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, DeleteView, EditView
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.models import User
from accounts.phones import parse_phone
from credit.acts import audit
from credit.models import Employment, Enterprise


class EmploymentForm(forms.ModelForm[Employment]):
    """Neither list is short enough to choose from."""

    phone = forms.CharField(label="本人手机号", max_length=20)
    uscc = forms.CharField(label="企业的统一社会信用代码", max_length=18)

    class Meta:
        model = Employment
        fields = ("position", "began_on", "ended_on")

    field_order = ("phone", "uscc", "position", "began_on", "ended_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:  # another person or enterprise is another employment
            del self.fields["phone"], self.fields["uscc"]

    def clean_phone(self) -> str:
        """Somebody who has an account."""
        try:
            phone = parse_phone(self.cleaned_data["phone"])
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault
        person = User.objects.filter(phone=phone).first()
        if person is None:
            raise forms.ValidationError("没有这个手机号的账号。请先在“用户”里添加，或请本人注册。")
        self.instance.person = person
        return phone

    def clean_uscc(self) -> str:
        """An enterprise of the register."""
        uscc = str(self.cleaned_data["uscc"]).strip().upper()
        enterprise = Enterprise.objects.filter(uscc=uscc).first()
        if enterprise is None:
            raise forms.ValidationError(
                "登记库里没有这个代码的企业。请核对18位代码，或先导入企业。"
            )
        self.instance.enterprise = enterprise
        return uscc

    def clean(self) -> dict[str, Any]:
        """What the database would refuse is said in words."""
        data = super().clean() or {}
        began, ended = data.get("began_on"), data.get("ended_on")
        if began and ended and ended < began:
            self.add_error("ended_on", "离职日期不能早于入职日期。请核对。")
        if not ended and not self.errors and self._same().exists():
            self.add_error("position", "这个人在这家企业已有同样的岗位，不用再加。")
        return data

    def _same(self) -> models.QuerySet[Employment]:
        mine = Employment.objects.filter(person=self.instance.person, ended_on=None)
        same = mine.filter(
            enterprise=self.instance.enterprise, position=self.cleaned_data["position"]
        )
        return same.exclude(pk=self.instance.pk)


def _values(pk: Any) -> Any:
    """The row in plain values, None before it is there."""
    return Employment.objects.filter(pk=pk).values().first()


class _Logged:
    """Who works where says whose file a person may see: each change is in the log."""

    def save_instance(self) -> Employment:
        form = self.form  # type: ignore[attr-defined]
        before = _values(form.instance.pk)
        made: Employment = super().save_instance()  # type: ignore[misc]
        said = {"before": before, "after": _values(made.pk)}
        by = self.request.user  # type: ignore[attr-defined]
        audit.log("employment.change", by=by, subject=made, enterprise=made.enterprise_id, **said)
        return made


class NewEmployment(_Logged, CreateView):  # type: ignore[misc]
    """One more."""


class EditEmployment(_Logged, EditView):  # type: ignore[misc]
    """It ends, or was written down wrongly."""


class DeleteEmployment(DeleteView):  # type: ignore[misc]
    """It was never so; one on which training or a roster rests is ended instead."""

    def form_valid(self, form: Any) -> HttpResponse:
        """In words, where the database would refuse."""
        try:
            with transaction.atomic():
                answer: HttpResponse = super().form_valid(form)
        except models.ProtectedError:
            words = "这条任职已有培训要求或花名册记录，不能删除。请改填离职日期。"
            messages.error(self.request, words)
            return redirect(self.get_edit_url())
        return answer

    def get_edit_url(self) -> str:
        """Where the day of leaving is filled in."""
        return reverse("employments:edit", args=[self.object.pk])

    def delete_action(self) -> None:
        """With what it said; both or neither."""
        said = {"enterprise": self.object.enterprise_id, "before": _values(self.object.pk)}
        with transaction.atomic():
            audit.log("employment.delete", by=self.request.user, subject=self.object, **said)
            super().delete_action()


class EmploymentViewSet(ModelViewSet):  # type: ignore[misc]  # wagtail is untyped
    """The administrator's; an auditor looks on."""

    model = Employment
    add_view_class = NewEmployment
    edit_view_class = EditEmployment
    delete_view_class = DeleteEmployment
    icon = "group"
    menu_label = "任职"
    menu_order = 610
    add_to_settings_menu = True
    list_display = [
        Column("person", label="姓名", sort_key="person__real_name"),
        Column("enterprise", label="企业", sort_key="enterprise__name"),
        "position",
        "began_on",
        "ended_on",
    ]
    list_filter = ["position"]
    search_fields = ["person__real_name", "person__phone", "enterprise__name", "enterprise__uscc"]
    inspect_view_enabled = True
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[EmploymentForm]:
        """Ours."""
        return EmploymentForm
