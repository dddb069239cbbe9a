import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0012_vendors"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecoveryObjective",
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
                ("system", models.CharField(max_length=120)),
                (
                    "tier",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1: first, nothing works without it"),
                            (2, "2: the same day"),
                            (3, "3: when the others run"),
                        ]
                    ),
                ),
                ("rto_hours", models.DecimalField(decimal_places=2, max_digits=7)),
                ("rpo_hours", models.DecimalField(decimal_places=2, max_digits=7)),
                ("dependencies", models.CharField(blank=True, max_length=400)),
                ("note", models.TextField(blank=True, max_length=2000)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Exercise",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("tabletop", "Tabletop: an incident talked through"),
                            ("restore", "Restore: a backup brought back"),
                            ("failover", "Failover: the service moved"),
                        ],
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("held", models.DateField()),
                ("scenario", models.TextField(max_length=4000)),
                ("people", models.PositiveSmallIntegerField()),
                ("roles", models.CharField(blank=True, max_length=400)),
                ("expected", models.TextField(max_length=4000)),
                ("happened", models.TextField(max_length=4000)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("as_expected", "As expected"),
                            ("partly", "Partly as expected"),
                            ("not", "Not as expected"),
                        ],
                        max_length=11,
                    ),
                ),
                ("lessons", models.TextField(blank=True, max_length=4000)),
                ("recovered_hours", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("lost_hours", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("controls", models.JSONField(default=list)),
                ("evidence", models.BigIntegerField(null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.recoveryobjective",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Risk",
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
                ("what", models.CharField(max_length=200)),
                ("cause", models.TextField(blank=True, max_length=2000)),
                ("hits", models.CharField(blank=True, max_length=400)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("security", "Security"),
                            ("availability", "Availability"),
                            ("confidentiality", "Confidentiality"),
                            ("processing", "Processing"),
                            ("privacy", "Privacy"),
                            ("vendor", "Vendors"),
                            ("people", "People"),
                            ("fraud", "Fraud"),
                            ("change", "Change"),
                            ("legal", "Law and contracts"),
                        ],
                        max_length=16,
                    ),
                ),
                ("likelihood", models.PositiveSmallIntegerField(null=True)),
                ("impact", models.PositiveSmallIntegerField(null=True)),
                (
                    "treatment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mitigate", "Mitigate: controls make it less likely or less bad"),
                            ("transfer", "Transfer: insurance or a contract carries it"),
                            ("avoid", "Avoid: what causes it is stopped"),
                            ("accept", "Accept: the company lives with it"),
                        ],
                        max_length=8,
                    ),
                ),
                ("plan", models.TextField(blank=True, max_length=2000)),
                ("due", models.DateField(null=True)),
                ("controls", models.JSONField(default=list)),
                ("residual_likelihood", models.PositiveSmallIntegerField(null=True)),
                ("residual_impact", models.PositiveSmallIntegerField(null=True)),
                ("commitments", models.JSONField(default=list)),
                ("origin", models.CharField(blank=True, max_length=60)),
                ("accepted", models.DateTimeField(null=True)),
                ("accepted_as", models.JSONField(default=list)),
                ("accepted_until", models.DateField(null=True)),
                ("accepted_alone", models.BooleanField(default=False)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Assessment",
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
                ("title", models.CharField(max_length=200)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("people", models.PositiveSmallIntegerField(null=True)),
                ("roles", models.CharField(blank=True, max_length=400)),
                ("fraud", models.TextField(blank=True, max_length=4000)),
                ("change_said", models.TextField(blank=True, max_length=4000)),
                ("remarks", models.TextField(blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("begun", "Being worked through"),
                            ("prepared", "Waiting for approval"),
                            ("approved", "Approved"),
                        ],
                        default="begun",
                        max_length=8,
                    ),
                ),
                ("prepared", models.DateTimeField(null=True)),
                ("alone", models.BooleanField(default=False)),
                ("makes_up", models.CharField(blank=True, max_length=400)),
                ("lines", models.JSONField(default=list)),
                ("root", models.CharField(blank=True, max_length=64)),
                ("evidence", models.BigIntegerField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended__isnull", True),
                            models.Q(("why_ended", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="assessment_ended_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["begun", "prepared", "approved"])),
                        name="assessment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))), name="assessment_period_forward"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(
                                ("approved_by__isnull", False),
                                ("ended__isnull", False),
                                models.Q(("root", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_approved_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                            ("alone", True),
                            _connector="OR",
                        ),
                        name="assessment_approved_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssetAssignment",
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
                    "reach",
                    models.CharField(
                        choices=[
                            ("kind", "Everything of a kind"),
                            ("tag", "What carries a tag"),
                            ("one", "One asset"),
                        ],
                        max_length=4,
                    ),
                ),
                ("kind", models.CharField(max_length=100)),
                ("match", models.CharField(blank=True, max_length=500)),
                ("label", models.CharField(blank=True, max_length=200)),
                (
                    "data_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("public", "Public"),
                            ("internal", "Internal"),
                            ("confidential", "Confidential"),
                            ("customer", "Customer data"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended__isnull", True),
                            models.Q(("why_ended", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="assetassignment_ended_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reach__in", ["kind", "tag", "one"])), name="asset_reach_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended__isnull", True)),
                        fields=("reach", "kind", "match"),
                        name="asset_assigned_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
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
                ("title", models.CharField(max_length=200)),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("incident", "Incident"),
                            ("near_miss", "Near miss: it could have done harm and did not"),
                        ],
                        default="incident",
                        max_length=9,
                    ),
                ),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Severity 1: customer data or the whole service is at stake"),
                            (2, "Severity 2: it may turn out to be severity 1"),
                            (3, "Severity 3: an attack that was stopped"),
                            (4, "Severity 4: a weakness without an attack"),
                        ],
                        null=True,
                    ),
                ),
                ("occurred", models.DateTimeField(null=True)),
                ("detected", models.DateTimeField()),
                ("triaged", models.DateTimeField(null=True)),
                ("begun", models.DateTimeField(null=True)),
                ("contained", models.DateTimeField(null=True)),
                ("resolved", models.DateTimeField(null=True)),
                ("happened", models.TextField(blank=True, max_length=4000)),
                ("systems", models.CharField(blank=True, max_length=400)),
                ("data_touched", models.CharField(blank=True, max_length=400)),
                ("customers", models.CharField(blank=True, max_length=400)),
                ("reporter", models.CharField(blank=True, max_length=200)),
                (
                    "customer_notice",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not decided yet"), ("needed", "Needed"), ("not_needed", "Not needed")],
                        max_length=10,
                    ),
                ),
                ("customer_affected", models.DateTimeField(null=True)),
                ("customers_told", models.DateTimeField(null=True)),
                (
                    "authority_notice",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not decided yet"), ("needed", "Needed"), ("not_needed", "Not needed")],
                        max_length=10,
                    ),
                ),
                ("authority_aware", models.DateTimeField(null=True)),
                ("authority_told", models.DateTimeField(null=True)),
                ("notice_why", models.TextField(blank=True, max_length=2000)),
                ("cause", models.TextField(blank=True, max_length=4000)),
                ("lessons", models.TextField(blank=True, max_length=4000)),
                ("reviewed", models.DateTimeField(null=True)),
                ("controls", models.JSONField(default=list)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended__isnull", True),
                            models.Q(("why_ended", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="incident_ended_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sort__in", ["incident", "near_miss"])),
                        name="incident_sort_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("severity__isnull", True), ("severity__in", [1, 2, 3, 4]), _connector="OR"
                        ),
                        name="incident_severity_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("register", models.CharField(max_length=24)),
                ("line", models.BigIntegerField()),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.task"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["register", "line"], name="task_of_line")],
            },
        ),
        migrations.CreateModel(
            name="NilStatement",
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
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("query", models.TextField(max_length=1000)),
                ("count", models.PositiveIntegerField(default=0)),
                ("compared", models.TextField(max_length=1000)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended__isnull", True),
                            models.Q(("why_ended", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="nilstatement_ended_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))), name="nil_period_forward"
                    ),
                    models.CheckConstraint(condition=models.Q(("count", 0)), name="nil_is_nil"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="recoveryobjective",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="recoveryobjective_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoveryobjective",
            constraint=models.CheckConstraint(
                condition=models.Q(("rto_hours__gte", 0), ("rpo_hours__gte", 0)),
                name="recovery_hours_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoveryobjective",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__in", [1, 2, 3])), name="recovery_tier_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="exercise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="exercise_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="exercise",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["tabletop", "restore", "failover"])),
                name="exercise_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="exercise",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["as_expected", "partly", "not"])),
                name="exercise_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="risk_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "category__in",
                        [
                            "security",
                            "availability",
                            "confidentiality",
                            "processing",
                            "privacy",
                            "vendor",
                            "people",
                            "fraud",
                            "change",
                            "legal",
                        ],
                    )
                ),
                name="risk_category_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("likelihood__isnull", True), ("likelihood__range", (1, 5)), _connector="OR"
                ),
                name="risk_likelihood_in_scale",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(("impact__isnull", True), ("impact__range", (1, 5)), _connector="OR"),
                name="risk_impact_in_scale",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("residual_likelihood__isnull", True),
                    ("residual_likelihood__range", (1, 5)),
                    _connector="OR",
                ),
                name="risk_residual_likelihood_in_scale",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("residual_impact__isnull", True), ("residual_impact__range", (1, 5)), _connector="OR"
                ),
                name="risk_residual_impact_in_scale",
            ),
        ),
    ]
