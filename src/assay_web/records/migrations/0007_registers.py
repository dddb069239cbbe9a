import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_tasks_and_acceptances"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="commitment", name="commitment_retired_with_reason"),
        migrations.RenameField(model_name="commitment", old_name="retired", new_name="ended"),
        migrations.RenameField(model_name="commitment", old_name="why_retired", new_name="why_ended"),
        migrations.AlterField(
            model_name="commitment",
            name="changed",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended__isnull", True), models.Q(("why_ended", ""), _negated=True), _connector="OR"
                ),
                name="commitment_ended_with_reason",
            ),
        ),
        migrations.CreateModel(
            name="LineEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("register", models.CharField(max_length=24)),
                ("line", models.BigIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=64)),
                ("deed", models.CharField(max_length=24)),
                ("changes", models.JSONField(default=dict)),
                ("said", models.TextField(blank=True)),
                ("entry", models.BigIntegerField()),
            ],
            options={
                "ordering": ["entry", "id"],
                "indexes": [models.Index(fields=["register", "line"], name="event_of_line")],
            },
        ),
    ]
