import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0010_retention"),
    ]

    operations = [
        migrations.CreateModel(
            name="Auditor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended", models.DateTimeField(null=True)),
                ("why_ended", models.CharField(blank=True, max_length=400)),
                ("why", models.CharField(max_length=1000)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended", models.DateTimeField(null=True)),
                ("why_ended", models.CharField(blank=True, max_length=400)),
                ("currency", models.CharField(default="USD", max_length=3)),
                ("fee_least", models.PositiveIntegerField(null=True)),
                ("fee_most", models.PositiveIntegerField(null=True)),
                ("hours_least", models.PositiveIntegerField(null=True)),
                ("hours_most", models.PositiveIntegerField(null=True)),
                ("hourly_least", models.PositiveIntegerField(null=True)),
                ("hourly_most", models.PositiveIntegerField(null=True)),
                ("tools_least", models.PositiveIntegerField(null=True)),
                ("tools_most", models.PositiveIntegerField(null=True)),
                ("testing_least", models.PositiveIntegerField(null=True)),
                ("testing_most", models.PositiveIntegerField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Comparison",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended", models.DateTimeField(null=True)),
                ("why_ended", models.CharField(blank=True, max_length=400)),
                ("weights", models.JSONField(default=dict)),
                (
                    "order",
                    models.CharField(
                        choices=[("name", "By name"), ("sum", "By your own sum")],
                        default="name",
                        max_length=8,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Firm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended", models.DateTimeField(null=True)),
                ("why_ended", models.CharField(blank=True, max_length=400)),
                ("name", models.CharField(max_length=200)),
                ("licence_state", models.CharField(blank=True, max_length=60)),
                ("licence_number", models.CharField(blank=True, max_length=60)),
                ("licence_seen", models.DateField(null=True)),
                (
                    "enrolled",
                    models.CharField(
                        choices=[("unknown", "Not looked up yet"), ("yes", "Yes"), ("no", "No")],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                (
                    "peer_review",
                    models.CharField(
                        choices=[
                            ("unknown", "Not looked up yet"),
                            ("pass", "Pass"),
                            ("deficiencies", "Pass with deficiencies"),
                            ("fail", "Fail"),
                            ("none", "None yet"),
                        ],
                        default="unknown",
                        max_length=12,
                    ),
                ),
                ("peer_review_dated", models.DateField(null=True)),
                ("cloud", models.CharField(blank=True, max_length=300)),
                ("stack", models.CharField(blank=True, max_length=300)),
                (
                    "size_like_ours",
                    models.CharField(
                        choices=[("unknown", "Not looked up yet"), ("yes", "Yes"), ("no", "No")],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("currency", models.CharField(default="USD", max_length=3)),
                ("price_least", models.PositiveIntegerField(null=True)),
                ("price_most", models.PositiveIntegerField(null=True)),
                ("leaves_out", models.CharField(blank=True, max_length=400)),
                ("timeline", models.CharField(blank=True, max_length=300)),
                ("available_from", models.DateField(null=True)),
                ("references", models.CharField(blank=True, max_length=400)),
                ("other_services", models.CharField(blank=True, max_length=400)),
                ("safeguards", models.CharField(blank=True, max_length=400)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("contact_name", models.CharField(blank=True, max_length=120)),
                ("notes", models.TextField(blank=True, max_length=2000)),
                ("scores", models.JSONField(default=dict)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Notices",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended", models.DateTimeField(null=True)),
                ("why_ended", models.CharField(blank=True, max_length=400)),
                ("mail_alarm", models.BooleanField(default=True)),
                ("mail_digest", models.BooleanField(default=True)),
                ("digest_day", models.PositiveSmallIntegerField(default=0)),
                ("webhook", models.BooleanField(default=False)),
                ("dead_man", models.BooleanField(default=False)),
                ("webhook_since", models.DateTimeField(null=True)),
                ("dead_man_since", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OptOut",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended", models.DateTimeField(null=True)),
                ("why_ended", models.CharField(blank=True, max_length=400)),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("type_1_then_2", "Type I, then Type II"),
                            ("type_1", "Type I alone"),
                            ("type_2", "Straight to Type II"),
                        ],
                        default="type_1_then_2",
                        max_length=16,
                    ),
                ),
                ("begins", models.DateField(null=True)),
                ("preparation_months", models.PositiveSmallIntegerField(null=True)),
                ("choosing_weeks", models.PositiveSmallIntegerField(null=True)),
                ("audit_weeks", models.PositiveSmallIntegerField(null=True)),
                ("period_months", models.PositiveSmallIntegerField(null=True)),
                ("review_weeks", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended", models.DateTimeField(null=True)),
                ("why_ended", models.CharField(blank=True, max_length=400)),
                ("reply_by", models.DateField(null=True)),
                ("legal_name", models.CharField(blank=True, max_length=200)),
                ("customers", models.CharField(blank=True, max_length=400)),
                ("locations", models.CharField(blank=True, max_length=400)),
                ("hosting", models.CharField(blank=True, max_length=400)),
                ("history", models.CharField(blank=True, max_length=400)),
                ("questions", models.TextField(blank=True, max_length=4000)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("contact_name", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SealedSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=40)),
                ("field", models.CharField(max_length=24)),
                ("sealed", models.TextField(max_length=4000)),
            ],
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("slot", models.CharField(max_length=32)),
                ("to", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("problem", models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="job",
            name="job_kind_known",
        ),
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[("collect", "Collect and judge"), ("judge", "Judge"), ("tell", "Tell people")],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="step",
            field=models.CharField(
                blank=True,
                choices=[
                    ("collecting", "Collecting"),
                    ("judging", "Judging"),
                    ("publishing", "Publishing"),
                    ("telling", "Telling"),
                ],
                default="",
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["collect", "judge", "tell"])), name="job_kind_known"
            ),
        ),
        migrations.AddField(
            model_name="auditor",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="budget",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comparison",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="firm",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="auditor",
            name="firm",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.firm"
            ),
        ),
        migrations.AddField(
            model_name="notices",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="sealedsecret",
            constraint=models.UniqueConstraint(fields=("place", "field"), name="sealed_secret_by_place"),
        ),
        migrations.AddIndex(
            model_name="told",
            index=models.Index(fields=["at"], name="told_by_instant"),
        ),
        migrations.AddConstraint(
            model_name="told",
            constraint=models.UniqueConstraint(fields=("kind", "slot", "to"), name="told_once"),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="budget_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(condition=models.Q(id=1), name="budget_is_one"),
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="comparison_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.CheckConstraint(condition=models.Q(id=1), name="comparison_is_one"),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="firm_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(("peer_review__in", ["unknown", "pass", "deficiencies", "fail", "none"])),
                name="firm_peer_review_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(("enrolled__in", ["unknown", "yes", "no"])), name="firm_enrolment_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(("size_like_ours__in", ["unknown", "yes", "no"])), name="firm_size_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="auditor_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditor",
            constraint=models.CheckConstraint(condition=models.Q(id=1), name="auditor_is_one"),
        ),
        migrations.AddConstraint(
            model_name="notices",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="notices_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="notices",
            constraint=models.CheckConstraint(condition=models.Q(id=1), name="notices_are_one"),
        ),
        migrations.AddConstraint(
            model_name="notices",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest_day__lte", 6)), name="notices_day_of_a_week"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="plan_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(condition=models.Q(id=1), name="plan_is_one"),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("route__in", ["type_1_then_2", "type_1", "type_2"])),
                name="plan_route_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="proposal_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(condition=models.Q(id=1), name="proposal_is_one"),
        ),
    ]
