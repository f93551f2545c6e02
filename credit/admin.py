"""Django's admin shows credit's facts to the administrator, to look at; nothing is changed here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from credit.acts import audit
from credit.models import (
    Accident,
    AuditEntry,
    CaseArgument,
    CaseEvent,
    Employment,
    Enterprise,
    EntryAnnulment,
    EntryChange,
    HearingNotice,
    ImportBatch,
    Jurisdiction,
    ListCase,
    ListEntry,
    Measure,
    Meeting,
    MeetingVote,
    Outcome,
    Posting,
    ResponsiblePerson,
    Score,
    Sector,
    Suspension,
    Violation,
    Withdrawal,
    WorkdayException,
)


class Logged(admin.ModelAdmin[Any]):
    """Settings on which legal standing hangs: who may act where, which day counts. Each change is logged."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """With what was before; admin's views are one transaction."""
        before = type(obj)._default_manager.filter(pk=obj.pk).values().first() if change else None
        super().save_model(request, obj, form, change)
        after = type(obj)._default_manager.filter(pk=obj.pk).values().get()
        self._log("change", request, obj, before=before, after=after)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """With what was."""
        before = type(obj)._default_manager.filter(pk=obj.pk).values().get()
        self._log("delete", request, obj, before=before)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """One by one: each is an act of its own."""
        for obj in queryset:
            self.delete_model(request, obj)

    @staticmethod
    def _log(verb: str, request: HttpRequest, obj: Any, **said: Any) -> None:
        named = {"workdayexception": "workday"}.get(obj._meta.model_name, obj._meta.model_name)
        firm = getattr(obj, "enterprise_id", None)
        audit.log(f"{named}.{verb}", by=request.user, subject=obj, enterprise=firm, **said)


class ReadOnly(admin.ModelAdmin[Any]):
    """To look at."""

    actions = None

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(AuditEntry)
class AuditAdmin(ReadOnly):
    """The log; the auditor's page searches it better."""

    list_display = ["number", "at", "verb", "actor", "subject"]
    list_select_related = ["actor"]


@admin.register(ResponsiblePerson)
class PersonAdmin(ReadOnly):
    """Responsible persons, without their numbers."""

    list_display = ["__str__", "number_masked", "role", "void", "recorded_at"]
    fields = ["violation", "accident", "name", "number_masked", "role", "finding", "void"]


class FactAdmin(ReadOnly):
    """Records of one enterprise."""

    list_display = ["source_key", "enterprise", "happened_on", "withdrawn_at", "replaced_at"]
    list_select_related = ["enterprise"]
    search_fields = ["source_key", "enterprise__name"]


@admin.register(Enterprise)
class EnterpriseAdmin(ReadOnly):
    """The register; it changes by import."""

    list_display = ["name", "uscc", "place", "sector", "status", "standardisation_level"]
    list_select_related = ["place", "sector"]
    list_filter = ["place", "sector", "status"]
    search_fields = ["search_text"]


@admin.register(ListCase)
class CaseAdmin(ReadOnly):
    """Cases; they move by their acts."""

    list_display = ["enterprise", "colour", "state", "opened_by", "decided_by", "decided_on"]
    list_select_related = ["enterprise", "opened_by", "decided_by"]
    list_filter = ["colour", "state"]


@admin.register(ListEntry)
class EntryAdmin(ReadOnly):
    """The lists; only a served case makes an entry."""

    list_display = ["enterprise", "colour", "listed_on", "ends_on", "removed_on"]
    list_select_related = ["enterprise"]
    list_filter = ["colour"]


@admin.register(Posting)
class PostingAdmin(Logged):
    """Which officer acts where: the administrator's to set."""

    list_display = ["officer", "place"]
    list_select_related = ["officer", "place"]

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Officers by name: only people who hold a permission of credit."""
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "officer" and field is not None:
            field.queryset = field.queryset.filter(
                groups__permissions__content_type__app_label="credit"
            ).distinct()
            field.label_from_instance = lambda person: (
                f"{person}（尾号{person.get_username()[-4:]}）"
            )
        return field


@admin.register(Employment)
class EmploymentAdmin(Logged):
    """Who works where."""

    list_display = ["person", "enterprise", "position", "began_on", "ended_on"]
    list_select_related = ["person", "enterprise"]
    raw_id_fields = ["person", "enterprise"]


@admin.register(WorkdayException)
class WorkdayAdmin(ReadOnly):
    """The calendar of holidays and worked weekends; it changes in the office, where it is logged."""

    list_display = ["day", "is_working", "note"]
    date_hierarchy = "day"


admin.site.register([Jurisdiction, Sector], Logged)
admin.site.register([CaseEvent, ImportBatch, Score, Withdrawal], ReadOnly)
admin.site.register([CaseArgument, HearingNotice, Meeting, MeetingVote, Measure], ReadOnly)
admin.site.register([Suspension, Outcome, EntryAnnulment, EntryChange], ReadOnly)
admin.site.register([Violation, Accident], FactAdmin)
