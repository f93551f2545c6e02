"""The ledger's events are numbered and chained for each person, and the database adds up the progress.

Events that are there get numbers, spans and digests in the order in which they were written; what they said
stays. From now on an event comes in only as the next of its person, carrying the digest of the last one.
The table is made anew once, not once for each column and constraint.
"""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from uuid import UUID

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from credit.locks import Guard, comes_new, never_emptied

TABLE = "courses_studyevent"
BEGINNING = "0" * 64
NEW = {  # columns, as they are while they are still empty
    "number": "integer", "sequence": "integer", "began_at": "timestamptz", "received_at": "timestamptz",
    "position": "integer", "by_id": "bigint", "previous": "varchar(64)", "digest": "varchar(64)",
}  # fmt: skip
STAYS = [
    Guard("courses_study_event_stays", TABLE, "DELETE", "study is never deleted"),
    Guard("courses_study_event_is_written_once", TABLE, "UPDATE", "study is never edited"),
    never_emptied(TABLE),
]
BEFORE = [*STAYS, comes_new(TABLE)]
AFTER = [
    *STAYS,
    comes_new(
        TABLE,
        "(o.person_id = NEW.person_id AND o.number = NEW.number)",
        "(o.person_id = NEW.person_id AND o.tab = NEW.tab AND o.sequence = NEW.sequence)",
    ),
    Guard(
        "courses_study_event_is_next",
        TABLE,
        "INSERT",
        "study is added only as the next of its person",
        f"(NEW.number = 1 AND NEW.previous = '{BEGINNING}') OR EXISTS (SELECT 1 FROM {TABLE} p "  # noqa: S608
        "WHERE p.person_id = NEW.person_id AND p.number = NEW.number - 1 AND p.digest = NEW.previous)",
    ),
]
SUM = "courses_progress_adds_up"
ADD = """
INSERT INTO courses_lessonprogress (enrolment_id, lesson_id, credited_ms, position)
VALUES (NEW.enrolment_id, NEW.lesson_id,
CASE WHEN NEW.credited_ms > 0 THEN NEW.credited_ms ELSE 0 END, COALESCE(NEW.position, 0))
ON CONFLICT (enrolment_id, lesson_id) DO UPDATE SET
credited_ms = courses_lessonprogress.credited_ms + NEW.credited_ms,
position = COALESCE(NEW.position, courses_lessonprogress.position);
"""


def is_sqlite(schema_editor):
    return schema_editor.connection.vendor == "sqlite"


def add_up(schema_editor):
    """Each event is added to its lesson's progress by the database itself."""
    if is_sqlite(schema_editor):
        schema_editor.execute(f"CREATE TRIGGER {SUM} AFTER INSERT ON {TABLE} BEGIN {ADD} END")
    else:
        schema_editor.execute(
            f"CREATE FUNCTION {SUM}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {ADD} "
            f"RETURN NULL; END $$; CREATE TRIGGER {SUM} AFTER INSERT ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION {SUM}()"
        )


def add_up_no_more(schema_editor):
    if is_sqlite(schema_editor):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {SUM}")
    else:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {SUM}() CASCADE")


