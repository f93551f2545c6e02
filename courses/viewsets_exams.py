"""The office's pages for the question bank, exams and certificates, in Wagtail's admin.

They carry: a saved question becomes a new version through the act, an exam's plan is checked whole.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from courses.acts.certificates import revoke
from courses.acts.exams import paper_faults
from courses.acts.questions import Draft, UnsoundError, add_question, revise_question
from courses.models import Certificate, Exam, Question, QuestionBank, Revocation
from courses.permissions import AddedOnly, NeverDeleted, NeverEdited
from courses.rules.exams import Candidate, Line, blueprint_faults, shortfalls
from courses.viewsets_certificates import CertificateChooser
from courses.viewsets_obligations import CourseForViewSet
from courses.viewsets_rounds import RoundViewSet

register_permission_policy(Question, NeverDeleted(Question))
register_permission_policy(Certificate, NeverEdited(Certificate))
register_permission_policy(Revocation, AddedOnly(Revocation))


def _rows(form: Any, name: str) -> list[dict[str, Any]]:
    """The inline rows that stay, in the order on the page."""
    rows = [row.cleaned_data for row in form.formsets[name].forms if row.is_valid()]
    kept = [row for row in rows if row and not row.get("DELETE")]
    return sorted(kept, key=lambda row: row.get("ORDER") or 0)


class QuestionForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A question with its options; every fault is told at once."""

    def clean(self) -> dict[str, Any]:
        """Check the whole question."""
        data: dict[str, Any] = super().clean()
        if not self.errors and (faults := self.draft().faults()):
            raise ValidationError(faults)
        return data

    def draft(self) -> Draft:
        """As the act takes it."""
        data, options = self.cleaned_data, _rows(self, "options")
        right = (place for place, option in enumerate(options) if option.get("correct"))
        return Draft(
            kind=data["kind"],
            stem=data["stem"],
            options=[option["text"] for option in options],
            right=frozenset(right),
            topic=data["topic"],
            explanation=data["explanation"],
            basis=data["basis"],
            active=data["active"],
        )


class TellsOfPapers:
    """After a question was saved: says when the course's exam cannot draw a paper any more."""

    request: HttpRequest
    object: Question

    def save_action(self) -> HttpResponse:
        """As Wagtail does, and the warning."""
        answer: HttpResponse = super().save_action()  # type: ignore[misc]
        exam = Exam.objects.filter(course=self.object.bank.course_id).first()
        if exam is not None and (faults := paper_faults(exam)):
            told = f"注意，“{exam}”现在抽不出试卷，学员不能开始考试：{'；'.join(faults)}。"
            messages.warning(self.request, f"{told}请补充或启用试题，或修改考试的组卷规则。")
        return answer


class AddQuestion(TellsOfPapers, CreateView):  # type: ignore[misc]
    """A new question goes through the act."""

    def save_instance(self) -> Question:
        """Carry."""
        return add_question(self.form.cleaned_data["bank"], self.form.draft())


class ReviseQuestion(TellsOfPapers, EditView):  # type: ignore[misc]
    """A changed question is a new version; papers keep the text that they were drawn with."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The newest version, also from an old address."""
        newest = Question.objects.get(pk=self.object.pk).newest()
        if newest.pk == self.object.pk:
            page: HttpResponse = super().get(request, *args, **kwargs)
            return page
        messages.warning(request, "这道题已经有新版本，已为您打开最新的一版。")
        return redirect("wagtailsnippets_courses_question:edit", newest.pk)

    def form_valid(self, form: QuestionForm) -> HttpResponse:
        """What the act refuses is told on the form, which keeps what was typed."""
        answer: HttpResponse
        try:
            answer = super().form_valid(form)
        except UnsoundError as error:
            form.add_error(None, error.faults)
            self.produced_error_message = self.get_error_message()
            answer = self.form_invalid(form)
        return answer

    def save_instance(self) -> Question:
        """Carry."""
        return revise_question(Question.objects.get(pk=self.object.pk), self.form.draft())


class QuestionViewSet(SnippetViewSet):  # type: ignore[misc]
    """试题."""

    model = Question
    icon = "help"
    menu_label = "试题"
    add_view_class = AddQuestion
    edit_view_class = ReviseQuestion
    copy_view_enabled = False
    list_display = [
        "stem",
        "kind",
        "topic",
        "bank",
        BooleanColumn("active", label="可用于组卷"),
        "version",
    ]
    list_filter = ["bank", "kind", "active"]
    search_fields = ["stem", "topic"]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            FieldPanel("bank"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("topic"), FieldPanel("active")]),
            FieldPanel("stem"),
            InlinePanel("options", heading="选项", label="选项", max_num=8),
            FieldPanel("explanation"),
            FieldPanel("basis"),
        ],
        base_form_class=QuestionForm,
    )

    def get_queryset(self, request: Any) -> Any:
        """The newest version of each question."""
        return Question.objects.current().select_related("bank")


