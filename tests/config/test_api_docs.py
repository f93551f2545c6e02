"""The API describes itself, on a page that the strict policy lets work."""

import re

from django.test import Client


def test_the_docs_run_no_inline_script_and_ask_no_foreign_host(client: Client, db: None):
    answer = client.get("/api/v1/docs")
    page = answer.content.decode()
    scripts = re.findall(r"<script([^>]*)>", page)
    assert answer.status_code == 200
    assert all("src=" in script or "application/json" in script for script in scripts)
    assert "style=" not in page
    assert "<style" not in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_the_docs_lead_to_the_description(client: Client, db: None):
    assert 'href="/api/v1/openapi.json"' in client.get("/api/v1/docs").content.decode()
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/api/v1/credit/enterprises" in described["paths"]
