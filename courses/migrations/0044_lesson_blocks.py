"""What a lesson can be made of. The column stays as it is: only the state of the models changes."""

import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0041_presence"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="lessonpage",
                    name="body",
                    field=wagtail.fields.StreamField(
                        [
                            ("heading", 0),
                            ("text", 1),
                            ("image", 2),
                            ("video", 6),
                            ("audio", 8),
                            ("document", 9),
                            ("warning", 10),
                            ("checklist", 11),
                            ("package", 14),
                            ("tasks", 18),
                            ("question", 26),
                            ("case", 39),
                        ],
                        block_lookup={
                            0: ("courses.blocks.HeadingBlock", (), {}),
                            1: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "ol", "ul", "link"],
                                    "label": "正文",
                                },
                            ),
                            2: (
                                "wagtail.images.blocks.ImageBlock",
                                [],
                                {"label": "图片", "template": "courses/blocks/image.html"},
                            ),
                            3: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "标题", "required": False},
                            ),
                            4: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "ol", "ul", "link"],
                                    "label": "文字稿",
                                    "required": False,
                                },
                            ),
                            5: ("wagtailmedia.blocks.VideoChooserBlock", (), {"label": "视频"}),
                            6: (
                                "wagtail.blocks.StructBlock",
                                [[("caption", 3), ("transcript", 4), ("media", 5)]],
                                {},
                            ),
                            7: ("wagtailmedia.blocks.AudioChooserBlock", (), {"label": "音频"}),
                            8: (
                                "wagtail.blocks.StructBlock",
                                [[("caption", 3), ("transcript", 4), ("media", 7)]],
                                {},
                            ),
                            9: (
                                "wagtail.documents.blocks.DocumentChooserBlock",
                                (),
                                {"label": "文件", "template": "courses/blocks/document.html"},
                            ),
                            10: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {
                                    "icon": "warning",
                                    "label": "要命的事",
                                    "template": "courses/blocks/warning.html",
                                },
                            ),
                            11: ("courses.blocks.ChecklistBlock", (), {}),
                            12: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"default": True, "label": "做完才能学完这一课", "required": False},
                            ),
                            13: (
                                "wagtail.snippets.blocks.SnippetChooserBlock",
                                ("courses.CoursePackage",),
                                {"label": "课件包"},
                            ),
                            14: (
                                "wagtail.blocks.StructBlock",
                                [[("must", 12), ("package", 13)]],
                                {},
                            ),
                            15: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "标题", "max_length": 80},
                            ),
                            16: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "一条", "max_length": 200},
                            ),
                            17: (
                                "wagtail.blocks.ListBlock",
                                (16,),
                                {"label": "各条", "min_num": 1},
                            ),
                            18: (
                                "wagtail.blocks.StructBlock",
                                [[("must", 12), ("title", 15), ("points", 17)]],
                                {},
                            ),
                            19: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "问题", "max_length": 200},
                            ),
                            20: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "选项", "max_length": 200},
                            ),
                            21: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"label": "正确", "required": False},
                            ),
                            22: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "选了以后告诉学员", "max_length": 300, "required": False},
                            ),
                            23: (
                                "wagtail.blocks.StructBlock",
                                [[("text", 20), ("correct", 21), ("feedback", 22)]],
                                {"label": "选项"},
                            ),
                            24: (
                                "wagtail.blocks.ListBlock",
                                (23,),
                                {"label": "选项", "max_num": 8, "min_num": 2},
                            ),
                            25: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "ol", "ul", "link"],
                                    "label": "讲解",
                                    "required": False,
                                },
                            ),
                            26: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("must", 12),
                                        ("title", 19),
                                        ("options", 24),
                                        ("explanation", 25),
                                    ]
                                ],
                                {},
                            ),
                            27: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "代号", "max_length": 20},
                            ),
                            28: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "ol", "ul", "link"],
                                    "label": "发生了什么",
                                },
                            ),
                            29: ("wagtail.images.blocks.ImageBlock", [], {"label": "图片"}),
                            30: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "怎么做", "max_length": 200},
                            ),
                            31: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "结果怎样", "max_length": 500},
                            ),
                            32: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "到哪个场景（代号）", "max_length": 20},
                            ),
                            33: (
                                "wagtail.blocks.StructBlock",
                                [[("text", 30), ("consequence", 31), ("to", 32)]],
                                {"label": "选项"},
                            ),
                            34: (
                                "wagtail.blocks.ListBlock",
                                (33,),
                                {"default": [], "label": "您会怎么做", "max_num": 6},
                            ),
                            35: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {
                                    "label": "教训（结局才写）",
                                    "max_length": 1000,
                                    "required": False,
                                },
                            ),
                            36: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "label": "依据的条文（结局才写）",
                                    "max_length": 200,
                                    "required": False,
                                },
                            ),
                            37: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("code", 27),
                                        ("text", 28),
                                        ("image", 29),
                                        ("choices", 34),
                                        ("lesson", 35),
                                        ("article", 36),
                                    ]
                                ],
                                {"label": "场景"},
                            ),
                            38: (
                                "wagtail.blocks.ListBlock",
                                (37,),
                                {"label": "场景（第一个是开头）", "max_num": 40, "min_num": 2},
                            ),
                            39: (
                                "wagtail.blocks.StructBlock",
                                [[("must", 12), ("title", 15), ("scenes", 38)]],
                                {},
                            ),
                        },
                        verbose_name="内容",
                    ),
                ),
            ]
        ),
    ]
