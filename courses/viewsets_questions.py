"""The office's pages for questions of every kind, in Wagtail's admin. A saved question is a new version."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_filters import CharFilter, NumberFilter  # type: ignore[import-untyped]
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from courses.acts.exams import paper_faults
from courses.acts.pictures import keep_picture
from courses.acts.questions import Draft, UnsoundError, add_question, revise_question
from courses.models import Citation, Exam, Question
from courses.permissions import NeverDeleted
from courses.rules.items import Picture
from courses.rules.notes import NoteError
from courses.rules.pictures import PictureError
from courses.rules.questions import CHOICES
from courses.rules.texts import body_from_text, text_of

register_permission_policy(Question, NeverDeleted(Question))


def inline_rows(form: Any, name: str) -> list[dict[str, Any]]:
    """The inline rows that stay, in the order on the page."""
    rows = [row.cleaned_data for row in form.formsets[name].forms if row.is_valid()]
    kept = [row for row in rows if row and not row.get("DELETE")]
    return sorted(kept, key=lambda row: row.get("ORDER") or 0)


class QuestionForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A question with its options or its text; every fault is told at once."""

    body_text = forms.CharField(
        label="题目内容",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="单选、多选、判断题留空，填下面的选项。其他题型的写法见上面的说明。",
    )
    upload = forms.FileField(
        label="图片（PNG、JPG、WEBP、GIF）",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp,.gif"}),
    )
    drop_picture = forms.BooleanField(label="去掉现有的图片", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].required = False
        if self.instance.pk:
            self.fields["body_text"].initial = text_of(self.instance.item())

    def clean_level(self) -> int:
        """What is left out is not said."""
        return int(self.cleaned_data["level"] or 0)

    def clean_body_text(self) -> str:
        """Without a carriage return, as lines are compared."""
        return "\n".join(str(self.cleaned_data["body_text"]).splitlines())

    def clean(self) -> dict[str, Any]:
        """Check the whole question."""
        data: dict[str, Any] = super().clean()
        if self.errors:
            return data
        try:
            data["picture_kept"] = self._picture()
            faults = self.draft().faults()
        except NoteError as fault:
            self.add_error("body_text", fault.advice)
        except PictureError as fault:
            self.add_error("upload", str(fault))
        else:
            if faults:
                raise ValidationError(faults)
        return data

    def draft(self) -> Draft:
        """As the act takes it. Raises NoteError."""
        data, options = self.cleaned_data, inline_rows(self, "options")
        right = (place for place, option in enumerate(options) if option.get("correct"))
        sector = data.get("sector")
        return Draft(
            kind=data["kind"],
            stem=data["stem"],
            options=[option["text"] for option in options],
            right=frozenset(right) if data["kind"] in CHOICES else frozenset(),
            body=body_from_text(data["kind"], data["body_text"]),
            topic=data["topic"],
            explanation=data["explanation"],
            basis=data["basis"],
            level=data["level"],
            sector=sector.code if sector else "",
            picture=data.get("picture_kept"),
            picture_alt=data["picture_alt"],
            active=data["active"],
        )

    def _picture(self) -> Picture | None:
        """The new picture, or the old one. Raises PictureError."""
        if upload := self.cleaned_data.get("upload"):
            return keep_picture(upload.read())
        old = self.instance.picture if self.instance.pk else None
        return old.value() if old and not self.cleaned_data["drop_picture"] else None


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

    def get_success_buttons(self) -> list[Any]:
        """Look at it as the learner does, or change it once more."""
        look = reverse("courses:question_preview", args=[self.object.pk])
        return [*super().get_success_buttons(), messages.button(look, "看学员看到的样子")]  # type: ignore[misc]


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


class QuestionFilter(WagtailFilterSet):  # type: ignore[misc]
    """By bank, kind, level, sector, and by the article that a question rests on."""

    law = CharFilter(
        field_name="citations__law", lookup_expr="icontains", label="依据的法规", distinct=True
    )
    article = NumberFilter(field_name="citations__article", label="第几条", distinct=True)

    class Meta:
        model = Question
        fields = ["bank", "kind", "level", "sector", "active"]

    def filter_queryset(self, queryset: Any) -> Any:
        """Law and article together are those of one citation."""
        data = self.form.cleaned_data
        law, article = data.get("law"), data.get("article")
        if law and article is not None:
            cited = Citation.objects.filter(law__icontains=law, article=article)
            queryset = queryset.filter(pk__in=cited.values("question"))
        return super().filter_queryset(queryset)


def _ease(question: Question) -> str:
    """The mean share of points, and of how many attempts; a dash while there is none."""
    found = getattr(question, "statistic", None)
    return (
        "—" if found is None or found.ease is None else f"{found.ease:.2f}（{found.answers}人次）"
    )


def _discrimination(question: Question) -> str:
    """The correlation, and the difference of the best and the weakest 27 percent."""
    found = getattr(question, "statistic", None)
    figures = [found.biserial, found.spread] if found else [None]
    said = ["—" if figure is None else f"{figure:.2f}" for figure in figures]
    return " / ".join(said)


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
        "level",
        "bank",
        BooleanColumn("active", label="可用于组卷"),
        "version",
        Column("ease", label="得分率", accessor=_ease),
        Column("discrimination", label="区分度（相关 / 高低27%）", accessor=_discrimination),
        TitleColumn(
            "look",
            label="预览",
            accessor=lambda question: "看题",
            get_url=lambda question: reverse("courses:question_preview", args=[question.pk]),
        ),
    ]
    filterset_class = QuestionFilter
    search_fields = ["stem", "topic", "basis"]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            FieldPanel("bank"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("topic"), FieldPanel("active")]),
            FieldRowPanel([FieldPanel("level"), FieldPanel("sector")]),
            FieldPanel("stem"),
            HelpPanel(template="courses/office/notation.html", heading="各题型的写法"),
            FieldPanel("body_text"),
            InlinePanel("options", heading="选项（单选、多选、判断题）", label="选项", max_num=8),
            FieldPanel("upload"),
            FieldRowPanel([FieldPanel("picture_alt"), FieldPanel("drop_picture")]),
            FieldPanel("explanation"),
            FieldPanel("basis"),
        ],
        base_form_class=QuestionForm,
    )

    def get_queryset(self, request: Any) -> Any:
        """The newest version of each question."""
        return Question.objects.current().select_related("bank", "statistic")
