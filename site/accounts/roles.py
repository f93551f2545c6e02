"""The eight roles. A role is a group; its name in the database is the code."""

LEARNER = "learner"
ENTERPRISE_MANAGER = "enterprise_manager"
EDITOR = "editor"
REVIEWER = "reviewer"
CREDIT_OFFICER = "credit_officer"
DECISION_OFFICER = "decision_officer"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"

LABELS = {
    LEARNER: "学员",
    ENTERPRISE_MANAGER: "企业管理员",
    EDITOR: "编辑",
    REVIEWER: "审核",
    CREDIT_OFFICER: "信用专员",
    DECISION_OFFICER: "决定人",
    AUDITOR: "审计",
    ADMINISTRATOR: "系统管理员",
}
