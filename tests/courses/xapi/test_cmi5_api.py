"""cmi5 from launch to satisfaction, and everything that is refused on the way (cmi5 Quartz, 8 to 10)."""

import copy
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.acts.enrolment import enrol
from courses.acts.exams import RefusedError
from courses.acts.study import NotYetError, finish, report
from courses.acts.xapi.importing import bring_in, place
from courses.acts.xapi.waiving import waive
from courses.models import (
    AuSessionEnd,
    Cmi5Unit,
    CoursePage,
    Enrolment,
    LessonProgress,
    Satisfaction,
    UnitResult,
    XapiDocument,
    XapiStatement,
)
from courses.xapi import cmi5
from tests.courses.xapi_kit import (
    Unit,
    administrator,
    au,
    block,
    course_xml,
    imported,
    statement,
    system,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(course: CoursePage, enrolment: Enrolment) -> Cmi5Unit:
    """One unit: completed and passed with 0.8."""
    return imported(course).units.get()


@pytest.fixture
def session(unit: Cmi5Unit, learner: Any) -> Unit:
    """It was launched and has its token."""
    return Unit(unit, learner)


def results() -> list[str]:
    """What was earned, in order."""
    return list(UnitResult.objects.order_by("pk").values_list("verb", flat=True))


def refused(session: Unit, *said: dict[str, Any]) -> str:
    """Why it was refused; nothing was kept and nothing was earned."""
    before = XapiStatement.objects.count(), results()
    answer = session.call.post(*said)
    assert answer.status_code in (400, 403), answer.content
    assert (XapiStatement.objects.count(), results()) == before
    why: str = answer.json()["error"]
    return why


def test_the_launch_tells_the_unit_all_it_may_know(
    session: Unit, unit: Cmi5Unit, learner: Any
) -> None:
    """8.1, 10.2, 9.3.1: no name, no phone, an activityId that is not the publisher's."""
    url = session.launched.url
    assert url.startswith("https://content.example/au1/index.html?theme=dark&endpoint=http")
    assert set(session.parameters) == {
        "theme",
        "endpoint",
        "fetch",
        "actor",
        "registration",
        "activityId",
    }
    assert session.parameters["endpoint"] == "http://localhost:8000/xapi/"
    assert set(session.actor) == {"objectType", "account"}
    assert learner.real_name not in url
    assert learner.phone.removeprefix("+86") not in url
    assert session.activity != unit.publisher
    key = str(session.launched.session.key)
    assert session.data == {
        "contextTemplate": {
            "contextActivities": {
                "grouping": [{"objectType": "Activity", "id": "https://publisher.example/au/1"}]
            },
            "extensions": {cmi5.SESSION_ID: key},
        },
        "launchMode": "Normal",
        "moveOn": "CompletedAndPassed",
        "masteryScore": 0.8,
        "launchParameters": "level=1",
        "entitlementKey": {"courseStructure": "key-1"},
        "returnURL": "http://localhost:8000/learn/",
    }
    [launched] = session.call("GET", "statements", verb=cmi5.LAUNCHED).json()["statements"]
    assert launched["object"]["id"] == session.activity
    assert launched["context"]["extensions"] == {
        cmi5.SESSION_ID: key,
        cmi5.LAUNCH_MODE: "Normal",
        cmi5.LAUNCH_URL: "https://content.example/au1/index.html?theme=dark",
        cmi5.LAUNCH_MOVE_ON: "CompletedAndPassed",
        cmi5.MASTERY_SCORE: 0.8,
        cmi5.LAUNCH_PARAMETERS: "level=1",
    }


def test_the_token_is_given_once(unit: Cmi5Unit, learner: Any) -> None:
    """8.2: POST alone, status 200 for errors, 1 for a second time, 2 for a wrong address."""
    session = Unit(unit, learner)
    assert session.fetch()["error-code"] == "1"
    assert Client().get("/xapi/fetch?k=x").status_code == 405
    wrong = Client().post("/xapi/fetch?k=x")
    assert (wrong.status_code, wrong.json()["error-code"]) == (200, "2")
    with time_machine.travel(timezone.now() + timedelta(hours=13), tick=False):
        assert session.call.post(session.initialized()).status_code == 401


def test_a_token_that_nobody_fetched_in_time_is_gone(unit: Cmi5Unit, learner: Any) -> None:
    """8.2.3.2."""
    from courses.acts.xapi.launching import FetchError, fetch, launch

    url = launch(unit, learner=learner, back="http://localhost/").url
    address = parse_qs(urlsplit(url).query)["fetch"][0]
    key = address.partition("?k=")[2]
    with pytest.raises(FetchError) as told:
        fetch(key, timezone.now() + timedelta(minutes=16))
    assert told.value.code == "1"


def test_a_whole_session_is_recorded_and_the_course_satisfied(session: Unit) -> None:
    """9.3, 13.1.4."""
    for said in (
        session.initialized(),
        session.completed(),
        session.passed(),
        session.terminated(),
    ):
        answer = session.call.post(said)
        assert answer.status_code == 200, answer.content
    assert results() == ["completed", "passed"]
    assert AuSessionEnd.objects.get().how == "terminated"
    [whole] = Satisfaction.objects.all()
    assert whole.block is None
    told = session.call("GET", "statements", verb=cmi5.SATISFIED).json()["statements"]
    assert [one["object"]["definition"]["type"] for one in told] == [cmi5.COURSE_TYPE]
    assert told[0]["context"]["extensions"][cmi5.SESSION_ID] == str(session.launched.session.key)


def test_a_session_may_come_in_one_batch(session: Unit) -> None:
    """Judged in its order, kept whole."""
    batch = [session.initialized(), session.completed(), session.passed(), session.terminated()]
    assert session.call.post(*batch).status_code == 200
    assert results() == ["completed", "passed"]
    assert session.call.post(*batch).status_code == 200  # once more changes nothing
    assert results() == ["completed", "passed"]


def test_a_unit_earns_no_hours(
    course: CoursePage, enrolment: Enrolment, session: Unit, unit: Cmi5Unit
) -> None:
    """Score and completion are no minutes: the lesson wants its own by the server's clock."""
    lesson = course.lessons().first()
    place(unit.structure, {unit.pk: lesson.pk}, by=administrator())
    session.call.post(
        session.initialized(),
        session.completed() | {"result": {"completion": True, "duration": "PT200H"}},
        session.passed(1.0),
    )
    assert results() == ["completed", "passed"]
    assert not LessonProgress.objects.exists()
    with pytest.raises(NotYetError, match="还要再学 1 分钟"):
        finish(enrolment, lesson, tab=uuid4())


def test_minutes_alone_do_not_finish_a_lesson_with_a_unit(
    course: CoursePage, enrolment: Enrolment, learner: Any, unit: Cmi5Unit
) -> None:
    """Both are wanted: the minutes, and the unit's condition."""
    lesson, tab, now = course.lessons().first(), uuid4(), timezone.now()
    place(unit.structure, {unit.pk: lesson.pk}, by=administrator())
    report(enrolment, lesson, tab=tab, kind="open", now=now)
    for minute in range(1, 4):
        report(enrolment, lesson, tab=tab, now=now + timedelta(seconds=30 * minute))
    later = now + timedelta(minutes=3)
    with pytest.raises(NotYetError, match="还没有做完：“第1课”"):
        finish(enrolment, lesson, tab=tab, now=later)
    session = Unit(unit, learner)
    session.call.post(session.initialized(), session.completed(), session.passed())
    assert finish(enrolment, lesson, tab=tab, now=later).finished_at == later


# -- Refused --------------------------------------------------------------------------------------------------


def test_who_is_not_enrolled_opens_nothing(course: CoursePage) -> None:
    """No session, no token."""
    unit = imported(course).units.get()
    with pytest.raises(RefusedError, match="没有报名"):
        Unit(unit, administrator())


def test_statements_for_somebody_else_are_refused(
    session: Unit, unit: Cmi5Unit, course: CoursePage
) -> None:
    """Another actor, another registration, another session: 403 and nothing earned."""
    other_learner = administrator()
    enrol(course, person=other_learner)
    other = Unit(unit, other_learner)
    session.call.post(session.initialized())
    forged = session.completed() | {"actor": other.actor}
    assert refused(session, forged) == "不是打开这个课件的学员"
    named = session.completed()
    named["actor"] = {**named["actor"], "name": "李小明"}
    assert "不要加姓名" in refused(session, named)
    forged = session.completed()
    forged["context"]["registration"] = other.registration
    assert refused(session, forged) == "这不是本次学习的报名编号"
    del forged["context"]["registration"]
    assert "缺少报名编号" in refused(session, forged)
    forged = session.completed()
    forged["context"]["extensions"][cmi5.SESSION_ID] = str(other.launched.session.key)
    assert "不是本次学习的" in refused(session, forged)
    assert "不是打开这个课件的学员" in refused(session, other.completed())
    assert results() == []


def test_what_a_unit_says_wrong_is_refused(session: Unit) -> None:
    """9.1 to 9.7, point by point."""
    assert refused(session, session.completed()) == "第一条陈述应该是 initialized"
    assert "initialized" in refused(
        session, session.says("https://example.com/verbs/saw", defined=False)
    )
    session.call.post(session.initialized())
    assert "不能重复" in refused(session, session.initialized())
    early = session.completed() | {"timestamp": "2026-11-25T07:59:59Z"}
    assert "早于 initialized" in refused(session, early)
    local = session.completed() | {"timestamp": "2026-11-25T16:10:00+08:00"}
    assert "世界时" in refused(session, local)

    def broken(change: str) -> dict[str, Any]:
        said = session.completed()
        lists = said["context"]["contextActivities"]
        if change == "timestamp":
            del said["timestamp"]
        elif change == "id":
            del said["id"]
        elif change == "grouping":
            del lists["grouping"]
        elif change == "object":
            said["object"] = {"id": "https://publisher.example/au/1"}
        elif change == "moveon":
            lists["category"] = lists["category"][:1]
        elif change == "score":
            said["result"]["score"] = {"scaled": 1}
        elif change == "progress":
            said["result"]["extensions"] = {cmi5.PROGRESS: 101}
        elif change in ("duration", "completion"):
            del said["result"][change]
        elif change == "success":
            said["result"]["success"] = True
        else:
            said["verb"] = {"id": change}
        return said

    told = {
        "timestamp": "缺少时间",
        "id": "编号",
        "grouping": "出版编号",
        "object": "activityId",
        "moveon": "moveon",
        "score": "只有 passed 和 failed",
        "progress": "0 到 100",
        "duration": "时长",
        "completion": "completed 应为 true",
        "success": "其他动词不写",
        **dict.fromkeys(cmi5.OF_US, "只能由平台"),
        "https://example.com/verbs/saw": "cmi5 规定的动词",
    }
    for change, words in told.items():
        assert words in refused(session, broken(change)), change
    voiding = session.says("http://adlnet.gov/expapi/verbs/voided", 5, defined=False)
    voiding["object"] = {"objectType": "StatementRef", "id": str(uuid4())}
    assert refused(session, voiding) == "课件不能作废陈述"
    assert results() == []


def test_scores_are_held_against_the_mastery_score(session: Unit) -> None:
    """9.3.4, 9.3.5, 9.5.1, 9.6.3.2: 0.8 passes, 0.79 does not."""
    session.call.post(session.initialized())
    assert "对不上" in refused(session, session.passed(0.79))
    assert "对不上" in refused(session, session.failed(0.8))
    without = session.passed()
    del without["context"]["extensions"][cmi5.MASTERY_SCORE]
    assert "masteryscore，应为 0.8" in refused(session, without)
    easier = session.passed(0.5)
    easier["context"]["extensions"][cmi5.MASTERY_SCORE] = 0.5
    assert "masteryscore" in refused(session, easier)
    raw = session.passed()
    raw["result"]["score"]["raw"] = 90
    assert "min 和 max" in refused(session, raw)
    negative = session.failed(-0.5)
    assert "0 到 1" in refused(session, negative)
    assert session.call.post(session.passed(0.8)).status_code == 200
    assert results() == ["passed"]


def test_verbs_are_said_once(session: Unit, unit: Cmi5Unit, learner: Any) -> None:
    """9.3: in a session, and completed and passed in a registration; no failed after passed."""
    session.call.post(session.initialized(), session.completed(), session.failed())
    assert "只能有一个" in refused(session, session.passed(second=21))
    again = Unit(unit, learner)
    again.call.post(again.initialized())
    assert "已经有过 completed" in refused(again, again.completed())
    assert again.call.post(again.passed()).status_code == 200
    assert results() == ["completed", "failed", "passed"]
    third = Unit(unit, learner)
    assert third.data["launchMode"] == "Review"
    third.call.post(third.initialized())
    assert "Review 模式" in refused(third, third.failed())


def test_after_the_end_nothing_more(session: Unit) -> None:
    """9.3.8: what was said before may come within a minute; what comes later never."""
    allowed = session.says("https://example.com/verbs/saw", 25, defined=False)
    session.call.post(session.initialized(), session.terminated())
    assert session.call.post(allowed).status_code == 200
    assert "晚于 terminated" in refused(
        session, session.says("https://example.com/verbs/saw", 31, defined=False)
    )
    late = session.says("https://example.com/verbs/saw", 26, defined=False)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert "已经结束" in refused(session, late)
        assert session.call("GET", "statements").status_code == 403


def test_a_new_launch_abandons_the_session_before(
    session: Unit, unit: Cmi5Unit, learner: Any
) -> None:
    """9.3.6: with a duration, and its token is good for nothing."""
    session.call.post(session.initialized())
    again = Unit(unit, learner)
    answer = session.call.post(session.completed())
    assert answer.status_code == 401
    [abandoned] = again.call("GET", "statements", verb=cmi5.ABANDONED).json()["statements"]
    assert abandoned["result"]["duration"].startswith("PT")
    assert abandoned["context"]["extensions"][cmi5.SESSION_ID] == str(session.launched.session.key)
    assert results() == []


def test_a_system_with_a_key_says_nothing_of_cmi5_or_of_our_things(
    session: Unit, course: CoursePage
) -> None:
    """A key is no session, however exact the copy."""
    session.call.post(session.initialized())
    lrs = system()
    answer = lrs.post(session.completed())
    assert answer.status_code == 403
    plain = statement(object={"id": f"http://localhost:8000/xapi/things/course/{course.pk}"})
    assert lrs.post(plain).status_code == 403
    hidden = statement(object={"objectType": "SubStatement", **plain})
    assert lrs.post(hidden).status_code == 403
    assert results() == []


def test_documents_of_a_unit_are_the_learners_own(
    session: Unit, unit: Cmi5Unit, course: CoursePage
) -> None:
    """10.1, 11: the launch data are ours; state and preferences of others are theirs."""
    scope = session.scope("LMS.LaunchData")
    for verb in ("PUT", "POST", "DELETE"):
        assert (
            session.call(verb, "activities/state", {"masteryScore": 0}, **scope).status_code == 403
        )
    place_scope = session.scope("place")
    assert session.call("PUT", "activities/state", {"page": 3}, **place_scope).status_code == 204
    all_of_it = {k: v for k, v in place_scope.items() if k != "stateId"}
    assert session.call("DELETE", "activities/state", **all_of_it).status_code == 204
    assert list(XapiDocument.objects.values_list("name", flat=True)) == ["LMS.LaunchData"]
    person = administrator()
    enrol(course, person=person)
    other = Unit(unit, person)
    assert (
        session.call("GET", "activities/state", **other.scope("LMS.LaunchData")).status_code == 403
    )
    elsewhere = place_scope | {"activityId": "https://example.com/other"}
    assert session.call("GET", "activities/state", **elsewhere).status_code == 403
    mine = {"agent": place_scope["agent"], "profileId": "cmi5LearnerPreferences"}
    new = {"If-None-Match": "*"}
    said = {"languagePreference": "zh-CN", "audioPreference": "off"}
    assert session.call("PUT", "agents/profile", said, headers=new, **mine).status_code == 204
    theirs = mine | {"agent": other.scope("x")["agent"]}
    assert session.call("GET", "agents/profile", **theirs).status_code == 403
    shared = {"activityId": session.activity, "profileId": "all"}
    assert session.call("PUT", "activities/profile", {}, headers=new, **shared).status_code == 403
    assert session.call("GET", "activities/profile", activityId=session.activity).json() == []


def test_a_unit_reads_its_learners_statements_alone(
    session: Unit, unit: Cmi5Unit, course: CoursePage
) -> None:
    """Another person sees nothing."""
    person = administrator()
    enrol(course, person=person)
    other = Unit(unit, person)
    other.call.post(other.initialized())
    session.call.post(session.initialized())
    verbs = [one["verb"]["id"] for one in session.call("GET", "statements").json()["statements"]]
    assert verbs == [cmi5.INITIALIZED, cmi5.LAUNCHED]
    assert session.call.found(agent=other.scope("x")["agent"]) == []


# -- Blocks, waiving, imports ----------------------------------------------------------------------------------


def test_blocks_are_satisfied_from_within(
    course: CoursePage, enrolment: Enrolment, learner: Any
) -> None:
    """9.3.9: inner block, outer block, course, each once; NotApplicable counts from the registration."""
    once = 'moveOn="Completed"'
    structure = imported(
        course,
        block(1, au(1, once), block(2, au(2, once))),
        block(3, au(3, 'moveOn="NotApplicable"')),
    )
    first, second, _ = structure.units.order_by("order")

    def satisfied() -> list[str]:
        return [str(one) for one in Satisfaction.objects.order_by("pk")]

    one = Unit(first, learner)
    assert satisfied() == ["第3块"]
    one.call.post(one.initialized(), one.completed(), one.terminated())
    assert satisfied() == ["第3块"]
    two = Unit(second, learner)
    two.call.post(two.initialized(), two.completed())
    assert satisfied() == ["第3块", "第1块", "第2块", "有限空间"]


def test_an_officer_waives_a_unit_and_says_why(
    course: CoursePage, enrolment: Enrolment, unit: Cmi5Unit, learner: Any
) -> None:
    """9.3.7: satisfied without results, logged; not for oneself, not twice, not without a reason."""
    officer = administrator()
    with pytest.raises(RefusedError, match="原因"):
        waive(enrolment, unit, officer=officer, reason="")
    with pytest.raises(RefusedError, match="没有准予免学"):
        waive(enrolment, unit, officer=learner, reason="已在别处学过")
    result = waive(enrolment, unit, officer=officer, reason="已在别处学过同样内容")
    told = XapiStatement.objects.get(pk=result.statement_id)
    assert '"success":true' in told.body
    assert "已在别处" not in told.body
    assert Satisfaction.objects.count() == 1
    with pytest.raises(RefusedError, match="已经免学"):
        waive(enrolment, unit, officer=officer, reason="已在别处学过同样内容")
    own = enrol(course, person=officer)
    with pytest.raises(RefusedError, match="自己"):
        waive(own, unit, officer=officer, reason="已在别处学过同样内容")


def test_imports(course: CoursePage, learner: Any) -> None:
    """A newer structure takes the place of one that nobody opened; units go to lessons of the same title."""
    old = imported(course)
    new = imported(course, au(1), au(9))
    assert [one.lesson and one.lesson.title for one in new.units.order_by("order")] == [
        "第1课",
        None,
    ]
    enrol(course, person=learner)
    with pytest.raises(RefusedError, match="已经更新"):
        Unit(old.units.get(), learner)
    Unit(new.units.first(), learner)
    with pytest.raises(RefusedError, match="已经有学员打开过"):
        bring_in(course_xml(au(2)), course=course, by=administrator())


def test_the_database_lets_nothing_be_earned_beside_a_session(
    session: Unit, unit: Cmi5Unit, enrolment: Enrolment
) -> None:
    """Migration 0051: a result needs a cmi5-defined statement of its own session; the unit's terms stay."""
    session.call.post(session.initialized())
    lrs = system()
    [foreign] = lrs.post(statement()).json()
    own = session.launched.session
    allowed = session.says("https://example.com/verbs/saw", 2, defined=False)
    session.call.post(allowed)
    for key in (foreign, allowed["id"]):
        with pytest.raises(DatabaseError), transaction.atomic():
            UnitResult.objects.create(
                registration=own.registration, unit=unit, verb="passed", session=own, statement_id=key,
                at=timezone.now(),
            )  # fmt: skip
    for sql in (
        "UPDATE courses_cmi5unit SET mastery = 0",
        "UPDATE courses_cmi5unit SET move_on = 'NotApplicable'",
        "DELETE FROM courses_cmi5unit",
        "DELETE FROM courses_ausession",
        "DELETE FROM courses_autoken",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert results() == []


@pytest.mark.parametrize("many", [1, 3, 50])
def test_statements_of_a_unit_cost_the_same_whatever_their_number(session: Unit, many: int) -> None:
    """Token, turn, end, said, earned, ids, what refers to them, statements, mentions, results."""
    session.call.post(session.initialized())
    batch = [
        session.says("https://example.com/verbs/saw", 1 + n % 50, defined=False)
        for n in range(many)
    ]
    with CaptureQueriesContext(connection) as asked:
        assert session.call("POST", "statements", copy.deepcopy(batch)).status_code == 200
    assert len(asked) == 11, [one["sql"][:90] for one in asked]
