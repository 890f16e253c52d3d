from django.db import migrations

CREATE = (
    "CREATE INDEX IF NOT EXISTS ledger_bucket ON delivery_ledgerrow (interface, "
    "origin, (substr(encode(sha256(uid::text::bytea), 'hex'), 1, 3)))"
)


def create(apps, schema_editor):
    """The bucket of a copy is never stored, only indexed."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS ledger_bucket")


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0001_initial"),
        ("delivery", "0001_initial"),
    ]
    operations = [migrations.RunPython(create, drop)]
