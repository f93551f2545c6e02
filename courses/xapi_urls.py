"""Addresses under /xapi/: the learning record store."""

from django.urls import path

from courses.views.xapi import documents, others, statements

app_name = "xapi"
urlpatterns = [
    path("about", others.about, name="about"),
    path("statements", statements.statements, name="statements"),
    path("activities", others.activities, name="activities"),
    path("activities/state", documents.state, name="state"),
    path("activities/profile", documents.activity_profile, name="activity_profile"),
    path("agents", others.agents, name="agents"),
    path("agents/profile", documents.agent_profile, name="agent_profile"),
    path("fetch", others.fetch, name="fetch"),
    path("<path:rest>", others.unknown),
]
