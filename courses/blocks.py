"""What a lesson is made of. Each block is plain content: nothing in it can run; a package runs on another origin."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtailmedia.blocks import AudioChooserBlock, VideoChooserBlock

from courses.blocks_activities import FEATURES, CaseBlock, PackageBlock, QuestionBlock, TasksBlock
from courses.rules.vtt import chapter_faults, cues


class HeadingBlock(blocks.CharBlock):  # type: ignore[misc]
    """A heading inside the lesson."""

    class Meta:
        icon = "title"
        label = "小标题"
        template = "courses/blocks/heading.html"


class ChecklistBlock(blocks.ListBlock):  # type: ignore[misc]
    """Points to remember or to tick off at work."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(blocks.CharBlock(label="一条"), **kwargs)

    class Meta:
        icon = "list-ul"
        label = "记一记"
        template = "courses/blocks/checklist.html"


class CaptionedMediaBlock(blocks.StructBlock):  # type: ignore[misc]
    """Sound or moving picture, with the words for those who cannot hear or see it."""

    caption = blocks.CharBlock(label="标题", required=False)
    transcript = blocks.RichTextBlock(label="文字稿", required=False, features=FEATURES)


class ChapterBlock(blocks.StructBlock):  # type: ignore[misc]
    """Where a part of a film begins."""

    at = blocks.CharBlock(label="从（分:秒）", max_length=9)
    title = blocks.CharBlock(label="章节名", max_length=60)


class VideoBlock(CaptionedMediaBlock):
    """A film of our own, in one or two qualities, with subtitles and chapters."""

    media = VideoChooserBlock(label="视频")
    low = VideoChooserBlock(label="省流量版（360p），先放这个", required=False)
    subtitles = blocks.TextBlock(label="字幕（WebVTT 文字）", required=False)
    chapters = blocks.ListBlock(ChapterBlock(label="一章"), label="章节", default=[], max_num=40)
    hold = blocks.BooleanBlock(label="第一次看不能跳、要看完才能学完这一课", required=False)

    def clean(self, value: Any) -> Any:
        """Subtitles and chapters can be read."""
        told = super().clean(value)
        faults: dict[str, ValidationError] = {}
        try:
            if told["subtitles"]:
                cues(told["subtitles"])
        except ValueError as fault:
            faults["subtitles"] = ValidationError(str(fault))
        if slips := chapter_faults(chapter["at"] for chapter in told["chapters"]):
            faults["chapters"] = ValidationError([*slips])
        if faults:
            raise StructBlockValidationError(block_errors=faults)
        return told

    class Meta:
        icon = "media"
        label = "视频"
        template = "courses/blocks/video.html"


class AudioBlock(CaptionedMediaBlock):
    """Sound of our own."""

    media = AudioChooserBlock(label="音频")

    class Meta:
        icon = "media"
        label = "音频"
        template = "courses/blocks/audio.html"


class LessonBlock(blocks.StreamBlock):  # type: ignore[misc]
    """The body of a lesson."""

    heading = HeadingBlock()
    text = blocks.RichTextBlock(label="正文", features=FEATURES)
    image = ImageBlock(label="图片", template="courses/blocks/image.html")
    video = VideoBlock()
    audio = AudioBlock()
    document = DocumentChooserBlock(label="文件", template="courses/blocks/document.html")
    warning = blocks.TextBlock(
        label="要命的事", icon="warning", template="courses/blocks/warning.html"
    )
    checklist = ChecklistBlock()
    package = PackageBlock()
    tasks = TasksBlock()
    question = QuestionBlock()
    case = CaseBlock()


SIMPLE = "simple"
# What a lesson may be read in besides its own text. The first is Chinese in short, plain words.
READINGS = [
    (SIMPLE, "简明版"),
    ("en", "English"),
    ("bo", "བོད་ཡིག（藏文）"),
    ("ug", "ئۇيغۇرچە（维吾尔文）"),
    ("ii", "ꆈꌠꉙ（彝文）"),
    ("za", "Vahcuengh（壮文）"),
    ("kk-Arab", "قازاقشا（哈萨克文）"),
    ("ko", "조선말（朝鲜文）"),
    ("vi", "Tiếng Việt（越南文）"),
    ("my", "မြန်မာဘာသာ（缅甸文）"),
]


class ReadingTextBlock(blocks.StreamBlock):  # type: ignore[misc]
    """The words of a reading: what a lesson has, without films and files of its own."""

    heading = HeadingBlock()
    text = blocks.RichTextBlock(label="正文", features=FEATURES)
    image = ImageBlock(label="图片", template="courses/blocks/image.html")
    warning = blocks.TextBlock(
        label="要命的事", icon="warning", template="courses/blocks/warning.html"
    )
    checklist = ChecklistBlock()


class ReadingBlock(blocks.StructBlock):  # type: ignore[misc]
    """The lesson in simple words or another language: shown instead of its own text when a reader asks."""

    language = blocks.ChoiceBlock(label="哪一种", choices=READINGS, default=SIMPLE)
    title = blocks.CharBlock(label="标题", max_length=200)
    body = ReadingTextBlock(label="内容")
    sound = AudioChooserBlock(label="录音", required=False)
    by = blocks.CharBlock(
        label="谁写（翻译）、谁核对", max_length=120, help_text="学员看得到，例如：张三译，李四核对"
    )

    class Meta:
        icon = "doc-full-inverse"
        label = "另一种读法"


class SpokenBlock(blocks.StructBlock):  # type: ignore[misc]
    """The lesson read out by a person, in the common language or a dialect."""

    speech = blocks.CharBlock(
        label="哪里话", max_length=40, help_text="例如：普通话、南京话、四川话"
    )
    media = AudioChooserBlock(label="录音")

    class Meta:
        icon = "media"
        label = "录音"


class ReadingsBlock(blocks.StreamBlock):  # type: ignore[misc]
    """One reading each."""

    reading = ReadingBlock()

    class Meta:
        required = False
        block_counts = {"reading": {"max_num": len(READINGS)}}

    def clean(self, value: Any) -> Any:
        """No language twice: a reader could reach only one."""
        cleaned = super().clean(value)
        said = [one.value["language"] for one in cleaned]
        if len(said) != len(set(said)):
            raise blocks.StreamBlockValidationError(
                non_block_errors=["同一种读法只能写一次，请去掉一个"]
            )
        return cleaned


class SpokenListBlock(blocks.StreamBlock):  # type: ignore[misc]
    """One recording each."""

    spoken = SpokenBlock()

    class Meta:
        required = False
