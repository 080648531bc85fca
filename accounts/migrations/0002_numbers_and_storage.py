from django.db import migrations


class Migration(migrations.Migration):
    """Customer numbers from a sequence, also for set-based inserts; room in the rows that every night updates."""

    dependencies = [("accounts", "0001_tables")]

    operations = [
        migrations.RunSQL(
            """
            CREATE SEQUENCE accounts_customer_number OWNED BY accounts_customer.number;
            ALTER TABLE accounts_customer ALTER COLUMN number
                SET DEFAULT 'K' || lpad(nextval('accounts_customer_number')::text, 8, '0');
            ALTER TABLE accounts_standing SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
            """,
            """
            ALTER TABLE accounts_customer ALTER COLUMN number DROP DEFAULT;
            DROP SEQUENCE accounts_customer_number;
            ALTER TABLE accounts_standing RESET (fillfactor, autovacuum_vacuum_scale_factor);
            """,
        )
    ]
