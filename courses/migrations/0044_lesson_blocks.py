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
                            ("video", 13),
                            ("audio", 15),
                            ("document", 16),
                            ("warning", 17),
                            ("checklist", 18),
                            ("package", 21),
                            ("tasks", 25),
                            ("question", 33),
                            ("case", 46),
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
                                "wagtailmedia.blocks.VideoChooserBlock",
                                (),
                                {"label": "省流量版（360p），先放这个", "required": False},
                            ),
                            7: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "字幕（WebVTT 文字）", "required": False},
                            ),
                            8: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "从（分:秒）", "max_length": 9},
                            ),
                            9: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "章节名", "max_length": 60},
                            ),
                            10: (
                                "wagtail.blocks.StructBlock",
                                [[("at", 8), ("title", 9)]],
                                {"label": "一章"},
                            ),
                            11: (
                                "wagtail.blocks.ListBlock",
                                (10,),
                                {"default": [], "label": "章节", "max_num": 40},
                            ),
                            12: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {
                                    "label": "第一次看不能跳、要看完才能学完这一课",
                                    "required": False,
                                },
                            ),
                            13: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("caption", 3),
                                        ("transcript", 4),
                                        ("media", 5),
                                        ("low", 6),
                                        ("subtitles", 7),
                                        ("chapters", 11),
                                        ("hold", 12),
                                    ]
                                ],
                                {},
                            ),
                            14: ("wagtailmedia.blocks.AudioChooserBlock", (), {"label": "音频"}),
                            15: (
                                "wagtail.blocks.StructBlock",
                                [[("caption", 3), ("transcript", 4), ("media", 14)]],
                                {},
                            ),
                            16: (
                                "wagtail.documents.blocks.DocumentChooserBlock",
                                (),
                                {"label": "文件", "template": "courses/blocks/document.html"},
                            ),
                            17: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {
                                    "icon": "warning",
                                    "label": "要命的事",
                                    "template": "courses/blocks/warning.html",
                                },
                            ),
                            18: ("courses.blocks.ChecklistBlock", (), {}),
                            19: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"default": True, "label": "做完才能学完这一课", "required": False},
                            ),
                            20: (
                                "wagtail.snippets.blocks.SnippetChooserBlock",
                                ("courses.CoursePackage",),
                                {"label": "课件包"},
                            ),
                            21: (
                                "wagtail.blocks.StructBlock",
                                [[("must", 19), ("package", 20)]],
                                {},
                            ),
                            22: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "标题", "max_length": 80},
                            ),
                            23: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "一条", "max_length": 200},
                            ),
                            24: (
                                "wagtail.blocks.ListBlock",
                                (23,),
                                {"label": "各条", "min_num": 1},
                            ),
                            25: (
                                "wagtail.blocks.StructBlock",
                                [[("must", 19), ("title", 22), ("points", 24)]],
                                {},
                            ),
                            26: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "问题", "max_length": 200},
                            ),
                            27: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "选项", "max_length": 200},
                            ),
                            28: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"label": "正确", "required": False},
                            ),
                            29: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "选了以后告诉学员", "max_length": 300, "required": False},
                            ),
                            30: (
                                "wagtail.blocks.StructBlock",
                                [[("text", 27), ("correct", 28), ("feedback", 29)]],
                                {"label": "选项"},
                            ),
                            31: (
                                "wagtail.blocks.ListBlock",
                                (30,),
                                {"label": "选项", "max_num": 8, "min_num": 2},
                            ),
                            32: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "ol", "ul", "link"],
                                    "label": "讲解",
                                    "required": False,
                                },
                            ),
                            33: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("must", 19),
                                        ("title", 26),
                                        ("options", 31),
                                        ("explanation", 32),
                                    ]
                                ],
                                {},
                            ),
                            34: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "代号", "max_length": 20},
                            ),
                            35: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "ol", "ul", "link"],
                                    "label": "发生了什么",
                                },
                            ),
                            36: ("wagtail.images.blocks.ImageBlock", [], {"label": "图片"}),
                            37: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "怎么做", "max_length": 200},
                            ),
                            38: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "结果怎样", "max_length": 500},
                            ),
                            39: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "到哪个场景（代号）", "max_length": 20},
                            ),
                            40: (
                                "wagtail.blocks.StructBlock",
                                [[("text", 37), ("consequence", 38), ("to", 39)]],
                                {"label": "选项"},
                            ),
                            41: (
                                "wagtail.blocks.ListBlock",
                                (40,),
                                {"default": [], "label": "您会怎么做", "max_num": 6},
                            ),
                            42: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {
                                    "label": "教训（结局才写）",
                                    "max_length": 1000,
                                    "required": False,
                                },
                            ),
                            43: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "label": "依据的条文（结局才写）",
                                    "max_length": 200,
                                    "required": False,
                                },
                            ),
                            44: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("code", 34),
                                        ("text", 35),
                                        ("image", 36),
                                        ("choices", 41),
                                        ("lesson", 42),
                                        ("article", 43),
                                    ]
                                ],
                                {"label": "场景"},
                            ),
                            45: (
                                "wagtail.blocks.ListBlock",
                                (44,),
                                {"label": "场景（第一个是开头）", "max_num": 40, "min_num": 2},
                            ),
                            46: (
                                "wagtail.blocks.StructBlock",
                                [[("must", 19), ("title", 22), ("scenes", 45)]],
                                {},
                            ),
                        },
                        verbose_name="内容",
                    ),
                ),
            ]
        ),
    ]
