"""The administrator's pages about people, in Wagtail: phone, name, roles, and who may log in.

Wagtail's own form asks for mail, first name and last name, which our people do not have, and lets
whoever may edit people make anybody a superuser or choose anybody's password. This one does none of it.
"""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from accounts import identity
from accounts.models import User
from accounts.phones import parse_phone
from accounts.roles import LABELS


class PersonForm(forms.ModelForm[User]):
    """A person as the administrator sees one."""

    forget_id_number = forms.BooleanField(
        label="删除身份证号",
        required=False,
        help_text="本人填错时用。删除后由本人在“我的”里重新填写。",
    )

    class Meta:
        model = User
        fields = ("phone", "real_name", "is_active", "groups")
        widgets = {"groups": forms.CheckboxSelectMultiple}
        labels = {"groups": "角色"}
        help_texts = {
            "groups": "角色决定能做什么。信用专员和决定人还要有任职的辖区。",
            "is_active": "离开单位的人请取消勾选，不要删除：办过的事要查得到是谁办的。",
        }

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["groups"]
        # Wagtail's own Editors and Moderators may publish; nobody here may.
        groups.queryset = Group.objects.filter(name__in=LABELS).order_by("pk")
        groups.label_from_instance = lambda group: LABELS.get(group.name, group.name)
        if editing_self:
            del self.fields["is_active"]
        if not self.instance.id_number_sealed:
            del self.fields["forget_id_number"]

    def clean_phone(self) -> str:
        """In any usual writing; the database refuses one that somebody else has."""
        return _or_error(parse_phone, self.cleaned_data["phone"])

    def clean_real_name(self) -> str:
        """As on the card, or empty."""
        text = self.cleaned_data["real_name"]
        return _or_error(identity.parse_name, text) if text else ""

    def save(self, commit: bool = True) -> User:
        """A changed phone has to be proved again by its owner."""
        if "phone" in self.changed_data:
            self.instance.phone_verified = False
        if not self.instance.pk:
            self.instance.set_unusable_password()
        if self.cleaned_data.get("forget_id_number"):
            self.instance.id_number = ""
        return super().save(commit)


def _or_error(parse: Any, text: str) -> str:
    try:
        return str(parse(text))
    except ValueError as fault:
        raise forms.ValidationError(str(fault)) from fault


class PeopleIndex(IndexView):  # type: ignore[misc]  # wagtail is untyped
    """Found by phone and name."""

    search_fields = ("phone", "real_name")


class NewPerson(CreateView):  # type: ignore[misc]
    """One whose phone the administrator knows; the owner proves it at the first login."""

    template_name = "wagtailadmin/generic/form.html"


class EditPerson(EditView):  # type: ignore[misc]
    """Only a superuser edits a superuser, or a new phone number would take over the account."""

    template_name = "wagtailadmin/generic/edit.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the person, and refuse."""
        super().setup(request, *args, **kwargs)
        if self.object.is_superuser and not getattr(request.user, "is_superuser", False):
            raise PermissionDenied


class PeopleViewSet(UserViewSet):  # type: ignore[misc]
    """Takes the place of Wagtail's pages about users."""

    index_view_class = PeopleIndex
    add_view_class = NewPerson
    edit_view_class = EditPerson
    create_template_name = "wagtailadmin/generic/form.html"
    edit_template_name = "wagtailadmin/generic/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        """One form for both."""
        return PersonForm
