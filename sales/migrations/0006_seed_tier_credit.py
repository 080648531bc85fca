"""The credit limits that go with the tiers of a fresh installation (SAL-24); neutral, headquarters sets its own."""

from decimal import Decimal

from django.db import migrations

LIMITS = {
    ("vip", "diamond"): 5000,
    ("vip", "gold"): 3000,
    ("vip", "silver"): 1000,
    ("group", "level1"): 100_000,
    ("group", "level2"): 50_000,
    ("group", "level3"): 20_000,
    ("group", "level4"): 10_000,
    ("group", "level5"): 5000,
    ("channel", "level1"): 50_000,
    ("channel", "level2"): 20_000,
    ("channel", "level3"): 10_000,
    ("channel", "level4"): 5000,
    ("channel", "level5"): 2000,
}


def seed(apps, schema_editor):
    tiers, limits = apps.get_model("accounts", "Tier"), apps.get_model("sales", "TierCredit")
    for tier in tiers.objects.all():
        limit = LIMITS.get((tier.kind, tier.code))
        if limit is not None:
            limits.objects.get_or_create(tier=tier, defaults={"limit": Decimal(limit)})


class Migration(migrations.Migration):
    dependencies = [("sales", "0004_agreements_and_needs"), ("accounts", "0003_seed_tiers")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
