"""What each role may do, compared whole; the mapping is applied after every migration."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import GroupCollectionPermission

from accounts import checks, permissions, roles
from accounts.models import User
from accounts.roles import LABELS, PERMISSIONS

ASSETS = {
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtailmedia.add_media",
    "wagtailmedia.change_media",
}
READ_CASES = {
    "credit.view_accident",
    "credit.view_enterprise",
    "credit.view_listcase",
    "credit.view_listentry",
    "credit.view_score",
    "credit.view_violation",
}
OBSERVATIONS = {"indicators.add_observation", "indicators.change_observation"}
EXAMS = {
    "courses.add_contest",
    "courses.change_contest",
    "courses.add_cmi5course",
    "courses.add_coursefor",
    "courses.change_coursefor",
    "courses.add_lecturer",
    "courses.change_lecturer",
    "courses.add_coursepackage",
    "courses.view_coursepackage",
    "courses.add_recheckanswer",
    "courses.change_enrolment",
    "courses.correct_hours",
    "courses.add_exam",
    "courses.add_question",
    "courses.add_questionbank",
    "courses.change_exam",
    "courses.add_handmark",
    "courses.decide_appeal",
    "courses.invigilate",
    "courses.change_question",
    "courses.change_questionbank",
    "courses.view_certificate",
}


def views_of(label: str) -> set[str]:
    """The view permission of every model of an app."""
    models = apps.get_app_config(label).get_models()
    return {
        f"{label}.view_{m._meta.model_name}"
        for m in models
        if "view" in m._meta.default_permissions
    }


def existing(codes: set[str]) -> set[str]:
    """Those whose model is already there."""
    rows = Permission.objects.values_list("content_type__app_label", "codename")
    return codes & {f"{label}.{codename}" for label, codename in rows}


EXPECTED = {
    "learner": set,
    "enterprise_manager": set,
    "editor": lambda: {"wagtailadmin.access_admin"} | ASSETS | OBSERVATIONS | EXAMS,
    "reviewer": lambda: {"wagtailadmin.access_admin"} | ASSETS | OBSERVATIONS | EXAMS,
    "credit_officer": lambda: (
        {
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
        }
        | READ_CASES
    ),
    "decision_officer": lambda: (
        {
            "credit.decide_case",
            "credit.adopt_ruleset",
            "credit.approve_templates",
            "credit.answer_objection",
            "credit.decide_repair",
            "courses.set_seal",
            "courses.read_training_reports",
        }
        | READ_CASES
    ),
    "legal_officer": lambda: {"credit.review_case"} | READ_CASES,
    "auditor": lambda: (
        {"wagtailadmin.access_admin", "accounts.view_user"}
        | views_of("credit")
        | views_of("courses")
    ),
    "administrator": lambda: (
        {
            "wagtailadmin.access_admin",
            "accounts.add_user",
            "accounts.change_user",
            "accounts.view_user",
            "credit.add_employment",
            "credit.change_employment",
            "credit.issue_source_key",
            "credit.appoint_manager",
            "courses.add_revocation",
            "courses.issue_lrs_key",
            "courses.change_enrolment",
        }
        | views_of("courses")
        | views_of("credit")
    ),
}


def member(role: str) -> User:
    person = User.objects.create_user("13800000000")
    person.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=person.pk)


def test_the_roles_are_there(db: None):
    assert set(LABELS) <= set(Group.objects.values_list("name", flat=True))
    assert set(PERMISSIONS) == set(LABELS) == set(EXPECTED)


@pytest.mark.parametrize("role", LABELS)
def test_each_role_has_its_permissions_and_no_other(db: None, role: str):
    assert member(role).get_all_permissions() == existing(EXPECTED[role]())


def test_nobody_but_the_state_machine_publishes(db: None):
    held = Permission.objects.filter(group__name__in=LABELS)
    words = ("publish", "delete", "decide", "lock")
    found = {p.codename for p in held if p.codename.startswith(words)}
    assert found <= {"decide_appeal", "decide_case", "decide_repair"}


@pytest.mark.parametrize(
    ("role", "holds"), [("editor", True), ("reviewer", True), ("auditor", False)]
)
def test_editors_reach_pictures_documents_and_media(db: None, role: str, holds: bool):
    held = GroupCollectionPermission.objects.filter(group__name=role, collection__depth=1)
    codes = {f"{p.permission.content_type.app_label}.{p.permission.codename}" for p in held}
    assert codes & ASSETS == (ASSETS if holds else set())
    assert [code for code in codes if ".delete_" in code] == []


def test_a_second_run_changes_nothing(db: None):
    before = sorted(Group.permissions.through.objects.values_list("group_id", "permission_id"))
    permissions.grant()
    after = sorted(Group.permissions.through.objects.values_list("group_id", "permission_id"))
    assert after == before


def test_a_migration_puts_back_what_the_mapping_owns_and_leaves_the_rest(db: None):
    learner = Group.objects.get(name="learner")
    ours = Permission.objects.get(codename="import_records")
    theirs = Permission.objects.get(codename="delete_tag")
    learner.permissions.add(ours, theirs)
    Group.objects.get(name="credit_officer").permissions.remove(ours)
    call_command("migrate", "accounts", verbosity=0)
    assert list(learner.permissions.all()) == [theirs]
    assert ours in Group.objects.get(name="credit_officer").permissions.all()


def test_a_slip_in_the_mapping_is_a_warning(monkeypatch: pytest.MonkeyPatch):
    slips = [
        "credit.import_recrods",
        "credit.view_nosuchmodel",
        "nosuchapp.do_it",
        "courses.view_*",
    ]
    monkeypatch.setitem(roles.PERMISSIONS, "learner", slips)
    said = [fault.msg for fault in checks.permissions_exist() if "recrods" in fault.msg]
    assert said == [
        "accounts.roles names the permission credit.import_recrods, which does not exist."
    ]
    other = [fault.msg for fault in checks.permissions_exist() if "nosuch" in fault.msg]
    assert other == []


@pytest.mark.parametrize(
    ("role", "staff"),
    [
        ("learner", False),
        ("enterprise_manager", False),
        ("editor", True),
        ("reviewer", True),
        ("credit_officer", True),
        ("decision_officer", True),
        ("legal_officer", True),
        ("auditor", True),
        ("administrator", True),
    ],
)
def test_who_works_here(db: None, role: str, staff: bool):
    assert permissions.works_here(member(role)) is staff


def test_the_flag_makes_staff_and_a_leaver_is_none(db: None):
    person: Any = User.objects.create_user("13800000000", is_staff=True)
    assert permissions.works_here(person)
    person.is_active = False
    assert not permissions.works_here(person)
