"""What training each employment owes, cycle by cycle; which courses count; proofs on paper.

The database keeps what an obligation says, that one is met once, and every cycle before the newest.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

OBLIGATION, PROOF = "courses_obligation", "courses_outsideproof"
SAID = (
    "employment_id", "requirement", "cycle", "hours", "from_on", "due_on", "article", "explanation",
    "known_on",
)  # fmt: skip
SAME = " AND ".join(f"NEW.{name} = OLD.{name}" for name in SAID)
MET_BY = " AND ".join(
    f"COALESCE(NEW.{name}_id, 0) = COALESCE(OLD.{name}_id, 0)"
    for name in ("certificate", "enrolment", "proof")
)
SAME_CYCLE = "o.employment_id = NEW.employment_id AND o.requirement = NEW.requirement AND o.cycle = NEW.cycle"
GUARDS = [
    Guard("courses_obligation_stays", OBLIGATION, "DELETE", "an obligation is never deleted"),
    Guard(
        "courses_obligation_says_the_same", OBLIGATION, "UPDATE",
        "what an obligation says is never edited", SAME,
    ),
    Guard(
        "courses_obligation_is_met_once", OBLIGATION, "UPDATE",
        "an obligation that was met stays met",
        f"OLD.met_on IS NULL OR (NEW.met_on = OLD.met_on AND {MET_BY})",
    ),
    Guard(
        "courses_obligation_of_before_stays", OBLIGATION, "UPDATE",
        "an earlier cycle is never touched",
        f"NOT EXISTS (SELECT 1 FROM {OBLIGATION} o WHERE o.employment_id = OLD.employment_id"  # noqa: S608
        " AND o.requirement = OLD.requirement AND o.cycle > OLD.cycle)",
    ),
    comes_new(OBLIGATION, f"({SAME_CYCLE})"),
    never_emptied(OBLIGATION),
    Guard("courses_outside_proof_stays", PROOF, "DELETE", "a proof is never deleted"),
    Guard("courses_outside_proof_is_written_once", PROOF, "UPDATE", "a proof is never edited"),
    comes_new(PROOF, "(o.takes_back_id = NEW.takes_back_id)"),
    never_emptied(PROOF),
]  # fmt: skip


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0018_citations"),
        ("credit", "0080_teams_and_trades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="OutsideProof",
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
                        ("requirement", models.CharField(max_length=80, verbose_name="培训要求")),
                        ("done_on", models.DateField(verbose_name="完成日期")),
                        ("hours", models.PositiveSmallIntegerField(default=0, verbose_name="学时")),
                        (
                            "paper",
                            models.CharField(max_length=200, verbose_name="证明材料名称和编号"),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "employment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proofs",
                                to="credit.employment",
                                verbose_name="任职",
                            ),
                        ),
                        (
                            "takes_back",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taken_back",
                                to="courses.outsideproof",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "线下培训证明",
                        "verbose_name_plural": "线下培训证明",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Obligation",
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
                        ("requirement", models.CharField(max_length=80, verbose_name="培训要求")),
                        (
                            "cycle",
                            models.PositiveSmallIntegerField(default=1, verbose_name="第几期"),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="名称")),
                        ("step", models.CharField(max_length=12, verbose_name="类别")),
                        ("hours", models.PositiveSmallIntegerField(verbose_name="学时")),
                        ("paper", models.BooleanField(default=False, verbose_name="须有国家证件")),
                        ("from_on", models.DateField(verbose_name="起算日期")),
                        ("due_on", models.DateField(verbose_name="期限")),
                        ("article", models.CharField(max_length=200, verbose_name="依据")),
                        ("explanation", models.TextField(verbose_name="为什么要学")),
                        ("confirmed", models.BooleanField(verbose_name="依据已核对")),
                        ("rules", models.CharField(max_length=40, verbose_name="规则版本")),
                        ("known_on", models.DateField(verbose_name="登记日期")),
                        (
                            "minutes",
                            models.PositiveIntegerField(default=0, verbose_name="已学（分钟）"),
                        ),
                        (
                            "met_on",
                            models.DateField(blank=True, null=True, verbose_name="完成日期"),
                        ),
                        (
                            "closed_on",
                            models.DateField(blank=True, null=True, verbose_name="不再需要的日期"),
                        ),
                        (
                            "certificate",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="obligations",
                                to="courses.certificate",
                            ),
                        ),
                        (
                            "employment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="obligations",
                                to="credit.employment",
                                verbose_name="任职",
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="obligations",
                                to="courses.enrolment",
                            ),
                        ),
                        (
                            "proof",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="obligations",
                                to="courses.outsideproof",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "培训要求",
                        "verbose_name_plural": "培训要求",
                        "ordering": ["due_on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="CourseFor",
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
                        ("requirement", models.CharField(max_length=60, verbose_name="培训要求")),
                        ("active", models.BooleanField(default=True, verbose_name="现在可以抵")),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="counts_for",
                                to="courses.coursepage",
                                verbose_name="课程",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "课程抵培训要求",
                        "verbose_name_plural": "课程抵培训要求",
                        "ordering": ["requirement", "course_id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("requirement", "course"),
                                name="course_counts_once_for_a_requirement",
                            )
                        ],
                    },
                ),
                migrations.AddConstraint(
                    model_name="outsideproof",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("paper", ""), _negated=True),
                        name="proof_names_its_paper",
                    ),
                ),
                migrations.AddIndex(
                    model_name="obligation",
                    index=models.Index(
                        condition=models.Q(("closed_on__isnull", True), ("met_on__isnull", True)),
                        fields=["due_on"],
                        name="obligation_open_by_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="obligation",
                    constraint=models.UniqueConstraint(
                        fields=("employment", "requirement", "cycle"),
                        name="one_obligation_per_cycle",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="obligation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("from_on"))),
                        name="obligation_is_due_after_it_began",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="obligation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("certificate__isnull", True),
                                ("enrolment__isnull", True),
                                ("met_on__isnull", True),
                                ("proof__isnull", True),
                            ),
                            models.Q(
                                ("met_on__isnull", False),
                                models.Q(
                                    ("certificate__isnull", False),
                                    ("enrolment__isnull", False),
                                    ("proof__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="obligation_is_met_by_something",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="obligation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("met_on__isnull", True), ("closed_on__isnull", True), _connector="OR"
                        ),
                        name="obligation_is_met_or_dropped",
                    ),
                ),
            ]
        ),
        RunSchema(lock, unlock),
    ]
