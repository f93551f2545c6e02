"""The bureau edits its words; a second person puts them into use; the older versions stay."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from credit.acts import documents, templates
from credit.acts.casework import RefusedError
from credit.models import Accident, AuditEntry, DocumentTemplate, Enterprise, Jurisdiction
from credit.models.locked import LockedError
from credit.rules.papers import PaperKind
from tests.credit.casework import TODAY, opened
from tests.credit.officers import officer

pytestmark = pytest.mark.django_db
NOTICE = PaperKind.LISTING_NOTICE
WORDS = {"title": "告知书", "addressee": "{{企业名称}}", "text": "拟将你单位列入。\n请陈述。"}


@pytest.fixture
def writer(district: Jurisdiction) -> Any:
    return officer("13800000041", district, "edit_templates", "approve_templates")


@pytest.fixture
def approver(district: Jurisdiction) -> Any:
    return officer("13800000042", district, "approve_templates")


def test_an_edit_is_a_new_version_that_a_second_person_puts_into_use(
    enterprise: Enterprise, concealed: Accident, opener: Any, writer: Any, approver: Any
) -> None:
    case = opened(enterprise, opener)
    row = templates.write(NOTICE, officer=writer, **WORDS)
    assert templates.in_use(NOTICE).version == 0
    with pytest.raises(RefusedError, match="写这一版的人员不能批准"):
        templates.approve(row, officer=writer)
    templates.approve(row, officer=approver)
    text = documents.draft(case, NOTICE, today=TODAY).text
    made = documents.make(case, NOTICE, officer=opener, text=text, today=TODAY)
    second = templates.write(NOTICE, officer=writer, **{**WORDS, "text": "又改了"})
    assert (row.version, second.version, templates.in_use(NOTICE).version) == (1, 2, 1)
    assert made.template == row
    assert made.body == f"{enterprise.name}：\n\n拟将你单位列入。\n\n请陈述。"
    verbs = AuditEntry.objects.order_by("number").values_list("verb", flat=True)
    assert [verb for verb in verbs if verb.startswith("template")] == [
        "template.write", "template.approve", "template.write",
    ]  # fmt: skip


def test_only_the_newest_waiting_version_is_approved_once(writer: Any, approver: Any) -> None:
    first = templates.write(NOTICE, officer=writer, **WORDS)
    second = templates.write(NOTICE, officer=writer, **WORDS)
    with pytest.raises(RefusedError, match="又有了新的一版"):
        templates.approve(first, officer=approver)
    templates.approve(second, officer=approver)
    with pytest.raises(RefusedError, match="已经批准"):
        templates.approve(second, officer=approver)


def test_permissions(writer: Any, approver: Any, opener: Any) -> None:
    with pytest.raises(RefusedError, match="没有修改文书模板的权限"):
        templates.write(NOTICE, officer=approver, **WORDS)
    row = templates.write(NOTICE, officer=writer, **WORDS)
    with pytest.raises(RefusedError, match="没有批准文书模板的权限"):
        templates.approve(row, officer=opener)


def test_unknown_placeholders_are_refused_by_name(writer: Any) -> None:
    with pytest.raises(templates.TemplateError) as fault:
        templates.write(NOTICE, officer=writer, title="{{标头}}", addressee="", text="{{企业}}和{{")
    assert fault.value.problems == [
        "没有“{{标头}}”这个填空，请从填空表里选",
        "没有“{{企业}}”这个填空，请从填空表里选",
        "大括号没有成对：“和{{”，填空要写成 {{企业名称}}",
    ]
    assert DocumentTemplate.objects.count() == 0


def test_a_version_stays_in_model_and_database(writer: Any, approver: Any) -> None:
    row = templates.write(NOTICE, officer=writer, **WORDS)
    for write in (row.save, row.delete, lambda: DocumentTemplate.objects.update(text="x")):
        with pytest.raises(LockedError):
            write()
    for statement in (
        "UPDATE credit_documenttemplate SET text = 'x'",
        "DELETE FROM credit_documenttemplate",
        f"UPDATE credit_documenttemplate SET approved_by_id = {writer.pk}, approved_at = written_at",  # noqa: S608
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    templates.approve(row, officer=approver)
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE credit_documenttemplate SET approved_by_id = NULL")
