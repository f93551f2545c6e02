"""Addresses under /courses/enterprise/: an enterprise's people and their training."""

from django.urls import path

import credit.converters  # noqa: F401  # makes <key:…> known
from courses.views import (
    files,
    prints,
    runs,
)
from courses.views.classes import running
from courses.views.enterprise import (
    overview,
    passport,
    person,
    roster,
    teams,
)

app_name = "enterprise"
urlpatterns = [
    path("", overview.choose, name="choose"),
    path("passport/", passport.enter, name="passport"),
    path("<key:firm>/passport/<key:pk>/", passport.shared, name="shared"),
    path("<key:firm>/passport/<key:pk>/<key:item>/count/", passport.count, name="count_shared"),
    path("<key:firm>/", overview.overview, name="overview"),
    path("<key:firm>/people/", overview.people, name="people"),
    path("<key:firm>/people/<key:pk>/", person.person, name="person"),
    path("<key:firm>/people/<key:pk>/file/", files.of_employee, name="file"),
    path("<key:firm>/people/<key:pk>/file/file.<slug:kind>", files.of_employee, name="file_as"),
    path("<key:firm>/people/<key:pk>/photo/", person.photo, name="photo"),
    path("<key:firm>/prints/", prints.of_firm, name="prints"),
    path("<key:firm>/runs/", runs.of_firm, name="runs"),
    path("<key:firm>/runs/<key:course>/", runs.one_of_firm, name="run"),
    path("<key:firm>/runs/<key:course>/file.<slug:kind>", runs.one_of_firm, name="run_as"),
    path("<key:firm>/people/<key:pk>/proofs/", person.prove, name="prove"),
    path("<key:firm>/people/<key:pk>/proofs/<key:proof>/back/", person.take_back, name="take_back"),
    path("<key:firm>/export.xlsx", overview.export, name="export"),
    path("<key:firm>/assign/", overview.assign, name="assign"),
    path("<key:firm>/remind/", overview.remind, name="remind"),
    path("<key:firm>/teams/", teams.teams, name="teams"),
    path("<key:firm>/teams/foremen/", teams.name, name="foreman"),
    path("<key:firm>/teams/foremen/<key:pk>/end/", teams.end, name="foreman_end"),
    path("<key:firm>/teams/pins/", teams.hand_out, name="pins"),
    path("<key:firm>/classes/", running.of_firm, name="classes"),
    path("<key:firm>/classes/new/", running.new_of_firm, name="new_class"),
    path("<key:firm>/classes/<key:pk>/send/", running.send, name="class_send"),
    path("<key:firm>/roster/", roster.imports, name="roster"),
    path("<key:firm>/roster/template.xlsx", roster.empty, name="template"),
    path("<key:firm>/roster/<key:pk>/", roster.one_import, name="import"),
    path("<key:firm>/roster/<key:pk>/undo/", roster.undo_import, name="undo_import"),
    path("<key:firm>/roster/<key:pk>/undo/<key:change>/", roster.undo, name="undo"),
]
