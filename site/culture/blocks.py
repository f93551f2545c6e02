"""What an article is made of. Plain content: nothing in it can run or call a foreign host."""

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class QuoteBlock(blocks.StructBlock):  # type: ignore[misc]
    """Somebody's words."""

    text = blocks.TextBlock(label="引文")
    source = blocks.CharBlock(label="出处", required=False)

    class Meta:
        icon = "openquote"
        label = "引文"
        template = "culture/blocks/quote.html"


class ArticleBlock(blocks.StreamBlock):  # type: ignore[misc]
    """The body of an article."""

    heading = blocks.CharBlock(label="小标题", icon="title", template="culture/blocks/heading.html")
    text = blocks.RichTextBlock(label="正文", features=FEATURES)
    image = ImageBlock(label="图片", template="culture/blocks/image.html")
    quote = QuoteBlock()
    warning = blocks.TextBlock(
        label="要点警示", icon="warning", template="culture/blocks/warning.html"
    )
    checklist = blocks.ListBlock(
        blocks.CharBlock(label="一条"),
        label="清单",
        icon="list-ul",
        template="culture/blocks/checklist.html",
    )
    document = DocumentChooserBlock(label="附件", template="culture/blocks/document.html")
