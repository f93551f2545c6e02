"""The administrator's form about a person: phone, name, roles, places, and who may log in."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group

from accounts import identity
from accounts.models import User
from accounts.phones import parse_phone
from accounts.roles import ADMINISTRATOR, LABELS, LEARNER, NOT_FOR_ADMINISTRATORS
from credit.models import Jurisdiction, Posting

OWN = ("phone", "is_active", "groups", "places")  # what nobody settles here about oneself


class PersonForm(forms.ModelForm[User]):
    """A person as the administrator ``by`` sees one."""

    places = forms.ModelMultipleChoiceField(
        Jurisdiction.objects.all(),
        label="任职辖区",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="信用专员和决定人只能办这些地方（含下级）的事。",
    )
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
            "phone": "换号后，原来的密码和登录都失效，本人用新手机号收验证码登录。",
            "groups": "角色决定能做什么。工作人员新开通、加角色或换手机号后，要另一位管理员确认才能办公。",
            "is_active": "离开单位的人请取消勾选，不要删除：办过的事要查得到是谁办的。",
        }

    def __init__(self, *args: Any, by: User, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.old_phone = self.instance.phone
        self.held: set[Group] = set(self.instance.groups.all()) if self.instance.pk else set()
        groups: Any = self.fields["groups"]
        # Wagtail's own Editors and Moderators may publish; nobody here may.
        groups.queryset = Group.objects.filter(name__in=LABELS).order_by("pk")
        groups.label_from_instance = lambda group: LABELS.get(group.name, group.name)
        self.fields["real_name"].required = not self.instance.pk
        self._drop_what_is_not_to_settle(editing_self)

    def _drop_what_is_not_to_settle(self, editing_self: bool) -> None:
        if not self.instance.id_number_sealed:
            del self.fields["forget_id_number"]
        if self.instance.pk:
            self.fields["places"].initial = [p.place_id for p in self.instance.postings.all()]
        if editing_self:
            for name in OWN if not self.by.is_superuser else OWN[:2]:
                del self.fields[name]

    def clean_phone(self) -> str:
        """In any usual writing; the database refuses one that somebody else has."""
        return _or_error(parse_phone, self.cleaned_data["phone"])

    def clean_real_name(self) -> str:
        """As on the card, or empty."""
        text = self.cleaned_data["real_name"]
        return _or_error(identity.parse_name, text) if text else ""

    def clean_groups(self) -> list[Group]:
        """The chosen roles, and the groups that are no roles and are not shown here."""
        chosen = list(self.cleaned_data["groups"])
        names = {group.name for group in chosen}
        if ADMINISTRATOR in names and names & set(NOT_FOR_ADMINISTRATORS):
            raise forms.ValidationError(
                "系统管理员不能同时是信用专员、决定人或审计。请去掉其中一个，分给两个人。"
            )
        return chosen + [group for group in self.held if group.name not in LABELS]

    def clean(self) -> dict[str, Any]:
        """While another's setting waits, it is confirmed first: else two could hide behind each other."""
        data = super().clean() or {}
        waits_for_another = self.instance.set_up_by_id not in (None, self.by.pk)
        if waits_for_another and self.opens_doors() and not self.by.is_superuser:
            raise forms.ValidationError(
                "这个账号正在等待确认。请先核对手机号和角色，点“确认”后再改；不认识就取消“可登录”。"
            )
        return data

    def opens_doors(self) -> bool:
        """Whether it gives a phone, a role or a way back in."""
        gained = set(self.cleaned_data.get("groups", ())) - self.held
        back = "is_active" in self.changed_data and self.cleaned_data.get("is_active")
        return bool(
            "phone" in self.changed_data or back or {g for g in gained if g.name != LEARNER}
        )

    def save(self, commit: bool = True) -> User:
        """A changed phone has to be proved again by its owner; the old password opens nothing more."""
        if "phone" in self.changed_data:
            self.instance.phone_verified = False
            self.instance.set_unusable_password()
        if self.cleaned_data.get("forget_id_number"):
            self.instance.id_number = ""
        return super().save(commit)

    def _save_m2m(self) -> None:
        """The roles, and the places."""
        super()._save_m2m()  # type: ignore[misc]  # django-stubs does not know it
        if "places" in self.fields:
            places = self.cleaned_data["places"]
            self.instance.postings.exclude(place__in=places).delete()
            for place in places:
                Posting.objects.get_or_create(officer=self.instance, place=place)


def _or_error(parse: Any, text: str) -> str:
    try:
        return str(parse(text))
    except ValueError as fault:
        raise forms.ValidationError(str(fault)) from fault
