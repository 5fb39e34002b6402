"""What the bot is told of cases."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Creates the queue of events; cases that were there before begin with no event told."""

    dependencies = (("intake", "0001_initial"),)
    operations = (
        migrations.AddField(
            model_name="intakecase",
            name="announced_status",
            field=models.CharField(default="received", max_length=18),
        ),
        migrations.AddField(
            model_name="intakecase",
            name="announced",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("event_id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("sequence", models.PositiveIntegerField()),
                ("status", models.CharField(max_length=18)),
                ("text", models.TextField(null=True)),
                ("occurred_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("refused", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="intake.intakecase",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "sequence"), name="event_sequence")]
            },
        ),
    )
