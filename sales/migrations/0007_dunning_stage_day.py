from datetime import date

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0006_seed_tier_credit"),
    ]

    operations = [
        migrations.AddField(
            model_name="dunningcase",
            name="stage_on",
            field=models.DateField(default=date(2000, 1, 1)),
            preserve_default=False,
        ),
    ]
