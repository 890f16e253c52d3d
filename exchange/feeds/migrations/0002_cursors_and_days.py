from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='application',
            name='cursor',
            field=models.CharField(blank=True, max_length=2000),
        ),
        migrations.AddField(
            model_name='subscription',
            name='served_on',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='served_that_day',
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
    ]
