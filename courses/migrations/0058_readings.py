"""Recordings of a lesson; simple words and other languages beside its own text."""

import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0057_article_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="lessonpage",
            name="readings",
            field=wagtail.fields.StreamField(
                [("reading", 10)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("simple", "简明版"),
                                ("en", "English"),
                                ("bo", "བོད་ཡིག（藏文）"),
                                ("ug", "ئۇيغۇرچە（维吾尔文）"),
                                ("ii", "ꆈꌠꉙ（彝文）"),
                                ("za", "Vahcuengh（壮文）"),
                                ("kk-Arab", "قازاقشا（哈萨克文）"),
                                ("ko", "조선말（朝鲜文）"),
                                ("vi", "Tiếng Việt（越南文）"),
                                ("my", "မြန်မာဘာသာ（缅甸文）"),
                            ],
                            "label": "哪一种",
                        },
                    ),
                    1: ("wagtail.blocks.CharBlock", (), {"label": "标题", "max_length": 200}),
                    2: ("courses.blocks.HeadingBlock", (), {}),
                    3: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {"features": ["bold", "italic", "ol", "ul", "link"], "label": "正文"},
                    ),
                    4: (
                        "wagtail.images.blocks.ImageBlock",
                        [],
                        {"label": "图片", "template": "courses/blocks/image.html"},
                    ),
                    5: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "icon": "warning",
                            "label": "要命的事",
                            "template": "courses/blocks/warning.html",
                        },
                    ),
                    6: ("courses.blocks.ChecklistBlock", (), {}),
                    7: (
                        "wagtail.blocks.StreamBlock",
                        [
                            [
                                ("heading", 2),
                                ("text", 3),
                                ("image", 4),
                                ("warning", 5),
                                ("checklist", 6),
                            ]
                        ],
                        {"label": "内容"},
                    ),
                    8: (
                        "wagtailmedia.blocks.AudioChooserBlock",
                        (),
                        {"label": "录音", "required": False},
                    ),
                    9: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "学员看得到，例如：张三译，李四核对",
                            "label": "谁写（翻译）、谁核对",
                            "max_length": 120,
                        },
                    ),
                    10: (
                        "wagtail.blocks.StructBlock",
                        [[("language", 0), ("title", 1), ("body", 7), ("sound", 8), ("by", 9)]],
                        {},
                    ),
                },
                null=True,
                verbose_name="简明版和其他语言",
            ),
        ),
        migrations.AddField(
            model_name="lessonpage",
            name="spoken",
            field=wagtail.fields.StreamField(
                [("spoken", 2)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "例如：普通话、南京话、四川话",
                            "label": "哪里话",
                            "max_length": 40,
                        },
                    ),
                    1: ("wagtailmedia.blocks.AudioChooserBlock", (), {"label": "录音"}),
                    2: ("wagtail.blocks.StructBlock", [[("speech", 0), ("media", 1)]], {}),
                },
                null=True,
                verbose_name="录音（普通话、方言）",
            ),
        ),
    ]
