"""Drafting and adopting rule-sets. Two people: who drafted or simulated a text does not adopt it.

The database asks the same (migration 0035). Nothing adopted is ever edited: one corrects by the next version.
"""

import re
from collections import defaultdict
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction

from credit.acts import audit, scores
from credit.acts.casework import RefusedError, refuse
from credit.acts.messages import tell
from credit.models import (
    Jurisdiction,
    RulesetDraft,
    RulesetVersion,
    Score,
    Simulation,
    Violation,
)
from credit.models.rulesets import announce, fingerprint, forget, in_force, timeline
from credit.rules.repair import public_until
from credit.rules.ruleset import parse_ruleset, problems_of, shipped_text
from credit.rules.terms import add_months, printed
from credit.rules.violations import kind_of

DRAFT: Final = "credit.draft_ruleset"
ADOPT: Final = "credit.adopt_ruleset"
ARTICLE: Final = "局内四眼原则"
LONGEST: Final = 300_000  # characters of a text; the shipped one has about 20,000
_PAGE: Final = 10_000  # penalties at a time
_VERSION: Final = re.compile(r'^version = "[^"\n]*"', re.MULTILINE)
_EFFECTIVE: Final = re.compile(r"^effective_from = \S+", re.MULTILINE)

__all__ = [
    "ADOPT", "DRAFT", "RefusedError", "adopt", "begin_draft", "edit_draft", "refill_public_until",
    "take_effect",
]  # fmt: skip


@transaction.atomic
def begin_draft(*, officer: Any, title: str, today: date) -> RulesetDraft:
    """A draft that begins as a copy of what is in force, with the next version and the next month's first day."""
    require(officer, DRAFT)
    text = _EFFECTIVE.sub(f"effective_from = {_next_month(today)}", _current_text(today), count=1)
    text = _VERSION.sub(f'version = "{_next_version(today)}"', text, count=1)
    draft = RulesetDraft.objects.create(title=title.strip()[:80], text=text, drafted_by=officer)
    audit.log("ruleset.draft", by=officer, subject=draft, sha256=draft.digest)
    return draft


@transaction.atomic
def edit_draft(draft: RulesetDraft, *, officer: Any, title: str, text: str) -> RulesetDraft:
    """Keep another text, with its problems if it has some. Only the drafter may: others begin their own."""
    require(officer, DRAFT)
    draft = RulesetDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.drafted_by_id != officer.pk:
        raise refuse("草案只由起草人修改，您可以另起一份草案", ARTICLE)
    if len(text) > LONGEST or not text.strip():
        raise refuse(f"内容应为 1 到 {LONGEST} 个字", ARTICLE)
    draft.title, draft.text = title.strip()[:80] or draft.title, text.replace("\r\n", "\n")
    draft.save()
    audit.log("ruleset.draft", by=officer, subject=draft, sha256=draft.digest)
    return draft


