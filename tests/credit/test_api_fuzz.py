"""Whatever is asked of the API, the answer is one that its description allows, and never a 500."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as bounded
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.api import api
from config.wsgi import application
from credit.acts.open_data import publish_day
from tests.credit.casework import LATER, published

OPERATIONS = [
    (path, method)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
]
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture
def living(
    concealed: Any, enterprise: Any, opener: Any, decider: Any, settings: Any, tmp_path: Any
) -> None:
    """A register with an entry and a day of open data; nobody is told to wait."""
    settings.VAR_DIR = tmp_path
    settings.API_PER_MINUTE = settings.API_PER_MINUTE_PARTNER = 10_000
    published(enterprise, opener, decider)
    publish_day(LATER)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Questions go in by WSGI; their end must not close the connection with the test's transaction."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.filterwarnings("ignore")  # of the tool itself
def test_every_answer_is_as_described(living: None, path: str, method: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    asked = schema[path][method].as_strategy()

    @seed(20261125)
    @bounded(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=asked)
    def ask(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    ask()
