"""The first tables of the intake app."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Creates the case of a ticket and the list of erased cases."""

    initial = True
    dependencies = (("helpdesk", "0043_fix_on_delete_behaviour"),)
    operations = (
        migrations.CreateModel(
            name="ErasedCase",
            fields=[("case_id", models.UUIDField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="IntakeCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("case_id", models.UUIDField(unique=True)),
                ("reference", models.CharField(db_index=True, max_length=9)),
                ("body_hash", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=7)),
                ("urgency", models.CharField(max_length=6)),
                ("body", models.JSONField()),
                ("filed_at", models.DateTimeField()),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intake_case",
                        to="helpdesk.ticket",
                    ),
                ),
            ],
        ),
    )
