"""The rules of cmi5 for what an assignable unit (AU) may say in a session, and when it is satisfied.

Source: cmi5 Specification Profile for xAPI, Quartz (1.0), sections 7.1, 9 and 10. Pure: what the session knows is an
argument; what is refused is a FaultError.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from courses.xapi.actors import key_of
from courses.xapi.faults import FaultError, forbidden
from courses.xapi.matching import context_activities
from courses.xapi.statements import VOIDED
from courses.xapi.values import instant, uuid

_ADL: Final = "http://adlnet.gov/expapi/verbs/"
_W3: Final = "https://w3id.org/xapi/adl/verbs/"
LAUNCHED, INITIALIZED, COMPLETED = f"{_ADL}launched", f"{_ADL}initialized", f"{_ADL}completed"
PASSED, FAILED, TERMINATED = f"{_ADL}passed", f"{_ADL}failed", f"{_ADL}terminated"
ABANDONED, WAIVED, SATISFIED = f"{_W3}abandoned", f"{_W3}waived", f"{_W3}satisfied"
OF_UNITS: Final = frozenset({INITIALIZED, COMPLETED, PASSED, FAILED, TERMINATED})
OF_US: Final = frozenset({LAUNCHED, ABANDONED, WAIVED, SATISFIED})
RESULTS: Final = frozenset({COMPLETED, PASSED, FAILED})

_CONTEXT: Final = "https://w3id.org/xapi/cmi5/context"
CMI5: Final = f"{_CONTEXT}/categories/cmi5"
MOVE_ON: Final = f"{_CONTEXT}/categories/moveon"
SESSION_ID: Final = f"{_CONTEXT}/extensions/sessionid"
MASTERY_SCORE: Final = f"{_CONTEXT}/extensions/masteryscore"
LAUNCH_MODE: Final = f"{_CONTEXT}/extensions/launchmode"
LAUNCH_URL: Final = f"{_CONTEXT}/extensions/launchurl"
LAUNCH_MOVE_ON: Final = f"{_CONTEXT}/extensions/moveon"
LAUNCH_PARAMETERS: Final = f"{_CONTEXT}/extensions/launchparameters"
PROGRESS: Final = "https://w3id.org/xapi/cmi5/result/extensions/progress"
REASON: Final = "https://w3id.org/xapi/cmi5/result/extensions/reason"
BLOCK_TYPE: Final = "https://w3id.org/xapi/cmi5/activitytype/block"
COURSE_TYPE: Final = "https://w3id.org/xapi/cmi5/activitytype/course"
LAUNCH_DATA: Final = "LMS.LaunchData"
PREFERENCES: Final = "cmi5LearnerPreferences"

NORMAL, BROWSE, REVIEW = "Normal", "Browse", "Review"
MOVE_ONS: Final = (
    "Passed",
    "Completed",
    "CompletedAndPassed",
    "CompletedOrPassed",
    "NotApplicable",
)
# How long after ``terminated`` what was said before it may still arrive (9.3.8 leaves the time to us).
GRACE: Final = timedelta(minutes=1)


@dataclass(slots=True)
class Session:
    """What is known of a launch session; ``judge`` adds what it lets in.

    ``said`` are the cmi5-defined verbs of this session with their timestamps, ``earned`` the verbs that this
    unit has in this registration, from whatever session. ``ended_at``: our clock, when it was terminated.
    """

    actor: Mapping[str, Any]
    registration: str
    activity: str
    publisher: str
    session: str
    mode: str = NORMAL
    mastery: Decimal | None = None
    said: dict[str, datetime] = field(default_factory=dict)
    earned: set[str] = field(default_factory=set)
    ended_at: datetime | None = None


def judge(statement: Mapping[str, Any], session: Session, now: datetime) -> bool:
    """Let in one well-formed statement of the unit; whether it is a cmi5-defined one. Raises FaultError.

    Statements of a batch are judged in their order.
    """
    if session.ended_at is not None and now > session.ended_at + GRACE:
        raise forbidden("", "这次学习已经结束（terminated），不能再记录。请重新打开课件")
    at = _check_frame(statement, session)
    defined = CMI5 in _categories(statement)
    if defined:
        _check_defined(statement, session)
    _check_place(statement["verb"]["id"], at, session, defined=defined)
    if defined:
        verb = statement["verb"]["id"]
        session.said[verb] = at
        session.earned |= {verb} & RESULTS
        if verb == TERMINATED:
            session.ended_at = now
    return defined


def _categories(statement: Mapping[str, Any]) -> set[str]:
    return {one["id"] for one in context_activities(dict(statement), "category")}


# -- What every statement of a session carries (7.1.3, 9.1, 9.2, 9.6, 9.7) ------------------------------------


def _check_frame(statement: Mapping[str, Any], session: Session) -> datetime:
    if "id" not in statement:
        raise FaultError("id", "cmi5 课件要自己给每条陈述编号（UUID）")
    _check_actor(statement["actor"], session)
    if statement["verb"]["id"] == VOIDED:
        raise forbidden("verb", "课件不能作废陈述")
    context = statement.get("context", {})
    if "registration" not in context:
        raise forbidden("context.registration", "缺少报名编号，请照启动地址里的 registration 填")
    if uuid(context["registration"], "context.registration") != session.registration:
        raise forbidden("context.registration", "这不是本次学习的报名编号")
    if context.get("extensions", {}).get(SESSION_ID) != session.session:
        raise forbidden(
            "context.extensions", "会话编号（sessionid）不是本次学习的，请照 LMS.LaunchData 填"
        )
    groups = {one["id"] for one in context_activities(dict(statement), "grouping")}
    if session.publisher not in groups:
        raise forbidden(
            "context.contextActivities.grouping", "缺少课件的出版编号，请照 contextTemplate 填"
        )
    if "timestamp" not in statement:
        raise FaultError("timestamp", "缺少时间，cmi5 要求每条陈述写明时间")
    said = str(statement["timestamp"])
    if not (said.upper().endswith("Z") or said.endswith(("+00:00", "+0000", "+00"))):
        raise FaultError("timestamp", "cmi5 要求用世界时（以 Z 结尾）")
    return instant(said, "timestamp")


def _check_actor(actor: Mapping[str, Any], session: Session) -> None:
    """Only the account that we gave: no name, no phone comes in by this door."""
    if key_of(dict(actor)) != key_of(dict(session.actor)):
        raise forbidden("actor", "不是打开这个课件的学员")
    if actor.get("objectType", "Agent") != "Agent" or "name" in actor:
        raise forbidden("actor", "请照启动地址里的 actor 原样填写，不要加姓名")


# -- Verbs and their order (9.3) ------------------------------------------------------------------------------


def _check_place(verb: str, at: datetime, session: Session, *, defined: bool) -> None:
    began, ended = session.said.get(INITIALIZED), session.said.get(TERMINATED)
    if defined and verb in session.said:
        raise forbidden("verb", f"本次学习已经有过 {_short(verb)}，不能重复")
    if not (defined and verb == INITIALIZED) and began is None:
        raise forbidden("verb", "第一条陈述应该是 initialized")
    if began is not None and at < began:
        raise forbidden("timestamp", "时间早于 initialized，initialized 应该是第一条")
    if ended is not None and at > ended:
        raise forbidden("timestamp", "时间晚于 terminated，terminated 应该是最后一条")
    if defined and verb == TERMINATED and any(at < one for one in session.said.values()):
        raise forbidden("timestamp", "terminated 应该是最后一条，时间不能早于前面的陈述")
    if defined and verb in RESULTS:
        _check_registration(verb, session)


def _check_registration(verb: str, session: Session) -> None:
    """What holds for a unit in a whole registration, and once in a session."""
    if verb in (COMPLETED, PASSED) and verb in session.earned:
        raise forbidden("verb", f"这个课件在这次报名里已经有过 {_short(verb)}，不能重复")
    if verb == FAILED and PASSED in session.earned:
        raise forbidden("verb", "已经通过（passed），后面不能再有 failed")
    if verb in (PASSED, FAILED) and {PASSED, FAILED} & session.said.keys():
        raise forbidden("verb", "一次学习里 passed 和 failed 只能有一个")


def _short(verb: str) -> str:
    return verb.rpartition("/")[2]


# -- What a cmi5-defined statement says (9.3 to 9.5) -----------------------------------------------------------


def _check_defined(statement: Mapping[str, Any], session: Session) -> None:
    verb, result = statement["verb"]["id"], statement.get("result", {})
    if verb in OF_US:
        raise forbidden("verb", f"{_short(verb)} 只能由平台记录")
    if verb not in OF_UNITS:
        raise forbidden("verb", "带 cmi5 类别的陈述只能用 cmi5 规定的动词")
    if session.mode != NORMAL and verb not in (INITIALIZED, TERMINATED):
        raise forbidden("verb", f"这次是 {session.mode} 模式，不记录完成和成绩")
    thing = statement["object"]
    if thing.get("objectType", "Activity") != "Activity" or thing["id"] != session.activity:
        raise forbidden("object.id", "对象应该是启动地址里的 activityId")
    _check_flags(verb, result, _categories(statement))
    if "duration" not in result and verb != INITIALIZED:
        raise forbidden("result.duration", f"{_short(verb)} 要写明时长，例如 PT10M")
    progress = result.get("extensions", {}).get(PROGRESS, 0)
    if isinstance(progress, bool) or not isinstance(progress, int) or not 0 <= progress <= 100:
        raise forbidden("result.extensions", "进度（progress）应该是 0 到 100 的整数")
    _check_score(verb, result, statement["context"].get("extensions", {}), session.mastery)


def _check_flags(verb: str, result: Mapping[str, Any], categories: set[str]) -> None:
    success = {PASSED: True, FAILED: False}.get(verb)
    completion = True if verb == COMPLETED else None
    if result.get("success") is not success:
        raise forbidden("result.success", "passed 应为 true，failed 应为 false，其他动词不写")
    if result.get("completion") is not completion:
        raise forbidden("result.completion", "completed 应为 true，其他动词不写")
    judged = "success" in result or "completion" in result
    if judged != (MOVE_ON in categories):
        raise forbidden(
            "context.contextActivities.category",
            "有 success 或 completion 时要有 moveon 类别，否则不能有",
        )


def _check_score(
    verb: str, result: Mapping[str, Any], said: Mapping[str, Any], mastery: Decimal | None
) -> None:
    """Source: 9.3.4, 9.3.5, 9.5.1, 9.6.3.2."""
    score = result.get("score")
    if score is None:
        return
    if verb not in (PASSED, FAILED):
        raise forbidden("result.score", "只有 passed 和 failed 能带分数")
    if "raw" in score and not {"min", "max"} <= score.keys():
        raise forbidden("result.score.raw", "写了 raw 就要写 min 和 max")
    scaled = score.get("scaled")
    if scaled is None:
        return
    if scaled < 0:
        raise forbidden("result.score.scaled", "应在 0 到 1 之间")
    if mastery is None:
        return
    if _decimal(said.get(MASTERY_SCORE)) != mastery:
        raise forbidden("context.extensions", f"缺少及格线 masteryscore，应为 {_plain(mastery)}")
    reached = Decimal(str(scaled)) >= mastery
    if reached != (verb == PASSED):
        raise forbidden(
            "result.score.scaled", f"分数和及格线 {_plain(mastery)} 对不上：{_short(verb)} 不成立"
        )


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Decimal(str(value))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


# -- Satisfaction (13.1.4 moveOn; 9.3.7, 9.3.9) ----------------------------------------------------------------


def is_satisfied(move_on: str, earned: Iterable[str]) -> bool:
    """Whether a unit with these verbs in a registration meets its moveOn; a waived one does."""
    verbs = set(earned)
    done, passed = COMPLETED in verbs, PASSED in verbs
    met = {
        "Passed": passed,
        "Completed": done,
        "CompletedAndPassed": done and passed,
        "CompletedOrPassed": done or passed,
        "NotApplicable": True,
    }
    return WAIVED in verbs or met[move_on]


def satisfied_blocks(
    units: Iterable[tuple[int | None, bool]], parents: Mapping[int, int | None]
) -> set[int | None]:
    """The blocks of which every unit, however deep, is satisfied; None stands for the course.

    ``units`` are (block, whether satisfied); ``parents`` name each block's outer block.
    """
    open_blocks: set[int | None] = set()
    for block, satisfied in units:
        while not satisfied and block not in open_blocks:
            open_blocks.add(block)
            if block is None:
                break
            block = parents[block]
    return ({None} | set(parents)) - open_blocks