def instant(value):
    """An instant as the database gives it: SQLite as text in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def text_of(value):
    return value.astimezone(UTC).isoformat(timespec="microseconds") if value else None


def digest_of(content):
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()


def number_and_link(schema_editor):
    """Fill the new columns of the events that are there, person by person. No rows become objects."""
    connection = schema_editor.connection
    with connection.cursor() as read, connection.cursor() as write:
        read.execute(
            "SELECT person_id, id, enrolment_id, lesson_id, tab, kind, at, credited_ms, note "  # noqa: S608
            f"FROM {TABLE} ORDER BY person_id, id"
        )
        for person, events in groupby(read.fetchall(), lambda row: row[0]):
            write.executemany(
                f"UPDATE {TABLE} SET number = %s, began_at = %s, received_at = at, previous = %s, "  # noqa: S608
                "digest = %s WHERE id = %s",
                list(linked(connection, person, events)),
            )


def linked(connection, person, events):
    """For each event its number, the beginning of its span, the two digests, and its key."""
    previous = BEGINNING
    for number, event in enumerate(events, start=1):
        _, key, enrolment, lesson, tab, kind, at, credited, note = event
        at = instant(at)
        began = at - timedelta(milliseconds=credited) if credited else None
        digest = digest_of([
            person, number, enrolment, lesson, str(UUID(str(tab))), kind, None, text_of(began),
            text_of(at), text_of(at), credited, None, note, None, previous,
        ])  # fmt: skip
        yield number, connection.ops.adapt_datetimefield_value(began), previous, digest, key
        previous = digest


class RemadeOnce(migrations.SeparateDatabaseAndState):
    """The table goes from the old model to the new one in one step."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for guard in BEFORE:
            guard.down(schema_editor)
        for column, kind in NEW.items():
            kind = "datetime" if is_sqlite(schema_editor) and kind == "timestamptz" else kind
            schema_editor.execute(f"ALTER TABLE {TABLE} ADD COLUMN {column} {kind} NULL")
        number_and_link(schema_editor)
        model = to_state.apps.get_model(app_label, "StudyEvent")
        if is_sqlite(schema_editor):
            schema_editor._remake_table(model)
        else:
            self.alter(schema_editor, model)
        for guard in AFTER:
            guard.up(schema_editor)
        add_up(schema_editor)

    def alter(self, schema_editor, model):
        """PostgreSQL: the same columns and constraints as the new model has."""
        for column in ("number", "received_at", "previous", "digest"):
            schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {column} SET NOT NULL")
        for column in ("number", "sequence", "position"):
            schema_editor.execute(
                f"ALTER TABLE {TABLE} ADD CONSTRAINT {TABLE}_{column}_check CHECK ({column} >= 0)"
            )
        schema_editor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {TABLE}_credited_ms_check")
        schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN note TYPE varchar(300)")
        schema_editor.execute(
            f"ALTER TABLE {TABLE} ADD CONSTRAINT {TABLE}_by_id_fk FOREIGN KEY (by_id) "
            "REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED"
        )
        schema_editor.execute(f"CREATE INDEX {TABLE}_by_id_index ON {TABLE} (by_id)")
        for constraint in model._meta.constraints:
            schema_editor.add_constraint(model, constraint)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Corrections that took time away do not fit the old table: with them this is refused."""
        add_up_no_more(schema_editor)
        for guard in AFTER:
            guard.down(schema_editor)
        if is_sqlite(schema_editor):
            schema_editor._remake_table(to_state.apps.get_model(app_label, "StudyEvent"))
        else:
            for column in NEW:
                schema_editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN {column} CASCADE")
            for name in ("credited_time_has_a_span", "correction_names_who_and_why"):
                schema_editor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {name}")
            schema_editor.execute(
                f"ALTER TABLE {TABLE} ADD CONSTRAINT {TABLE}_credited_ms_check CHECK (credited_ms >= 0)"
            )
            schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN note TYPE varchar(60)")
        for guard in BEFORE:
            guard.up(schema_editor)


STATE = [
    migrations.AddField(
        "studyevent", "number", models.PositiveIntegerField("序号", default=0), preserve_default=False
    ),
    migrations.AddField(
        "studyevent", "sequence", models.PositiveIntegerField("窗口内序号", null=True)
    ),
    migrations.AddField(
        "studyevent", "began_at", models.DateTimeField("计入时段开始", null=True)
    ),
    migrations.AddField(
        "studyevent", "received_at", models.DateTimeField("收到时间", default=None),
        preserve_default=False,
    ),
    migrations.AddField(
        "studyevent", "position", models.PositiveIntegerField("媒体位置（秒）", null=True)
    ),
    migrations.AddField(
        "studyevent",
        "by",
        models.ForeignKey(
            settings.AUTH_USER_MODEL,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            verbose_name="更正人",
        ),
    ),
    migrations.AddField(
        "studyevent", "previous", models.CharField("上一条指纹", default="", max_length=64),
        preserve_default=False,
    ),
    migrations.AddField(
        "studyevent", "digest", models.CharField("指纹", default="", max_length=64),
        preserve_default=False,
    ),
    migrations.AlterField(
        "studyevent", "credited_ms", models.IntegerField("计入（毫秒）", default=0)
    ),
    migrations.AlterField(
        "studyevent", "note", models.CharField("说明", blank=True, max_length=300)
    ),
    migrations.AlterField(
        "studyevent",
        "kind",
        models.CharField(
            "事件",
            choices=[("open", "打开"), ("beat", "学习中"), ("finish", "学完"), ("fix", "更正")],
            max_length=6,
        ),
    ),
    migrations.AddConstraint(
        "studyevent",
        models.UniqueConstraint(fields=["person", "number"], name="one_study_event_per_number"),
    ),
    migrations.AddConstraint(
        "studyevent",
        models.UniqueConstraint(
            fields=["person", "tab", "sequence"], name="one_study_event_per_beat"
        ),
    ),
    migrations.AddConstraint(
        "studyevent",
        models.CheckConstraint(
            condition=Q(kind="fix", by__isnull=False) & ~Q(note="")
            | ~Q(kind="fix") & Q(by__isnull=True, credited_ms__gte=0),
            name="correction_names_who_and_why",
        ),
    ),
    migrations.AddConstraint(
        "studyevent",
        models.CheckConstraint(
            condition=Q(credited_ms=0) | Q(kind="fix") | Q(began_at__lt=F("at")),
            name="credited_time_has_a_span",
        ),
    ),
    migrations.AddConstraint(
        "studyevent",
        models.CheckConstraint(
            condition=Q(received_at__gte=F("at")), name="study_is_never_credited_ahead"
        ),
    ),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("courses", "0008_labels_in_chinese"),
    ]
    operations = [RemadeOnce(state_operations=STATE)]
