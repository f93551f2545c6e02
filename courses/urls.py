"""Addresses under /learn/: my courses, lessons' reports, exams."""

from django.urls import path

import courses.views.classes.converters  # noqa: F401  # makes <way:…> known
import credit.converters  # noqa: F401  # makes <key:…> known
from courses.views import (
    beats,
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
from courses.views.classes import hall, learner, running, team

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
    path("pictures/<slug:key>/", pictures.picture, name="picture"),
    path("office/questions/", exchange.questions, name="exchange"),
    path("office/questions/template/", exchange.blank, name="question_template"),
    path("office/questions/download/", exchange.download, name="question_download"),
    path("office/questions/<key:pk>/", preview.preview, name="question_preview"),
    path("office/marking/", marking.marking, name="marking"),
    path("office/classes/", running.index, name="classes"),
    path("office/classes/new/", running.new, name="new_class"),
    path("office/classes/<key:pk>/", running.one, name="class"),
    path("office/classes/<key:pk>/sheet.xlsx", running.sheet, name="class_sheet"),
    path("office/classes/<key:pk>/join.svg", running.join_qr, name="class_join_qr"),
    path("office/classes/<key:pk>/sessions/", running.add_session, name="class_session"),
    path(
        "office/classes/<key:pk>/sessions/<key:session>/cancel/",
        running.cancel_session,
        name="class_cancel",
    ),
    path("office/classes/<key:pk>/members/", running.add_member, name="class_member"),
    path("office/classes/<key:pk>/close/", running.close, name="class_close"),
    path("office/sessions/<key:pk>/", hall.screen, name="class_hall"),
    path("office/sessions/<key:pk>/<way:way>.svg", hall.code, name="class_code"),
    path("office/sessions/<key:pk>/<way:way>/", hall.by_hand, name="class_by_hand"),
    path("pin/", team.own_pin, name="pin"),
    path("team/", team.index, name="team"),
    path("team/<key:pk>/", team.lesson, name="team_lesson"),
    path("team/<key:pk>/come/", team.come, name="team_come"),
    path("team/<key:pk>/turn/", team.take_turn, name="team_turn"),
    path("team/<key:pk>/answer/", team.answer, name="team_answer"),
    path("team/<key:pk>/close/", team.close, name="team_close"),
    path("classes/", learner.mine, name="my_classes"),
    path("classes/<key:pk>/", learner.my_class, name="my_class"),
    path("classes/join/<slug:code>/", learner.join, name="class_join"),
    path("classes/sign/<key:pk>/<way:way>/", learner.sign, name="class_sign"),
    path("classes/sign/<key:pk>/<way:way>/<slug:code>/", learner.scanned, name="class_scanned"),
]
