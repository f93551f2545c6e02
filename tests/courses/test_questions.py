"""The bank: sound questions only, a change is a new version, every fault of a file at once."""

from typing import Any

import pytest
from django.test import Client

from courses.acts.questions import Draft, UnsoundError, add_question, revise_question
from courses.models import CoursePage, Exam, Question, QuestionBank
from courses.seeding_questions import BankError, load_bank, make_exam
from tests.courses.exam_kit import a_question, make_course


@pytest.fixture
def course(db: None) -> CoursePage:
    return make_course()


def draft(**changes: Any) -> Draft:
    facts = {"kind": "single", "stem": "问", "options": ["甲", "乙"], "right": frozenset({0})}
    return Draft(**{**facts, **changes})


def test_a_bank_is_loaded_with_every_field(course: CoursePage):
    bank = load_bank(course, [a_question(1, "multiple")])
    question = bank.questions.get()
    assert (question.kind, question.topic, question.stem) == (
        "multiple",
        "有限空间",
        "multiple第1问",
    )
    assert (question.explanation, question.basis) == ("解析1", "安全生产法第1条")
    assert list(question.options.values_list("text", "correct", "order")) == [
        ("对1-0", True, 0),
        ("错1-1", False, 1),
        ("对1-2", True, 2),
        ("错1-3", False, 3),
    ]
    assert question.faults() == []


def test_true_or_false_needs_no_options(course: CoursePage):
    row = {"kind": "true_false", "stem": "先通风，再检测，后作业。", "right": [0]}
    question = load_bank(course, [row]).questions.get()
    assert list(question.options.values_list("text", "correct")) == [
        ("正确", True),
        ("错误", False),
    ]


def test_loading_again_adds_nothing(course: CoursePage):
    data = [a_question(1), a_question(2)]
    assert load_bank(course, data) == load_bank(course, data)
    assert Question.objects.count() == 2


def test_every_fault_of_the_data_is_named_at_once_and_nothing_is_kept(course: CoursePage):
    data = [
        a_question(1),
        {**a_question(2), "right": [0, 1]},
        {"kind": "single", "frage": "?"},
        {**a_question(4), "options": "甲乙"},
        {**a_question(5), "right": ["A"]},
        a_question(1),
    ]
    with pytest.raises(BankError) as caught:
        load_bank(course, data)
    assert caught.value.faults == [
        "第2题：单选题应正好有 1 个正确选项，现有 2 个",
        "第3题：缺少“right”",
        "第3题：缺少“stem”",
        "第3题：不认识“frage”，请删除或改名",
        "第4题：“options”应为列表，现在是“甲乙”",
        "第5题：“right”应为选项序号（从 0 开始），现在是“['A']”",
        "第6题：题干与第1题相同，请删除一题",
    ]
    assert QuestionBank.objects.count() == 0


def test_an_exam_takes_the_national_figures(course: CoursePage):
    load_bank(course, [a_question(serial) for serial in range(5)])
    exam = make_exam(course, blueprint=[("single", "", 5, 20)])
    assert (exam.title, exam.minutes, exam.pass_mark) == ("有限空间作业安全结业考试", 120, 80)
    assert (exam.attempts_allowed, exam.wait_hours) == (2, 24)


@pytest.mark.parametrize(
    ("blueprint", "faults"),
    [
        (
            [("single", "", 3, 20), ("multiple", "动火", 2, 10)],
            [
                "各行合计 80 分，应为 100 分，请调整题数或每题分值",
                "单选题需要 3 道，题库只有 1 道，还缺 2 道",
                "多选题“动火”需要 2 道，题库只有 0 道，还缺 2 道",
            ],
        ),
        ([("essay", "", 1, 100)], ["组卷规则：题型“essay”不认识"]),
        ([], ["还没有组卷规则，请至少添加一行"]),
    ],
)
def test_an_impossible_exam_names_everything_that_is_missing(
    course: CoursePage, blueprint: list[Any], faults: list[str]
):
    load_bank(course, [a_question(1)])
    with pytest.raises(BankError) as caught:
        make_exam(course, blueprint=blueprint)
    assert caught.value.faults == faults
    assert Exam.objects.count() == 0


def test_a_change_is_a_new_version_and_the_old_one_leaves_the_pool(course: CoursePage):
    bank = load_bank(course, [a_question(1)])
    old = bank.questions.get()
    new = revise_question(old, draft(stem="改过"))
    assert (new.version, new.supersedes) == (2, old)
    old.refresh_from_db()
    assert old.stem == "single第1问"
    assert list(Question.objects.pool(course.pk)) == [new]


