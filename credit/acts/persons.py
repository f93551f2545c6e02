"""Record who was found responsible in a penalty or an accident; correct it, withdraw it.

Sources: 应急管理部令第11号 (units and the persons responsible in them); 行政处罚法 第四十四条: a person who got
no notice is in no public text, see ``shown_with``.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from stdnum.cn import ric

from credit.acts import audit
from credit.acts.casework import OPEN, refuse, require
from credit.acts.evidence import MODELS, Key, named
from credit.models import Accident, ListCase, ListEntry, ResponsiblePerson, Violation

ARTICLE: Final = "应急管理部令第11号"
_RESIDENT: Final = 18  # characters of a resident identity number


@transaction.atomic
def record_person(
    fact: Violation | Accident,
    *,
    officer: Any,
    name: str,
    role: str,
    finding: str,
    number: str = "",
    notice_served_on: date | None = None,
    today: date,
    supersedes: ResponsiblePerson | None = None,
) -> ResponsiblePerson:
    """Write down a responsible person, or the corrected word on one. Raises RefusedError."""
    require(officer, OPEN, fact.enterprise)
    if fact.replaced_at or fact.withdrawn_at:
        raise refuse("这条记录已被更正或撤销，请在最新的记录上登记", ARTICLE)
    if not name.strip() or not finding.strip():
        raise refuse("请填写姓名，以及文书认定的责任和处理", ARTICLE)
    if notice_served_on and notice_served_on > today:
        raise refuse("本人告知书送达日期不能晚于今天", ARTICLE)
    kind = fact._meta.model_name or ""
    person = ResponsiblePerson(
        **{kind: fact}, name=name.strip(), role=role, finding=finding.strip(),
        notice_served_on=notice_served_on, by=officer, supersedes=_last(supersedes),
    )  # fmt: skip
    person.number = _checked(number)
    return _write(person, "person.correct" if supersedes else "person.record", officer, role=role)


@transaction.atomic
def withdraw_person(
    person: ResponsiblePerson, *, officer: Any, reason: str, today: date
) -> ResponsiblePerson:
    """The person no longer counts anywhere; what was written stays in the file. Raises RefusedError."""
    require(officer, OPEN, person.fact.enterprise)
    if not reason.strip():
        raise refuse("请写明撤销的理由和依据的文书", ARTICLE)
    last = _last(person)
    gone = ResponsiblePerson(
        violation=person.violation, accident=person.accident, name=person.name, role=person.role,
        finding=reason.strip(), by=officer, supersedes=last, void=True,
    )  # fmt: skip
    return _write(gone, "person.withdraw", officer, on=today)


def _last(person: ResponsiblePerson | None) -> ResponsiblePerson | None:
    """The person, if nobody corrected the row meanwhile. Raises RefusedError."""
    if person and not ResponsiblePerson.objects.current().filter(pk=person.pk).exists():
        raise refuse("这一条刚刚被更正或撤销，请刷新后再看", ARTICLE)
    return person


def _checked(number: str) -> str:
    """The number as it is kept. Raises RefusedError when a resident number fails its own check."""
    kept = number.replace(" ", "").upper()
    if len(kept) == _RESIDENT and not ric.is_valid(kept):
        raise refuse("身份证号码校验不通过，请逐位核对；没有号码可以留空", "GB 11643")
    if kept and not (kept.isascii() and kept.isalnum() and len(kept) <= _RESIDENT):
        raise refuse("证件号码只能是字母和数字，最多18位", "GB 11643")
    return kept


def _write(person: ResponsiblePerson, verb: str, officer: Any, **said: Any) -> ResponsiblePerson:
    """With its entry in the log, which names nobody: the row is the subject."""
    person.save()
    audit.log(verb, by=officer, subject=person, enterprise=person.fact.enterprise_id,
              record=str(person.fact.source_key), **said)  # fmt: skip
    return person


# -- Whom the records name ---------------------------------------------------------------------------------


def persons_in(
    keys: Iterable[Key], *, standing: bool = False
) -> dict[Key, list[ResponsiblePerson]]:
    """The persons of each record, also where it was corrected since. Two queries a kind of record.

    ``standing``: only of records whose newest word was not withdrawn.
    """
    found: dict[Key, list[ResponsiblePerson]] = defaultdict(list)
    wanted = set(keys)
    for kind, model in MODELS.items():
        asked = [pk for one, pk in wanted if one == kind]
        if not asked:
            continue
        columns = ("source", "identity", "enterprise")
        facts = model._default_manager.filter(pk__in=asked)
        if standing:
            newest = {column: OuterRef(column) for column in columns}
            facts = facts.filter(Exists(model._default_manager.current().filter(**newest)))
        same = {tuple(rest): (kind, pk) for pk, *rest in facts.values_list("pk", *columns)}
        people = ResponsiblePerson.objects.current().filter(
            **{f"{kind}__enterprise__in": {one[2] for one in same}}
        )
        for person in people.select_related(kind):
            fact = getattr(person, kind)
            key = same.get((fact.source, fact.identity, fact.enterprise_id))
            if key:
                found[key].append(person)
    return dict(found)


def shown_with(entries: Iterable[ListEntry]) -> dict[int, list[ResponsiblePerson]]:
    """Key of a published entry → the persons who may be named beside it, with masked name and number.

    Only who was recorded before the decision, got a notice of the own no later than the unit (so that the
    term to be heard ran for them as well), and answers for a record that the entry rests on:
    not who answers only for a ground that a judgment took away, nor for a record that was withdrawn
    while the entry waits for its removal (行政处罚法 第四十八条).
    """
    asked = [entry for entry in entries if entry.colour == "black"]
    keys = (key for entry in asked for key in named(entry.grounds))
    people = persons_in(keys, standing=True)
    shown = {}
    for entry in asked:
        mine = [one for key in sorted(named(entry.grounds)) for one in people.get(key, [])]
        if heard := [one for one in mine if _was_heard(one, entry.case)]:
            shown[entry.pk] = heard
    return shown


def _was_heard(person: ResponsiblePerson, case: ListCase) -> bool:
    told, unit_told, decided = person.notice_served_on, case.notice_served_on, case.decided_on
    if told is None or unit_told is None or decided is None:
        return False
    return told <= unit_told and person.recorded_at.astimezone().date() <= decided


__all__ = ["persons_in", "record_person", "shown_with", "withdraw_person"]