@transaction.atomic
def adopt(simulation: Simulation, *, officer: Any, reason: str, today: date) -> RulesetVersion:
    """Make the text that was simulated a version, in force from its first day. Raises RefusedError."""
    require(officer, ADOPT)
    simulation = (
        Simulation.objects.select_for_update().select_related("draft").get(pk=simulation.pk)
    )
    if objection := objection_to(simulation, officer, today):
        raise refuse(objection, ARTICLE)
    if not reason.strip():
        raise refuse("请写明批准的理由，例如局务会议的文号", ARTICLE)
    ruleset = parse_ruleset(simulation.text)
    version = RulesetVersion(
        code=ruleset.code,
        version=ruleset.version,
        text=simulation.text,
        sha256=simulation.sha256,
        effective_from=ruleset.effective_from,
        proposed_by_id=simulation.draft.drafted_by_id,
        adopted_by=officer,
        adopted_on=today,
        reason=reason.strip(),
        simulation=simulation,
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as fault:
        raise refuse("这个版本号、施行日期或模拟已经用过，请核对", ARTICLE) from fault
    _made_known(version, simulation, officer)
    return version


def _made_known(version: RulesetVersion, simulation: Simulation, officer: Any) -> None:
    """Write the log, tell the drafter, let every process read the rule-sets anew."""
    first_day = version.effective_from
    audit.log(
        "ruleset.adopt", by=officer, subject=version, label=version.label, sha256=version.sha256,
        effective_from=first_day, simulation=simulation.pk, reason=version.reason,
    )  # fmt: skip
    tell(
        [simulation.draft.drafted_by],
        kind="ruleset",
        key=f"ruleset.adopt:{version.pk}",
        title=f"规则集 {version.label} 已批准",
        body=f"自{printed(first_day)}起施行。",
        link=f"/credit/office/rulesets/{version.pk}/",
    )
    forget()
    transaction.on_commit(announce)


def objection_to(simulation: Simulation, officer: Any, today: date) -> str:
    """Why ``officer`` may not adopt what was simulated, ready to print; "" when nothing stands against it."""
    draft = simulation.draft
    if simulation.state != Simulation.State.DONE:
        return "模拟还没有完成"
    if officer.pk in {draft.drafted_by_id, simulation.run_by_id}:
        return "起草和模拟的人员不得批准，应由另一名决定人员办理"
    if draft.digest != simulation.sha256 or fingerprint(simulation.text) != simulation.sha256:
        return "草案在模拟之后改过，请重新模拟"
    if problems := problems_of(simulation.text):
        return str(problems[0])
    if timeline(simulation.as_of).now.label != simulation.against:
        return "模拟之后已有别的规则集施行，请重新模拟"
    return _untimely(simulation.text, today)


def _untimely(text: str, today: date) -> str:
    ruleset = parse_ruleset(text)
    if ruleset.effective_from < today:
        return f"施行日期{printed(ruleset.effective_from)}已过，规则集不溯及既往，请改为今天或以后"
    adopted = RulesetVersion.objects.all()
    if adopted.filter(effective_from=ruleset.effective_from).exists():
        return f"{printed(ruleset.effective_from)}已有规则集施行，请另选一天"
    if adopted.filter(code=ruleset.code, version=ruleset.version).exists():
        return f"版本 {ruleset.label} 已经用过，请写新的版本号"
    return ""


def require(officer: Any, permission: str) -> None:
    """The permission, and the whole register in reach: rules are for all. Raises RefusedError."""
    if not officer.has_perm(permission):
        raise refuse("您没有这个步骤的权限", ARTICLE)
    if not reaches_all(officer):
        raise refuse("规则集适用于全区，应由任职属地为全区的人员办理", ARTICLE)


def reaches_all(officer: Any) -> bool:
    """Whether every place lies below the officer's postings."""
    reach = Jurisdiction.objects.of_officer(officer)
    return not Jurisdiction.objects.exclude(pk__in=reach.values("pk")).exists()


def _current_text(today: date) -> str:
    current = RulesetVersion.objects.filter(effective_from__lte=today).first()
    return current.text if current else shipped_text()


def _next_version(today: date) -> str:
    taken = RulesetVersion.objects.filter(code=in_force(today).code)
    numbers = [int(one) for one in taken.values_list("version", flat=True) if one.isdecimal()]
    return str(max(numbers, default=0) + 1)


def _next_month(today: date) -> date:
    return add_months(today, 1).replace(day=1)


# -- On the day --------------------------------------------------------------------------------------------


def take_effect(today: date) -> tuple[int, int]:
    """What follows from a rule-set on its first day: publication terms and scores; how many of each.

    Idempotent; on a day without a new one it finds nothing to do.
    """
    refilled = refill_public_until(today)
    stale = Score.objects.exclude(ruleset=in_force(today).label).exists()
    return refilled, scores.refresh(as_of=today) if stale else 0


def refill_public_until(today: date) -> int:
    """The last public day of every penalty by the terms in force today; how many changed.

    By pages of keys; those that change to one day are one UPDATE. Sources: as ``credit.rules.repair``.
    """
    changed, last = 0, 0
    rules = timeline(today)
    facts = Violation.objects.order_by("pk").values_list(
        "pk", "penalty_kind", "fine", "licence", "happened_on", "publish_until", "public_until"
    )
    while page := list(facts.filter(pk__gt=last)[:_PAGE]):
        by_day: dict[date, list[int]] = defaultdict(list)
        for pk, penalty, fine, licence, day, given, stored in page:
            kind = kind_of(penalty, fine, rules.on(day), licence=licence)
            until = public_until(day, kind, given, rules.now)
            if until != stored:
                by_day[until].append(pk)
        changed += _fill(by_day) if by_day else 0
        last = page[-1][0]
    return changed


@transaction.atomic
def _fill(by_day: dict[date, list[int]]) -> int:
    for until, keys in by_day.items():
        for start in range(0, len(keys), 1000):
            Violation.objects.filter(pk__in=keys[start : start + 1000]).update(public_until=until)
    return sum(len(keys) for keys in by_day.values())
