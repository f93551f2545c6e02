"""Changes of the law, what cites them, and who looked: written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import at_once

# What is of each, and what a row has that no other may have.
TABLES = {
    "courses_articlechange": (
        "a change of the law",
        "(o.law = NEW.law AND o.article = NEW.article AND o.changed_on = NEW.changed_on)",
    ),
    "courses_recheck": (
        "what waits to be looked at",
        "(o.change_id = NEW.change_id AND o.kind = NEW.kind AND o.target = NEW.target)",
    ),
    "courses_recheckanswer": ("what somebody found", "(o.recheck_id = NEW.recheck_id)"),
}


def guards(vendor):
    for table, (what, same) in TABLES.items():
        yield Guard(f"{table}_stays", table, "DELETE", f"{what} is never deleted")
        yield Guard(f"{table}_is_written_once", table, "UPDATE", f"{what} is never edited")
        yield comes_new(table, same)
        yield never_emptied(table)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0056_catalogue_and_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="ArticleChange",
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
                        ("law", models.CharField(max_length=80, verbose_name="法规")),
                        (
                            "article",
                            models.PositiveSmallIntegerField(default=0, verbose_name="第几条"),
                        ),
                        ("changed_on", models.DateField(verbose_name="从哪天起变")),
                        (
                            "paper",
                            models.CharField(max_length=200, verbose_name="文件（名称、文号）"),
                        ),
                        ("note", models.CharField(max_length=500, verbose_name="变了什么")),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="登记人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "法条变更",
                        "verbose_name_plural": "法条变更",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Recheck",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("lesson", "课时"),
                                    ("question", "试题"),
                                    ("exam", "考试"),
                                    ("certificate", "证书"),
                                ],
                                max_length=12,
                                verbose_name="种类",
                            ),
                        ),
                        ("target", models.PositiveBigIntegerField(verbose_name="编号")),
                        ("title", models.CharField(max_length=300, verbose_name="名称")),
                        ("why", models.CharField(max_length=300, verbose_name="为什么要看")),
                        (
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rechecks",
                                to="courses.articlechange",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "待复核",
                        "verbose_name_plural": "待复核",
                        "ordering": ["kind", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="RecheckAnswer",
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
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("right", "仍然正确，不用改"),
                                    ("changed", "已经改好"),
                                    ("withdrawn", "已经停用"),
                                ],
                                max_length=10,
                                verbose_name="结论",
                            ),
                        ),
                        ("note", models.CharField(max_length=500, verbose_name="复核说明")),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="复核时间")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="复核人",
                            ),
                        ),
                        (
                            "recheck",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="courses.recheck",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "复核",
                        "verbose_name_plural": "复核",
                    },
                ),
                migrations.AddConstraint(
                    model_name="articlechange",
                    constraint=models.UniqueConstraint(
                        fields=("law", "article", "changed_on"), name="a_change_is_told_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="articlechange",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("law", ""), _negated=True),
                            models.Q(("paper", ""), _negated=True),
                            models.Q(("note", ""), _negated=True),
                        ),
                        name="a_change_names_law_paper_and_matter",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="recheck",
                    constraint=models.UniqueConstraint(
                        fields=("change", "kind", "target"),
                        name="a_thing_is_looked_at_once_for_a_change",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="recheckanswer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True),
                        name="a_recheck_says_what_was_found",
                    ),
                ),
            ]
        ),
        guarding(guards),
    ]
