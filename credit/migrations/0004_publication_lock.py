"""The publication lock: no role, command, API or admin form can skip a step, whatever the code says.

Sources: 行政处罚法 第四十四、四十五、六十二条 (no notice or no hearing of the defence, no decision) and the
bureau's four eyes. Also the official calendar as far as it is known.
"""

import chinese_calendar.constants as known
from django.db import migrations

from credit.locks import Guard
from credit.operations import RunSchema

OPEN = "('proposed', 'notice_sent', 'heard', 'decided', 'served')"
GUARDS = [
    Guard(
        "credit_case_begins_proposed", "credit_listcase", "INSERT",
        "a case begins as proposed", "NEW.state = 'proposed' AND NEW.decided_on IS NULL",
    ),
    Guard("credit_case_stays", "credit_listcase", "DELETE", "a case is never deleted"),
    Guard(
        "credit_case_takes_every_step", "credit_listcase", "UPDATE",
        "a case takes every step: notice, hearing, decision by another officer, service",
        f"""
        NEW.enterprise_id = OLD.enterprise_id AND NEW.colour = OLD.colour
        AND NEW.opened_by_id = OLD.opened_by_id AND NEW.opened_on = OLD.opened_on
        AND (OLD.decided_on IS NULL OR (NEW.decided_on = OLD.decided_on
             AND NEW.decided_by_id = OLD.decided_by_id AND NEW.decision_text = OLD.decision_text
             AND NEW.notice_served_on = OLD.notice_served_on AND NEW.notice_text = OLD.notice_text))
        AND (
          (NEW.state = OLD.state AND OLD.state IN {OPEN}
           AND (OLD.decided_on IS NOT NULL OR NEW.decided_on IS NULL))
          OR (OLD.state = 'proposed' AND NEW.state = 'notice_sent' AND NEW.notice_text <> ''
              AND NEW.notice_served_on IS NOT NULL)
          OR (OLD.state = 'notice_sent' AND NEW.state = 'heard'
              AND NEW.notice_served_on IS NOT NULL)
          OR (OLD.state = 'heard' AND NEW.state = 'decided'
              AND NEW.decided_by_id <> NEW.opened_by_id
              AND NEW.decided_on IS NOT NULL AND NEW.decided_on >= NEW.notice_served_on)
          OR (OLD.state = 'decided' AND NEW.state = 'served' AND NEW.served_on >= NEW.decided_on)
          OR (OLD.state = 'served' AND NEW.state = 'published'
              AND EXISTS (SELECT 1 FROM credit_listentry e WHERE e.case_id = NEW.id))
          OR (OLD.state IN {OPEN} AND NEW.state = 'dropped' AND NEW.drop_reason <> '')
        )
        """,
    ),
    Guard("credit_event_stays", "credit_caseevent", "DELETE", "a step is never deleted"),
    Guard("credit_event_is_written_once", "credit_caseevent", "UPDATE", "a step is never edited"),
    Guard(
        "credit_entry_needs_due_process", "credit_listentry", "INSERT",
        "an entry needs notice, decision by another officer and service",
        """
        NEW.removed_on IS NULL AND EXISTS (
          SELECT 1 FROM credit_listcase c WHERE c.id = NEW.case_id AND c.state = 'served'
          AND c.enterprise_id = NEW.enterprise_id AND c.colour = NEW.colour
          AND c.notice_served_on IS NOT NULL AND c.decided_by_id <> c.opened_by_id
          AND c.decided_on >= c.notice_served_on AND c.served_on >= c.decided_on
          AND NEW.listed_on >= c.served_on)
        """,
    ),
    Guard("credit_entry_stays", "credit_listentry", "DELETE", "an entry is never deleted"),
    Guard(
        "credit_entry_only_ends", "credit_listentry", "UPDATE",
        "an entry can only be removed, once, with a reason",
        """
        OLD.removed_on IS NULL AND NEW.removed_on IS NOT NULL AND NEW.removal_reason <> ''
        AND NEW.removed_on >= OLD.listed_on
        AND NEW.case_id = OLD.case_id AND NEW.enterprise_id = OLD.enterprise_id
        AND NEW.colour = OLD.colour AND NEW.listed_on = OLD.listed_on AND NEW.ends_on = OLD.ends_on
        """,
    ),
]  # fmt: skip


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


def fill_calendar(apps, schema_editor):
    model = apps.get_model("credit", "WorkdayException")
    model.objects.bulk_create(
        [model(day=day, is_working=False, note=name) for day, name in known.holidays.items()]
        + [model(day=day, is_working=True, note=name) for day, name in known.workdays.items()],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("credit", "0003_scores_and_cases")]
    operations = [
        RunSchema(lock, unlock),
        migrations.RunPython(fill_calendar, migrations.RunPython.noop),
    ]
