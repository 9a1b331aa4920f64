"""Entries with their versions and publications, and what is missing."""

import django.db.models.deletion
from django.db import migrations, models

import shuoshi.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organization", "0002_demo_stays"),
        ("people", "0003_proposal_title"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("published", "已发布"), ("retired", "已停用")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("waits_at", models.CharField(blank=True, max_length=120)),
                ("reviewed_on", models.DateField(null=True)),
                ("review_on", models.DateField(null=True)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EntryVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("question", models.CharField(max_length=80)),
                ("answer", models.TextField()),
                ("words", models.TextField(blank=True)),
                ("categories", models.CharField(max_length=120)),
                ("sources", models.TextField(default="[]")),
                (
                    "audience",
                    models.CharField(
                        choices=[("public", "群众和工作人员都能看"), ("staff", "只给工作人员看")], max_length=8
                    ),
                ),
                ("review_on", models.DateField()),
                ("written_at", models.DateTimeField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="knowledge.entry"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="entry",
            name="current",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.entryversion"
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="latest",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.entryversion"
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="waiting",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.entryversion"
            ),
        ),
        migrations.CreateModel(
            name="KnowledgeTask",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=8)),
                ("opened_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("because", models.CharField(blank=True, max_length=200)),
                (
                    "entry",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.entry"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="entry",
            name="task",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.knowledgetask"
            ),
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="knowledge.entry"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="knowledge.entryversion",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="entryversion",
            constraint=models.UniqueConstraint(fields=("entry", "number"), name="entry_version_once"),
        ),
        migrations.AddConstraint(
            model_name="entryversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["public", "staff"])), name="entry_version_audience_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="entryversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("question", ""), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    models.Q(("categories", ""), _negated=True),
                ),
                name="entry_version_is_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="knowledgetask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at__isnull", True)),
                fields=("unit", "category"),
                name="knowledge_task_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="knowledgetask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("because", ""),
                        ("entry__isnull", True),
                        ("settled_at__isnull", True),
                        ("settled_by__isnull", True),
                    ),
                    models.Q(
                        ("because", ""),
                        ("entry__isnull", False),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    models.Q(
                        ("entry__isnull", True),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                        models.Q(("because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="knowledge_task_settled_says_how",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("state", "published")), fields=["review_on"], name="entry_by_review"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("waiting__isnull", False)), fields=["waits_at"], name="entry_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "published", "retired"])), name="entry_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("current__isnull", False), _connector="XOR"),
                name="entry_draft_was_never_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True), ("review_on__isnull", False), _connector="OR"
                ),
                name="entry_published_has_review",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("waiting__isnull", True), ("waits_at", "")),
                    models.Q(("waiting__isnull", False), models.Q(("waits_at", ""), _negated=True)),
                    _connector="OR",
                ),
                name="entry_waits_somewhere",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["entry", "at"], name="publication_of_entry"),
        ),
    ]
