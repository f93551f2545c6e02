"""Addresses under /learn/: my courses, lessons' reports, exams."""

from django.urls import path

import credit.converters  # noqa: F401  # makes <key:…> known
from courses.views import (
    beats,
    contest_office,
    contests,
    exams,
    exchange,
    hours,
    marking,
    obligations,
    office,
    pictures,
    preview,
    study,
)

app_name = "courses"
urlpatterns = [
    path("", study.mine, name="mine"),
    path("obligations/", obligations.mine, name="obligations"),
    path("courses/<key:pk>/enrol/", study.enrol, name="enrol"),
    path("courses/<key:pk>/hours/", hours.own, name="hours"),
    path("enrolments/<key:enrolment_id>/again/", study.again, name="again"),
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
    path("contests/", contests.index, name="contests"),
    path("contests/plays/<key:pk>/", contests.play, name="play"),
    path("contests/plays/<key:pk>/result/", contests.play_result, name="play_result"),
    path("contests/<slug:slug>/", contests.contest, name="contest"),
    path("contests/<slug:slug>/enter/", contests.enter, name="contest_enter"),
    path("contests/<slug:slug>/practice/", contests.practice, name="contest_practice"),
    path("contests/<slug:slug>/<int:number>/start/", contests.start, name="contest_start"),
    path("contests/<slug:slug>/<int:number>/ranks/", contests.ranks, name="contest_ranks"),
    path("contests/<slug:slug>/draws/<key:pk>/", contests.draw, name="contest_draw"),
    path("contests/<slug:slug>/draws/<key:pk>/list/", contests.draw_list, name="contest_draw_list"),
    path("office/contests/", contest_office.office, name="contest_office"),
    path("office/contests/plays/<key:pk>/", contest_office.look, name="contest_look"),
    path("office/contests/draws/<key:pk>/", contest_office.draw_lots, name="contest_seed"),
    path("pictures/<slug:key>/", pictures.picture, name="picture"),
    path("office/questions/", exchange.questions, name="exchange"),
    path("office/questions/template/", exchange.blank, name="question_template"),
    path("office/questions/download/", exchange.download, name="question_download"),
    path("office/questions/<key:pk>/", preview.preview, name="question_preview"),
    path("office/marking/", marking.marking, name="marking"),
]
