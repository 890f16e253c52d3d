"""Reports of days beside those of months: every report so far is of a month."""

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Replace


def _rename(apps, old, new):
    """The model's own rights go with it, so that who holds them keeps them."""
    rights = apps.get_model("auth", "Permission").objects
    rows = rights.filter(content_type__app_label="operations")
    rows.filter(codename__endswith=f"_{old}").update(
        codename=Replace(F("codename"), Value(old), Value(new))
    )


def rename_rights(apps, schema_editor):
    _rename(apps, "monthlyreport", "exchangereport")


def rename_back(apps, schema_editor):
    _rename(apps, "exchangereport", "monthlyreport")


def drop_days(apps, schema_editor):
    """Before there were reports of days, the first was unique."""
    apps.get_model("operations", "ExchangeReport").objects.filter(span="day").delete()


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("operations", "0003_weekdays_and_reminders"),
    ]

    operations = [
        migrations.RenameModel("MonthlyReport", "ExchangeReport"),
        migrations.RunPython(rename_rights, rename_back),
        migrations.RenameField("exchangereport", "month", "first"),
        migrations.AlterField(
            "exchangereport", "first", models.DateField(verbose_name="First day")
        ),
        migrations.AddField(
            "exchangereport",
            "span",
            models.CharField(
                choices=[("month", "Monthly report"), ("day", "Daily report")],
                default="month",
                max_length=5,
                verbose_name="Kind",
            ),
            preserve_default=False,
        ),
        migrations.AlterModelOptions(
            "exchangereport",
            options={
                "ordering": ("-first", "-span"),
                "permissions": [
                    ("write_report", "Can have reports of the exchange written")
                ],
                "verbose_name": "report of the exchange",
                "verbose_name_plural": "reports of the exchange",
            },
        ),
        migrations.AddConstraint(
            "exchangereport",
            models.UniqueConstraint(fields=("span", "first"), name="reported_once"),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_days),
    ]
