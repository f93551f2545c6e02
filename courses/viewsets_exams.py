"""The office's pages for the question bank, exams and certificates, in Wagtail's admin.

They carry: an exam's plan is checked whole; questions have a file of their own.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import (
    CreateView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from courses.acts.certificates import revoke
from courses.models import Certificate, CoursePackage, Exam, Question, QuestionBank, Revocation
from courses.permissions import AddedOnly, NeverEdited
from courses.rules.exams import Candidate, Line, blueprint_faults, shortfalls
from courses.viewsets_certificates import CertificateChooser
from courses.viewsets_contests import ContestViewSet
from courses.viewsets_lecturers import LecturerViewSet
from courses.viewsets_obligations import CourseForViewSet
from courses.viewsets_questions import QuestionViewSet, inline_rows
from courses.viewsets_rounds import RoundViewSet

register_permission_policy(Certificate, NeverEdited(Certificate))
register_permission_policy(CoursePackage, NeverEdited(CoursePackage))
register_permission_policy(Revocation, AddedOnly(Revocation))


class ExamForm(WagtailAdminModelForm):  # type: ignore[misc]
    """An exam with its plan: 100 points, and enough questions in the course's banks."""

    def clean(self) -> dict[str, Any]:
        """Check the plan whole."""
        data: dict[str, Any] = super().clean()
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "停止进场时间应晚于开放时间")
        course = data.get("course") or getattr(self.instance, "course", None)
        if not self.errors and course is not None:
            lines = [
                Line(row["kind"], row["topic"], row["count"], row["points"])
                for row in inline_rows(self, "blueprint")
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
            FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
            FieldPanel("certificate_kind"),
            FieldPanel("identity_check"),
            FieldPanel("snapshots"),
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
    panels = [FieldPanel("course"), FieldPanel("name"), FieldPanel("for_practice")]


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


class PackageViewSet(SnippetViewSet):  # type: ignore[misc]
    """课件包：上传有自己的一页（courses:packages），这里只能看和选。"""

    model = CoursePackage
    icon = "folder-open-inverse"
    menu_label = "课件包"
    copy_view_enabled = False
    inspect_view_enabled = True
    list_display = ["title", "kind", "files", "at"]
    search_fields = ["title"]
    panels = [FieldPanel("title", read_only=True)]


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
        ContestViewSet,
        LecturerViewSet,
        PackageViewSet,
    )
