"""What Wagtail exports opens harmlessly in a spreadsheet program."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.culture.kit import column, first_page, news


@pytest.mark.parametrize("report", ["site-history", "aging-pages", "workflow"])
def test_no_cell_of_a_report_is_a_formula(client: Client, db: None, as_staff: Any, report: str):
    admin = get_user_model().objects.create_superuser("13800000000", "long-enough-9")
    as_staff(client, admin)
    page = news(column(first_page()))
    page.title = page.draft_title = "=1+1"
    page.save()
    page.save_revision(user=admin, log_action=True).publish(user=admin)
    page.get_workflow().start(page, admin)
    answer = client.get(f"/admin/reports/{report}/?export=csv")
    text = b"".join(answer.streaming_content).decode()
    cells = [cell for line in text.splitlines() for cell in line.split(",")]
    assert "'=1+1" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
