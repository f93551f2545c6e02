"""Knowledge contests: what was played, looked at and drawn stays as it was written."""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, guarding, never_emptied
from credit.operations import at_once

PLAY, PAPER, DRAW, TICKET = (
    "courses_play", "courses_playquestion", "courses_contestdraw", "courses_drawticket",
)  # fmt: skip
PRACTICE = "courses_contestpractice"


def same(*columns):
    return " AND ".join(f"NEW.{column} = OLD.{column}" for column in columns)


def written_once(table, *keys):
    return [
        Guard(f"{table}_stays", table, "DELETE", "this is never deleted"),
        Guard(f"{table}_is_written_once", table, "UPDATE", "this is never edited"),
        comes_new(table, *keys),
        never_emptied(table),
    ]


def changes_once(table, allowed, message, *keys):
    return [
        Guard(f"{table}_stays", table, "DELETE", "this is never deleted"),
        Guard(f"{table}_changes_once", table, "UPDATE", message, allowed),
        comes_new(table, *keys),
        never_emptied(table),
    ]


GUARDS = [
    *written_once(
        "courses_entrant", "(o.contest_id = NEW.contest_id AND o.person_id = NEW.person_id)"
    ),
    *written_once("courses_playdoubt", "o.play_id = NEW.play_id"),
    *written_once("courses_playlook"),
    *changes_once(
        PLAY,
        "OLD.ended_at IS NULL AND "
        + same("round_id", "entrant_id", "number", "seed", "started_at", "deadline"),
        "a play that ended is never edited",
        "(o.round_id = NEW.round_id AND o.entrant_id = NEW.entrant_id"
        " AND (o.number = NEW.number OR (o.ended_at IS NULL AND NEW.ended_at IS NULL)))",
    ),
    *changes_once(
        PAPER,
        "OLD.answered_at IS NULL AND (OLD.served_at IS NULL OR NEW.served_at = OLD.served_at) AND "  # noqa: S608
        + same("play_id", "position", "question_id")
        + " AND EXISTS (SELECT 1 FROM courses_play p WHERE p.id = OLD.play_id AND p.ended_at IS NULL)",
        "a question is given once and answered once, while its play runs",
        "(o.play_id = NEW.play_id AND o.position = NEW.position)",
    ),
    *changes_once(
        PRACTICE,
        "OLD.chosen IS NULL AND " + same("entrant_id", "day", "number", "question_id", "seed"),
        "a question of practice is answered once",
        "(o.entrant_id = NEW.entrant_id AND o.day = NEW.day AND o.number = NEW.number)",
    ),
    *changes_once(
        DRAW,
        "OLD.seed = '' AND "
        + same(
            "round_id", "name", "places", "least_points", "tickets", "digest", "source",
            "known_from", "frozen_by_id", "frozen_at",
        ),
        "a frozen draw gets its seed once and changes in nothing else",
        "(o.round_id = NEW.round_id AND o.name = NEW.name)",
    ),
    Guard(
        "courses_contestdraw_is_frozen_first", DRAW, "INSERT",
        "a draw is frozen before its seed is known", "NEW.seed = ''",
    ),
    *changes_once(
        TICKET,
        "OLD.prize IS NULL AND " + same("draw_id", "number", "entrant_id", "name"),
        "a ticket wins once and changes in nothing else",
        "(o.draw_id = NEW.draw_id AND (o.number = NEW.number OR o.entrant_id = NEW.entrant_id))",
    ),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0058_readings"),
        ("credit", "0080_teams_and_trades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *at_once(
            [
                migrations.CreateModel(
                    name="Contest",
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
                        ("title", models.CharField(max_length=80, verbose_name="竞赛名称")),
                        (
                            "slug",
                            models.SlugField(
                                max_length=60,
                                unique=True,
                                verbose_name="网址里的名称（字母、数字）",
                            ),
                        ),
                        (
                            "intro",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="说明（怎么参加、奖励）"
                            ),
                        ),
                        (
                            "practice_a_day",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="0 表示不开放练习。",
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="每人每天练习题数",
                            ),
                        ),
                        (
                            "unit_best",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="人数不够的，缺的人按 0 分算。",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000),
                                ],
                                verbose_name="单位名次取前几名的平均分",
                            ),
                        ),
                        (
                            "street_best",
                            models.PositiveSmallIntegerField(
                                default=20,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(10000),
                                ],
                                verbose_name="街道名次取前几名的平均分",
                            ),
                        ),
                        ("published", models.BooleanField(default=False, verbose_name="公开")),
                        (
                            "banks",
                            models.ManyToManyField(
                                help_text="简答题不会被抽到。",
                                related_name="contests",
                                to="courses.questionbank",
                                verbose_name="题库",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "知识竞赛",
                        "verbose_name_plural": "知识竞赛",
                        "ordering": ["-id"],
                        "permissions": [("judge_contest", "核实竞赛成绩、办理抽奖")],
                    },
                ),
                migrations.CreateModel(
                    name="ContestRound",
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
                        ("name", models.CharField(max_length=40, verbose_name="轮次名称")),
                        ("opens_at", models.DateTimeField(verbose_name="开始时间")),
                        ("closes_at", models.DateTimeField(verbose_name="结束时间")),
                        (
                            "questions",
                            models.PositiveSmallIntegerField(
                                default=20,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(200),
                                ],
                                verbose_name="题数",
                            ),
                        ),
                        (
                            "seconds",
                            models.PositiveSmallIntegerField(
                                default=30,
                                validators=[
                                    django.core.validators.MinValueValidator(5),
                                    django.core.validators.MaxValueValidator(600),
                                ],
                                verbose_name="每题多少秒",
                            ),
                        ),
                        (
                            "points",
                            models.PositiveSmallIntegerField(
                                default=5,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="每题分值",
                            ),
                        ),
                        (
                            "tries",
                            models.PositiveSmallIntegerField(
                                default=3,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="每人几次机会（取最好的一次）",
                            ),
                        ),
                        (
                            "admits",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="0 表示人人可以参加。",
                                verbose_name="只让上一轮的前多少名参加",
                            ),
                        ),
                        (
                            "order",
                            models.PositiveSmallIntegerField(
                                default=0, editable=False, verbose_name="顺序"
                            ),
                        ),
                        (
                            "contest",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rounds",
                                to="courses.contest",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "轮次",
                        "verbose_name_plural": "轮次",
                        "ordering": ["contest_id", "order", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="ContestDraw",
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
                        ("name", models.CharField(max_length=60, verbose_name="奖项")),
                        (
                            "places",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="名额",
                            ),
                        ),
                        ("least_points", models.PositiveIntegerField(verbose_name="最低得分")),
                        ("tickets", models.PositiveIntegerField(verbose_name="抽奖号个数")),
                        ("digest", models.CharField(max_length=64, verbose_name="名单指纹")),
                        ("source", models.CharField(max_length=200, verbose_name="种子来源")),
                        ("known_from", models.DateTimeField(verbose_name="种子公布时间")),
                        ("frozen_at", models.DateTimeField(verbose_name="名单封存时间")),
                        ("seed", models.CharField(blank=True, max_length=200, verbose_name="种子")),
                        (
                            "drawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="开奖时间"),
                        ),
                        (
                            "drawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "frozen_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="draws",
                                to="courses.contestround",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "抽奖",
                        "verbose_name_plural": "抽奖",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Entrant",
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
                        ("entered_at", models.DateTimeField(verbose_name="报名时间")),
                        (
                            "contest",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entrants",
                                to="courses.contest",
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
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contests",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="credit.jurisdiction",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "参赛人",
                        "verbose_name_plural": "参赛人",
                    },
                ),
                migrations.CreateModel(
                    name="DrawTicket",
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
                        ("number", models.PositiveIntegerField(verbose_name="抽奖号")),
                        ("name", models.CharField(max_length=60, verbose_name="公开的姓名")),
                        (
                            "prize",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="第几个中奖"
                            ),
                        ),
                        (
                            "draw",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lots",
                                to="courses.contestdraw",
                            ),
                        ),
                        (
                            "entrant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tickets",
                                to="courses.entrant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "抽奖号",
                        "verbose_name_plural": "抽奖号",
                        "ordering": ["draw_id", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="ContestPractice",
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
                        ("day", models.DateField(verbose_name="日期")),
                        ("number", models.PositiveSmallIntegerField(verbose_name="当天第几题")),
                        ("seed", models.BigIntegerField(verbose_name="选项种子")),
                        ("chosen", models.JSONField(blank=True, null=True, verbose_name="所选")),
                        ("right", models.BooleanField(blank=True, null=True, verbose_name="答对")),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.question",
                            ),
                        ),
                        (
                            "entrant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="practised",
                                to="courses.entrant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "竞赛练习",
                        "verbose_name_plural": "竞赛练习",
                        "ordering": ["entrant_id", "day", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="Play",
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
                        ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                        ("seed", models.BigIntegerField(verbose_name="抽题种子")),
                        ("started_at", models.DateTimeField(verbose_name="开始时间")),
                        ("deadline", models.DateTimeField(db_index=True, verbose_name="最迟结束")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="结束时间"),
                        ),
                        (
                            "points",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="得分"),
                        ),
                        (
                            "milliseconds",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="用时（毫秒）"
                            ),
                        ),
                        (
                            "entrant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plays",
                                to="courses.entrant",
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plays",
                                to="courses.contestround",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "答题记录",
                        "verbose_name_plural": "答题记录",
                        "ordering": ["round_id", "entrant_id", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="PlayDoubt",
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
                        ("reasons", models.JSONField(default=list, verbose_name="原因")),
                        ("found_at", models.DateTimeField(verbose_name="发现时间")),
                        (
                            "play",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="doubt",
                                to="courses.play",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "存疑成绩",
                        "verbose_name_plural": "存疑成绩",
                    },
                ),
                migrations.CreateModel(
                    name="PlayLook",
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
                        ("counts", models.BooleanField(verbose_name="成绩有效")),
                        ("reason", models.CharField(max_length=300, verbose_name="理由")),
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
                            "play",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="looks",
                                to="courses.play",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "成绩核实",
                        "verbose_name_plural": "成绩核实",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="PlayQuestion",
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
                        ("position", models.PositiveSmallIntegerField(verbose_name="题号")),
                        ("shown", models.JSONField(default=dict, verbose_name="题面")),
                        ("sealed", models.JSONField(default=dict, verbose_name="答案与解析")),
                        (
                            "served_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="给出时间"),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="作答时间"),
                        ),
                        ("chosen", models.JSONField(default=list, verbose_name="所选")),
                        (
                            "earned",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="得分"
                            ),
                        ),
                        (
                            "play",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="paper",
                                to="courses.play",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.question",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "竞赛题目",
                        "verbose_name_plural": "竞赛题目",
                        "ordering": ["play_id", "position"],
                    },
                ),
                migrations.AddConstraint(
                    model_name="contestround",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="contest_round_ends_after_it_begins",
                        violation_error_message="结束时间要在开始时间以后",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contestdraw",
                    constraint=models.UniqueConstraint(
                        fields=("round", "name"), name="one_draw_per_prize_and_round"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contestdraw",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("known_from__gt", models.F("frozen_at"))),
                        name="draw_list_is_older_than_its_seed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contestdraw",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("drawn_at__isnull", True), ("drawn_by__isnull", True), ("seed", "")
                            ),
                            models.Q(
                                models.Q(("seed", ""), _negated=True),
                                ("drawn_at__gte", models.F("known_from")),
                                ("drawn_by__isnull", False),
                                models.Q(("drawn_by", models.F("frozen_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="draw_is_made_by_another_once_the_seed_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entrant",
                    constraint=models.UniqueConstraint(
                        fields=("contest", "person"), name="one_entry_per_person_and_contest"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="drawticket",
                    constraint=models.UniqueConstraint(
                        fields=("draw", "number"), name="one_ticket_per_number"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="drawticket",
                    constraint=models.UniqueConstraint(
                        fields=("draw", "entrant"), name="one_ticket_per_entrant"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contestpractice",
                    constraint=models.UniqueConstraint(
                        fields=("entrant", "day", "number"), name="one_practice_per_number"
                    ),
                ),
                migrations.AddIndex(
                    model_name="play",
                    index=models.Index(
                        fields=["round", "-points", "milliseconds"], name="play_rank"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="play",
                    constraint=models.UniqueConstraint(
                        fields=("round", "entrant", "number"), name="one_play_per_number"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="play",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("round", "entrant"),
                        name="one_open_play_per_entrant",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="play",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("milliseconds__isnull", True),
                                ("points__isnull", True),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("milliseconds__isnull", False),
                                ("points__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="play_is_counted_when_it_ends",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="playquestion",
                    constraint=models.UniqueConstraint(
                        fields=("play", "position"), name="one_play_question_per_position"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="playquestion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("earned__isnull", True)),
                            models.Q(("earned__isnull", False), ("served_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="play_question_is_given_before_it_is_answered",
                    ),
                ),
            ]
        ),
        guarding(lambda vendor: GUARDS),
    ]
