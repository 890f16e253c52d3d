"""A supervision notice ends with its case; those left open by ended cases do now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

ENDED = ("closed", "forced_closed", "not_accepted", "not_filed", "cancelled")
TEXT = "案件已结束"


def end(apps, schema_editor):
    """End what is still open although its case is not."""
    notices = apps.get_model("collaboration", "Notice")
    entries = apps.get_model("collaboration", "NoticeEntry")
    rows = notices.objects.filter(state__in=("open", "replied"))
    keys = list(rows.filter(case__state__in=ENDED).values_list("pk", flat=True))
    now = timezone.now()
    notices.objects.filter(pk__in=keys).update(state="ended", updated_at=now)
    entries.objects.bulk_create(
        entries(notice_id=key, action="end", text=TEXT, by=None, at=now) for key in keys
    )


class Migration(migrations.Migration):

    dependencies = [
        ('collaboration', '0002_clearer_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='state',
            field=models.CharField(choices=[('open', 'To be answered'), ('replied', 'Answered, to judge'), ('released', 'Released'), ('ended', 'Ended with the case')], default='open', max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='noticeentry',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(end, migrations.RunPython.noop),
    ]
