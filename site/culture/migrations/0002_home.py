"""The first page, who may write below it, and the review by a second person.

Editors write and submit; reviewers approve; nobody holds the right to publish directly, so every text
takes the workflow (the administrator, who holds every right, excepted).
"""

from django.db import migrations

WRITES = ("add_page", "change_page")
FILES = {
    "wagtailimages": ("image", ("add_image", "change_image", "choose_image")),
    "wagtaildocs": ("document", ("add_document", "change_document", "choose_document")),
    "wagtailmedia": ("media", ("add_media", "change_media")),
}


def make(apps, schema_editor):
    content_type = apps.get_model("contenttypes", "ContentType")
    page = apps.get_model("wagtailcore", "Page")
    home_type, _ = content_type.objects.get_or_create(app_label="culture", model="homepage")
    welcome = page.objects.filter(depth=2, slug="home", content_type__model="page")
    apps.get_model("wagtailcore", "Site").objects.filter(root_page__in=welcome).delete()
    welcome.delete()
    locale = apps.get_model("wagtailcore", "Locale").objects.get(language_code="zh-hans")
    home = apps.get_model("culture", "HomePage").objects.create(
        title="首页",
        draft_title="首页",
        slug="home",
        content_type=home_type,
        path="00010001",
        depth=2,
        numchild=0,
        url_path="/home/",
        locale=locale,
    )
    apps.get_model("wagtailcore", "Site").objects.create(
        hostname="localhost", site_name="安信", root_page_id=home.pk, is_default_site=True
    )
    _forget_stock_roles(apps)
    _rights(apps, home)
    _review(apps, home)


def _forget_stock_roles(apps):
    """Wagtail's own groups may publish, and its own review lets a moderator approve the own page."""
    apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Moderators"]).delete()
    apps.get_model("wagtailcore", "Workflow").objects.exclude(name="发布审核").delete()


def _permission(apps, app_label, model, codename):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": f"Can {codename}"}
    )
    return permission


def _rights(apps, home):
    groups = apps.get_model("auth", "Group").objects
    on_page = apps.get_model("wagtailcore", "GroupPagePermission").objects
    for role, codenames in (("editor", WRITES), ("reviewer", ("change_page",))):
        group = groups.get(name=role)
        for codename in codenames:
            permission = _permission(apps, "wagtailcore", "page", codename)
            on_page.get_or_create(group=group, page_id=home.pk, permission=permission)
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    on_files = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    for app_label, (model, codenames) in FILES.items():
        for codename in codenames:
            permission = _permission(apps, app_label, model, codename)
            for role in ("editor", "reviewer"):
                on_files.get_or_create(
                    group=groups.get(name=role), collection=root, permission=permission
                )


def _review(apps, home):
    task_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="culture", model="secondpersontask"
    )
    task = apps.get_model("culture", "SecondPersonTask").objects.create(
        name="由另一人审核", active=True, content_type=task_type
    )
    task.groups.add(apps.get_model("auth", "Group").objects.get(name="reviewer"))
    workflow = apps.get_model("wagtailcore", "Workflow").objects.create(
        name="发布审核", active=True
    )
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task_id=task.pk, sort_order=0
    )
    apps.get_model("wagtailcore", "WorkflowPage").objects.create(workflow=workflow, page_id=home.pk)


def unmake(apps, schema_editor):
    apps.get_model("wagtailcore", "Workflow").objects.filter(name="发布审核").delete()
    apps.get_model("culture", "SecondPersonTask").objects.all().delete()
    apps.get_model("culture", "HomePage").objects.filter(depth=2).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("culture", "0001_initial"),
        ("accounts", "0002_roles"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0001_initial"),
        ("wagtailmedia", "0005_alter_media_options"),
    ]
    operations = [migrations.RunPython(make, unmake)]
