"""The administrator's pages about people, in Wagtail; an auditor looks at them.

Wagtail's own form asks for mail, first name and last name, which our people do not have, and lets
whoever may edit people make anybody a superuser or choose anybody's password. This one does none of it.
"""

from collections.abc import Callable
from typing import Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages as admin_messages
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.admin.views.generic import (
    InspectView,
    PermissionCheckedMixin,
    WagtailAdminTemplateMixin,
)
from wagtail.admin.widgets.button import Button
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from accounts import confirming, texts
from accounts.models import User
from accounts.people_forms import PersonForm
from accounts.roles import LABELS
from credit.acts import audit


class PeopleIndex(IndexView):  # type: ignore[misc]  # wagtail is untyped
    """Found by phone and name. Each is changed alone, and looked at: no bulk actions."""

    search_fields = ("phone", "real_name")

    @cached_property
    def columns(self) -> list[Column]:
        """Wagtail's, and who waits for a confirmation."""
        kept = [c for c in super().columns if not isinstance(c, BulkActionsCheckboxColumn)]
        waits = Column(
            "set_up_by_id",
            label="等待确认",
            accessor=lambda u: "等待确认" if u.set_up_by_id else "",
        )
        return [*kept, waits]


class _Saving:
    """Hands the administrator to the form, and lets what opens doors wait for another."""

    request: HttpRequest
    form: PersonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        return {**kwargs, "by": self.request.user}

    def save_instance(self) -> User:
        known = User.objects.filter(pk=self.form.instance.pk).first()
        before = _standing(known) if known else None
        person: User = super().save_instance()  # type: ignore[misc]
        if self.form.opens_doors():
            confirming.wait(person, by=cast("User", self.request.user))
        if before != (after := _standing(person)):
            audit.log(
                "people.change", by=self.request.user, subject=person, before=before, after=after
            )
        return person


def _standing(person: User) -> dict[str, Any]:
    """What a person may do here, for the log: no name, no number."""
    return {"roles": confirming.roles_of(person), "active": person.is_active}


class NewPerson(_Saving, CreateView):  # type: ignore[misc]
    """One whose phone the administrator knows; the owner proves it at the first login."""

    template_name = "wagtailadmin/generic/form.html"


class EditPerson(_Saving, EditView):  # type: ignore[misc]
    """Only a superuser edits a superuser, or a new phone number would take over the account."""

    template_name = "wagtailadmin/generic/edit.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the person, and refuse."""
        super().setup(request, *args, **kwargs)
        if self.object.is_superuser and not getattr(request.user, "is_superuser", False):
            raise PermissionDenied

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With a word on what is still missing, and the way to it."""
        if self.object.set_up_by_id:
            _say_who_waits(request, self.object)
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def form_valid(self, form: PersonForm) -> HttpResponse:
        """Once it is saved, the phone that was hears of it."""
        response: HttpResponse = super().form_valid(form)
        if "phone" in form.changed_data:
            texts.tell_of_move(form.old_phone)
        return response

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Wagtail's, and our two steps where they make sense."""
        buttons, by = list(super().header_more_buttons), cast("User", self.request.user)
        for step in (Confirm, ResetFactor):
            if step.makes_sense(self.object, by=by):
                url = reverse(f"wagtailusers_users:{step.name}", args=[self.object.pk])
                buttons.append(Button(step.page_title, url=url, icon_name=step.header_icon))
        return buttons


def _say_who_waits(request: HttpRequest, person: User) -> None:
    """Above the person's form: who confirms, with the button for whoever may."""
    words = f"这个账号由{person.set_up_by}设置，等另一位管理员确认后才能办公。"
    may = Confirm.makes_sense(person, by=cast("User", request.user))
    url = reverse(f"wagtailusers_users:{Confirm.name}", args=[person.pk])
    admin_messages.warning(request, words, [admin_messages.button(url, "去确认")] if may else [])


class _Step(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """One step about one person, asked for once more before it is done."""

    model = User
    permission_required = "change"
    template_name = "accounts/person_step.html"
    name: str
    explained: str
    done: str
    act: Callable[..., None]
    makes_sense: Callable[..., bool]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the person."""
        super().setup(request, *args, **kwargs)
        self.person = get_object_or_404(User, pk=kwargs["pk"])
        if not type(self).makes_sense(self.person, by=cast("User", request.user)):
            raise PermissionDenied

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The list, the person, the step."""
        steps = [
            {"url": reverse("wagtailusers_users:index"), "label": "用户"},
            {
                "url": reverse("wagtailusers_users:edit", args=[self.person.pk]),
                "label": str(self.person),
            },
            {"url": "", "label": self.page_title},
        ]
        return [*self.breadcrumbs_items, *steps]

    @property
    def roles(self) -> str:
        """In Chinese."""
        return _roles(self.person)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it."""
        type(self).act(self.person, by=request.user)
        messages.success(request, self.done)
        return redirect("wagtailusers_users:edit", self.person.pk)


class Confirm(_Step):
    """By another administrator than the one who set it up."""

    name, page_title, header_icon = "confirm", "确认", "check"
    explained = "请当面或打电话核对：手机号是本人的，角色也对。确认后，本人就能办公。"
    done = "已确认，本人现在可以办公。"
    act = staticmethod(confirming.confirm)
    makes_sense = staticmethod(confirming.may_confirm)


class ResetFactor(_Step):
    """For one who lost the authenticator and the recovery codes."""

    name, page_title, header_icon = "reset-factor", "重设两步验证", "undo"
    explained = (
        "只在本人丢了验证器、也没有备用码时用。请先当面核对是本人。"
        "重设后要另一位管理员确认，本人才能重新开通。"
    )
    done = "已重设。请另一位管理员确认。"
    act = staticmethod(confirming.reset_factor)

    @staticmethod
    def makes_sense(person: User, *, by: User) -> bool:
        """Somebody else's, that there is."""
        return person != by and bool(is_mfa_enabled(person))


def _roles(person: User) -> str:
    names = person.groups.order_by("pk").values_list("name", flat=True)
    return "、".join(LABELS.get(name, name) for name in names) or "（没有）"


class LookAtPerson(InspectView):  # type: ignore[misc]
    """For an auditor."""

    fields = ["phone", "real_name", "is_active", "groups", "set_up_by", "last_login"]

    def get_is_active_display_value(self) -> str:
        """In words."""
        return "是" if self.object.is_active else "否"

    def get_groups_display_value(self) -> str:
        """In Chinese."""
        return _roles(self.object)

    def get_set_up_by_display_value(self) -> str:
        """Who set it up, while it waits."""
        return str(self.object.set_up_by or "没有")

    def get_last_login_display_value(self) -> str:
        """A time of the day here."""
        when = self.object.last_login
        return f"{timezone.localtime(when):%Y-%m-%d %H:%M}" if when else "还没有登录过"


class PeopleViewSet(UserViewSet):  # type: ignore[misc]
    """Takes the place of Wagtail's pages about users."""

    index_view_class = PeopleIndex
    add_view_class = NewPerson
    edit_view_class = EditPerson
    create_template_name = "wagtailadmin/generic/form.html"
    edit_template_name = "wagtailadmin/generic/edit.html"
    inspect_view_enabled = True
    inspect_view_class = LookAtPerson
    copy_view_enabled = False
    inspect_view_fields = LookAtPerson.fields

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        """One form for both."""
        return PersonForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """Wagtail's, and our two steps."""
        steps = [
            path(f"{s.name}/<int:pk>/", s.as_view(), name=s.name) for s in (Confirm, ResetFactor)
        ]
        return [*super().get_urlpatterns(), *steps]
