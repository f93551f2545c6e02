"""The nine roles and what each may do. A role is a group; its name in the database is the code.

Nobody has a permission to publish: that is the state machine's. ``credit`` besides looks at an
officer's posting, so that a permission reaches only as far as the jurisdiction.
"""

from typing import Final

LEARNER = "learner"
ENTERPRISE_MANAGER = "enterprise_manager"
EDITOR = "editor"
REVIEWER = "reviewer"
CREDIT_OFFICER = "credit_officer"
DECISION_OFFICER = "decision_officer"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"
LEGAL_OFFICER = "legal_officer"

LABELS = {
    LEARNER: "学员",
    ENTERPRISE_MANAGER: "企业管理员",
    EDITOR: "编辑",
    REVIEWER: "审核",
    CREDIT_OFFICER: "信用专员",
    DECISION_OFFICER: "决定人",
    AUDITOR: "审计",
    ADMINISTRATOR: "系统管理员",
    LEGAL_OFFICER: "法制审核",
}

# Who gives out roles holds none of these: the same person would grant, decide and look on.
NOT_FOR_ADMINISTRATORS = (CREDIT_OFFICER, DECISION_OFFICER, LEGAL_OFFICER, AUDITOR)

ADMIN_PAGES = "wagtailadmin.access_admin"
_ASSETS = ("wagtailimages.{}_image", "wagtaildocs.{}_document", "wagtailmedia.{}_media")
# Wagtail asks for these by collection; they are granted on the root collection and as plain permissions.
ASSETS: Final = [code.format(verb) for code in _ASSETS for verb in ("add", "change")]
_EXAMS = [
    f"courses.{verb}_{model}"
    for verb in ("add", "change")
    for model in ("questionbank", "question", "exam")
]
_EDITING = [
    ADMIN_PAGES,
    *ASSETS,
    "indicators.add_observation",
    "indicators.change_observation",
    *_EXAMS,
    "courses.add_handmark",
    "courses.change_enrolment",
    "courses.correct_hours",
    "courses.invigilate",
    "courses.decide_appeal",
    "courses.view_certificate",
    "courses.add_coursefor",
    "courses.change_coursefor",
    "courses.add_contest",
    "courses.change_contest",
    "courses.add_lecturer",
    "courses.change_lecturer",
    "courses.add_coursepackage",
    "courses.view_coursepackage",
    "courses.add_cmi5course",
    "courses.add_recheckanswer",
]
_READING_CASES = [
    f"credit.view_{model}"
    for model in ("listcase", "listentry", "violation", "accident", "enterprise", "score")
]

# "app.view_*" stands for the view permission of every model of the app.
PERMISSIONS: dict[str, list[str]] = {
    LEARNER: [],
    ENTERPRISE_MANAGER: [],
    EDITOR: _EDITING,
    REVIEWER: _EDITING,
    CREDIT_OFFICER: [
        "credit.import_records",
        "credit.open_case",
        "credit.draft_ruleset",
        "credit.edit_templates",
        "credit.edit_calendar",
        "credit.record_visit",
        "credit.appoint_manager",
        "credit.answer_objection",
        "credit.accept_repair",
        "credit.manage_agencies",
        "courses.correct_hours",
        "courses.oversee_training",
        "courses.judge_contest",
        "courses.run_classes",
        "courses.invigilate",
        "courses.inspect_training",
        "courses.read_training_reports",
        "courses.add_planfigure",
        "courses.add_articlechange",
        "courses.add_recheckanswer",
        *_READING_CASES,
    ],
    DECISION_OFFICER: [
        "credit.decide_case",
        "credit.adopt_ruleset",
        "credit.approve_templates",
        "credit.answer_objection",
        "credit.decide_repair",
        "courses.set_seal",
        "courses.read_training_reports",
        *_READING_CASES,
    ],
    LEGAL_OFFICER: ["credit.review_case", *_READING_CASES],
    AUDITOR: [ADMIN_PAGES, "credit.view_*", "courses.view_*", "accounts.view_user"],
    ADMINISTRATOR: [
        ADMIN_PAGES,
        "accounts.add_user",
        "accounts.change_user",
        "accounts.view_user",
        "credit.add_employment",
        "credit.issue_source_key",
        "credit.change_employment",
        "credit.appoint_manager",
        "credit.view_*",
        "courses.add_revocation",
        "courses.issue_lrs_key",
        "courses.change_enrolment",
        "courses.view_*",
    ],
}

# Whoever holds one of these works here, and needs a second factor before any staff page.
OFFICE = (
    ADMIN_PAGES,
    "credit.view_listcase",
    "credit.open_case",
    "credit.decide_case",
    "credit.review_case",
    "credit.import_records",
    "credit.draft_ruleset",
    "credit.adopt_ruleset",
    "credit.edit_templates",
    "credit.approve_templates",
    "credit.edit_calendar",
    "credit.issue_source_key",
    "courses.issue_lrs_key",
)
