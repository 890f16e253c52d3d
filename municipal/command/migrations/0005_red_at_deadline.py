from django.db import migrations
from django.db.models import F


def red_at_deadline(apps, schema_editor):
    cases = apps.get_model("command", "Case").objects
    cases.filter(red_at=None, deadline__isnull=False).update(red_at=F("deadline"))


class Migration(migrations.Migration):
    dependencies = [("command", "0004_rules_requests_warnings")]

    operations = [migrations.RunPython(red_at_deadline, migrations.RunPython.noop)]
