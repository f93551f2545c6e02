"""What a lesson is made of. Each block is plain content: nothing in it can run; a package runs on another origin."""

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtailmedia.blocks import AudioChooserBlock, VideoChooserBlock

from courses.blocks_activities import FEATURES, CaseBlock, PackageBlock, QuestionBlock, TasksBlock


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


class VideoBlock(CaptionedMediaBlock):
    """A film of our own."""

    media = VideoChooserBlock(label="视频")

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
