from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0011_pack_groups_quickly'),
    ]

    operations = [
        migrations.AlterField(
            model_name='blobtransfer',
            name='way',
            field=models.CharField(choices=[('fetch', 'Comes here'), ('push', 'Goes there'), ('early', 'Came before its record')], max_length=5, verbose_name='Direction of transfer'),
        ),
    ]
