import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_dispatches")]

    operations = [
        migrations.CreateModel(
            name="LearnedFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                ("learned_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["learned_at"], name="learned_fact_oldest")],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "field"), name="one_learned_fact_per_field")
                ],
            },
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
    ]
