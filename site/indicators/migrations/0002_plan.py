"""The district plan 2016–2020 as data: seven indicators, and guards so that an observation is written once.

Source of the figures: 区安全生产“十三五”规划, table of main indicators. It states one base value, the deaths per
亿元 of GDP (0.0744); the others stay unknown until an editor reports them.
"""

from decimal import Decimal

from django.db import migrations

from credit.locks import Guard
from credit.operations import RunSchema

NAME = "区安全生产“十三五”规划（2016—2020年）"
SOURCE = "区安全生产“十三五”规划主要指标"
COUNTED = "全年统计数"
INDICATORS = [
    ("accidents", "生产安全事故起数", "起", "cut", "10", None, "count", COUNTED),
    ("deaths", "生产安全事故死亡人数", "人", "cut", "10", None, "count", COUNTED),
    ("larger-accidents", "较大事故起数", "起", "aim_zero", None, None, "count", COUNTED),
    (
        "deaths-per-gdp", "亿元国内生产总值生产安全事故死亡率", "人/亿元", "cut", "30", "0.0744", "gdp",
        "生产安全事故死亡人数 ÷ 国内生产总值（亿元）",
    ),
    (
        "deaths-per-100k", "工矿商贸就业人员十万人生产安全事故死亡率", "人/十万人", "cut", "10", None, "employed",
        "工矿商贸事故死亡人数 ÷ 工矿商贸就业人数 × 100000",
    ),
    ("major-accidents", "重特大事故起数", "起", "hard_zero", None, None, "count", COUNTED),
    ("major-deaths", "重特大事故死亡人数", "人", "hard_zero", None, None, "count", COUNTED),
]  # fmt: skip
GUARDS = [
    Guard("indicators_observation_stays", "indicators_observation", "DELETE",
          "an observation is never deleted: correct it"),
    Guard("indicators_observation_is_written_once", "indicators_observation", "UPDATE",
          "an observation is never edited: correct it"),
    Guard("indicators_correction_is_of_its_year", "indicators_observation", "INSERT",
          "a correction is of the same indicator and year",
          "NEW.supersedes_id IS NULL OR EXISTS (SELECT 1 FROM indicators_observation o WHERE"
          " o.id = NEW.supersedes_id AND o.indicator_id = NEW.indicator_id AND o.year = NEW.year)"),
]  # fmt: skip


def seed(apps, schema_editor):
    plan = apps.get_model("indicators", "Plan").objects.create(
        name=NAME, base_year=2015, first_year=2016, last_year=2020
    )
    indicators = apps.get_model("indicators", "Indicator")
    for number, (code, name, unit, kind, cut, base, measure, formula) in enumerate(INDICATORS, 1):
        indicators.objects.create(
            plan=plan, number=number, code=code, name=name, unit=unit, kind=kind, measure=measure,
            cut_percent=cut and Decimal(cut), base_value=base and Decimal(base),
            formula=formula, source=SOURCE,
        )  # fmt: skip


def unseed(apps, schema_editor):
    plan = apps.get_model("indicators", "Plan").objects.filter(name=NAME)
    apps.get_model("indicators", "Indicator").objects.filter(plan__in=plan).delete()
    plan.delete()


def lock(schema_editor):
    for guard in GUARDS:
        guard.up(schema_editor)


def unlock(schema_editor):
    for guard in GUARDS:
        guard.down(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]
    operations = [migrations.RunPython(seed, unseed), RunSchema(lock, unlock)]
