"""Indexes for the figures of the overview: what fell due lately, and what was rated lately.

While they are built nobody can write deadlines and ratings: a second for a hundred thousand matters.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_second_thoughts")]

    operations = [
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(fields=["due_at"], condition=models.Q(kind="completion"), name="deadline_completion"),
        ),
        migrations.AddIndex(model_name="rating", index=models.Index(fields=["at"], name="rating_lately")),
    ]