class ExamForm(WagtailAdminModelForm):  # type: ignore[misc]
    """An exam with its plan: 100 points, and enough questions in the course's banks."""

    def clean(self) -> dict[str, Any]:
        """Check the plan whole."""
        data: dict[str, Any] = super().clean()
        course = data.get("course") or getattr(self.instance, "course", None)
        if not self.errors and course is not None:
            lines = [
                Line(row["kind"], row["topic"], row["count"], row["points"])
                for row in _rows(self, "blueprint")
            ]
            rows = Question.objects.pool(course.pk).values_list("pk", "kind", "topic")
            faults = blueprint_faults(lines, 100)
            faults += shortfalls(
                [Candidate(key, kind, topic, 0) for key, kind, topic in rows], lines
            )
            if faults:
                raise ValidationError(faults)
        return data


class ExamViewSet(SnippetViewSet):  # type: ignore[misc]
    """考试."""

    model = Exam
    icon = "form"
    menu_label = "考试"
    copy_view_enabled = False
    list_display = ["title", "course", "minutes", "pass_mark", "attempts_allowed"]
    edit_handler = ObjectList(
        [
            FieldPanel("course"),
            FieldPanel("title"),
            FieldRowPanel([FieldPanel("minutes"), FieldPanel("pass_mark")]),
            FieldRowPanel([FieldPanel("attempts_allowed"), FieldPanel("wait_hours")]),
            FieldPanel("certificate_kind"),
            InlinePanel(
                "blueprint",
                heading="组卷规则",
                label="一行",
                help_text="各行“题数×每题分值”合计应为 100 分；知识点空白表示不限。",
                min_num=1,
            ),
        ],
        base_form_class=ExamForm,
    )


class QuestionBankViewSet(SnippetViewSet):  # type: ignore[misc]
    """题库."""

    model = QuestionBank
    icon = "folder-open-inverse"
    menu_label = "题库"
    copy_view_enabled = False
    list_display = ["name", "course"]
    search_fields = ["name"]
    panels = [FieldPanel("course"), FieldPanel("name")]


class CertificateViewSet(SnippetViewSet):  # type: ignore[misc]
    """证书：只能看，不能改。"""

    model = Certificate
    icon = "doc-full"
    menu_label = "证书"
    copy_view_enabled = False
    inspect_view_enabled = True
    chooser_viewset_class = CertificateChooser
    list_display = ["printed_number", "person_name", "course_title", "issued_on", "valid_until"]
    search_fields = ["number", "person_name"]
    panels = [FieldPanel("number", read_only=True)]


class RevocationForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Which certificate, and why."""

    def clean_reason(self) -> str:
        """A reason of blanks is none."""
        reason: str = self.cleaned_data["reason"].strip()
        if not reason:
            raise ValidationError("请写明撤销原因")
        return reason


class Revoke(CreateView):  # type: ignore[misc]
    """Taking a certificate back goes through the act, in the name of who is logged in."""

    def save_instance(self) -> Revocation:
        """Carry."""
        data = self.form.cleaned_data
        return revoke(
            data["certificate"],
            officer=self.request.user,
            reason=data["reason"],
            retrain=data["retrain"],
            today=timezone.localdate(),
        )

    def get_success_buttons(self) -> list[Any]:
        """None: a revocation is never edited."""
        return []


class RevocationViewSet(SnippetViewSet):  # type: ignore[misc]
    """证书撤销."""

    model = Revocation
    icon = "cross"
    menu_label = "证书撤销"
    add_view_class = Revoke
    copy_view_enabled = False
    list_display = ["certificate", "revoked_on", "reason", "officer"]
    edit_handler = ObjectList(
        [FieldPanel("certificate"), FieldPanel("reason"), FieldPanel("retrain")],
        base_form_class=RevocationForm,
    )


class ExamsGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """考试与证书 in the admin's menu."""

    menu_label = "考试与证书"
    menu_icon = "form"
    menu_order = 320
    items = (
        QuestionBankViewSet,
        QuestionViewSet,
        ExamViewSet,
        CertificateViewSet,
        RevocationViewSet,
        RoundViewSet,
        CourseForViewSet,
    )
