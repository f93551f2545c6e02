"""The office arranges another round for a learner whose attempts are used up, in Wagtail's admin."""

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from courses.acts.enrolment import reopen, reopening
from courses.acts.exams import RefusedError
from courses.models import Enrolment
from courses.permissions import ChangedOnly

register_permission_policy(Enrolment, ChangedOnly(Enrolment))


class RoundForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Why the learner begins anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.initial["reason"] = ""  # the reason of this round is not the next one's

    def clean(self) -> dict[str, Any]:
        """The rules say whether another round may begin."""
        data: dict[str, Any] = super().clean()
        ruling = reopening(Enrolment.objects.get(pk=self.instance.pk))
        if not ruling:
            raise forms.ValidationError(ruling.reason)
        return data


class OpenRound(EditView):  # type: ignore[misc]
    """Saving opens the next round in the name of who is logged in; this one stays as it is."""

    def get_success_message(self, instance: Any = None) -> str:
        """What the learner can do now. Wagtail's page for snippets reads no ``success_message``."""
        return "已安排新一轮。学员在“我的学习”里可以重新学习、考试；以前的记录都在。"

    def get_success_buttons(self) -> list[Any]:
        """None: the new round needs no further word."""
        return []

    def form_valid(self, form: RoundForm) -> Any:
        """What the act refuses is told on the form."""
        try:
            return super().form_valid(form)
        except RefusedError as refusal:
            form.add_error(None, refusal.ruling.reason)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def save_instance(self) -> Enrolment:
        """Carry."""
        enrolment = Enrolment.objects.get(pk=self.object.pk)
        return reopen(enrolment, officer=self.request.user, reason=self.form.cleaned_data["reason"])


class RoundViewSet(SnippetViewSet):  # type: ignore[misc]
    """报名与补考安排: the newest round of everybody."""

    model = Enrolment
    icon = "redirect"
    menu_label = "重新安排学习"
    edit_view_class = OpenRound
    copy_view_enabled = False
    list_display = ["person", "course", "round", "enrolled_at", "finished_at", "reason"]
    list_filter = ["course"]
    search_fields = ["person__real_name", "person__phone"]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            HelpPanel(
                "考试机会用完、或证书已撤销的学员，可以再安排一轮学习和考试。写明原因后保存。"
            ),
            FieldPanel("reason"),
        ],
        base_form_class=RoundForm,
    )

    def get_queryset(self, request: Any) -> Any:
        """The newest rounds."""
        return Enrolment.objects.current().select_related("person", "course")
