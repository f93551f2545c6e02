"""Blocks in which a learner does something: a package, a list to tick off, a short question, an accident case.

Each says whether it must be done before the lesson can be finished. They work without JavaScript, packages apart.
"""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.rules.scenes import Choice, Scene, faults

FEATURES = ["bold", "italic", "ol", "ul", "link"]


class ActivityBlock(blocks.StructBlock):  # type: ignore[misc]
    """With a mark whether the lesson waits for it."""

    must = blocks.BooleanBlock(label="做完才能学完这一课", required=False, default=True)


class PackageBlock(ActivityBlock):
    """A SCORM or H5P package, in a frame from another origin."""

    package = SnippetChooserBlock("courses.CoursePackage", label="课件包")

    class Meta:
        icon = "folder-open-inverse"
        label = "课件包（SCORM、H5P）"
        template = "courses/blocks/package.html"


class TasksBlock(ActivityBlock):
    """Points that are ticked off one by one."""

    title = blocks.CharBlock(label="标题", max_length=80)
    points = blocks.ListBlock(
        blocks.CharBlock(label="一条", max_length=200), label="各条", min_num=1
    )

    class Meta:
        icon = "tick"
        label = "打勾清单"
        template = "courses/blocks/tasks.html"


class OptionBlock(blocks.StructBlock):  # type: ignore[misc]
    """An answer to choose, and what is said to whoever chose it."""

    text = blocks.CharBlock(label="选项", max_length=200)
    correct = blocks.BooleanBlock(label="正确", required=False)
    feedback = blocks.CharBlock(label="选了以后告诉学员", required=False, max_length=300)


class QuestionBlock(ActivityBlock):
    """One short question in the middle of a lesson; tried until it is right, no marks."""

    title = blocks.CharBlock(label="问题", max_length=200)
    options = blocks.ListBlock(OptionBlock(label="选项"), label="选项", min_num=2, max_num=8)
    explanation = blocks.RichTextBlock(label="讲解", required=False, features=FEATURES)

    class Meta:
        icon = "help"
        label = "随堂小题"
        template = "courses/blocks/question.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Whether several answers are right."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["several"] = sum(1 for option in value["options"] if option["correct"]) > 1
        return context

    def clean(self, value: Any) -> Any:
        """At least one answer is right, and not all."""
        told = super().clean(value)
        right = sum(1 for option in told["options"] if option["correct"])
        if not 0 < right < len(told["options"]):
            raise StructBlockValidationError(
                block_errors={"options": ValidationError("正确的选项至少一个，也不能全部都是")}
            )
        return told


class ChoiceBlock(blocks.StructBlock):  # type: ignore[misc]
    """What one can do in a scene."""

    text = blocks.CharBlock(label="怎么做", max_length=200)
    consequence = blocks.TextBlock(label="结果怎样", max_length=500)
    to = blocks.CharBlock(label="到哪个场景（代号）", max_length=20)


class SceneBlock(blocks.StructBlock):  # type: ignore[misc]
    """One scene; the first of a case begins it, one without choices ends it."""

    code = blocks.CharBlock(label="代号", max_length=20)
    text = blocks.RichTextBlock(label="发生了什么", features=FEATURES)
    image = ImageBlock(label="图片", required=False)
    choices = blocks.ListBlock(ChoiceBlock(label="选项"), label="您会怎么做", max_num=6, default=[])
    lesson = blocks.TextBlock(label="教训（结局才写）", required=False, max_length=1000)
    article = blocks.CharBlock(label="依据的条文（结局才写）", required=False, max_length=200)


class CaseBlock(ActivityBlock):
    """An accident in which the learner decides."""

    title = blocks.CharBlock(label="标题", max_length=80)
    scenes = blocks.ListBlock(
        SceneBlock(label="场景"), label="场景（第一个是开头）", min_num=2, max_num=40
    )

    class Meta:
        icon = "warning"
        label = "事故情景（您会怎么做）"
        template = "courses/blocks/case.html"

    def clean(self, value: Any) -> Any:
        """Every way through it comes to an end."""
        told = super().clean(value)
        if found := faults(scenes_of(told)):
            raise StructBlockValidationError(block_errors={"scenes": ValidationError([*found])})
        return told


def scenes_of(value: Any) -> list[Scene]:
    """The scenes of a case as the rules know them."""
    return [
        Scene(
            scene["code"],
            tuple(Choice(one["text"], one["consequence"], one["to"]) for one in scene["choices"]),
            scene["lesson"] or "",
            scene["article"] or "",
        )
        for scene in value["scenes"]
    ]
