"""The worker's passport: shares with their rounds, ends, looks, and what was counted as proof; written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import at_once

SAID = ("id", "person_id", "whom", "made_at", "until")
SAME = " AND ".join(f"NEW.{name} = OLD.{name}" for name in SAID)
SHARE = "courses_share"
TABLES = {
    "courses_shareitem": (
        "what is shared", ("(o.share_id = NEW.share_id AND o.enrolment_id = NEW.enrolment_id)",),
    ),
    "courses_shareend": ("the end of a share", ("o.share_id = NEW.share_id",)),
    "courses_sharelook": ("a look", ()),
    "courses_sharedproof": ("a counted round", ("o.proof_id = NEW.proof_id",)),
}  # fmt: skip


def guards(vendor):
    return [
        Guard(f"{SHARE}_stays", SHARE, "DELETE", "a share is never deleted"),
        Guard(f"{SHARE}_says_the_same", SHARE, "UPDATE", "what a share says is never edited", SAME),
        comes_new(SHARE, "o.code_fingerprint = NEW.code_fingerprint"),
        never_emptied(SHARE),
        *(
            guard
            for table, (what, keys) in TABLES.items()
            for guard in (
                Guard(f"{table}_stays", table, "DELETE", f"{what} is never deleted"),
                Guard(f"{table}_is_written_once", table, "UPDATE", f"{what} is never edited"),
                comes_new(table, *keys),
                never_emptied(table),
            )
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0046_certificate_papers"),
        ("credit", "0080_teams_and_trades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="Share",
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
                            "code_sealed",
                            models.TextField(editable=False, verbose_name="分享码（加密）"),
                        ),
                        (
                            "code_fingerprint",
                            models.CharField(
                                editable=False,
                                max_length=64,
                                unique=True,
                                verbose_name="分享码指纹",
                            ),
                        ),
                        (
                            "whom",
                            models.CharField(blank=True, max_length=60, verbose_name="给谁看"),
                        ),
                        ("made_at", models.DateTimeField(verbose_name="分享时间")),
                        ("until", models.DateTimeField(verbose_name="有效期至")),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shares",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="本人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "培训护照分享",
                        "verbose_name_plural": "培训护照分享",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="ShareEnd",
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
                        ("at", models.DateTimeField(verbose_name="停止时间")),
                        (
                            "share",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ended",
                                to="courses.share",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "停止分享",
                        "verbose_name_plural": "停止分享",
                    },
                ),
                migrations.CreateModel(
                    name="ShareItem",
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
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shared",
                                to="courses.enrolment",
                            ),
                        ),
                        (
                            "share",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="courses.share",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "分享的课程",
                        "verbose_name_plural": "分享的课程",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="SharedProof",
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
                            "proof",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="passport",
                                to="courses.outsideproof",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counted",
                                to="courses.shareitem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "培训护照抵培训要求",
                        "verbose_name_plural": "培训护照抵培训要求",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="ShareLook",
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
                        ("at", models.DateTimeField(verbose_name="查看时间")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="credit.enterprise",
                            ),
                        ),
                        (
                            "share",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="looks",
                                to="courses.share",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "培训护照查看记录",
                        "verbose_name_plural": "培训护照查看记录",
                        "ordering": ["-id"],
                    },
                ),
                migrations.AddConstraint(
                    model_name="share",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("made_at"))),
                        name="share_ends_after_it_began",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shareitem",
                    constraint=models.UniqueConstraint(
                        fields=("share", "enrolment"), name="a_round_is_shared_once"
                    ),
                ),
            ]
        ),
        guarding(guards),
    ]
