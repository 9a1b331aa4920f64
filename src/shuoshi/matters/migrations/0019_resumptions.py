import django.db.models.deletion
from django.db import migrations, models

import shuoshi.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("matters", "0018_more_actions")]

    operations = [
        migrations.CreateModel(
            name="Resumption",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "exit",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SATISFIED", "满意"),
                            ("ANSWERED", "已答清"),
                            ("PASSED_ON", "已转达"),
                            ("AGREED_MEDIATION", "调解达成协议"),
                            ("MEDIATION_ENDED", "调解不成，已告知其他途径"),
                            ("EXPLAINED", "已解释说明"),
                            ("STATUTORY_ROUTE", "已告知法定途径"),
                            ("UNREACHABLE", "联系不上"),
                            ("UNRATED", "已答复未评价"),
                            ("WITHDRAWN", "已撤回"),
                            ("REVIEW_FINAL", "复核终结"),
                            ("VOID", "作废"),
                            ("DRILL", "演练结束"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ended_at", models.DateTimeField()),
                ("back_at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="resumptions", to="matters.matter"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["ended_at"], name="resumption_ended"),
                    models.Index(fields=["back_at"], name="resumption_back"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("back_at__gte", models.F("ended_at"))), name="resumption_not_before_its_end"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(condition=models.Q(("action", "screen_out")), fields=["at"], name="entry_screened_out"),
        ),
    ]
