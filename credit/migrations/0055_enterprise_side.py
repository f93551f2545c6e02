"""The enterprise's side: evidence files, its managers, what it says in a case, objections, repair.

Every table but the outbox of texts is written once. The database itself refuses a second objection to a line
for the same reason while one is open, a repair that no second officer decides, and the close of a hearing
while something that the party sent waits unread.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from credit.locks import Guard, comes_new, never_emptied
from credit.operations import RunSchema, at_once

WRITTEN_ONCE = [
    "attachment",
    "enterprisemanager",
    "managerrevocation",
    "serviceconsent",
    "partystatement",
    "statementtaken",
    "objection",
    "objectionstep",
    "repairapplication",
    "repairstep",
]
CLOSED = """SELECT 1 FROM credit_objectionstep s WHERE s.objection_id = {}
            AND s.action IN ('uphold', 'reject', 'take_back')"""
STEPS = """SELECT 1 FROM credit_repairstep s WHERE s.application_id = NEW.application_id
           AND s.action IN ({})"""


def stays(name):
    table = f"credit_{name}"
    return [
        Guard(f"{table}_stays", table, "DELETE", "this row is never deleted"),
        Guard(f"{table}_is_written_once", table, "UPDATE", "this row is never edited"),
        comes_new(table),
        never_emptied(table),
    ]


GUARDS = [guard for name in WRITTEN_ONCE for guard in stays(name)] + [
    Guard(
        "credit_objection_is_the_only_one", "credit_objection", "INSERT",
        "an objection to this line for this reason is open",
        f"""NOT EXISTS (SELECT 1 FROM credit_objection o WHERE o.line = NEW.line
            AND o.reason = NEW.reason AND NOT EXISTS ({CLOSED.format("o.id")}))""",  # noqa: S608
    ),
    Guard(
        "credit_objection_step_comes_before_the_end", "credit_objectionstep", "INSERT",
        "the objection is closed", f"NOT EXISTS ({CLOSED.format('NEW.objection_id')})",
    ),
    Guard(
        "credit_repair_is_decided_by_a_second", "credit_repairstep", "INSERT",
        "a repair is accepted by one officer and decided by another",
        f"""NEW.action NOT IN ('grant', 'refuse')
            OR EXISTS ({STEPS.format("'accept'")} AND s.by_id <> NEW.by_id)""",
    ),
    Guard(
        "credit_repair_steps_in_order", "credit_repairstep", "INSERT",
        "this step does not follow",
        f"""CASE WHEN NEW.action = 'revoke' THEN EXISTS ({STEPS.format("'grant'")})
            ELSE NOT EXISTS ({STEPS.format("'grant', 'refuse', 'take_back', 'revoke'")}) END""",
    ),
    Guard(
        "credit_case_reads_what_the_party_sent", "credit_listcase", "UPDATE",
        "what the party sent is not yet in the case",
        """NEW.state <> 'heard' OR OLD.state = 'heard' OR NOT EXISTS (
            SELECT 1 FROM credit_partystatement p WHERE p.case_id = NEW.id AND NOT EXISTS (
                SELECT 1 FROM credit_statementtaken t WHERE t.statement_id = p.id))""",
    ),
]  # fmt: skip


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0050_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(db_index=True, max_length=80, verbose_name="材料对象"),
                ),
                ("file", models.CharField(max_length=300, unique=True, verbose_name="存放位置")),
                ("name", models.CharField(max_length=120, verbose_name="原文件名")),
                ("kind", models.CharField(max_length=5, verbose_name="格式")),
                ("content_type", models.CharField(max_length=100, verbose_name="内容类型")),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("sha256", models.CharField(max_length=64, verbose_name="文件指纹")),
                ("for_party", models.BooleanField(default=False, verbose_name="企业可看")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="credit.enterprise",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "证据材料",
                "verbose_name_plural": "证据材料",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="EnterpriseManager",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("paper", models.CharField(max_length=200, verbose_name="授权文书名称和编号")),
                ("from_day", models.DateField(verbose_name="起始日期")),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="最后一天")),
                ("appointed_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "appointed_by",
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
                        related_name="managers",
                        to="credit.enterprise",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="managing",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "企业管理员",
                "verbose_name_plural": "企业管理员",
                "ordering": ["-id"],
                "permissions": [("appoint_manager", "可以登记、撤销企业管理员")],
            },
        ),
        migrations.CreateModel(
            name="ManagerRevocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation",
                        to="credit.enterprisemanager",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "企业管理员撤销",
                "verbose_name_plural": "企业管理员撤销",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[("fact", "记录"), ("score", "计分"), ("entry", "名单")],
                        max_length=5,
                        verbose_name="对象类别",
                    ),
                ),
                ("subject", models.CharField(db_index=True, max_length=80, verbose_name="对象")),
                ("line", models.CharField(db_index=True, max_length=500, verbose_name="对象标识")),
                ("label", models.CharField(max_length=300, verbose_name="对象名称")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("not_ours", "不是我单位的"),
                            ("wrong", "内容写错了"),
                            ("changed", "处罚或认定已经撤销、变更"),
                            ("expired", "已过公示期限"),
                            ("points", "分数算错了"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="异议事由",
                    ),
                ),
                ("text", models.TextField(verbose_name="事实和理由")),
                ("raised_on", models.DateField(db_index=True, verbose_name="提出日期")),
                ("raised_at", models.DateTimeField(auto_now_add=True, verbose_name="收到时间")),
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
                        related_name="objections",
                        to="credit.enterprise",
                    ),
                ),
            ],
            options={
                "verbose_name": "异议",
                "verbose_name_plural": "异议",
                "ordering": ["-id"],
                "permissions": [("answer_objection", "可以受理、答复异议")],
            },
        ),
        migrations.CreateModel(
            name="ObjectionStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("assign", "交办"),
                            ("uphold", "异议成立"),
                            ("reject", "异议不成立"),
                            ("take_back", "企业撤回"),
                        ],
                        max_length=10,
                        verbose_name="办理",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="credit.objection",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "异议办理",
                "verbose_name_plural": "异议办理",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PartyStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("statement", "陈述申辩"), ("hearing", "听证申请")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="内容")),
                ("received_at", models.DateTimeField(auto_now_add=True, verbose_name="收到时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="party_statements",
                        to="credit.listcase",
                    ),
                ),
            ],
            options={
                "verbose_name": "企业陈述",
                "verbose_name_plural": "企业陈述",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RepairApplication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                (
                    "identity",
                    models.CharField(
                        blank=True, db_index=True, max_length=200, verbose_name="文书标识"
                    ),
                ),
                ("statement", models.TextField(verbose_name="履行义务和整改情况")),
                ("promised", models.BooleanField(default=False, verbose_name="信用承诺")),
                ("applied_on", models.DateField(verbose_name="申请日期")),
                ("applied_at", models.DateTimeField(auto_now_add=True, verbose_name="收到时间")),
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
                        related_name="repairs",
                        to="credit.enterprise",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repairs",
                        to="credit.listentry",
                    ),
                ),
                (
                    "violation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repairs",
                        to="credit.violation",
                    ),
                ),
            ],
            options={
                "verbose_name": "信用修复申请",
                "verbose_name_plural": "信用修复申请",
                "ordering": ["-id"],
                "permissions": [
                    ("accept_repair", "可以受理信用修复申请"),
                    ("decide_repair", "可以决定信用修复"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RepairStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("ask_more", "一次告知补正"),
                            ("supplement", "企业补正"),
                            ("accept", "受理"),
                            ("grant", "准予修复"),
                            ("refuse", "不予修复"),
                            ("take_back", "企业撤回"),
                            ("revoke", "撤销修复"),
                        ],
                        max_length=10,
                        verbose_name="办理",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                ("reason", models.TextField(blank=True, verbose_name="说明")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="credit.repairapplication",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "信用修复办理",
                "verbose_name_plural": "信用修复办理",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ServiceConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("give", "同意电子送达"), ("take_back", "撤回同意")],
                        max_length=10,
                        verbose_name="内容",
                    ),
                ),
                ("on", models.DateField(verbose_name="签署日期")),
                ("paper", models.CharField(max_length=200, verbose_name="确认书名称和编号")),
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
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="credit.enterprise",
                    ),
                ),
            ],
            options={
                "verbose_name": "电子送达确认",
                "verbose_name_plural": "电子送达确认",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="StatementTaken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="credit.partystatement",
                    ),
                ),
            ],
            options={
                "verbose_name": "企业陈述入案",
                "verbose_name_plural": "企业陈述入案",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TextOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="已试次数")),
                (
                    "next_at",
                    models.DateTimeField(
                        db_index=True,
                        default=django.utils.timezone.now,
                        verbose_name="下次发送时间",
                    ),
                ),
                ("fault", models.CharField(blank=True, max_length=120, verbose_name="最近的错误")),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text_order",
                        to="credit.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "待发短信",
                "verbose_name_plural": "待发短信",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="enterprisemanager",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_day__isnull", True),
                    ("last_day__gte", models.F("from_day")),
                    _connector="OR",
                ),
                name="manager_ends_after_the_beginning",
            ),
        ),
        migrations.AddConstraint(
            model_name="objectionstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("action__in", ("uphold", "reject", "take_back"))),
                fields=("objection",),
                name="objection_is_closed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="objectionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "assign"), _negated=True),
                    ("to__isnull", False),
                    _connector="OR",
                ),
                name="objection_is_handed_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="repairapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("violation__isnull", True), ("entry__isnull", True), _connector="XOR"
                ),
                name="repair_is_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="repairstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("action__in", ["grant", "refuse", "take_back"])),
                fields=("application",),
                name="repair_is_decided_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="repairstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("action__in", ["accept", "ask_more", "revoke"])),
                fields=("application", "action"),
                name="repair_is_accepted_asked_and_revoked_once",
            ),
        ),
        RunSchema(lock, unlock),
    ]
    operations = at_once(operations)
