import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import assay_web.records.people


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0008_access_reviews"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("system", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=254)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "A worker’s own"),
                            ("service", "A service account"),
                            ("shared", "A shared account"),
                        ],
                        max_length=8,
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("made", models.DateTimeField(default=django.utils.timezone.now)),
                ("entry", models.BigIntegerField(default=0)),
            ],
            options={
                "ordering": ["system", "name"],
            },
        ),
        migrations.CreateModel(
            name="Checklist",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=assay_web.records.people.new_people_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("joiner", "Joiner"), ("mover", "Mover"), ("leaver", "Leaver")], max_length=8
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("day", models.DateField()),
                ("found", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Complete"), ("dropped", "Dropped")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("made", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_by", models.CharField(max_length=64)),
                ("since", models.BigIntegerField(default=0)),
                ("ended", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=64)),
                ("ended_entry", models.BigIntegerField(null=True)),
                ("why_dropped", models.CharField(blank=True, max_length=400)),
                ("evidence", models.JSONField(default=list)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="ChecklistStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=60)),
                ("place", models.PositiveSmallIntegerField()),
                ("what", models.CharField(max_length=300)),
                ("controls", models.JSONField(default=list)),
                ("shown_by", models.CharField(blank=True, max_length=40)),
                ("due", models.DateTimeField(null=True)),
                ("is_done", models.BooleanField(default=False)),
                ("conclusion", models.CharField(blank=True, max_length=16)),
                ("says", models.CharField(blank=True, max_length=400)),
                ("look", models.BigIntegerField(null=True)),
                ("done", models.DateTimeField(null=True)),
                ("done_by", models.CharField(blank=True, max_length=64)),
                ("done_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("entry", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ["checklist", "place"],
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=assay_web.records.people.new_people_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("where", models.CharField(max_length=400)),
                ("controls", models.JSONField(default=list)),
                ("everyone", models.BooleanField(default=False)),
                ("groups", models.JSONField(default=list)),
                ("repeats", models.BooleanField(default=True)),
                ("begins", models.DateField()),
                ("made", models.DateTimeField(default=django.utils.timezone.now)),
                ("entry", models.BigIntegerField(default=0)),
                ("retired", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["title", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CourseProof",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=assay_web.records.people.new_people_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("finished", models.DateField()),
                ("said", models.CharField(max_length=400)),
                ("attachment", models.CharField(blank=True, max_length=64)),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("bytes", models.BigIntegerField(default=0)),
                ("made", models.DateTimeField(default=django.utils.timezone.now)),
                ("entry", models.BigIntegerField(default=0)),
                ("taken_back", models.DateTimeField(null=True)),
                ("why_taken_back", models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name="CourseWorker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("assigned", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="HandWorker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("employee", "Employee"),
                            ("contractor", "Contractor"),
                            ("adviser", "Adviser"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120)),
                ("department", models.CharField(blank=True, max_length=120)),
                ("manager", models.EmailField(blank=True, max_length=254)),
                ("started", models.DateField()),
                ("ended", models.DateField(null=True)),
                ("github_login", models.CharField(blank=True, max_length=64)),
                ("aws_user_name", models.CharField(blank=True, max_length=64)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["email"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="account",
            name="account_role_known",
        ),
        migrations.AlterField(
            model_name="account",
            name="role",
            field=models.CharField(
                choices=[
                    ("owner", "Owner"),
                    ("lead", "Compliance lead"),
                    ("engineer", "Engineer"),
                    ("reader", "Reader"),
                    ("worker", "Worker"),
                    ("auditor", "Auditor"),
                    ("adviser", "Adviser"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["owner", "lead", "engineer", "reader", "worker", "auditor", "adviser"])
                ),
                name="account_role_known",
            ),
        ),
        migrations.AddField(
            model_name="accountmatch",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="checklist",
            index=models.Index(fields=["state", "day"], name="checklist_by_state"),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["joiner", "mover", "leaver"])), name="checklist_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "done", "dropped"])), name="checklist_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.UniqueConstraint(fields=("kind", "email", "day"), name="checklist_once"),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "dropped"), _negated=True),
                    models.Q(("why_dropped", ""), _negated=True),
                    _connector="OR",
                ),
                name="checklist_dropped_with_reason",
            ),
        ),
        migrations.AddField(
            model_name="checkliststep",
            name="checklist",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="records.checklist"
            ),
        ),
        migrations.AddField(
            model_name="course",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="courseproof",
            name="course",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="records.course"
            ),
        ),
        migrations.AddField(
            model_name="courseproof",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="courseworker",
            name="course",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="workers", to="records.course"
            ),
        ),
        migrations.AddField(
            model_name="handworker",
            name="changed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="accountmatch",
            constraint=models.UniqueConstraint(fields=("system", "name"), name="account_matched_once"),
        ),
        migrations.AddConstraint(
            model_name="accountmatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["person", "service", "shared"])), name="match_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="accountmatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", ""), _negated=True), name="match_has_a_worker"
            ),
        ),
        migrations.AddConstraint(
            model_name="accountmatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "person"), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="match_of_nobody_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkliststep",
            constraint=models.UniqueConstraint(fields=("checklist", "step"), name="step_once"),
        ),
        migrations.AddIndex(
            model_name="courseproof",
            index=models.Index(fields=["email", "finished"], name="proof_by_worker"),
        ),
        migrations.AddConstraint(
            model_name="courseproof",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_back__isnull", True),
                    models.Q(("why_taken_back", ""), _negated=True),
                    _connector="OR",
                ),
                name="proof_back_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseworker",
            constraint=models.UniqueConstraint(fields=("course", "email"), name="course_given_once"),
        ),
        migrations.AddConstraint(
            model_name="handworker",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["employee", "contractor", "adviser"])),
                name="worker_kind_known",
            ),
        ),
    ]
