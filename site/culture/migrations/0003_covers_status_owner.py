"""A picture for the lists, the wording of an amended law, and who runs the site."""

import django.db.models.deletion
from django.db import migrations, models

from credit.operations import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("culture", "0002_home"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [
        migrations.AddField(
            model_name="casepage",
            name="cover",
            field=models.ForeignKey(
                blank=True,
                help_text="在栏目和首页的列表里显示，横的好看",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailimages.image",
                verbose_name="列表图片",
            ),
        ),
        migrations.AddField(
            model_name="lawpage",
            name="cover",
            field=models.ForeignKey(
                blank=True,
                help_text="在栏目和首页的列表里显示，横的好看",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailimages.image",
                verbose_name="列表图片",
            ),
        ),
        migrations.AddField(
            model_name="newspage",
            name="cover",
            field=models.ForeignKey(
                blank=True,
                help_text="在栏目和首页的列表里显示，横的好看",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailimages.image",
                verbose_name="列表图片",
            ),
        ),
        migrations.AlterField(
            model_name="lawpage",
            name="status",
            field=models.CharField(
                choices=[
                    ("in_force", "现行有效"),
                    ("amended", "现行有效（经修改）"),
                    ("repealed", "已废止"),
                ],
                default="in_force",
                max_length=10,
                verbose_name="效力",
            ),
        ),
        migrations.CreateModel(
            name="SiteOwner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organiser", models.CharField(blank=True, max_length=60, verbose_name="主办单位")),
                ("address", models.CharField(blank=True, max_length=100, verbose_name="地址")),
                (
                    "contact",
                    models.CharField(
                        blank=True,
                        help_text="例如：工作日 9:00—17:00，电话",
                        max_length=100,
                        verbose_name="联系方式",
                    ),
                ),
                (
                    "site_code",
                    models.CharField(
                        blank=True,
                        help_text="政府网站十位编码，没有就不填",
                        max_length=30,
                        verbose_name="网站标识码",
                    ),
                ),
                ("icp", models.CharField(blank=True, max_length=40, verbose_name="ICP备案号")),
                ("police", models.CharField(blank=True, max_length=60, verbose_name="公安备案号")),
                (
                    "remark",
                    models.CharField(
                        blank=True,
                        help_text="写在页面最下面的一句话",
                        max_length=200,
                        verbose_name="其他说明",
                    ),
                ),
                (
                    "site",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="wagtailcore.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "页脚信息",
                "verbose_name_plural": "页脚信息",
            },
        ),
    ]
    operations = at_once(operations)
