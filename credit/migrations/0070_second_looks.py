"""What makes public again asks for a second person, and no judgment or hearing says more than it can.

Until now the acts alone refused: a record restored by the officer who withdrew it, or marked as current
without a restoration; a repair revoked by the one who granted it; a hearing held before it was asked for; an
entry changed to grounds that it did not have. Each guard stands beside those of before and remakes none.
"""

from django.db import migrations

from credit.locks import Guard, guarding

KINDS = (
    "violation", "accident", "majorhazard", "permitchange", "commendation", "standardisation",
    "liabilityinsurance", "dutyreport", "trainingfact", "externalfact",
)  # fmt: skip
SAME_FACT = " OR ".join(f"w.{kind}_id = NEW.{kind}_id" for kind in KINDS)
# The grounds that stand: what the last judgment left, else the case's.
STANDING = """COALESCE(
    (SELECT c.grounds FROM credit_entrychange c WHERE c.entry_id = NEW.entry_id ORDER BY c.id DESC LIMIT 1),
    (SELECT s.grounds FROM credit_listentry e JOIN credit_listcase s ON s.id = e.case_id
     WHERE e.id = NEW.entry_id))"""
EACH = {"sqlite": "json_each({})", "postgresql": "jsonb_array_elements({})"}


def comes_back(kind):
    table = f"credit_{kind}"
    return Guard(
        f"{table}_comes_back_on_paper", table, "UPDATE",
        "a withdrawn fact comes back by a restoration",
        f"""OLD.withdrawn_at IS NULL OR NEW.withdrawn_at IS NOT NULL OR 'restore' = (
            SELECT w.action FROM credit_withdrawal w WHERE w.{kind}_id = NEW.id
            ORDER BY w.id DESC LIMIT 1)""",  # noqa: S608  # every name is written here
    )  # fmt: skip


def guards(vendor):
    told, had = (EACH[vendor].format(grounds) for grounds in ("NEW.grounds", STANDING))
    return [
        *(comes_back(kind) for kind in KINDS),
        Guard(
            "credit_withdrawal_is_restored_by_another", "credit_withdrawal", "INSERT",
            "a record is restored by another person than withdrew it",
            f"""NEW.action <> 'restore' OR NEW.by_id <> (
                SELECT w.by_id FROM credit_withdrawal w WHERE {SAME_FACT} ORDER BY w.id DESC LIMIT 1)""",  # noqa: S608
        ),
        Guard(
            "credit_repair_is_revoked_by_another", "credit_repairstep", "INSERT",
            "a repair is revoked by another person than granted it",
            """NEW.action <> 'revoke' OR NOT EXISTS (
                SELECT 1 FROM credit_repairstep s WHERE s.application_id = NEW.application_id
                AND s.action = 'grant' AND s.by_id = NEW.by_id)""",
        ),
        Guard(
            "credit_case_hearing_follows_its_request", "credit_listcase", "UPDATE",
            "a hearing is held after it was asked for",
            """NEW.hearing_held_on IS NULL OR NEW.hearing_held_on >= NEW.hearing_requested_on
                OR (OLD.hearing_held_on IS NOT NULL AND NEW.hearing_held_on = OLD.hearing_held_on)""",
        ),
        Guard(
            "credit_change_takes_nothing_in", "credit_entrychange", "INSERT",
            "a judgment takes grounds away and brings none",
            f"""EXISTS (SELECT 1 FROM {told} n) AND NOT EXISTS (
                SELECT 1 FROM {told} n
                WHERE NOT EXISTS (SELECT 1 FROM {had} o WHERE o.value = n.value))""",  # noqa: S608
        ),
    ]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("credit", "0066_alerts")]
    operations = [guarding(guards)]
