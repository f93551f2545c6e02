"""Addresses under /learn/: my courses, lessons' reports, exams."""

from django.urls import path

from courses.views import exams, study

app_name = "courses"
urlpatterns = [
    path("", study.mine, name="mine"),
    path("courses/<int:pk>/enrol/", study.enrol, name="enrol"),
    path("courses/<int:pk>/hours/", study.hours, name="hours"),
    path("lessons/<int:pk>/report/", study.report, name="report"),
    path("lessons/<int:pk>/finish/", study.finish, name="finish"),
    path("exams/<int:enrolment_id>/", exams.start, name="exam"),
    path("attempts/<int:attempt_id>/", exams.paper, name="exam_paper"),
    path("attempts/<int:attempt_id>/answer", exams.answer, name="exam_answer"),
    path("attempts/<int:attempt_id>/submit/", exams.submit, name="exam_submit"),
    path("attempts/<int:attempt_id>/result/", exams.result, name="exam_result"),
]
