"""Writing to the audit log behind the platform's back."""

from django.db import connection

TABLE = "audit_auditentry"


def tamper(sql, *values):
    """Write to the table as somebody with the database password would."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
