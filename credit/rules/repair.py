"""Publication of penalties and credit repair (信用修复), before and since 2026-04-01.

Since then 国办发〔2025〕22号 and 信用修复管理办法 hold: minor, ordinary, serious penalties are
published for different terms, counted from the date of the document, and publication stops by
itself at the end. Before, 国家发展改革委令第58号 held. The day on which the question is asked
decides which regime answers. Figures come from the rule-set.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from credit.rules.cases import FOUR_EYES
from credit.rules.listing import may_leave_early
from credit.rules.ruleset import Ruleset, Term, load_ruleset
from credit.rules.ruling import Ruling
from credit.rules.terms import add_months, printed
from credit.rules.workdays import DueDay, Exceptions, add_working_days

NEW_REGIME = "repair.new"


class Severity(StrEnum):
    """How grave the dishonest act behind a penalty is."""

    MINOR = "minor"
    ORDINARY = "ordinary"
    SERIOUS = "serious"

    @property
    def label(self) -> str:
        """The printed name."""
        return {"minor": "轻微", "ordinary": "一般", "serious": "严重"}[self]


# How grave the kinds of the rule-set are. 信用修复管理办法 counts large fines, halts of business and lost
# licences as serious and a warning as minor; its text was not checked (confirmed = false in the rule-set).
_SEVERITY: Final = {"violation.warning": Severity.MINOR, "violation.fine": Severity.ORDINARY}


def severity_of(kind: str) -> Severity:
    """How grave a penalty of this kind (``credit.rules.violations.kind_of``) is."""
    return _SEVERITY.get(kind, Severity.SERIOUS)


def public_until(
    decided_on: date, kind: str, given: date | None, ruleset: Ruleset | None = None
) -> date:
    """The last day on which a penalty of ``kind`` is public: as ``given``, or the longest allowed.

    A given end that is later than the law allows is cut. Counted from the document's date under the
    regime since 2026-04-01, for older documents too. Sources: 国办发〔2025〕22号 and 信用修复管理办法.
    """
    rules = ruleset or load_ruleset()
    since = rules.switches[NEW_REGIME].day
    longest = window(decided_on, severity_of(kind), since, ruleset=rules).ends_on
    last = longest - timedelta(days=1)
    return last if given is None else min(given, last)


@dataclass(frozen=True, slots=True)
class Window:
    """Publication of one penalty: repair may be asked for from one day, it ends on another.

    ``ends_on`` is the first day on which it is no longer published.
    """

    repair_from: date
    ends_on: date
    normally_published: bool
    article: str
    confirmed: bool


def window(
    decided_on: date,
    severity: Severity,
    today: date,
    *,
    safety: bool = True,
    ruleset: Ruleset | None = None,
) -> Window:
    """The publication window under the regime of ``today``, counted from the document's date.

    ``safety``: a penalty in the field of work safety, which the old regime kept longer.
    Sources: 国办发〔2025〕22号 and 信用修复管理办法; before 2026-04-01 国家发展改革委令第58号.
    """
    rules = ruleset or load_ruleset()
    shortest, longest = _terms(severity, today, safety, rules)
    old = today < rules.switches[NEW_REGIME].day
    return Window(
        repair_from=add_months(decided_on, shortest.amount),
        ends_on=add_months(decided_on, longest.amount),
        normally_published=old or severity is not Severity.MINOR,
        article=longest.article,
        confirmed=shortest.confirmed and longest.confirmed,
    )


def may_repair(
    decided_on: date,
    severity: Severity,
    today: date,
    *,
    duties_performed: bool,
    safety: bool = True,
    ruleset: Ruleset | None = None,
) -> Ruling:
    """Whether repair may be asked for on ``today``; granted, it also ends sharing and measures.

    ``duties_performed``: the penalty is carried out and the fault is mended.
    """
    term = window(decided_on, severity, today, safety=safety, ruleset=ruleset)
    if today >= term.ends_on:
        reason = f"公示期已于{printed(term.ends_on)}届满，自动停止公示，无需申请"
        return Ruling(False, reason, term.article)
    if today < term.repair_from:
        reason = f"未满最短公示期，{printed(term.repair_from)}起可申请"
        return Ruling(False, reason, term.article)
    if not duties_performed:
        return Ruling(False, "行政处罚义务尚未履行完毕或违法行为尚未纠正", term.article)
    return Ruling(True, "已满最短公示期且义务已履行，可申请信用修复", term.article)


def still_published(
    decided_on: date,
    severity: Severity,
    today: date,
    *,
    repaired_on: date | None = None,
    ruleset: Ruleset | None = None,
) -> Ruling:
    """Whether a penalty is to be shown in public on ``today``."""
    term = window(decided_on, severity, today, ruleset=ruleset)
    if repaired_on is not None and repaired_on <= today:
        return Ruling(False, f"{printed(repaired_on)}已信用修复", term.article)
    if today >= term.ends_on:
        return Ruling(False, f"公示期已于{printed(term.ends_on)}届满", term.article)
    if not term.normally_published:
        return Ruling(False, f"{severity.label}处罚一般不公示", term.article)
    return Ruling(True, f"公示至{printed(term.ends_on)}", term.article)


def _terms(severity: Severity, today: date, safety: bool, rules: Ruleset) -> tuple[Term, Term]:
    """The shortest and the longest term that apply."""
    if today >= rules.switches[NEW_REGIME].day:
        prefix = f"repair.{severity}"
        return rules.terms[f"{prefix}.shortest"], rules.terms[f"{prefix}.longest"]
    shortest = "repair.old.safety_shortest" if safety else "repair.old.shortest"
    return rules.terms[shortest], rules.terms["repair.old.longest"]


# -- The application: terms of the office, and the coach ------------------------------------------------


def acceptance_due(
    applied_on: date, calendar: Exceptions, ruleset: Ruleset | None = None
) -> DueDay:
    """The last day for accepting an application or asking, once, for all that is missing."""
    term = (ruleset or load_ruleset()).terms["repair.accept"]
    return add_working_days(applied_on, term.amount, calendar)


def decision_due(accepted_on: date, calendar: Exceptions, ruleset: Ruleset | None = None) -> DueDay:
    """The last day for the decision, from acceptance."""
    term = (ruleset or load_ruleset()).terms["repair.decide"]
    return add_working_days(accepted_on, term.amount, calendar)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the coach: ``met`` is None where only the enterprise and its papers can tell."""

    name: str
    met: bool | None
    advice: str


