"""The bureau's seal by version, which certificate bears it, holders' pictures, and printing many at once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import at_once

TABLES = {
    "courses_sealimage": ("a seal", ()),
    "courses_certificateseal": (
        "the seal of a certificate", ("o.certificate_id = NEW.certificate_id",),
    ),
}  # fmt: skip


def guards(vendor):
    return [
        guard
        for table, (what, keys) in TABLES.items()
        for guard in (
            Guard(f"{table}_stays", table, "DELETE", f"{what} is never deleted"),
            Guard(
                f"{table}_is_written_once", table, "UPDATE",
                f"{what} is never edited",
            ),
            comes_new(table, *keys),
            never_emptied(table),
        )
    ]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0045_inspections"),
        ("credit", "0080_teams_and_trades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="HolderPhoto",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "picture_sealed",
                            models.TextField(editable=False, verbose_name="照片（加密）"),
                        ),
                        ("at", models.DateTimeField(verbose_name="上传时间")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="上传人",
                            ),
                        ),
                        (
                            "person",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holder_photo",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="本人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "持证人照片",
                        "verbose_name_plural": "持证人照片",
                    },
                ),
                migrations.CreateModel(
                    name="PrintOrder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="内容")),
                        ("certificates", models.JSONField(default=list, verbose_name="证书")),
                        ("made_at", models.DateTimeField(verbose_name="时间")),
                        (
                            "done_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="完成时间"),
                        ),
                        (
                            "file",
                            models.CharField(blank=True, max_length=300, verbose_name="存放位置"),
                        ),
                        (
                            "fault",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="没有做成的原因"
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="credit.enterprise",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "批量打印",
                        "verbose_name_plural": "批量打印",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="SealImage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "file",
                            models.CharField(blank=True, max_length=300, verbose_name="存放位置"),
                        ),
                        (
                            "sha256",
                            models.CharField(blank=True, max_length=64, verbose_name="文件指纹"),
                        ),
                        (
                            "width",
                            models.PositiveSmallIntegerField(default=0, verbose_name="宽（像素）"),
                        ),
                        (
                            "height",
                            models.PositiveSmallIntegerField(default=0, verbose_name="高（像素）"),
                        ),
                        ("reason", models.CharField(max_length=200, verbose_name="原因")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="seals",
                                to="credit.jurisdiction",
                                verbose_name="属地",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "证书印章",
                        "verbose_name_plural": "证书印章",
                        "ordering": ["-id"],
                        "permissions": [("set_seal", "可以更换、停用证书印章")],
                    },
                ),
                migrations.CreateModel(
                    name="CertificateSeal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("issuer", models.CharField(max_length=120, verbose_name="发证机关")),
                        (
                            "certificate",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sealed",
                                to="courses.certificate",
                                verbose_name="证书",
                            ),
                        ),
                        (
                            "seal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to="courses.sealimage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "证书用印",
                        "verbose_name_plural": "证书用印",
                    },
                ),
                migrations.AddConstraint(
                    model_name="sealimage",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="seal_says_why"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="sealimage",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file", ""), ("sha256", "")),
                            models.Q(
                                models.Q(("file", ""), _negated=True),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="seal_has_its_fingerprint",
                    ),
                ),
            ]
        ),
        guarding(guards),
    ]
