"""Messages, gateways, robots, words. May run while serving: new tables."""

import django.db.models.deletion
from django.db import migrations, models

import shuoshi.kernel.crypto
import shuoshi.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organization", "0004_paper_templates"),
    ]

    operations = [
        migrations.CreateModel(
            name="Gateway",
            fields=[
                ("wrapped_key", models.BinaryField(default=shuoshi.kernel.crypto.new_wrapped_key, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("way", models.CharField(choices=[("sms", "短信"), ("email", "电子邮件")], max_length=8, unique=True)),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("file", "写进文件（只供演示）"),
                            ("aliyun", "阿里云短信"),
                            ("smtp", "SMTP 邮件服务器"),
                        ],
                        max_length=8,
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("settings", shuoshi.kernel.crypto.EncryptedText(owner="self")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("way__in", ["sms", "email"])), name="gateway_way_known")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("occasion", models.UUIDField()),
                ("recipient", models.UUIDField()),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("sms", "短信"),
                            ("email", "电子邮件"),
                            ("robot", "群机器人"),
                            ("call", "打电话"),
                            ("visit", "上门"),
                            ("relay", "请代表转告"),
                            ("letter", "书面告知"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        choices=[("speaker", "说事人"), ("staff", "工作人员"), ("unit", "单位")], max_length=8
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("about_kind", models.CharField(max_length=20)),
                ("about_id", models.UUIDField()),
                ("number", models.CharField(blank=True, max_length=40)),
                ("facts_json", models.TextField(default="{}")),
                ("unit_id", models.UUIDField(null=True)),
                ("notice_id", models.UUIDField(null=True)),
                ("urgent", models.BooleanField(default=False)),
                ("token", models.CharField(max_length=20, unique=True)),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "等着"),
                            ("SENDING", "正在发"),
                            ("SENT", "发出了"),
                            ("DELIVERED", "收到了"),
                            ("TICKED", "告知到了"),
                            ("FAILED", "没有送到"),
                            ("DEAD", "发不出去"),
                            ("STOPPED", "不用发了"),
                        ],
                        default="WAITING",
                        max_length=10,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_gateway", "没有配短信或邮件通道"),
                            ("no_address", "没有能收短信的号码或邮箱"),
                            ("uncertain", "发的时候断了，不知道收到没有，不再重发"),
                            ("refused", "通道不收这个号码或地址"),
                            ("out_of_order", "通道反复出错"),
                            ("undelivered", "运营商说没有送到"),
                            ("asked_not_to", "本人不要通知"),
                            ("over", "事情已经办过了"),
                            ("not_allowed", "这个人已经不管这件事了"),
                            ("unreached", "几次没有联系上"),
                            ("by_hand", "管理员改成由人告知"),
                        ],
                        max_length=16,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("leased_until", models.DateTimeField(null=True)),
                ("ticket", models.CharField(blank=True, max_length=80)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "WAITING")), fields=["way", "not_before", "id"], name="message_due"
                    ),
                    models.Index(
                        condition=models.Q(("state", "WAITING")),
                        fields=["unit_id", "not_before", "id"],
                        name="message_by_hand",
                    ),
                    models.Index(
                        condition=models.Q(("state", "WAITING"), ("way__in", ["call", "visit", "relay", "letter"])),
                        fields=["created_at"],
                        name="message_oldest",
                    ),
                    models.Index(
                        condition=models.Q(("state", "SENDING")), fields=["leased_until"], name="message_leased"
                    ),
                    models.Index(
                        condition=models.Q(("state", "DEAD")), fields=["-settled_at", "-id"], name="message_dead"
                    ),
                    models.Index(fields=["about_id", "-created_at"], name="message_about"),
                    models.Index(
                        condition=models.Q(("settled_at__isnull", False)), fields=["settled_at"], name="message_old"
                    ),
                    models.Index(fields=["recipient", "settled_at"], name="message_of_recipient"),
                    models.Index(
                        condition=models.Q(("state", "SENT"), models.Q(("ticket", ""), _negated=True)),
                        fields=["settled_at", "id"],
                        name="message_reported",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("occasion", "recipient", "way"), name="message_once"),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["sms", "email", "robot", "call", "visit", "relay", "letter"])),
                        name="message_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("leased_until__isnull", False), ("state", "SENDING")),
                            models.Q(models.Q(("state", "SENDING"), _negated=True), ("leased_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="message_sending_is_leased",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state__in", ["WAITING", "SENDING"])),
                            models.Q(
                                ("state__in", ("SENT", "DELIVERED", "TICKED", "FAILED", "DEAD", "STOPPED")),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="message_settled_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("language", models.CharField(max_length=10)),
                ("number", models.PositiveIntegerField()),
                ("text", models.CharField(max_length=300)),
                ("by", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("in_force", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "language", "number"), name="wording_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("in_force", True)), fields=("kind", "language"), name="wording_one_in_force"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reached", models.BooleanField(null=True)),
                ("code", models.CharField(blank=True, max_length=60)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attempts", to="notices.message"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["message", "at"], name="attempt_of_message")],
            },
        ),
        migrations.CreateModel(
            name="Robot",
            fields=[
                ("wrapped_key", models.BinaryField(default=shuoshi.kernel.crypto.new_wrapped_key, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "vendor",
                    models.CharField(
                        choices=[("wecom", "企业微信"), ("dingtalk", "钉钉"), ("feishu", "飞书")], max_length=8
                    ),
                ),
                ("address", shuoshi.kernel.crypto.EncryptedText(owner="self")),
                ("secret", shuoshi.kernel.crypto.EncryptedText(owner="self")),
                ("active", models.BooleanField(default=True)),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("vendor__in", ["wecom", "dingtalk", "feishu"])), name="robot_vendor_known"
                    )
                ],
            },
        ),
    ]
