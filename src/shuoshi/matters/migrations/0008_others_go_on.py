"""Who may not rule on a request, who would not rate, whose rating is counted apart. May run while serving: columns with defaults."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0007_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="followup",
            name="declined",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="rating",
            name="for_another",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="request",
            name="apart",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="request",
            name="but_heads_only",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="entry",
            name="action",
            field=models.CharField(
                choices=[
                    ("register", "登记"),
                    ("start_emergency", "启动应急"),
                    ("confirm_urgency", "核实为紧急"),
                    ("lower_urgency", "降低紧急程度"),
                    ("correct_registration", "更正登记"),
                    ("hand_over_receipt", "交付回执"),
                    ("void", "申请作废"),
                    ("rule_void", "核定作废"),
                    ("accept", "受理"),
                    ("screen_out", "不予受理"),
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
                    ("withdraw", "撤回"),
                    ("revoke_withdrawal", "收回撤回"),
                    ("confirm_withdrawn", "撤回生效"),
                    ("declare_conflict", "申请回避"),
                    ("rule_conflict", "裁定回避"),
                    ("lapse_request", "逾期未裁定"),
                    ("recount", "放假安排公布，期限重新计算"),
                    ("rearrange", "岗位变动，换人接着办"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("declined", False), ("reached", True), _connector="OR"),
                name="followup_declined_was_reached",
            ),
        ),
    ]
