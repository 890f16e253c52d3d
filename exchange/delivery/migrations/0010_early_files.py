from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0009_carried_batches'),
    ]

    operations = [
        migrations.AlterField(
            model_name='blobtransfer',
            name='way',
            field=models.CharField(choices=[('fetch', 'Comes here'), ('push', 'Goes there'), ('early', 'Came before its record')], max_length=5, verbose_name='Direction of transfer'),
        ),
    ]
