"""The trainer's screen of one session: the code that changes, who is there, signing by name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.acts import signing, taught
from courses.acts.exams import RefusedError
from courses.models import ClassMember, ClassSession, ClassSign
from courses.rules import classes as rules
from courses.tasks import refresh_people
from courses.views.classes.gate import session_runner


@session_runner
@require_safe
def screen(request: HttpRequest, session: ClassSession) -> HttpResponse:
    """For the wall of the hall. The picture is fetched anew by script; without script, by reloading."""
    way = rules.OUT if request.GET.get("way") == rules.OUT else rules.IN
    members = ClassMember.objects.filter(training_class=session.training_class_id)
    signs = {(one.member_id, one.way): one for one in ClassSign.objects.filter(session=session)}
    rows = [
        (member, signs.get((member.pk, rules.IN)), signs.get((member.pk, rules.OUT)))
        for member in members.select_related("person", "enterprise")
    ]
    context = {
        "session": session, "training_class": session.training_class, "way": way,
        "word": rules.WAYS[way], "rows": rows, "came": sum(1 for _, came, _ in rows if came),
        "left": sum(1 for _, _, left in rows if left), "seconds": rules.amount("code_seconds"),
    }  # fmt: skip
    return render(request, "courses/classes/hall.html", context)


@session_runner
@require_safe
def code(request: HttpRequest, session: ClassSession, way: str) -> HttpResponse:
    """The code of this moment, as a picture."""
    address = signing.code_address(session.pk, way, timezone.now())
    return HttpResponse(signing.qr(address), content_type="image/svg+xml")


@session_runner
@require_POST
def by_hand(request: HttpRequest, session: ClassSession, way: str) -> HttpResponse:
    """Sign for a learner without a phone."""
    key = request.POST.get("member", "")
    members = ClassMember.objects.filter(training_class=session.training_class_id)
    member = get_object_or_404(members, pk=key if key.isdecimal() and len(key) < 19 else 0)
    try:
        signing.sign_by_hand(
            session, way, member=member, by=request.user,
            reason=request.POST.get("reason", ""), now=timezone.now(),
        )  # fmt: skip
        messages.success(request, f"已替{member.person}{rules.WAYS[way]}。")
        if way == rules.OUT and taught.course_is_done(member.enrolment_id):
            refresh_people.delay_on_commit([member.person_id])  # type: ignore[attr-defined]
    except RefusedError as refusal:
        messages.error(request, refusal.ruling.reason)
    return redirect("courses:class_hall", session.pk)
