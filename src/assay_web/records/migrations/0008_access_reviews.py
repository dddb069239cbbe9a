"""Access reviews, and what keeps them frozen: the database itself refuses to change a frozen line, a decision after sign-off, or the history."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import assay_web.records.reviews
from assay_web.records.freezing import freeze, thaw


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0007_registers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=assay_web.records.reviews.new_review_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Under way"), ("signed", "Signed off"), ("ended", "Called off")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("due", models.DateField()),
                ("instead", models.CharField(blank=True, max_length=2000)),
                ("parameters", models.JSONField(default=dict)),
                ("lines_frozen", models.PositiveIntegerField(default=0)),
                ("root", models.CharField(max_length=64)),
                ("unseen", models.JSONField(default=list)),
                ("started", models.DateTimeField(default=django.utils.timezone.now)),
                ("started_entry", models.BigIntegerField(default=0)),
                ("signed", models.DateTimeField(null=True)),
                ("signed_entry", models.BigIntegerField(null=True)),
                ("decisions_root", models.CharField(blank=True, max_length=64)),
                ("said", models.CharField(blank=True, max_length=2000)),
                ("evidence", models.JSONField(default=list)),
                ("ended", models.DateTimeField(null=True)),
                ("ended_entry", models.BigIntegerField(null=True)),
                ("why_ended", models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name="ReviewEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=64)),
                ("act", models.CharField(max_length=40)),
                ("decision", models.CharField(blank=True, max_length=8)),
                ("said", models.CharField(blank=True, max_length=2000)),
                ("entry", models.BigIntegerField()),
            ],
            options={
                "ordering": ["entry", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReviewLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("body", models.JSONField()),
                ("commitment", models.CharField(max_length=64)),
                ("evidence", models.CharField(max_length=64)),
                ("privileged", models.BooleanField(default=False)),
                ("unmatched", models.BooleanField(default=False)),
                ("dormant", models.BooleanField(default=False)),
                ("alone", models.BooleanField(default=False)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("keep", "Keep"), ("change", "Change"), ("remove", "Remove")],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("instead", models.CharField(blank=True, max_length=1000)),
                ("decided", models.DateTimeField(null=True)),
                ("decided_entry", models.BigIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "removal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing asked for"),
                            ("asked", "Asked for; no later look yet"),
                            ("shown", "Shown by a later look"),
                            ("still", "Still there"),
                            ("unseen", "Not seen since"),
                            ("back", "There again"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("removal_entry", models.BigIntegerField(null=True)),
                ("removal_at", models.DateTimeField(null=True)),
                ("looked", models.BigIntegerField(default=-1)),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="ReviewSystem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=64)),
                ("table", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=200)),
                ("by_manager", models.BooleanField(default=False)),
                ("cites", models.JSONField(default=list)),
                ("gaps", models.JSONField(default=list)),
                ("complete", models.JSONField(null=True)),
                ("lines_frozen", models.PositiveIntegerField(default=0)),
                ("ended_records", models.PositiveIntegerField(default=0)),
                ("erased_records", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="task",
            name="task_source_known",
        ),
        migrations.AlterField(
            model_name="task",
            name="source",
            field=models.CharField(
                choices=[
                    ("check", "Check"),
                    ("gap", "Not seen"),
                    ("control", "Control"),
                    ("hand", "By hand"),
                    ("review", "Access review"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["check", "gap", "control", "hand", "review"])),
                name="task_source_known",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="second",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="signed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="started_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reviewevent",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="records.review"
            ),
        ),
        migrations.AddField(
            model_name="reviewline",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reviewline",
            name="holder",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reviewline",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="records.review"
            ),
        ),
        migrations.AddField(
            model_name="reviewline",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reviewevent",
            name="line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="records.reviewline",
            ),
        ),
        migrations.AddField(
            model_name="reviewsystem",
            name="remover",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reviewsystem",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="systems", to="records.review"
            ),
        ),
        migrations.AddField(
            model_name="reviewsystem",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reviewline",
            name="system",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="records.reviewsystem"
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["state", "due"], name="review_by_state"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "signed", "ended"])), name="review_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "signed"), _negated=True),
                    models.Q(("signed_by__isnull", False), models.Q(("decisions_root", ""), _negated=True)),
                    _connector="OR",
                ),
                name="review_signed_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewsystem",
            constraint=models.UniqueConstraint(fields=("review", "number"), name="review_system_once"),
        ),
        migrations.AddIndex(
            model_name="reviewline",
            index=models.Index(
                fields=["review", "reviewer", "decision", "number"], name="review_line_by_reviewer"
            ),
        ),
        migrations.AddIndex(
            model_name="reviewline",
            index=models.Index(
                fields=["review", "system", "reviewer", "decision", "removal"], name="review_line_outcome"
            ),
        ),
        migrations.AddIndex(
            model_name="reviewline",
            index=models.Index(fields=["removal", "review"], name="review_line_by_removal"),
        ),
        migrations.AddIndex(
            model_name="reviewline",
            index=models.Index(
                condition=models.Q(("privileged", True)),
                fields=["review", "number"],
                name="review_line_privileged",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewline",
            index=models.Index(
                condition=models.Q(("unmatched", True)),
                fields=["review", "number"],
                name="review_line_unmatched",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewline",
            index=models.Index(
                condition=models.Q(("dormant", True)), fields=["review", "number"], name="review_line_dormant"
            ),
        ),
        migrations.AddIndex(
            model_name="reviewline",
            index=models.Index(
                condition=models.Q(("alone", True)), fields=["review", "number"], name="review_line_alone"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewline",
            constraint=models.UniqueConstraint(fields=("review", "number"), name="review_line_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewline",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision", ""), ("decided_by__isnull", False), _connector="OR"),
                name="review_line_decided_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    ("holder__isnull", True),
                    models.Q(("decided_by", models.F("holder")), _negated=True),
                    ("alone", True),
                    _connector="OR",
                ),
                name="review_line_not_by_its_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision__in", ["change", "remove"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="review_line_change_has_reason",
            ),
        ),
        migrations.RunPython(freeze, thaw),
    ]
