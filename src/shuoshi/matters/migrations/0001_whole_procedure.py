import datetime

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import shuoshi.kernel.crypto
import shuoshi.kernel.ids


class Migration(migrations.Migration):
    replaces = [
        ("matters", "0001_initial"),
        ("matters", "0002_answer_questions"),
        ("matters", "0003_conflicts_ruled_on"),
        ("matters", "0004_second_thoughts"),
        ("matters", "0005_recount"),
        ("matters", "0006_answers_from_knowledge"),
        ("matters", "0007_documents"),
        ("matters", "0008_others_go_on"),
        ("matters", "0009_looked_up_and_consented"),
        ("matters", "0010_read_at_full_size"),
        ("matters", "0011_time_moves"),
        ("matters", "0012_once_more"),
        ("matters", "0013_supervision"),
        ("matters", "0014_whole_procedure"),
        ("matters", "0015_every_branch"),
    ]

    initial = True

    dependencies = [
        ("kernel", "0002_append_only"),
        ("knowledge", "0001_initial"),
        ("organization", "0005_leavers"),
        ("people", "0004_second_for_templates"),
    ]

    operations = [
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("wrapped_key", models.BinaryField(default=shuoshi.kernel.crypto.new_wrapped_key, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("tail", models.CharField(max_length=12)),
                ("query_generation", models.PositiveSmallIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("REGISTERED", "待受理"),
                            ("SCREENED_OUT", "不予受理"),
                            ("ACCEPTED", "待交办"),
                            ("ASSIGNED", "待签收"),
                            ("IN_HANDLING", "办理中"),
                            ("PAUSED", "暂停计时"),
                            ("PARKED", "挂账"),
                            ("IN_FOLLOW_UP", "待回访"),
                            ("UNDER_REVIEW", "复核中"),
                            ("MERGED", "已并入"),
                            ("CLOSED", "已办结"),
                        ],
                        max_length=20,
                    ),
                ),
                ("turn", models.PositiveIntegerField(default=1)),
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
                ("closed_at", models.DateTimeField(null=True)),
                ("reopened_at", models.DateTimeField(null=True)),
                ("reopen_until", models.DateTimeField(null=True)),
                ("review_until", models.DateTimeField(null=True)),
                ("reviews_asked", models.PositiveSmallIntegerField(default=0)),
                ("review_path", models.CharField(blank=True, max_length=120)),
                ("review_here", models.BooleanField(default=False)),
                ("finally_reviewed_at", models.DateTimeField(null=True)),
                ("petition", models.BooleanField(default=False)),
                ("reconsidered_until", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("point", "说事点"),
                            ("meeting", "说事会"),
                            ("online", "网上"),
                            ("hotline", "热线"),
                            ("box", "意见箱"),
                            ("visit", "走访"),
                            ("representative", "代表代说"),
                            ("outside", "上级转来"),
                            ("import", "导入"),
                        ],
                        max_length=20,
                    ),
                ),
                ("outside_number", models.CharField(blank=True, max_length=60)),
                ("registered_at", models.DateTimeField()),
                ("happened_at", models.DateTimeField()),
                ("staff_entered", models.BooleanField(default=False)),
                ("home_path", models.CharField(max_length=120)),
                ("tier_path", models.CharField(max_length=120)),
                ("said_place", shuoshi.kernel.crypto.EncryptedText(owner="self")),
                ("place", shuoshi.kernel.crypto.EncryptedText(owner="self")),
                ("coordinates", shuoshi.kernel.crypto.EncryptedText(owner="self")),
                ("content", shuoshi.kernel.crypto.EncryptedText(owner="self")),
                ("answers", shuoshi.kernel.crypto.EncryptedText(owner="self")),
                ("concerns_words", shuoshi.kernel.crypto.EncryptedText(owner="self")),
                ("concerns_to_check", models.BooleanField(default=False)),
                ("read_back", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(blank=True, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("POLICY_ENQUIRY", "政策咨询"),
                            ("INTEREST_CLAIM", "利益诉求"),
                            ("SUGGESTION", "意见建议"),
                            ("DISPUTE", "矛盾纠纷"),
                            ("OTHER", "其他"),
                            ("PRAISE", "表扬感谢"),
                            ("INVALID", "无效"),
                        ],
                        max_length=20,
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=8)),
                ("sensitive", models.BooleanField(default=False)),
                (
                    "complexity",
                    models.CharField(
                        blank=True,
                        choices=[("simple", "简单"), ("standard", "一般"), ("complex", "复杂"), ("difficult", "疑难")],
                        max_length=10,
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("U1", "特急"), ("U2", "紧急"), ("U3", "加急"), ("U4", "一般")],
                        default="U4",
                        max_length=2,
                    ),
                ),
                ("urgency_suspected", models.BooleanField(default=False)),
                ("drill", models.BooleanField(default=False)),
                ("emergencies", models.PositiveSmallIntegerField(default=0)),
                ("duty_since", models.DateTimeField(null=True)),
                ("papers_owed", models.BooleanField(default=False)),
                (
                    "naming",
                    models.CharField(
                        choices=[("anonymous", "匿名"), ("confidential", "留名但对承办单位保密"), ("named", "留名")],
                        max_length=12,
                    ),
                ),
                ("headcount", models.PositiveIntegerField(null=True)),
                ("answers_owed", models.PositiveSmallIntegerField(default=0)),
                ("consent_to_publication", models.BooleanField(default=False)),
                (
                    "tell_by",
                    models.CharField(
                        choices=[
                            ("call", "打电话"),
                            ("sms", "短信"),
                            ("email", "电子邮件"),
                            ("visit", "上门"),
                            ("representative", "请代表转告"),
                            ("page", "自己在网上查"),
                        ],
                        max_length=16,
                    ),
                ),
                ("no_messages", models.BooleanField(default=False)),
                ("receipt_handed_over_at", models.DateTimeField(null=True)),
                ("objected_at", models.DateTimeField(null=True)),
                ("merged_here", models.PositiveSmallIntegerField(default=0)),
                ("returns", models.PositiveSmallIntegerField(default=0)),
                ("extensions", models.PositiveSmallIntegerField(default=0)),
                ("paused_for", models.CharField(blank=True, max_length=40)),
                ("waits_for_speaker", models.BooleanField(default=False)),
                ("dispatcher_designates", models.BooleanField(default=False)),
                ("rework_at_tier", models.PositiveSmallIntegerField(default=0)),
                ("tier_above_path", models.CharField(blank=True, max_length=120)),
                ("result_in_hand", models.BooleanField(default=False)),
                ("result_short", models.BooleanField(default=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("attempts_used_up", models.BooleanField(default=False)),
                ("nudged_at", models.DateTimeField(null=True)),
                (
                    "follow_up_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registry", "受理中心"),
                            ("oversight", "监督委员会成员"),
                            ("above", "上一级受理中心"),
                            ("speaker", "只由本人评价"),
                        ],
                        max_length=10,
                    ),
                ),
                ("follow_up_path", models.CharField(blank=True, max_length=120)),
                (
                    "sample_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registry", "受理中心"),
                            ("oversight", "监督委员会成员"),
                            ("above", "上一级受理中心"),
                            ("speaker", "只由本人评价"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sample_path", models.CharField(blank=True, max_length=120)),
                ("unread_words", models.PositiveSmallIntegerField(default=0)),
                ("withdrawal_asked_at", models.DateTimeField(null=True)),
                ("withdrawal_entered", models.BooleanField(default=False)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("supervised", models.BooleanField(default=False)),
                ("duties_answered_at", models.DateTimeField(null=True)),
                ("other_side", models.BooleanField(default=False)),
                (
                    "mediation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open", "正在调解"),
                            ("signed", "达成书面协议"),
                            ("oral", "达成口头协议"),
                            ("failed", "调解不成"),
                            ("dropped", "没有调解下去"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "adoption",
                    models.CharField(
                        blank=True, choices=[("whole", "采纳"), ("part", "部分采纳"), ("not", "不采纳")], max_length=6
                    ),
                ),
                ("conferred_at", models.DateTimeField(null=True)),
                (
                    "order_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("OWED", "待报结"),
                            ("OBJECTED", "已提异议，等上级答复"),
                            ("WITHDRAWN", "上级已收回"),
                            ("REPORTED", "已报结"),
                        ],
                        max_length=10,
                    ),
                ),
                ("order_due_at", models.DateTimeField(null=True)),
                ("agencies", models.PositiveSmallIntegerField(default=0)),
                ("papers_out", models.PositiveSmallIntegerField(default=0)),
                ("hand_overs", models.PositiveSmallIntegerField(default=0)),
                ("promised_by", models.DateTimeField(null=True)),
                ("next_due_at", models.DateTimeField(default=datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC))),
                ("next_due_kind", models.CharField(blank=True, max_length=16)),
                (
                    "agent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.area"
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "lead_unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "mediator",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="matters.matter",
                    ),
                ),
                (
                    "order_objector",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.profileversion"
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "registry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "review_written_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "said_point",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.point",
                    ),
                ),
                (
                    "screened_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["status", "next_due_at", "id"], name="matter_queue"),
                    models.Index(fields=["lead_unit", "status", "next_due_at", "id"], name="matter_of_unit"),
                    models.Index(fields=["handler", "status", "next_due_at", "id"], name="matter_of_handler"),
                    models.Index(django.db.models.functions.text.Right("tail", 4), name="matter_last_digits"),
                    models.Index(fields=["registered_at", "id"], name="matter_registered"),
                    models.Index(
                        condition=models.Q(("unread_words__gt", 0)), fields=["next_due_at"], name="matter_unread"
                    ),
                    models.Index(
                        condition=models.Q(("duty_since__isnull", False)), fields=["next_due_at"], name="matter_called"
                    ),
                    models.Index(
                        condition=models.Q(("papers_owed", True)), fields=["next_due_at"], name="matter_papers"
                    ),
                    models.Index(
                        condition=models.Q(("sample_path", ""), _negated=True),
                        fields=["sample_path"],
                        name="matter_sampled",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False)), fields=["closed_at"], name="matter_closed"
                    ),
                    models.Index(
                        condition=models.Q(("order_state__in", ["OBJECTED", "OWED"])),
                        fields=["next_due_at"],
                        name="matter_ordered",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status", "CLOSED"), ("exit", ""), _connector="XOR"),
                        name="matter_closed_has_exit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("status", "CLOSED")),
                            models.Q(models.Q(("status", "CLOSED"), _negated=True), ("closed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="matter_closed_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status", "UNDER_REVIEW"), ("review_path", ""), _connector="XOR"),
                        name="matter_under_review_has_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status", "MERGED"), ("merged_into__isnull", True), _connector="XOR"),
                        name="matter_merged_has_main",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="matter_not_its_own_main",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["IN_HANDLING", "PARKED", "PAUSED"]), _negated=True),
                            ("handler__isnull", False),
                            _connector="OR",
                        ),
                        name="matter_in_handling_has_handler",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mediation", ""), ("mediator__isnull", False), _connector="OR"),
                        name="matter_mediated_has_mediator",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sample_by", ""), ("sample_path", ""), _connector="XOR", _negated=True),
                        name="matter_sampled_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("drill", False), ("naming", "anonymous"), _connector="OR"),
                        name="matter_drill_of_nobody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("exit", "DRILL"), _negated=True), ("drill", True), _connector="OR"
                        ),
                        name="matter_drill_has_exit_of_its_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("headcount__isnull", True), ("headcount__gte", 2), _connector="OR"),
                        name="matter_group_of_several",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("headcount__isnull", True),
                            models.Q(
                                models.Q(("naming", "anonymous"), _negated=True),
                                models.Q(("urgency", "U4"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="matter_group_is_known_and_pressing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "CLOSED"), _negated=True),
                            models.Q(
                                ("papers_out", 0), models.Q(("order_state__in", ["OBJECTED", "OWED"]), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="matter_closed_owes_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["REGISTERED", "SCREENED_OUT", "CLOSED"]),
                            models.Q(models.Q(("title", ""), _negated=True), models.Q(("kind", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="matter_accepted_has_title_and_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("acts", "代办：替他去办"), ("goes_along", "陪办：陪他去办")], max_length=12
                    ),
                ),
                ("office", models.CharField(max_length=80)),
                ("scope", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("authorised_at", models.DateTimeField()),
                ("until", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "办完了"),
                            ("revoked", "本人收回委托"),
                            ("lapsed", "委托到期"),
                            ("replaced", "换了新的委托"),
                            ("handed_on", "换了承办单位"),
                            ("answered", "已经答复"),
                            ("closed", "事情办结"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="authorisations", to="matters.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="agency_ordinal_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("matter",), name="agency_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_because", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="agency_end_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Demand",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("dropped", models.BooleanField(default=False)),
                ("settled", models.BooleanField(default=False)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="demands", to="matters.matter"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("matter", "ordinal"), name="demand_ordinal_once")],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("edition", models.PositiveSmallIntegerField(default=1)),
                ("number", models.CharField(max_length=60, unique=True)),
                ("issuer", models.CharField(max_length=160)),
                ("issued_at", models.DateTimeField()),
                ("content", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("digest", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.event"),
                ),
                (
                    "template",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.papertemplate",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="matters.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("matter", "kind", "ordinal", "edition"), name="document_edition_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("edition__gte", 1)), name="document_edition_from_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("violence", "家庭暴力，受害人没有或者只有部分行为能力"),
                            ("crime", "可能是治安案件或者刑事案件"),
                            ("threat", "扬言伤人、伤己，或者矛盾可能激化"),
                        ],
                        max_length=10,
                    ),
                ),
                ("found", models.BooleanField()),
                ("reported_to", models.CharField(blank=True, max_length=100)),
                ("reported_at", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="duty_answers", to="matters.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("found", False),
                            models.Q(models.Q(("reported_to", ""), _negated=True), ("reported_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="duty_found_is_reported",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("step", models.PositiveSmallIntegerField()),
                ("tier_path", models.CharField(max_length=120)),
                ("because", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="duty_calls", to="matters.matter"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "matter"], name="duty_call_of_person")],
                "constraints": [models.UniqueConstraint(fields=("matter", "step", "person"), name="duty_call_once")],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("concerned", "反映的就是这个人或单位"),
                            ("recused", "裁定回避"),
                            ("declared", "自己声明，裁定前先回避"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exclusions", to="matters.matter"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "matter"], name="exclusion_by_person"),
                    models.Index(fields=["unit", "matter"], name="exclusion_by_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", True), ("unit__isnull", False)),
                            models.Q(("person__isnull", False), ("unit__isnull", True)),
                            _connector="OR",
                        ),
                        name="exclusion_of_unit_or_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("matter", "unit"),
                        name="exclusion_unit_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("matter", "person"),
                        name="exclusion_person_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Involvement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "bond",
                    models.CharField(
                        choices=[
                            ("handled", "承办过"),
                            ("issued", "签发过"),
                            ("led", "直接主管过"),
                            ("ruled", "裁定过"),
                            ("helped", "协办过"),
                            ("registered", "登记过"),
                            ("followed_up", "回访过"),
                            ("called", "应急时被叫过"),
                            ("stood_in", "代承办人办过"),
                            ("sampled", "抽查回访过"),
                        ],
                        max_length=12,
                    ),
                ),
                ("over_path", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="involvements", to="matters.matter"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "matter"], name="involvement_by_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "person", "bond", "over_path"), name="involvement_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Merging",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "came_from",
                    models.CharField(
                        choices=[
                            ("REGISTERED", "待受理"),
                            ("SCREENED_OUT", "不予受理"),
                            ("ACCEPTED", "待交办"),
                            ("ASSIGNED", "待签收"),
                            ("IN_HANDLING", "办理中"),
                            ("PAUSED", "暂停计时"),
                            ("PARKED", "挂账"),
                            ("IN_FOLLOW_UP", "待回访"),
                            ("UNDER_REVIEW", "复核中"),
                            ("MERGED", "已并入"),
                            ("CLOSED", "已办结"),
                        ],
                        max_length=20,
                    ),
                ),
                ("merged_at", models.DateTimeField()),
                ("why", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "main",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merged_once", to="matters.matter"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mergings", to="matters.matter"
                    ),
                ),
                (
                    "merged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("matter",), name="merging_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("matter", models.F("main")), _negated=True), name="merging_not_into_itself"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutsideOrder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("sender", models.CharField(max_length=80)),
                ("received_at", models.DateTimeField()),
                ("limit", models.CharField(max_length=8)),
                ("due_at", models.DateTimeField()),
                ("content", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OWED", "待报结"),
                            ("OBJECTED", "已提异议，等上级答复"),
                            ("WITHDRAWN", "上级已收回"),
                            ("REPORTED", "已报结"),
                        ],
                        default="OWED",
                        max_length=10,
                    ),
                ),
                ("objected_at", models.DateTimeField(null=True)),
                ("objection", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer_number", models.CharField(blank=True, max_length=60)),
                ("answer", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("reported_at", models.DateTimeField(null=True)),
                ("report_number", models.CharField(blank=True, max_length=60)),
                ("report", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("rated", models.CharField(blank=True, max_length=1)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outside_order", to="matters.matter"
                    ),
                ),
                (
                    "objected_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reported_at__isnull", False), ("reported_by__isnull", False), ("state", "REPORTED")
                            ),
                            models.Q(
                                models.Q(("state", "REPORTED"), _negated=True),
                                ("reported_at__isnull", True),
                                ("reported_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="order_reported_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("objected_at__isnull", False),
                                models.Q(("answered_by", models.F("objected_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="order_answered_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("speaker", "说事人"),
                            ("on_behalf_of", "被代说的人"),
                            ("recorder", "代说人"),
                            ("opponent", "对方当事人"),
                            ("spokesperson", "推选的代表"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "naming",
                    models.CharField(
                        choices=[("anonymous", "匿名"), ("confidential", "留名但对承办单位保密"), ("named", "留名")],
                        max_length=12,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.contactpoint",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parties", to="matters.matter"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["contact"], name="party_of_contact")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("role__in", ["opponent", "spokesperson"]), _negated=True),
                        fields=("matter", "role"),
                        name="party_one_of_each_role",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "spokesperson")),
                        fields=("matter", "person"),
                        name="party_speaks_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("naming", "anonymous"), _negated=True), name="party_anonymous_is_no_row"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("linked", "另一件事，另行登记"), ("repeat", "还是这件事，办结后又说")], max_length=8
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
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="raised_afterwards",
                        to="matters.matter",
                    ),
                ),
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="raised_from", to="matters.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("matter", models.F("earlier")), _negated=True),
                        name="relation_not_to_itself",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "because",
                    models.CharField(
                        choices=[
                            ("registered", "首次办理"),
                            ("rework", "不满意，重新办理"),
                            ("reopened", "办结后再次提出"),
                            ("reviewed", "复核改变了决定"),
                        ],
                        max_length=12,
                    ),
                ),
                ("tier_path", models.CharField(max_length=120)),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("replied_at", models.DateTimeField(null=True)),
                ("words", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="matters.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="round_ordinal_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("matter",), name="round_one_open"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unanswered",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="unanswered", to="matters.matter"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.knowledgetask"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("task", "matter"), name="unanswered_once")],
            },
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "extent",
                    models.CharField(
                        choices=[("whole", "采纳"), ("part", "部分采纳"), ("not", "不采纳")], max_length=6
                    ),
                ),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("because", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("decided_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("carried_out_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adoptions", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adoptions", to="matters.round"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="adoption_ordinal_once"),
                    models.UniqueConstraint(fields=("round",), name="adoption_one_in_a_round"),
                    models.CheckConstraint(
                        condition=models.Q(("extent", "not"), ("due_at__isnull", False), _connector="XOR"),
                        name="adoption_adopted_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("carried_out_at__isnull", True), ("confirmed_by__isnull", True)),
                            models.Q(
                                ("carried_out_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("due_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="adoption_carried_out_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("assigned_at", models.DateTimeField()),
                ("basis", models.CharField(max_length=80)),
                ("reason", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("binding", models.BooleanField(default=False)),
                ("returnable_until", models.DateTimeField()),
                ("reds", models.PositiveSmallIntegerField(default=0)),
                ("signed_for_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("returned", "退单获准"),
                            ("conflict", "回避"),
                            ("escalated", "提级"),
                            ("round_ended", "本轮结束"),
                            ("merged", "并入别的件，由主件答复"),
                            ("transferred", "职责划转"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "duty_line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.dutyline",
                    ),
                ),
                (
                    "handler",
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
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="matters.round"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit", "matter"], name="assignment_of_unit"),
                    models.Index(fields=["unit", "assigned_at"], name="assignment_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("round",), name="assignment_one_current"
                    ),
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="assignment_ordinal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_because", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="assignment_end_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "level",
                    models.CharField(
                        choices=[("U1", "特急"), ("U2", "紧急"), ("U3", "加急"), ("U4", "一般")], max_length=2
                    ),
                ),
                ("drill", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("dispatched_at", models.DateTimeField(null=True)),
                ("stood_down_at", models.DateTimeField(null=True)),
                ("words", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "dispatched_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "stood_down_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="emergency_files", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="emergency_files", to="matters.round"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="emergency_ordinal_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("stood_down_at__isnull", True)),
                        fields=("matter",),
                        name="emergency_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dispatched_at__isnull", True), ("dispatched_by__isnull", True)),
                            models.Q(("dispatched_at__isnull", False), ("dispatched_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="emergency_dispatched_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("police", "公安机关"),
                            ("court", "法院、检察院"),
                            ("utility", "水电气热、通信等企业"),
                            ("authority", "其他机关、单位"),
                        ],
                        max_length=10,
                    ),
                ),
                ("body", models.CharField(max_length=80)),
                ("ask_where", models.CharField(max_length=120)),
                ("number", models.CharField(max_length=60)),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("given", models.CharField(blank=True, max_length=60)),
                (
                    "ground",
                    models.CharField(
                        blank=True, choices=[("consent", "本人单独同意"), ("law", "法律、行政法规规定")], max_length=8
                    ),
                ),
                ("basis", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("sent_at", models.DateTimeField()),
                ("answer_by", models.DateField()),
                ("ask_at", models.DateTimeField()),
                ("asked", models.PositiveSmallIntegerField(default=0)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer_number", models.CharField(blank=True, max_length=60)),
                ("answer", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outside_letters", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.round"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="hand_over_ordinal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given", ""), ("ground", "")),
                            models.Q(models.Q(("given", ""), _negated=True), models.Q(("ground", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="hand_over_gives_data_on_a_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="hand_over_answered_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("given_at", models.DateTimeField()),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="instructions", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="instructions", to="matters.round"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="instruction_ordinal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="instruction_answered_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mediation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "speaker_agreed_by",
                    models.CharField(
                        choices=[
                            ("call", "电话"),
                            ("visit", "上门"),
                            ("face", "当面"),
                            ("sms", "短信"),
                            ("letter", "书信"),
                            ("page", "进度页"),
                            ("relay", "受理中心转达"),
                        ],
                        max_length=8,
                    ),
                ),
                ("speaker_agreed_on", models.DateField()),
                (
                    "other_agreed_by",
                    models.CharField(
                        choices=[
                            ("call", "电话"),
                            ("visit", "上门"),
                            ("face", "当面"),
                            ("sms", "短信"),
                            ("letter", "书信"),
                            ("page", "进度页"),
                            ("relay", "受理中心转达"),
                        ],
                        max_length=8,
                    ),
                ),
                ("other_agreed_on", models.DateField()),
                ("until", models.DateField()),
                ("extended_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "正在调解"),
                            ("signed", "达成书面协议"),
                            ("oral", "达成口头协议"),
                            ("failed", "调解不成"),
                            ("dropped", "没有调解下去"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refused", "一方不愿再调解"),
                            ("no_agreement", "谈过，没有谈成"),
                            ("time_over", "调解的期限到了"),
                            ("unsuitable", "不宜再调解（恶意串通、可能激化等）"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("remedies", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mediations", to="matters.matter"
                    ),
                ),
                (
                    "mediator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mediations", to="matters.round"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "open")), fields=("matter",), name="mediation_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("outcome", "open")),
                            models.Q(models.Q(("outcome", "open"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="mediation_open_or_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome", "failed"), ("because", ""), _connector="XOR"),
                        name="mediation_failed_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OtherRating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("call", "电话"),
                            ("visit", "上门"),
                            ("face", "当面"),
                            ("sms", "短信"),
                            ("letter", "书信"),
                            ("page", "进度页"),
                            ("relay", "受理中心转达"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("5", "非常满意"),
                            ("4", "满意"),
                            ("3", "基本满意"),
                            ("2", "不满意"),
                            ("1", "非常不满意"),
                        ],
                        max_length=1,
                    ),
                ),
                (
                    "attitude",
                    models.CharField(
                        choices=[
                            ("5", "非常满意"),
                            ("4", "满意"),
                            ("3", "基本满意"),
                            ("2", "不满意"),
                            ("1", "非常不满意"),
                        ],
                        max_length=1,
                    ),
                ),
                ("words", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "proof",
                    models.CharField(
                        choices=[("recording", "通话录音"), ("signed_slip", "本人签字"), ("witness", "见证人")],
                        max_length=12,
                    ),
                ),
                ("proof_ref", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="other_ratings", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="other_ratings", to="matters.round"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("round",), name="other_rating_once")],
            },
        ),
        migrations.CreateModel(
            name="PaperTaken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("what", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("original", models.BooleanField()),
                ("taken_at", models.DateTimeField()),
                (
                    "became",
                    models.CharField(
                        choices=[
                            ("out", "还在我们手里"),
                            ("returned", "已还给本人"),
                            ("handed_in", "已交给办事的单位"),
                            ("lost", "丢失"),
                        ],
                        default="out",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("receipt", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="matters.agency"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers_taken", to="matters.matter"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="paper_taken_ordinal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("became", "out"), ("settled_at__isnull", True), ("settled_by__isnull", True)),
                            models.Q(
                                models.Q(("became", "out"), _negated=True),
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="paper_taken_accounted_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("body_path", models.CharField(max_length=120)),
                ("asked_at", models.DateTimeField()),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "exit_before",
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
                ("lapsed_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("upheld", models.BooleanField(null=True)),
                ("decision", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("basis", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("remedies", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="matters.round"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="review_ordinal_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True), ("lapsed_at__isnull", True)),
                        fields=("matter",),
                        name="review_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("decided_by__isnull", True), ("upheld__isnull", True)
                            ),
                            models.Q(
                                ("decided_at__isnull", False), ("decided_by__isnull", False), ("upheld__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="review_decided_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                (
                    "exit",
                    models.CharField(
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
                ("at", models.DateTimeField()),
                (
                    "drawn",
                    models.CharField(
                        blank=True,
                        choices=[("", "没有抽到"), ("share", "按比例抽到"), ("turn", "每个单位若干件里至少一件")],
                        max_length=5,
                    ),
                ),
                (
                    "asked_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registry", "受理中心"),
                            ("oversight", "监督委员会成员"),
                            ("above", "上一级受理中心"),
                            ("speaker", "只由本人评价"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "found",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "和记录一样"),
                            ("contradicted", "和记录不一样"),
                            ("declined", "联系上了，不愿多说"),
                            ("unreached", "几次没有联系上"),
                        ],
                        max_length=12,
                    ),
                ),
                ("found_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="matters.round"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit", "-place"], name="sample_of_unit"),
                    models.Index(condition=models.Q(("drawn", ""), _negated=True), fields=["at"], name="sample_drawn"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("round",), name="sample_once_a_round"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("drawn", ""), _negated=True),
                            ("found", ""),
                            models.Q(("asked_by", "speaker"), _negated=True),
                        ),
                        fields=("matter",),
                        name="sample_one_to_look_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("exit__in", ["ANSWERED", "PASSED_ON", "UNRATED", "UNREACHABLE", "WITHDRAWN"])
                        ),
                        name="sample_of_facts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("drawn", ""), models.Q(("asked_by", ""), _negated=True), _connector="XOR"),
                        name="sample_drawn_has_who_asks",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("found", ""), ("found_at__isnull", True)),
                            models.Q(
                                models.Q(("found", ""), _negated=True),
                                models.Q(("drawn", ""), _negated=True),
                                ("found_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sample_found_when_drawn",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Spokesperson",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seat", models.PositiveSmallIntegerField()),
                ("query_generation", models.PositiveSmallIntegerField(default=1)),
                (
                    "tell_by",
                    models.CharField(
                        choices=[
                            ("call", "打电话"),
                            ("sms", "短信"),
                            ("email", "电子邮件"),
                            ("visit", "上门"),
                            ("representative", "请代表转告"),
                            ("page", "自己在网上查"),
                        ],
                        max_length=16,
                    ),
                ),
                ("no_messages", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField()),
                ("receipt_handed_over_at", models.DateTimeField(null=True)),
                (
                    "heard",
                    models.CharField(
                        choices=[
                            ("owed", "还没有问到"),
                            ("satisfied", "满意"),
                            ("dissatisfied", "不满意"),
                            ("declined", "不愿评价"),
                            ("unreached", "几次没有联系上"),
                        ],
                        default="owed",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("withdrawal_entered", models.BooleanField(default=False)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spokespersons", to="matters.matter"
                    ),
                ),
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spokesperson", to="matters.party"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True)),
                        fields=("matter", "seat"),
                        name="spokesperson_seat_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seat__gte", 1), ("seat__lte", 5)), name="spokesperson_seat_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("ordered_at", models.DateTimeField()),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="supervisions", to="matters.matter"
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="supervisions", to="matters.round"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="supervision_ordinal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="supervision_answered_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("form", models.CharField(choices=[("signed", "书面协议"), ("oral", "口头协议")], max_length=8)),
                ("facts", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("issue", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("way", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("concluded_on", models.DateField()),
                ("confirm_until", models.DateField()),
                (
                    "proof",
                    models.CharField(
                        choices=[("recording", "通话录音"), ("signed_slip", "本人签字"), ("witness", "见证人")],
                        max_length=12,
                    ),
                ),
                ("proof_ref", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="matters.matter"
                    ),
                ),
                (
                    "mediation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreement", to="matters.mediation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="agreement_ordinal_once"),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["oral", "signed"])), name="agreement_of_a_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("form", "signed"), _negated=True), ("proof", "signed_slip"), _connector="OR"
                        ),
                        name="agreement_written_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confirm_until__gt", models.F("concluded_on"))),
                        name="agreement_confirmed_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoUnit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("task", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("asked_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("opinion", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="co_units", to="matters.assignment"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="co_units", to="matters.matter"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "matter"], name="co_unit_of_unit")],
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "unit"), name="co_unit_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            models.Q(("asked_at__isnull", False), ("due_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="co_unit_answers_what_it_was_asked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("about", models.CharField(blank=True, max_length=40)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("next_look_at", models.DateTimeField(null=True)),
                ("basis", models.CharField(max_length=80)),
                ("limit", models.CharField(blank=True, max_length=8)),
                ("provisional", models.BooleanField(default=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("OPEN", "Open"), ("MET", "Met"), ("MISSED", "Missed"), ("VOID", "Void")],
                        default="OPEN",
                        max_length=6,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("failed_looks", models.PositiveSmallIntegerField(default=0)),
                ("retry_at", models.DateTimeField(null=True)),
                (
                    "late",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "没有超期"), (1, "超期"), (2, "超期较久，督办"), (3, "超期太久，约谈")], default=0
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="matters.assignment",
                    ),
                ),
                (
                    "follows",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successor",
                        to="matters.deadline",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deadlines", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deadlines", to="matters.round"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_look_at__isnull", False)),
                        fields=["next_look_at"],
                        name="deadline_by_next_look",
                    ),
                    models.Index(fields=["matter", "started_at"], name="deadline_of_matter"),
                    models.Index(
                        condition=models.Q(("outcome", "OPEN"), ("provisional", True)),
                        fields=["due_at"],
                        name="deadline_guessed",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "completion")), fields=["due_at"], name="deadline_completion"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("started_at"))), name="deadline_due_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "OPEN"), ("settled_at__isnull", True)),
                            models.Q(("outcome__in", ["MET", "MISSED", "VOID"]), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="deadline_open_or_settled",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "OPEN")),
                        fields=("round", "kind", "about"),
                        name="deadline_one_open_per_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EmergencyReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("initial", "初报"), ("follow", "续报"), ("final", "终报")], max_length=8
                    ),
                ),
                ("at", models.DateTimeField()),
                ("arrived", models.BooleanField(default=False)),
                ("parts", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="matters.emergency"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergency_reports",
                        to="matters.matter",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("emergency", "ordinal"), name="emergency_report_ordinal_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["initial", "final"])),
                        fields=("emergency", "kind"),
                        name="emergency_report_first_and_last_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("register", "登记"),
                            ("register_group", "登记集体反映"),
                            ("register_linked", "新诉求另行登记"),
                            ("start_emergency", "启动应急"),
                            ("call_next", "没有人处置，逐级呼叫"),
                            ("dispatch_emergency", "先处置后补单"),
                            ("complete_papers", "补单"),
                            ("report_emergency", "报告应急情况"),
                            ("stand_down", "解除应急"),
                            ("confirm_urgency", "核实为紧急"),
                            ("lower_urgency", "降低紧急程度"),
                            ("correct_registration", "更正登记"),
                            ("check_concerned", "核对说到的人"),
                            ("add_spokesperson", "增加代表"),
                            ("correct_headcount", "更正集体人数"),
                            ("hand_over_receipt", "交付回执"),
                            ("void", "申请作废"),
                            ("rule_void", "核定作废"),
                            ("accept", "受理"),
                            ("screen_out", "不予受理"),
                            ("object_to_screening", "对不予受理有异议"),
                            ("answer_on_the_spot", "当场答复"),
                            ("classify", "分类"),
                            ("assign", "交办"),
                            ("designate", "指定承办"),
                            ("sign_for", "签收"),
                            ("request_return", "申请退单"),
                            ("rule_return", "裁定退单"),
                            ("change_handler", "改派"),
                            ("record_first_contact", "记首次联系"),
                            ("record_investigation", "记调查核实"),
                            ("set_plan", "定方案"),
                            ("record_measure", "记实施"),
                            ("report_progress", "告知进展"),
                            ("add_co_unit", "请单位协办"),
                            ("give_co_opinion", "答复协办意见"),
                            ("hand_over_outside", "移送外单位"),
                            ("ask_outside", "催问外单位"),
                            ("record_outside_answer", "记外单位的答复"),
                            ("authorise_agency", "受托代办、陪办"),
                            ("take_papers", "收下材料"),
                            ("record_agency_step", "记代办经过"),
                            ("hand_back_papers", "记材料去向"),
                            ("revoke_agency", "收回委托"),
                            ("lapse_agency", "委托到期"),
                            ("request_escalation", "提请上级办理"),
                            ("rule_escalation", "裁定提请上级办理"),
                            ("request_extension", "申请延期"),
                            ("rule_extension", "裁定延期"),
                            ("request_pause", "申请暂停计时"),
                            ("rule_pause", "裁定暂停计时"),
                            ("resume", "恢复计时"),
                            ("request_park", "申请挂账"),
                            ("rule_park", "裁定挂账"),
                            ("review_parked", "挂账复核"),
                            ("strike_off", "销号"),
                            ("remind", "催办"),
                            ("order_supervision", "督办"),
                            ("answer_supervision", "答复督办"),
                            ("object_to_superior", "对上级件提异议"),
                            ("record_superior_answer", "记上级对异议的答复"),
                            ("report_back", "报结上级件"),
                            ("sponsor", "包案"),
                            ("review_sponsored", "记包案推进"),
                            ("instruct", "批示"),
                            ("answer_instruction", "报告落实情况"),
                            ("confer", "会商"),
                            ("answer_duties", "核对报告义务"),
                            ("name_other_side", "登记对方当事人"),
                            ("open_mediation", "开始调解"),
                            ("record_session", "记调解经过"),
                            ("conclude_agreement", "达成调解协议"),
                            ("end_mediation", "终止调解"),
                            ("check_performance", "回查协议履行"),
                            ("ask_other_side", "记对方评价"),
                            ("close_agreed", "按调解协议办结"),
                            ("adopt", "采纳建议"),
                            ("decline_suggestion", "不采纳建议"),
                            ("confirm_carried_out", "核实采纳落实"),
                            ("note", "内部备注"),
                            ("write_to_speaker", "告知说事人"),
                            ("add_information", "补充情况"),
                            ("answer_questions", "回答小问题"),
                            ("nudge", "群众催办"),
                            ("prepare_result", "写答复和报告"),
                            ("send_back_result", "退改"),
                            ("sign_result", "签发答复和报告"),
                            ("return_report", "退回补正"),
                            ("record_follow_up", "记回访"),
                            ("rate", "评价"),
                            ("confirm_satisfied", "满意办结"),
                            ("start_rework", "重新办理"),
                            ("escalate", "提级办理"),
                            ("raise_tier", "超期，上一级过问"),
                            ("refer", "重办后仍不满意，报领导裁定"),
                            ("request_exit", "申请依规办结"),
                            ("rule_exit", "裁定依规办结"),
                            ("close_unreached", "联系不上办结"),
                            ("close_unrated", "已答复未评价办结"),
                            ("record_sample", "抽查回访"),
                            ("withdraw", "撤回"),
                            ("revoke_withdrawal", "收回撤回"),
                            ("confirm_withdrawn", "撤回生效"),
                            ("reopen", "再次提出"),
                            ("request_review", "请上一级复核"),
                            ("lapse_review", "复核逾期"),
                            ("decide_review", "作出复核决定"),
                            ("merge", "并单"),
                            ("unmerge", "撤销并单"),
                            ("tell_main", "并办情况"),
                            ("share_result", "结果告知并办人"),
                            ("declare_conflict", "申请回避"),
                            ("rule_conflict", "裁定回避"),
                            ("consent_to_publication", "同意公开"),
                            ("withdraw_consent", "收回公开的同意"),
                            ("lapse_request", "逾期未裁定"),
                            ("recount", "放假安排公布，期限重新计算"),
                            ("rearrange", "岗位变动，换人接着办"),
                            ("transfer_duties", "职责划转"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "audience",
                    models.CharField(choices=[("public", "群众看得到"), ("internal", "仅内部可见")], max_length=8),
                ),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("facts_json", models.TextField(default="{}")),
                ("by_speaker", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "assignment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="matters.assignment",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.event"),
                ),
                (
                    "in_place_of",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="matters.round"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["matter", "at", "id"], name="entry_timeline")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["public", "internal"])), name="entry_audience_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action", "note"), _negated=True), ("audience", "internal"), _connector="OR"
                        ),
                        name="entry_note_is_internal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action", "write_to_speaker"), _negated=True),
                            ("audience", "public"),
                            _connector="OR",
                        ),
                        name="entry_word_is_public",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by_speaker", False), ("person__isnull", True), _connector="OR"),
                        name="entry_of_speaker_has_no_staff",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_place_of__isnull", True),
                            models.Q(
                                ("person__isnull", False), models.Q(("in_place_of", models.F("person")), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="entry_in_place_of_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("call", "电话"),
                            ("visit", "上门"),
                            ("face", "当面"),
                            ("sms", "短信"),
                            ("letter", "书信"),
                            ("page", "进度页"),
                            ("relay", "受理中心转达"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reached", models.BooleanField()),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        choices=[("recording", "通话录音"), ("signed_slip", "本人签字"), ("witness", "见证人")],
                        max_length=12,
                    ),
                ),
                ("proof_ref", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("declined", models.BooleanField(default=False)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="matters.round"
                    ),
                ),
                (
                    "spokesperson",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.spokesperson",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("declined", False), ("reached", True), _connector="OR"),
                        name="followup_declined_was_reached",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("RETURN", "退单"),
                            ("ESCALATION", "提请上级办理"),
                            ("EXTENSION", "延期"),
                            ("PAUSE", "暂停计时"),
                            ("PARK", "挂账"),
                            ("EXIT", "依规办结"),
                            ("VOID", "作废"),
                            ("RECUSAL", "回避"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "待裁定"),
                            ("GRANTED", "同意"),
                            ("REFUSED", "不同意"),
                            ("WITHDRAWN", "已撤销"),
                        ],
                        default="PENDING",
                        max_length=10,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("reason_code", models.CharField(blank=True, max_length=40)),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("basis", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("rights_notice", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("exit", models.CharField(blank=True, max_length=20)),
                ("plan", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("days", models.PositiveSmallIntegerField(null=True)),
                ("until", models.DateField(null=True)),
                ("decider_path", models.CharField(max_length=120)),
                ("lead_may_rule", models.BooleanField(default=False)),
                ("leaders_only", models.BooleanField(default=False)),
                ("apart", models.TextField(blank=True)),
                ("but_heads_only", models.BooleanField(default=False)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "about_person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="matters.assignment",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "in_place_of",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="matters.matter"
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="matters.round"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "PENDING")),
                        fields=["decider_path", "kind"],
                        name="request_pending",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "PENDING")),
                        fields=("matter", "kind"),
                        name="request_one_pending_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            ("requester__isnull", True),
                            models.Q(("decided_by", models.F("requester")), _negated=True),
                            _connector="OR",
                        ),
                        name="request_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            ("in_place_of__isnull", True),
                            models.Q(("decided_by", models.F("in_place_of")), _negated=True),
                            _connector="OR",
                        ),
                        name="request_not_decided_by_whose_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "待审签"),
                            ("sent_back", "退改"),
                            ("signed", "已签发"),
                            ("returned", "退回补正"),
                        ],
                        max_length=10,
                    ),
                ),
                ("form", models.CharField(choices=[("short", "短式报告"), ("long", "完整报告")], max_length=8)),
                ("reply", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("report", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("basis", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("remedies", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("prepared_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(null=True)),
                (
                    "delivered_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("call", "电话"),
                            ("visit", "上门"),
                            ("face", "当面"),
                            ("sms", "短信"),
                            ("letter", "书信"),
                            ("page", "进度页"),
                            ("relay", "受理中心转达"),
                        ],
                        max_length=10,
                    ),
                ),
                ("delivered_on", models.DateField(null=True)),
                ("duty_overlap", models.BooleanField(default=False)),
                ("cites", models.PositiveSmallIntegerField(default=0)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="matters.assignment"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="matters.matter"
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="matters.round"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="result_ordinal_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "prepared")), fields=("assignment",), name="result_one_in_hand"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["signed", "returned"]), _negated=True),
                            models.Q(
                                ("delivered_on__isnull", False), ("issuer__isnull", False), ("signed_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="result_signed_has_issuer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issuer__isnull", True),
                            models.Q(("issuer", models.F("prepared_by")), _negated=True),
                            ("duty_overlap", True),
                            _connector="OR",
                        ),
                        name="result_overlap_is_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SampleCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("call", "电话"),
                            ("visit", "上门"),
                            ("face", "当面"),
                            ("sms", "短信"),
                            ("letter", "书信"),
                            ("page", "进度页"),
                            ("relay", "受理中心转达"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reached", models.BooleanField()),
                (
                    "found",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "和记录一样"),
                            ("contradicted", "和记录不一样"),
                            ("declined", "联系上了，不愿多说"),
                            ("unreached", "几次没有联系上"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        choices=[("recording", "通话录音"), ("signed_slip", "本人签字"), ("witness", "见证人")],
                        max_length=12,
                    ),
                ),
                ("proof_ref", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sample_calls", to="matters.matter"
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="matters.sample"
                    ),
                ),
                (
                    "spokesperson",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.spokesperson",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("found", ""), ("reached", False)),
                            models.Q(("reached", True), models.Q(("found__in", ["", "unreached"]), _negated=True)),
                            _connector="OR",
                        ),
                        name="samplecall_says_what_was_found",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("found__in", ["confirmed", "contradicted"]), _negated=True),
                            models.Q(("proof", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="samplecall_word_has_proof",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "audience",
                    models.CharField(choices=[("public", "群众看得到"), ("internal", "仅内部可见")], max_length=8),
                ),
                ("name", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("stored", models.CharField(max_length=80, unique=True)),
                ("thumbnail", models.CharField(blank=True, max_length=80)),
                ("media_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="matters.entry"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="matters.matter"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["matter", "id"], name="attachment_of_matter")],
            },
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "colour",
                    models.CharField(choices=[("yellow", "黄牌"), ("red", "红牌"), ("talk", "约谈")], max_length=6),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("near", "快到期了，到了预警时间"),
                            ("passed", "到期没有完成"),
                            ("long", "超期太久"),
                            ("often", "一个季度红牌太多"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accept", "受理"),
                            ("assign", "交办"),
                            ("sign_for", "签收"),
                            ("first_contact", "首次联系"),
                            ("progress", "进展告知"),
                            ("completion", "答复和书面报告"),
                            ("promise", "答应说事人的日期"),
                            ("follow_up", "回访"),
                            ("rating", "等待评价"),
                            ("ruling", "裁定"),
                            ("withdrawal", "撤回生效"),
                            ("pause", "恢复计时"),
                            ("parked_review", "挂账复核"),
                            ("co_opinion", "答复协办意见"),
                            ("performance", "回查协议履行"),
                            ("carried_out", "落实采纳的建议"),
                            ("supervision", "答复督办"),
                            ("instruction", "报告批示的落实情况"),
                            ("sponsor", "包案推进"),
                            ("outside_order", "报结上级件"),
                            ("agency", "委托到期"),
                            ("hand_back", "归还材料"),
                            ("ask_back", "问回外单位的结果"),
                            ("review", "作出复核决定"),
                            ("emergency", "应急处置"),
                            ("duty", "值班员着手处置"),
                            ("scene", "到现场"),
                            ("report", "应急报告"),
                            ("papers", "补单"),
                            ("sample", "抽查回访"),
                        ],
                        max_length=30,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("quarter", models.CharField(blank=True, max_length=6)),
                ("reds", models.PositiveIntegerField(null=True)),
                ("given", models.PositiveIntegerField(null=True)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="matters.deadline"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="matters.matter"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="card_newest"),
                    models.Index(fields=["unit", "colour", "at"], name="card_of_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("deadline", "cause"), name="card_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("quarter", ""), _negated=True),
                        fields=("unit", "quarter"),
                        name="card_one_talk_a_quarter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", "near"), ("colour", "yellow")),
                            models.Q(("cause", "passed"), ("colour", "red")),
                            models.Q(("cause__in", ["long", "often"]), ("colour", "talk")),
                            _connector="OR",
                        ),
                        name="card_cause_fits_colour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cause", "often"),
                                ("given__isnull", False),
                                ("reds__isnull", False),
                                models.Q(("quarter", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("cause", "often"), _negated=True),
                                ("given__isnull", True),
                                ("quarter", ""),
                                ("reds__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="card_quarter_has_counts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.entryversion"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="citations", to="matters.matter"
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="citations", to="matters.result"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["version", "matter"], name="citation_of_version")],
                "constraints": [models.UniqueConstraint(fields=("result", "version"), name="citation_once")],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "owed_by",
                    models.CharField(
                        choices=[("speaker", "说事人"), ("other", "对方"), ("both", "双方")], max_length=8
                    ),
                ),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("due_on", models.DateField()),
                (
                    "performed",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "已经履行"), ("partly", "履行了一部分"), ("no", "没有履行")],
                        max_length=8,
                    ),
                ),
                ("looked_at", models.DateTimeField(null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="obligations", to="matters.agreement"
                    ),
                ),
                (
                    "looked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="obligations", to="matters.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "ordinal"), name="obligation_ordinal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("looked_at__isnull", True), ("looked_by__isnull", True), ("performed", "")),
                            models.Q(
                                models.Q(("performed", ""), _negated=True),
                                ("looked_at__isnull", False),
                                ("looked_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="obligation_looked_at_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(choices=[("speaker", "本人评价"), ("call", "回访记录")], max_length=8)),
                ("contacted", models.BooleanField()),
                (
                    "solved",
                    models.CharField(
                        choices=[("YES", "解决了"), ("PARTLY", "部分解决"), ("NO", "没有解决")], max_length=8
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("5", "非常满意"),
                            ("4", "满意"),
                            ("3", "基本满意"),
                            ("2", "不满意"),
                            ("1", "非常不满意"),
                        ],
                        max_length=1,
                    ),
                ),
                (
                    "attitude",
                    models.CharField(
                        choices=[
                            ("5", "非常满意"),
                            ("4", "满意"),
                            ("3", "基本满意"),
                            ("2", "不满意"),
                            ("1", "非常不满意"),
                        ],
                        max_length=1,
                    ),
                ),
                ("words", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("rest_wanted", models.BooleanField(null=True)),
                ("for_another", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "follow_up",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating",
                        to="matters.followup",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="matters.matter"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="matters.round"
                    ),
                ),
                (
                    "spokesperson",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.spokesperson",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="rating_lately")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", "speaker"), ("follow_up__isnull", False), _connector="OR"),
                        name="rating_taken_by_staff_has_follow_up",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("SOLVED", "解决"),
                            ("PARTLY", "部分解决"),
                            ("CANNOT_ACT", "无法办理"),
                            ("NOT_JUSTIFIED", "不予支持"),
                        ],
                        max_length=14,
                    ),
                ),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("because", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                (
                    "demand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="matters.demand"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="result_points", to="matters.matter"
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="points", to="matters.result"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("result", "demand"), name="result_point_once")],
            },
        ),
        migrations.AddField(
            model_name="matter",
            name="round",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.round"
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="assignment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.assignment"
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["ASSIGNED", "IN_HANDLING", "PARKED", "PAUSED"]), _negated=True),
                    models.Q(("assignment__isnull", False), ("lead_unit__isnull", False)),
                    _connector="OR",
                ),
                name="matter_worked_on_has_lead",
            ),
        ),
    ]
