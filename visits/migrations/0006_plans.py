import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_standing_by_value'),
        ('core', '__first__'),
        ('visits', '0006_truth_and_care'),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(choices=[('week', 'Week'), ('month', 'Month'), ('year', 'Year')], max_length=10)),
                ('starts_on', models.DateField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('accepted', 'Handed in'), ('system', 'Drafted by the system')], default='draft', max_length=10)),
                ('focus', models.CharField(blank=True, max_length=500)),
                ('drafted_at', models.DateTimeField()),
                ('touched_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('accepted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='plans', to='accounts.staff')),
            ],
            options={
                'indexes': [models.Index(fields=['period', 'starts_on'], name='plan_period')],
                'constraints': [models.UniqueConstraint(fields=('staff', 'period', 'starts_on'), name='one_plan_per_period'), models.CheckConstraint(condition=models.Q(models.Q(('period', 'week'), ('starts_on__iso_week_day', 1)), models.Q(('period', 'month'), ('starts_on__day', 1)), models.Q(('period', 'year'), ('starts_on__day', 1), ('starts_on__month', 1)), _connector='OR'), name='plan_starts_with_its_period'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), ('accepted_at__isnull', False), _connector='OR'), name='accepted_plan_has_its_moment')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PlanFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('staff', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='plan_feed', to='accounts.staff')),
            ],
            options={
                'abstract': False,
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PlanItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('planned_on', models.DateField()),
                ('half', models.CharField(choices=[('am', 'Morning'), ('pm', 'Afternoon')], default='am', max_length=2)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('target', models.PositiveIntegerField(default=1)),
                ('purpose', models.CharField(blank=True, max_length=200)),
                ('reason', models.CharField(choices=[('call_back', '回电'), ('follow_up', '承诺'), ('assigned', '交办'), ('introduction', '交接首次沟通'), ('care', '客户关怀'), ('birthday', '生日'), ('face_to_face', '面对面沟通'), ('due', 'Due this week'), ('suggested', "This month's share"), ('forecast', "The new period's share"), ('target', 'Owed by tier'), ('own', 'Added by hand'), ('again', 'Planned again')], default='own', max_length=20)),
                ('reason_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('done', '已完成'), ('missed', 'Not done'), ('cancelled', 'Left out')], default='planned', max_length=10)),
                ('moved_at', models.DateTimeField(blank=True, null=True)),
                ('leave_out_reason', models.CharField(blank=True, max_length=200)),
                ('channel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.channel')),
                ('customer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.customer')),
                ('duty', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='visits.duty')),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='visits.plan')),
                ('segment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.segment')),
                ('task', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.task')),
                ('tier', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tier')),
                ('visit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.visit')),
            ],
            options={
                'indexes': [models.Index(fields=['plan', 'planned_on'], name='plan_item_day'), models.Index(fields=['customer', 'planned_on'], name='plan_item_customer'), models.Index(condition=models.Q(('state', 'planned')), fields=['planned_on'], name='plan_item_open'), models.Index(condition=models.Q(('duty__isnull', False)), fields=['duty'], name='plan_item_duty'), models.Index(condition=models.Q(('task__isnull', False)), fields=['task'], name='plan_item_task')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('customer__isnull', False), models.Q(('state', 'cancelled'), _negated=True)), fields=('plan', 'customer', 'planned_on'), name='one_item_per_customer_and_day'), models.UniqueConstraint(condition=models.Q(('visit__isnull', False)), fields=('visit',), name='one_item_per_visit_that_did_it'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), ('visit__isnull', False)), models.Q(('state', 'done'), _negated=True), _connector='OR'), name='done_item_has_its_visit')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PlanHelper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='helpers', to='visits.planitem')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'staff'), name='helper_once_per_item')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
