"""Addresses under /learn/: my courses, lessons' reports, exams."""

from django.urls import path

import credit.converters  # noqa: F401  # makes <key:…> known
from courses.views import (
    articles,
    beats,
    exams,
    exchange,
    hours,
    marking,
    obligations,
    office,
    pictures,
    preview,
    reports,
    study,
)

app_name = "courses"
urlpatterns = [
    path("", study.mine, name="mine"),
    path("obligations/", obligations.mine, name="obligations"),
    path("courses/<key:pk>/enrol/", study.enrol, name="enrol"),
    path("courses/<key:pk>/hours/", hours.own, name="hours"),
    path("enrolments/<key:enrolment_id>/again/", study.again, name="again"),
    path("lessons/<key:pk>/", study.kept_lesson, name="kept_lesson"),
    path("lessons/<key:pk>/report/", study.report, name="report"),
    path("lessons/<key:pk>/report/beats", beats.beats, name="beats"),
    path("lessons/<key:pk>/finish/", study.finish, name="finish"),
    path("exams/<key:enrolment_id>/", exams.start, name="exam"),
    path("attempts/<key:attempt_id>/", exams.paper, name="exam_paper"),
    path("attempts/<key:attempt_id>/answer", exams.answer, name="exam_answer"),
    path("attempts/<key:attempt_id>/submit/", exams.submit, name="exam_submit"),
    path("attempts/<key:attempt_id>/result/", exams.result, name="exam_result"),
    path("people/<key:person>/courses/<key:pk>/hours/", hours.of_employee, name="employee_hours"),
    path(
        "office/people/<key:person>/courses/<key:pk>/hours/", hours.of_learner, name="learner_hours"
    ),
    path("office/", office.desk, name="office"),
    path("office/suspicions/", office.suspicions, name="suspicions"),
    path("office/suspicions/<key:pk>/", office.suspicion, name="suspicion"),
    path("office/work/", office.work, name="work"),
    path("office/corrections/<key:pk>/look/", hours.look, name="correction_look"),
    path("pictures/<slug:key>/", pictures.picture, name="picture"),
    path("office/questions/", exchange.questions, name="exchange"),
    path("office/questions/template/", exchange.blank, name="question_template"),
    path("office/questions/download/", exchange.download, name="question_download"),
    path("office/questions/<key:pk>/", preview.preview, name="question_preview"),
    path("office/laws/", articles.changes, name="article_changes"),
    path("office/laws/<key:pk>/", articles.change, name="article_change"),
    path("office/laws/rechecks/<key:pk>/", articles.clear, name="recheck"),
    path("office/reports/", reports.report, name="reports"),
    path("office/reports/export.xlsx", reports.export, name="report_export"),
    path("office/reports/plan/", reports.plan, name="plan"),
    path("office/marking/", marking.marking, name="marking"),
]
