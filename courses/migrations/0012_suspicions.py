"""Impossible records as cases for an officer, with answers; what is kept of devices and of work elsewhere.

What was found and what was answered stays; devices are forgotten after some weeks, so these rows may go.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

TABLES = {
    "courses_suspicion": ("o.key = NEW.key",),
    "courses_suspectedperson": (
        "(o.suspicion_id = NEW.suspicion_id AND o.person_id = NEW.person_id)",
    ),
    "courses_suspicionanswer": (),
    "courses_workspan": (
        "(o.person_id = NEW.person_id AND o.began_at = NEW.began_at AND o.ended_at = NEW.ended_at)",
    ),
}
GUARDS = [
    guard
    for table, keys in TABLES.items()
    for guard in (
        Guard(f"{table}_stays", table, "DELETE", "what was found or answered is never deleted"),
        Guard(
            f"{table}_is_written_once",
            table,
            "UPDATE",
            "what was found or answered is never edited",
        ),
        comes_new(table, *keys),
        never_emptied(table),
    )
]
STEPS = [
    migrations.CreateModel(
        name="Suspicion",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("key", models.CharField(max_length=80, unique=True, verbose_name="标识")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("long_day", "一天学得太久"),
                        ("elsewhere", "学习时人在别处"),
                        ("same_times", "多人时间一秒不差"),
                        ("all_full", "全部满分"),
                        ("one_device", "一台设备多人学"),
                        ("too_fast", "读得太快"),
                    ],
                    max_length=12,
                    verbose_name="种类",
                ),
            ),
            ("first_day", models.DateField(verbose_name="从")),
            ("last_day", models.DateField(verbose_name="到")),
            ("explanation", models.TextField(verbose_name="说明")),
            ("evidence", models.JSONField(verbose_name="依据")),
            ("article", models.CharField(max_length=200, verbose_name="规则依据")),
            ("found_at", models.DateTimeField(verbose_name="发现时间")),
            (
                "course",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="courses.coursepage",
                    verbose_name="课程",
                ),
            ),
        ],
        options={
            "verbose_name": "可疑学习记录",
            "verbose_name_plural": "可疑学习记录",
            "ordering": ["-id"],
        },
    ),
    migrations.CreateModel(
        name="DeviceDay",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("device", models.CharField(max_length=64, verbose_name="设备摘要")),
            ("day", models.DateField(verbose_name="日期")),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={
            "verbose_name": "设备使用",
            "verbose_name_plural": "设备使用",
            "constraints": [
                models.UniqueConstraint(
                    fields=("day", "device", "person"), name="one_device_day_per_person"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="SuspectedPerson",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "suspicion",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="people",
                    to="courses.suspicion",
                ),
            ),
        ],
        options={
            "verbose_name": "涉及学员",
            "verbose_name_plural": "涉及学员",
            "ordering": ["id"],
            "constraints": [
                models.UniqueConstraint(fields=("suspicion", "person"), name="once_in_a_suspicion")
            ],
        },
    ),
    migrations.CreateModel(
        name="SuspicionAnswer",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "outcome",
                models.CharField(
                    choices=[
                        ("explained", "情况正常，已说明"),
                        ("look_into", "还要再查"),
                        ("corrected", "已更正学时"),
                    ],
                    max_length=10,
                    verbose_name="结论",
                ),
            ),
            ("text", models.CharField(max_length=500, verbose_name="核实情况")),
            ("at", models.DateTimeField(verbose_name="时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="核实人",
                ),
            ),
            (
                "suspicion",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="answers",
                    to="courses.suspicion",
                ),
            ),
        ],
        options={
            "verbose_name": "可疑记录答复",
            "verbose_name_plural": "可疑记录答复",
            "ordering": ["id"],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("text", ""), _negated=True),
                    name="suspicion_answer_says_something",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="WorkSpan",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("began_at", models.DateTimeField(verbose_name="开始")),
            ("ended_at", models.DateTimeField(verbose_name="结束")),
            ("where", models.CharField(max_length=120, verbose_name="地点")),
            ("source", models.CharField(max_length=120, verbose_name="凭据")),
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
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="work_spans",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="人员",
                ),
            ),
        ],
        options={
            "verbose_name": "在岗记录",
            "verbose_name_plural": "在岗记录",
            "ordering": ["-began_at"],
            "indexes": [models.Index(fields=["ended_at"], name="work_span_by_end")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("ended_at__gt", models.F("began_at"))),
                    name="work_ends_after_it_began",
                ),
                models.UniqueConstraint(
                    fields=("person", "began_at", "ended_at"), name="work_is_recorded_once"
                ),
            ],
        },
    ),
]


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("courses", "0011_corrections"),
    ]
    operations = [*at_once(STEPS), RunSchema(lock, unlock)]
