"""No administrator makes an officer alone.

Who can give a person who works here a new phone, a role, a way back in or a new second factor could be
that person a minute later. So each of these counts only after *another* administrator has confirmed it:
until then the account opens no staff page and takes no second factor. A superuser, whom only the command
line makes, needs nobody: the first administrator has to come from somewhere.
"""

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.log_actions import log

from accounts import texts
from accounts.models import User
from accounts.permissions import works_here
from credit.acts import audit

WAITS, CONFIRMED, RESET = "accounts.waits", "accounts.confirmed", "accounts.factor_reset"
LOGGED = {
    WAITS: ("等待确认", "手机号、角色或两步验证有变动，等待另一位管理员确认"),
    CONFIRMED: ("确认", "已确认另一位管理员的设置"),
    RESET: ("重设两步验证", "丢了验证器，两步验证已重设"),
}


def wait(person: User, *, by: User) -> None:
    """``by`` has just changed something that opens doors: it counts when another has looked at it."""
    if by.is_superuser or not works_here(User.objects.get(pk=person.pk)):
        return
    person.set_up_by = by
    person.save(update_fields=["set_up_by"])
    log(person, WAITS, user=by)


def roles_of(person: User) -> list[str]:
    """The code names of a person's roles, for the log."""
    return list(person.groups.order_by("name").values_list("name", flat=True))


def may_confirm(person: User, *, by: User) -> bool:
    """Whether ``by`` is another one: neither who set it up nor the person."""
    return person.set_up_by_id not in (None, by.pk) and person != by


@transaction.atomic
def confirm(person: User, *, by: User) -> None:
    """What was set up counts from now on. Raises PermissionDenied for the same administrator."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not may_confirm(person, by=by):
        raise PermissionDenied
    person.set_up_by = None
    person.save(update_fields=["set_up_by"])
    log(person, CONFIRMED, user=by)
    audit.log("people.confirm", by=by, subject=person, roles=roles_of(person))


def reset_factor(person: User, *, by: User) -> None:
    """Somebody lost the authenticator and the recovery codes: a new one may be set up.

    Raises PermissionDenied for one's own, and for a superuser's unless a superuser does it.
    """
    if person == by or (person.is_superuser and not by.is_superuser):
        raise PermissionDenied
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        log(person, RESET, user=by)
        audit.log("people.reset_factor", by=by, subject=person)
        wait(person, by=by)
    texts.tell(
        person.phone,
        "【安信】单位管理员重设了您的两步验证。如果不是您要求的，请马上联系本单位管理员。",
    )


def must_wait(request: HttpRequest) -> HttpResponse:
    """The page for one whose account waits."""
    return render(request, "account/must_wait.html", status=403)
