import django.contrib.postgres.fields
import django.db.models.manager
from django.db import migrations, models


def array(field):
    return django.contrib.postgres.fields.ArrayField(base_field=field, size=None)


class Migration(migrations.Migration):
    dependencies = [("kpi", "0004_seed_scorecards")]

    # Nothing has been frozen before this: the tables are empty.
    operations = [
        migrations.DeleteModel(name="Evidence"),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_on", models.DateField()),
                ("path", models.CharField(max_length=200)),
                ("refs", array(models.BigIntegerField())),
                ("customers", array(models.BigIntegerField())),
                ("days", array(models.SmallIntegerField())),
                ("numerators", array(models.BigIntegerField())),
                ("denominators", array(models.BigIntegerField())),
                ("flags", array(models.SmallIntegerField())),
                (
                    "indicator",
                    models.ForeignKey(
                        db_index=False, on_delete=models.deletion.CASCADE, related_name="+", to="kpi.indicator"
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=models.deletion.CASCADE, related_name="+",
                        to="accounts.staff",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False, on_delete=models.deletion.CASCADE, related_name="+", to="accounts.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "period_on", "unit", "manager"),
                        name="one_evidence_per_result",
                        nulls_distinct=False,
                    )
                ],
            },
            managers=[("unscoped", models.manager.Manager())],
        ),
        migrations.RemoveField(model_name="refreshmark", name="seq"),
        migrations.AddField(model_name="refreshmark", name="snapshot", field=models.TextField(default="")),
        migrations.AddField(
            model_name="correction", name="path", field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
    ]
