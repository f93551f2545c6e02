"""Gives the roles their permissions after every migration; a second run changes nothing.

Only permissions that ``roles.PERMISSIONS`` names are given or taken back: what an administrator
added to a role from outside that list stays.
"""

from collections.abc import Iterable
from typing import Any, cast

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from wagtail.models import Collection, GroupCollectionPermission

from accounts.models import User
from accounts.roles import ASSETS, OFFICE, PERMISSIONS

NEEDED = (Group, Permission, Collection, GroupCollectionPermission)


def works_here(user: User) -> bool:
    """Whether ``user`` is staff, by flag or by role."""
    if not user.is_active:
        return False
    return user.is_staff or user.is_superuser or any(user.has_perm(code) for code in OFFICE)


def on_migrate(sender: AppConfig, **kwargs: Any) -> None:
    """The post_migrate handler."""
    codes = {code for wanted in PERMISSIONS.values() for code in wanted}
    for label in sorted({code.split(".")[0] for code in codes}):
        if apps.is_installed(label) or label in apps.app_configs:
            create_permissions(apps.get_app_config(label), verbosity=0)
    # `migrate accounts` on an empty database: Wagtail's tables come later, and so does this handler.
    if {model._meta.db_table for model in NEEDED} <= set(connection.introspection.table_names()):
        grant()


@transaction.atomic
def grant() -> None:
    """Bring every role that exists in step with the mapping."""
    owned = set(_named(code for wanted in PERMISSIONS.values() for code in wanted))
    for group in Group.objects.filter(name__in=PERMISSIONS):
        wanted = set(_named(PERMISSIONS[group.name]))
        held = set(group.permissions.all())
        group.permissions.add(*(wanted - held))
        group.permissions.remove(*((held & owned) - wanted))
        _grant_assets(group)


def _named(codes: Iterable[str]) -> QuerySet[Permission]:
    """The permissions of ``codes`` that exist."""
    which = Q(pk=None)
    for code in codes:
        label, name = code.split(".")
        match = Q(codename__startswith=name[:-1]) if name.endswith("*") else Q(codename=name)
        which |= Q(content_type__app_label=label) & match
    return Permission.objects.filter(which)


def _grant_assets(group: Group) -> None:
    """Pictures, documents and media are asked for by collection: give the root, which holds all."""
    root = cast("Collection | None", Collection.get_first_root_node())
    if root is None:
        return
    held = GroupCollectionPermission.objects.filter(group=group, collection=root)
    wanted = _named(code for code in ASSETS if code in PERMISSIONS[group.name])
    held.filter(permission__in=_named(ASSETS)).exclude(permission__in=wanted).delete()
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=permission
        )
