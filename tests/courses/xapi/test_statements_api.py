"""The statements resource, requirement by requirement (xAPI 1.0.3 part three, 2.1; part two, 2)."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import XapiMention, XapiStatement
from tests.courses.xapi_kit import Caller, statement, system

pytestmark = pytest.mark.django_db
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


@pytest.fixture
def lrs() -> Caller:
    """A system that may do everything."""
    return system()


def reference(key: str) -> dict[str, str]:
    """The object that is another statement."""
    return {"objectType": "StatementRef", "id": key}


def test_a_statement_is_kept_and_given_back_as_it_came(lrs: Caller) -> None:
    """What the store adds: id, stored, timestamp, authority, version; a lone context activity becomes a list."""
    said = statement(
        context={"contextActivities": {"parent": {"id": "https://example.com/activities/site"}}},
        result={"score": {"raw": 0.1234567, "min": 0, "max": 1}},
    )
    answer = lrs.post(said)
    assert answer.status_code == 200
    [key] = answer.json()
    kept = lrs("GET", "statements", statementId=key)
    body = kept.json()
    assert kept.headers["X-Experience-API-Version"] == "1.0.3"
    assert body["stored"] == body["timestamp"]
    assert body["authority"]["account"]["name"].startswith("lrs-")
    assert body["version"] == "1.0.0"
    assert body["context"]["contextActivities"] == {
        "parent": [{"id": "https://example.com/activities/site"}]
    }
    assert {name: body[name] for name in ("actor", "verb", "object", "result")} == {
        name: said[name] for name in ("actor", "verb", "object", "result")
    }


def test_put_wants_its_id_and_the_same_one_inside(lrs: Caller) -> None:
    """2.1.1."""
    key = str(uuid4())
    assert lrs("PUT", "statements", statement()).status_code == 400
    assert lrs("PUT", "statements", statement(id=str(uuid4())), statementId=key).status_code == 400
    assert lrs("PUT", "statements", [statement()], statementId=key).status_code == 400
    assert lrs("PUT", "statements", statement(), statementId="no-uuid").status_code == 400
    assert lrs("PUT", "statements", statement(), statementid=key).status_code == 400
    assert lrs("PUT", "statements", statement(), statementId=key).status_code == 204
    assert lrs("GET", "statements", statementId=key).json()["id"] == key


def test_the_same_statement_again_changes_nothing_another_one_is_a_conflict(lrs: Caller) -> None:
    """2.1.1, 2.1.2; the comparison leaves out what the store sets and what definitions say."""
    key = str(uuid4())
    first = statement(id=key, timestamp="2026-03-01T08:30:00.000Z")
    lrs.post(first)
    again = statement(id=key.upper(), timestamp="2026-03-01T16:30:00.0+08:00")
    again["verb"]["display"] = {"zh-CN": "学过"}
    assert lrs.post(again).status_code == 200
    other = statement(id=key, verb={"id": "https://example.com/verbs/other"})
    answer = lrs.post(other)
    assert answer.status_code == 409
    assert "陈述不能改" in answer.json()["error"]
    assert lrs("PUT", "statements", other, statementId=key).status_code == 409
    assert lrs("GET", "statements", statementId=key).json()["verb"] == first["verb"]
    assert XapiStatement.objects.count() == 1


def test_a_batch_is_taken_whole_or_not_at_all(lrs: Caller) -> None:
    """Part three, 3.2."""
    bad = statement(verb={"id": "no-scheme"})
    answer = lrs.post(statement(), statement(), bad)
    assert answer.status_code == 400
    assert answer.json()["where"] == "[2].verb.id"
    key = str(uuid4())
    assert lrs.post(statement(id=key), statement(id=key)).status_code == 400
    assert lrs("POST", "statements", []).status_code == 400
    assert XapiStatement.objects.count() == 0
    answer = lrs.post(statement(), statement())
    assert lrs.found(ascending="true") == answer.json()


def test_filters(lrs: Caller) -> None:
    """2.1.3: agent, verb, activity, registration, and the related ones."""
    registration = str(uuid4())
    by_group = statement(
        actor={
            "objectType": "Group",
            "member": [{"mbox": "mailto:a@example.com"}, {"mbox": "mailto:b@example.com"}],
        }
    )
    with_context = statement(
        context={
            "registration": registration.upper(),
            "instructor": {"mbox": "mailto:teacher@example.com"},
            "contextActivities": {"grouping": [{"id": "https://example.com/activities/all"}]},
        }
    )
    inside = statement(
        object={
            "objectType": "SubStatement",
            "actor": {"mbox": "mailto:sub@example.com"},
            "verb": {"id": "https://example.com/verbs/planned"},
            "object": {"id": "https://example.com/activities/inner"},
        }
    )
    other = statement(verb={"id": "https://example.com/verbs/other"})
    group, context, sub, verb = lrs.post(by_group, with_context, inside, other).json()

    def agent(mbox: str) -> str:
        return json.dumps({"mbox": f"mailto:{mbox}@example.com"})

    assert lrs.found(agent=agent("b")) == [group]
    assert lrs.found(agent=agent("teacher")) == []
    assert lrs.found(agent=agent("teacher"), related_agents="true") == [context]
    assert lrs.found(agent=agent("sub"), related_agents="true") == [sub]
    assert lrs.found(verb="https://example.com/verbs/other") == [verb]
    assert lrs.found(registration=registration) == [context]
    assert lrs.found(activity="https://example.com/activities/all") == []
    assert lrs.found(activity="https://example.com/activities/all", related_activities="true") == [
        context
    ]
    assert lrs.found(
        activity="https://example.com/activities/inner", related_activities="true"
    ) == [sub]
    assert lrs.found(activity="https://example.com/activities/crane") == [verb, context, group]
    assert lrs.found(activity="https://example.com/activities/crane", agent=agent("a")) == [group]
    assert lrs.found(activity="https://example.com/activities/nothing") == []


def test_since_until_order_and_pages(lrs: Caller) -> None:
    """2.1.3 and part two, 2.5: ``more`` leads to the next page until it is empty."""
    keys = lrs.post(*[statement() for _ in range(5)]).json()
    stored = [lrs("GET", "statements", statementId=key).json()["stored"] for key in keys]
    assert lrs.found(since=stored[2]) == [keys[4], keys[3]]
    assert lrs.found(until=stored[2]) == [keys[2], keys[1], keys[0]]
    assert lrs.found(ascending="true", limit=2) == keys[:2]
    seen, more = [], "/xapi/statements?limit=2&ascending=true"
    while more:
        page = lrs("GET", more.removeprefix("/xapi/")).json()
        seen.append([one["id"] for one in page["statements"]])
        more = page["more"]
    assert seen == [keys[:2], keys[2:4], keys[4:]]


def test_one_statement_goes_with_no_other_condition(lrs: Caller) -> None:
    """2.1.3."""
    [key] = lrs.post(statement()).json()
    both = lrs("GET", "statements", statementId=key, voidedStatementId=key)
    assert both.status_code == 400
    assert lrs("GET", "statements", statementId=key, limit=1).status_code == 400
    assert lrs("GET", "statements", statementId=key, format="ids").status_code == 200
    assert lrs("GET", "statements", statementId=str(uuid4())).status_code == 404


@pytest.mark.parametrize(
    "parameters",
    [
        {"Verb": "https://example.com/verbs/other"},
        {"verb": "no-scheme"},
        {"agent": "nobody"},
        {"agent": '{"mbox":"mailto:a@example.com","openid":"https://example.com/a"}'},
        {"agent": '{"objectType":"Group","member":[{"mbox":"mailto:a@example.com"}]}'},
        {"registration": "1"},
        {"since": "yesterday"},
        {"until": "2026-13-01T00:00:00Z"},
        {"limit": "-1"},
        {"limit": "x"},
        {"ascending": "yes"},
        {"related_agents": "1"},
        {"format": "xml"},
        {"attachments": "maybe"},
        {"cursor": "here"},
        {"method": "GET"},
        {"unknown": "1"},
    ],
)
def test_parameters_that_nobody_understands_are_refused(
    lrs: Caller, parameters: dict[str, str]
) -> None:
    """Part three, 3.2, and part two, 2.2."""
    answer = lrs("GET", "statements", **parameters)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_voiding(lrs: Caller) -> None:
    """Part two, 2.3.2; part three, 2.1.4: gone by id, there as a voided one; the voiding one stays."""
    [key] = lrs.post(statement()).json()
    voiding = statement(verb={"id": VOIDED}, object=reference(key))
    [void] = lrs.post(voiding).json()
    assert lrs("GET", "statements", statementId=key).status_code == 404
    assert lrs("GET", "statements", voidedStatementId=key).json()["id"] == key
    assert lrs("GET", "statements", voidedStatementId=void).status_code == 404
    # Those that refer to it are still found by what it was about.
    assert lrs.found(activity="https://example.com/activities/crane") == [void]
    answer = lrs.post(statement(verb={"id": VOIDED}, object=reference(void)))
    assert (answer.status_code, answer.json()["error"]) == (400, "作废的陈述本身不能再作废")
    assert lrs.post(statement(verb={"id": VOIDED})).status_code == 400


def test_nobody_voids_what_another_one_said(lrs: Caller) -> None:
    """2.3.2: not from a source that is authorized."""
    [key] = lrs.post(statement()).json()
    other = system()
    answer = other.post(statement(verb={"id": VOIDED}, object=reference(key)))
    assert answer.status_code == 403
    assert lrs("GET", "statements", statementId=key).status_code == 200
    # Nor before it is there: what is voided in advance is not voided by a stranger.
    later = str(uuid4())
    assert other.post(statement(verb={"id": VOIDED}, object=reference(later))).status_code == 200
    lrs.post(statement(id=later))
    assert lrs("GET", "statements", statementId=later).status_code == 200


def test_what_refers_to_a_statement_is_found_with_it_down_the_chain(lrs: Caller) -> None:
    """2.1.3, filter conditions for StatementRefs; whichever came first."""
    first, second, third = (str(uuid4()) for _ in range(3))
    verb = "https://example.com/verbs/confirmed"
    lrs.post(statement(id=third, verb={"id": verb}, object=reference(second)))
    lrs.post(statement(id=second, verb={"id": verb}, object=reference(first)))
    lrs.post(statement(id=first))
    about = {"activity": "https://example.com/activities/crane"}
    assert lrs.found(**about) == [first, second, third]
    ring = [str(uuid4()), str(uuid4())]
    lrs.post(
        statement(id=ring[0], verb={"id": verb}, object=reference(ring[1])),
        statement(id=ring[1], verb={"id": verb}, object=reference(ring[0])),
    )
    assert set(lrs.found(verb=verb)) == {second, third, *ring}


def test_formats(lrs: Caller) -> None:
    """2.1.3: ids and canonical; exact is as it came."""
    said = statement()
    said["actor"]["name"] = "名字"
    said["object"]["definition"] = {
        "name": {"en-US": "Crane", "zh-CN": "起重机"},
        "type": "https://example.com/t",
    }
    [key] = lrs.post(said).json()
    ids = lrs("GET", "statements", statementId=key, format="ids").json()
    assert ids["actor"] == {"objectType": "Agent", "mbox": "mailto:worker@example.com"}
    assert ids["object"] == {"objectType": "Activity", "id": "https://example.com/activities/crane"}
    assert ids["verb"] == {"id": "http://adlnet.gov/expapi/verbs/experienced"}
    headers = {"Accept-Language": "de;q=0.9, zh;q=0.8, en;q=0.1"}
    canonical = lrs(
        "GET", "statements", statementId=key, format="canonical", headers=headers
    ).json()
    assert canonical["object"]["definition"]["name"] == {"zh-CN": "起重机"}
    assert (
        lrs("GET", "statements", statementId=key, headers=headers).json()["object"]
        == said["object"]
    )


def test_attachments_are_named_by_their_address_alone(lrs: Caller) -> None:
    """1.5.2 and 2.4.11: contents are refused clearly."""
    attachment = {
        "usageType": "https://example.com/usage/photo", "display": {"zh-CN": "照片"}, "contentType": "image/jpeg",
        "length": 12, "sha2": "0" * 64,
    }  # fmt: skip
    answer = lrs.post(statement(attachments=[attachment]))
    assert answer.status_code == 400
    assert "fileUrl" in answer.json()["where"]
    attachment["fileUrl"] = "https://example.com/photo.jpg"
    [key] = lrs.post(statement(attachments=[attachment])).json()
    mixed = {"Content-Type": 'multipart/mixed; boundary="x"'}
    answer = lrs("POST", "statements", b"--x--", headers=mixed)
    assert (answer.status_code, "附件" in answer.json()["error"]) == (400, True)
    with_parts = lrs("GET", "statements", statementId=key, attachments="true")
    assert with_parts.headers["Content-Type"].startswith("multipart/mixed; boundary=")
    assert json.loads(with_parts.content.split(b"\r\n\r\n")[1].split(b"\r\n")[0])["id"] == key
    plain = lrs("GET", "statements", statementId=key, attachments="false")
    assert plain.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "不是正确的 JSON"),
        (b"\xff", "UTF-8"),
        (b'{"actor":1,"actor":2}', "出现了两次"),
        (b'{"a":NaN}', "NaN"),
        (b'{"a":-Infinity}', "Infinity"),
        (b'{"a":1e999}', "太长或太大"),
        (b'{"a":' + b"9" * 5000 + b"}", "太长"),
        (b"[" * 100_000, "嵌套太深"),
        (b"[" * 60 + b"]" * 60, "嵌套太深"),
        (b'{"a":"\\u0000"}', "不能保存"),
        (b'{"a":"\\ud800"}', "不能保存"),
        (b"7", "应该是对象"),
    ],
)
def test_bad_json_is_told_in_words(lrs: Caller, body: bytes, told: str) -> None:
    """400, and nothing is kept."""
    answer = lrs("POST", "statements", body)
    assert answer.status_code == 400
    assert told in answer.json()["error"]


def test_huge_bodies_are_refused_unread(lrs: Caller, settings: Any) -> None:
    """413 (3.2)."""
    settings.XAPI_STATEMENT_BYTES = 1000
    answer = lrs("POST", "statements", b" " * 1001)
    assert (answer.status_code, "太大" in answer.json()["error"]) == (413, True)
    settings.XAPI_STATEMENT_BYTES = 20 * 1024 * 1024
    assert lrs("POST", "statements", b" " * 6 * 1024 * 1024).status_code == 413
    assert lrs("POST", "statements", [statement()] * 501).status_code == 400


def test_the_content_type_is_json(lrs: Caller) -> None:
    """1.5."""
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        headers = {"Content-Type": kind}
        assert lrs("POST", "statements", statement(), headers=headers).status_code == 400
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    assert lrs("POST", "statements", statement(), headers=headers).status_code == 200


@pytest.mark.parametrize("version", ["", "0.9", "0.95", "1.1.0", "2.0.0", "1.0.x"])
def test_other_versions_are_refused(lrs: Caller, version: str) -> None:
    """3.3; the answer bears ours all the same."""
    answer = lrs("GET", "statements", headers={"X-Experience-API-Version": version})
    assert answer.status_code == 400
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"


@pytest.mark.parametrize("version", ["1.0", "1.0.0", "1.0.1", "1.0.9"])
def test_versions_of_1_0_are_taken(lrs: Caller, version: str) -> None:
    """3.3."""
    assert (
        lrs("GET", "statements", headers={"X-Experience-API-Version": version}).status_code == 200
    )


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic %%%", "Basic bHJzLTE6eA==", "Bearer x", "Basic eHg="]
)
def test_without_a_key_nothing_is_told(header: str) -> None:
    """4.0: 401, with words."""
    headers = {"Authorization": header, "X-Experience-API-Version": "1.0.3"}
    answer = Client().get("/xapi/statements", headers={k: v for k, v in headers.items() if v})
    assert answer.status_code == 401
    assert "密钥" in answer.json()["error"]
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_head_is_get_without_a_body(lrs: Caller) -> None:
    """1.1."""
    for resource in ("statements", "about", "activities?activityId=https://example.com/a"):
        answer = lrs("HEAD", resource)
        assert (answer.status_code, answer.content) == (200, b"")


def test_every_answer_says_up_to_when_it_is_whole(lrs: Caller) -> None:
    """2.1.3."""
    answer = lrs("GET", "statements")
    assert answer.headers["X-Experience-API-Consistent-Through"].endswith("Z")
    assert answer.json() == {"statements": [], "more": ""}


def test_browsers_of_other_origins_may_ask(lrs: Caller) -> None:
    """A unit lies elsewhere; no cookie counts here."""
    answer = Client().options("/xapi/statements")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert lrs("GET", "statements").headers["Access-Control-Allow-Origin"] == "*"


def test_too_many_requests(lrs: Caller, settings: Any) -> None:
    """429 (3.2)."""
    settings.API_PER_MINUTE_PARTNER = 2
    statuses = [lrs("GET", "statements").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_about_activities_and_agents(lrs: Caller) -> None:
    """2.4, 2.5, 2.8."""
    about = Client().get("/xapi/about")
    assert (about.status_code, about.json()["version"][0]) == (200, "1.0.3")
    iri = "https://example.com/activities/crane"
    assert lrs("GET", "activities", activityId=iri).json() == {"objectType": "Activity", "id": iri}
    for name in ({"en": "Crane"}, {"zh-CN": "起重机"}):
        lrs.post(statement(object={"id": iri, "definition": {"name": name}}))
    told = lrs("GET", "activities", activityId=iri).json()
    assert told["definition"] == {"name": {"en": "Crane", "zh-CN": "起重机"}}
    agent = {"objectType": "Agent", "mbox": "mailto:a@example.com"}
    person = lrs("GET", "agents", agent=json.dumps(agent)).json()
    assert person == {"objectType": "Person", "mbox": ["mailto:a@example.com"]}
    assert lrs("GET", "agents").status_code == 400
    assert lrs("GET", "activities").status_code == 400
    assert lrs("GET", "nothing").status_code == 404


def test_scopes() -> None:
    """What a key is not for is refused."""
    writer = system(["statements/write"])
    assert writer.post(statement()).status_code == 200
    assert writer("GET", "statements").status_code == 403
    own, reader = system(["statements/write", "statements/read/mine"]), system(["statements/read"])
    [mine] = own.post(statement()).json()
    assert own.found() == [mine]
    assert len(reader.found()) == 2
    assert reader.post(statement()).status_code == 403


def test_statements_are_written_once() -> None:
    """The database itself refuses what no act does."""
    lrs = system()
    [key] = lrs.post(statement()).json()
    for sql in (
        "UPDATE courses_xapistatement SET body = '{}'",
        "DELETE FROM courses_xapistatement",
        "UPDATE courses_xapimention SET kind = 'verb'",
        "DELETE FROM courses_xapimention",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(PermissionError):
        XapiStatement.objects.filter(pk=key).update(body="{}")
    assert XapiMention.objects.filter(statement=key).exists()


@pytest.mark.parametrize("many", [1, 3, 50])
def test_a_batch_costs_the_same_whatever_its_size(lrs: Caller, many: int) -> None:
    """Key, savepoint twice, ids, what refers to them, statements, mentions: SQLite takes 333 mentions at once."""
    batch = [statement() for _ in range(many)]
    with CaptureQueriesContext(connection) as asked:
        assert lrs("POST", "statements", batch).status_code == 200
    assert len(asked) == 7, [one["sql"][:90] for one in asked]