@dataclass(frozen=True, slots=True)
class Coaching:
    """What an enterprise is told before it applies: from when, what is met, whether it may apply now."""

    earliest: date
    conditions: tuple[Condition, ...]
    ruling: Ruling
    ends_on: date
    confirmed: bool


PAPERS: Final = (
    "处罚决定书（照片或扫描件）",
    "履行义务的证明，例如缴款凭证",
    "整改完成的证明，例如复查意见书、整改前后照片",
    "信用承诺书（盖章）",
)


def coach_penalty(
    decided_on: date, severity: Severity, today: date, *, ruleset: Ruleset | None = None
) -> Coaching:
    """What an enterprise needs for the repair of one penalty, under the regime of ``today``."""
    term = window(decided_on, severity, today, ruleset=ruleset)
    ruling = may_repair(decided_on, severity, today, duties_performed=True, ruleset=ruleset)
    return _coaching(term.repair_from, term.ends_on, today, ruling, term.confirmed)


def coach_entry(
    listed_on: date, ends_on: date, today: date, *, ruleset: Ruleset | None = None
) -> Coaching:
    """What an enterprise needs for early removal from the black list. Source: 应急管理部令第11号."""
    rules = ruleset or load_ruleset()
    term = rules.terms["black.early_exit"]
    ruling = may_leave_early(listed_on, today, penalty_paid=True, ruleset=rules)
    earliest = add_months(listed_on, term.amount)
    if today >= ends_on:
        ruling = Ruling(False, "列入期已满，自动移出，无需申请", term.article)
    return _coaching(earliest, ends_on, today, ruling, term.confirmed)


def _coaching(
    earliest: date, ends_on: date, today: date, ruling: Ruling, confirmed: bool
) -> Coaching:
    waiting = f"{printed(earliest)}起可以申请"
    conditions = (
        Condition("已满最短期限", today >= earliest, waiting),
        Condition("处罚决定的义务已全部履行", None, "罚款已缴清，停产、拆除等要求已做到；上传凭证"),
        Condition("违法行为已改正", None, "上传复查意见书或整改前后的照片"),
        Condition("作出信用承诺", None, "申请时勾选，并上传盖章的承诺书"),
    )
    return Coaching(earliest, conditions, ruling, ends_on, confirmed)


def may_decide(actor: Hashable, accepted_by: Hashable | None) -> Ruling:
    """Whether ``actor`` may decide an application: it was accepted, by somebody else."""
    if accepted_by is None:
        return Ruling(False, "申请还没有受理", FOUR_EYES)
    if actor == accepted_by:
        return Ruling(False, "受理申请的人员不得决定修复，应由另一名人员决定", FOUR_EYES)
    return Ruling(True, "由另一名人员决定", FOUR_EYES)
