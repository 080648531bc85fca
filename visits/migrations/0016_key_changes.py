from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_assigned_tasks"),
        ("visits", "0015_corrected_duties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="customervoice",
            index=models.Index(
                condition=models.Q(("kind", "key_change")), fields=["reported_at"], name="voice_key_change"
            ),
        ),
    ]
