"""A lesson's page with every kind of part stays light: 150 KB without media, 50 KB of scripts, as they are sent."""

import gzip
import re
from typing import Any

from django.contrib.staticfiles import finders
from django.test import Client

from courses.acts.enrolment import enrol
from courses.acts.packages import take_in
from courses.models import CoursePage, LessonPage
from tests.courses.package_kit import running
from tests.courses.test_activities import CASE, QUESTION, TASKS
from tests.courses.test_video import VTT, film

KB = 1024


def test_light(client: Client, settings: Any, course: CoursePage, learner: Any) -> None:
    settings.PACKAGES_ORIGIN = "https://packages.example"
    package = take_in(running(), name="x.zip", by=learner)
    body = [
        ("text", "<p>先通风，再检测，后作业。</p>" * 100),
        ("video", {"media": film("a"), "low": film("b"), "subtitles": VTT, "hold": True}),
        ("package", {"package": package, "must": True}),
        ("tasks", TASKS),
        ("question", QUESTION),
        ("case", CASE),
    ]
    page = LessonPage(title="全", slug="all", body=body)
    course.add_child(instance=page)
    enrol(course, person=learner)
    client.force_login(learner)
    html = client.get(page.get_url()).content
    files = set(re.findall(r'(?:src|href)="/static/([^"]+\.(?:js|css))"', html.decode()))
    assert {"anxin/lesson.js", "anxin/video.js", "anxin/packages.js"} < files
    sizes = {}
    for name in files:
        found = finders.find(name)
        assert found
        with open(found, "rb") as file:
            sizes[name] = len(gzip.compress(file.read()))
    scripts = sum(size for name, size in sizes.items() if name.endswith(".js"))
    whole = len(gzip.compress(html)) + sum(sizes.values())
    assert scripts <= 50 * KB, sizes
    assert whole <= 150 * KB, sizes
