from django.db import migrations, models

from platform_core.common.indexes import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("command", "0009_component_around")]

    operations = [
        AddIndexOnline(
            model_name="case",
            index=models.Index(
                models.F("updated_at"), models.F("id"), name="case_changed"
            ),
        ),
        AddIndexOnline(
            model_name="component",
            index=models.Index(fields=["updated_at", "id"], name="component_changed"),
        ),
    ]
