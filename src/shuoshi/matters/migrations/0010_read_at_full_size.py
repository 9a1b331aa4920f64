"""Indexes for what would read every row there is: figures of the overview, and the last digits of a number.

While they are built nobody can write matters, deadlines and ratings: some seconds for a hundred thousand matters.
"""

from django.db import migrations, models
from django.db.models.functions import Right


class Migration(migrations.Migration):
    dependencies = [("matters", "0009_looked_up_and_consented")]

    operations = [
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(fields=["due_at"], condition=models.Q(kind="completion"), name="deadline_completion"),
        ),
        migrations.AddIndex(model_name="rating", index=models.Index(fields=["at"], name="rating_lately")),
        migrations.RemoveIndex(model_name="matter", name="matter_tail"),
        migrations.AddIndex(model_name="matter", index=models.Index(Right("tail", 4), name="matter_last_digits")),
    ]