def test_two_people_do_not_change_the_same_version(course: CoursePage):
    old = load_bank(course, [a_question(1)]).questions.get()
    revise_question(old, draft())
    with pytest.raises(UnsoundError, match="已经有新版本"):
        revise_question(old, draft())


def test_an_unsound_question_is_never_written(course: CoursePage):
    bank = load_bank(course, [])
    with pytest.raises(UnsoundError, match="题干是空的"):
        add_question(bank, draft(stem=" "))
    assert Question.objects.count() == 0


def inline(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of an inline panel."""
    fields = {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
    fields |= {f"{name}-MIN_NUM_FORMS": 0, f"{name}-MAX_NUM_FORMS": 1000}
    for place, row in enumerate(rows):
        row = {"ORDER": place + 1, "DELETE": "", "id": "", **row}
        fields |= {f"{name}-{place}-{key}": value for key, value in row.items()}
    return fields


def question_form(bank: QuestionBank, *options: dict[str, Any], **changes: Any) -> dict[str, Any]:
    facts = {
        "bank": bank.pk,
        "kind": "single",
        "topic": "",
        "stem": "进入有限空间前先做什么？",
        "explanation": "",
        "basis": "",
        "active": "on",
    }
    return {**facts, **changes, **inline("options", list(options))}


ADD = "/admin/snippets/courses/question/add/"
RIGHT, WRONG = {"text": "通风", "correct": "on"}, {"text": "下井"}


def test_the_office_adds_a_question(office: Client, course: CoursePage):
    bank = load_bank(course, [])
    answer = office.post(ADD, question_form(bank, WRONG, RIGHT))
    assert answer.status_code == 302
    question = Question.objects.get()
    assert list(question.options.values_list("text", "correct")) == [
        ("下井", False),
        ("通风", True),
    ]


def test_the_office_is_told_what_is_wrong_with_a_question(office: Client, course: CoursePage):
    bank = load_bank(course, [])
    page = office.post(ADD, question_form(bank, WRONG)).content.decode()
    assert "选项应有 2 到 8 个，现有 1 个" in page
    assert "单选题应正好有 1 个正确选项，现有 0 个" in page
    assert Question.objects.count() == 0


def test_the_office_changes_a_question_into_a_new_version(office: Client, course: CoursePage):
    old = load_bank(course, [a_question(1)]).questions.get()
    address = f"/admin/snippets/courses/question/edit/{old.pk}/"
    assert office.get(address).status_code == 200
    form = question_form(old.bank, RIGHT, WRONG, stem="改过的题")
    assert office.post(address, form).status_code == 302
    versions = Question.objects.order_by("version").values_list("stem", "version")
    assert list(versions) == [("single第1问", 1), ("改过的题", 2)]
    assert list(old.options.values_list("text", flat=True)) == ["对1-0", "错1-1", "错1-2", "错1-3"]
    page = office.get("/admin/snippets/courses/question/").content.decode()
    assert "改过的题" in page
    assert "single第1问" not in page


def exam_form(course: CoursePage, *rows: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "course": course.pk,
        "title": "结业考试",
        "minutes": 60,
        "pass_mark": 80,
        "attempts_allowed": 2,
        "wait_hours": 24,
        "certificate_kind": "worker",
    }
    return {**facts, **inline("blueprint", list(rows))}


def test_the_office_plans_an_exam(office: Client, course: CoursePage):
    load_bank(course, [a_question(serial) for serial in range(5)])
    address = "/admin/snippets/courses/exam/add/"
    row = {"kind": "single", "topic": "", "count": 5, "points": 10}
    page = office.post(address, exam_form(course, row)).content.decode()
    assert "各行合计 50 分，应为 100 分" in page
    assert Exam.objects.count() == 0
    assert office.post(address, exam_form(course, {**row, "points": 20})).status_code == 302
    assert str(Exam.objects.get().blueprint.get()) == "单选题 5 道，每题 20 分"
    page = office.post(address, exam_form(course, {**row, "points": 20})).content.decode()
    assert Exam.objects.count() == 1


@pytest.mark.parametrize("model", ["questionbank", "question", "exam", "certificate", "revocation"])
def test_the_office_s_lists_open(office: Client, course: CoursePage, model: str):
    load_bank(course, [a_question(1)])
    assert office.get(f"/admin/snippets/courses/{model}/").status_code == 200


def test_a_certificate_is_never_edited_by_hand(office: Client):
    assert office.get("/admin/snippets/courses/certificate/add/").status_code == 302
    assert office.get("/admin/snippets/courses/revocation/add/").status_code == 200
