import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0011_auditor"),
    ]

    operations = [
        migrations.CreateModel(
            name="Vendor",
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
                ("does", models.CharField(max_length=400)),
                ("website", models.CharField(blank=True, max_length=300)),
                ("contact_email", models.CharField(blank=True, max_length=254)),
                ("contact_name", models.CharField(blank=True, max_length=120)),
                (
                    "stage",
                    models.CharField(
                        choices=[("considered", "Considered"), ("in_use", "In use")],
                        default="in_use",
                        max_length=12,
                    ),
                ),
                ("data_kinds", models.JSONField(default=list)),
                (
                    "access",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("sees", "Can read production"),
                            ("changes", "Can change or stop production"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                (
                    "set_tier",
                    models.CharField(
                        blank=True,
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        max_length=8,
                    ),
                ),
                ("why_tier", models.CharField(blank=True, max_length=400)),
                (
                    "bond",
                    models.CharField(
                        choices=[
                            ("vendor", "Plain vendor"),
                            ("carve_out", "Subservice organization, carve-out"),
                            ("inclusive", "Subservice organization, inclusive"),
                        ],
                        default="vendor",
                        max_length=12,
                    ),
                ),
                ("why_bond", models.CharField(blank=True, max_length=400)),
                ("expected_controls", models.TextField(blank=True, max_length=4000)),
                ("contract_date", models.DateField(null=True)),
                ("renewal", models.DateField(null=True)),
                ("notice_days", models.PositiveSmallIntegerField(null=True)),
                ("agreements", models.TextField(blank=True, max_length=2000)),
                ("subprocessors", models.TextField(blank=True, max_length=4000)),
                ("shown_by", models.JSONField(default=list)),
                ("leaving", models.DateTimeField(null=True)),
                ("why_leaving", models.CharField(blank=True, max_length=400)),
                ("steps", models.JSONField(default=dict)),
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
            name="VendorReport",
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
                            ("soc2_type2", "SOC 2 Type II"),
                            ("soc2_type1", "SOC 2 Type I"),
                            ("soc1_type2", "SOC 1 Type II"),
                            ("soc1_type1", "SOC 1 Type I"),
                            ("soc3", "SOC 3"),
                            ("iso27001", "ISO/IEC 27001 certificate"),
                            ("other", "Other report"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("issuer", models.CharField(max_length=200)),
                ("starts", models.DateField(null=True)),
                ("ends", models.DateField()),
                (
                    "opinion",
                    models.CharField(
                        choices=[
                            ("unqualified", "Unqualified"),
                            ("qualified", "Qualified"),
                            ("adverse", "Adverse"),
                            ("disclaimer", "Disclaimer of opinion"),
                            ("none", "It gives no opinion"),
                        ],
                        max_length=12,
                    ),
                ),
                ("opinion_says", models.CharField(blank=True, max_length=400)),
                ("bridge_until", models.DateField(null=True)),
                ("bridge_says", models.CharField(blank=True, max_length=400)),
                ("below", models.TextField(blank=True, max_length=4000)),
                ("none_excepted", models.BooleanField(default=False)),
                ("none_expected", models.BooleanField(default=False)),
                ("kept_at", models.CharField(blank=True, max_length=300)),
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
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="records.vendor",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VendorException",
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
                ("text", models.TextField(max_length=2000)),
                (
                    "bearing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no", "Does not bear on us"),
                            ("mitigated", "Bears on us, and something of ours makes up for it"),
                            ("open", "Bears on us, and something is to be done"),
                        ],
                        max_length=12,
                    ),
                ),
                ("judgement", models.TextField(blank=True, max_length=2000)),
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
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exceptions",
                        to="records.vendorreport",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ExpectedControl",
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
                ("text", models.TextField(max_length=2000)),
                ("controls", models.JSONField(default=list)),
                ("not_relevant", models.CharField(blank=True, max_length=400)),
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
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expected",
                        to="records.vendorreport",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VendorReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("starts", models.DateField()),
                ("ends", models.DateField()),
                (
                    "tier",
                    models.CharField(
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")], max_length=8
                    ),
                ),
                ("questionnaire", models.CharField(max_length=80)),
                ("answers", models.JSONField()),
                (
                    "conclusion",
                    models.CharField(
                        choices=[
                            ("keep", "Keep it"),
                            ("conditions", "Keep it, with conditions"),
                            ("replace", "Replace it"),
                        ],
                        max_length=12,
                    ),
                ),
                ("says", models.TextField(max_length=4000)),
                ("conditions", models.JSONField(default=list)),
                ("tasks", models.JSONField(default=list)),
                ("control", models.CharField(blank=True, max_length=12)),
                ("evidence", models.BigIntegerField(null=True)),
                ("entry", models.BigIntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="records.vendorreport",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="records.vendor",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="NotVendor",
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
                ("key", models.CharField(max_length=300)),
                ("name", models.CharField(max_length=200)),
                ("why", models.CharField(max_length=400)),
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
                        name="notvendor_ended_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended__isnull", True)),
                        fields=("key",),
                        name="not_vendor_said_once",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="vendor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="vendor_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendor",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["considered", "in_use"])), name="vendor_stage_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="vendor",
            constraint=models.CheckConstraint(
                condition=models.Q(("bond__in", ["vendor", "carve_out", "inclusive"])),
                name="vendor_bond_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("set_tier", ""),
                    models.Q(
                        ("set_tier__in", ["high", "medium", "low"]), models.Q(("why_tier", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="vendor_own_tier_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bond", "vendor"), models.Q(("why_bond", ""), _negated=True), _connector="OR"
                ),
                name="vendor_subservice_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="vendorreport_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opinion__in", ["unqualified", "qualified", "adverse", "disclaimer", "none"])
                ),
                name="report_opinion_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts__isnull", True), ("starts__lte", models.F("ends")), _connector="OR"
                ),
                name="report_period_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="vendorexception_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bearing", ""),
                    models.Q(
                        ("bearing__in", ["no", "mitigated", "open"]),
                        models.Q(("judgement", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="exception_judged_with_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="expectedcontrol",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="expectedcontrol_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("conclusion__in", ["keep", "conditions", "replace"])),
                name="vendor_review_concluded",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts__lte", models.F("ends"))), name="vendor_review_forward"
            ),
        ),
    ]
