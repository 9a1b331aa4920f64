"""What staff of the demo write while they handle: sentences put together from the words of a family. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from shuoshi.demo.stories import Voice, Want
from shuoshi.matters.vocabulary import Outcome, Way

CONTACT = {
    Way.CALL: (
        "电话联系上了，约好到现场看。",
        "打电话核对了情况，对方补充了时间和位置。",
        "通了电话，听对方把前后经过讲了一遍，说好谁去、什么时候去。",
        "电话里问清了最着急的是哪一件，先办那一件。",
    ),
    Way.VISIT: (
        "上门见了面，一起到地方看过。",
        "到家里坐了一会儿，把要求一条条记下来，念给对方听过。",
        "上门核对，家里老人也在，讲的和登记的一样。",
    ),
    Way.FACE_TO_FACE: ("对方正好到站里来，当面谈了二十分钟。", "在说事点见了面，看了手机里的照片。"),
    Way.RELAY: ("请受理中心转达，对方愿意电话里再讲细一点，不露面。",),
}
MISSED = ("打了两次没人接，发了短信，晚上再打。", "电话关机，改天再联系。")
NOTES = (
    "已和村里通过气，现场由网格员带路。",
    "查了台账，去年同一地方办过一次，那次只做了表面。",
    "对方说话急，去的时候多听，别解释。",
    "这件事还牵涉别的单位，先问清楚再回话。",
    "材料在档案柜第三格，回头扫一份。",
    "同组还有两户说一样的事，一起看。",
    "经费从日常养护里出，站长同意了。",
)
TO_SPEAKER = (
    "您补充的情况收到了，照片也看到了，明天一早过去。",
    "您催得对，是我们慢了。今天下午就去，去完给您打电话。",
    "您说的新情况记下了，和原来的事一起办。",
)
MORE = (
    "刚才忘了说，昨天又出了一次，时间还是差不多那个时候。",
    "补充一下，隔壁两家也愿意作证，他们的电话我可以给。",
    "我又拍了几张照片，比前几天更厉害了。",
    "今天有人来看过了，可是没说什么时候弄，想问一声。",
)
NUDGES = ("过了好几天了，请问到哪一步了？", "天气预报说要下雨，能不能快一点？", "麻烦问一下，还要等多久。", "")
RETURNED = (
    "答复里只说了做了什么，没有说第二条要求怎么办，请补上。",
    "回访时对方说没有人到过现场，和报告写的不一样，请核实后重写。",
    "报告缺现场照片和完成日期，请补正。",
)
SENT_BACK = (
    "先说结果再说过程，别写套话，对方看不懂。",
    "第一条答复没有写清是谁负责、哪天弄好，改过再送。",
    "数字和现场记录对不上，核一下。",
)
LOWERED = (
    "电话核实过，人没有受伤，现场已经围起来，暂时没有危险，按加急办。",
    "到场看过，不会马上出危险，按一般的事尽快办。",
)
CONFIRMED = ("电话核实属实，现在还有危险，按紧急处置。",)
WITHDRAWN = ("自己跟对方说好了，不用办了，谢谢。", "已经解决了，不麻烦你们了。")
CONFLICT = ("说事人是我妻子的表弟，按规定我回避。", "我家也住在这一片，和这件事有利害关系，申请回避。")
UPHELD = "情况属实，应当回避，换人承办。"
AS_WELL = "，办好了打个电话告诉我"  # after the words of a point
SUSPECTED = "承办的人和我说的那家是亲戚，村里都晓得。能不能换一个人来办？"
THE_SAME = "地点、时间和要求都和这一件一样，是同一件事，一起查、一起答。"
NOT_THE_SAME = "核对过位置，说的是相邻的另一处，分开办。"
ALSO_GOOD = "和他们一起办好了，我这边也看到了。"
NOT_OURS = "查了本单位职责，这一段由别的单位管护，建议改交。"
MISHEARD = "回拨核对时说事人讲了准确的位置，原来听错了，按核对的改。"
KEPT_APART = "事情反映到原来该管的单位和人，按规定回避，交给不相干的单位办。"
LEAVES = "原承办人岗位变动，由新到岗的同志接着办。"
DOCUMENT_NUMBER = "青政办〔%(year)s〕31 号"
DOCUMENT_NAME = "关于调整部分职责的通知.jpg"
TRANSFERRED = "镇里调整了部门职责，这类事改由别的部门承办。"
HANDED_ON = "和原承办人当面交接过，记录和材料都在，从下一步接着办。"
GOES_ON = "原来承办的同志岗位有变动，这件事由我接着办，原来说好的日子不变。"
TO_THE_COUNTY = "这件事要改的是全县的做法，镇里定不了，请县里研究。"
BY_THE_COUNTY = "属县里主管，直接答复。"
STANDS = "两次都由不同的人研究过，依据清楚，理由已经讲明，同意按解释清楚办结。"
ONCE_MORE = "说事人讲的有道理，还有能改的地方，不同意就此办结，请再研究一次。"
CHANGED = ("原承办人外出培训，改由熟悉情况的人接着办。", "对方希望换一个人来谈，同意。")


FOUND_AGAIN = (
    "再到现场看了一遍，对方说的属实，上次办得不彻底。",
    "当面听对方把没满意的地方讲完，一条一条记下。",
    "请没有参加上次办理的同事一起去看，问题确实还在。",
    "把上次的记录和现在的情况对了一遍，漏了一处。",
)
DONE_AGAIN = (
    "把上次没办到的地方补办完，请对方当场看过。",
    "换了办法重新办了一遍，约好十天后再去看。",
    "和对方商量了做法，照商量好的办，办完一起验收。",
    "请了有经验的师傅来，做完留了电话，有反复随时来。",
)
LOOKED_AGAIN = (  # of a suggestion
    "请没有参加上次研究的人重新看过一遍，听了说事人的理由。",
    "把说事人讲的和现在的规定逐条对过，又问了两个相邻的县怎么做。",
)
ANSWERED_AGAIN = (
    "重新开会研究，把采纳的和不能采纳的分开写明理由。",
    "当面向说事人说明了研究的经过和依据。",
)
ASIDE = (  # what stands in the inner record beyond what the resident reads
    "到场两人，记录一份，已存。",
    "村里陪同，照片在手机里，回头传。",
    "问了三户，说法一致。",
    "用时一个上午，费用在日常经费里出。",
    "和相邻单位电话通过气，没有不同意见。",
    "原始单据复印留存。",
)


def inner(dice: Random, text: str) -> str:
    """The inner record of something the resident reads too."""
    return text + dice.choice(ASIDE)


def first_contact(dice: Random, way: Way, reached: bool) -> str:
    return dice.choice(CONTACT.get(way, CONTACT[Way.CALL])) if reached else dice.choice(MISSED)


def investigation(dice: Random, voice: Voice, again: bool) -> str:
    where = "".join(voice.area) + voice.place
    if again:
        return f"{where}：{dice.choice(LOOKED_AGAIN if _suggested(voice) else FOUND_AGAIN)}"
    return f"{where}：{dice.choice(voice.family.checked or ('了解了情况。',))}"


def measure(dice: Random, voice: Voice, again: bool) -> str:
    if again:
        return dice.choice(ANSWERED_AGAIN if _suggested(voice) else DONE_AGAIN)
    return dice.choice(voice.family.done or ("按要求办了。",))


def _suggested(voice: Voice) -> bool:
    return voice.family.category.startswith("C")


def answer(voice: Voice, want: Want, again: bool, bad: str) -> str:
    """One demand answered; in a rework it says first what the person was not content with."""
    did = "换了人重新研究了" if _suggested(voice) else "重新去办了"
    return f"您说“{bad.rstrip('。')}”，我们{did}。{want.answer}" if again else want.answer


def reply(voice: Voice, wants: Sequence[Want], number: str, unit: str, phone: str, handler: str, done: str) -> str:
    """The letter to the resident: what was done and whom to ask. The answers to each demand stand beside it."""
    whole = all(want.outcome == Outcome.SOLVED for want in wants)
    begin = f"您好。您说的“{voice.title}”（{number}），" + ("我们办好了。" if whole else "能办的已经办了。")
    reasons = "不能办的那一条，理由和依据也写明了。" if any(want.because for want in wants) else ""
    end = f"有不清楚的，请打 {phone} 找{unit}{handler}。受理中心过几天会打电话问您满不满意，您照实说。"
    return "\n".join([begin + done, f"每条要求的结果都逐条写明了。{reasons}{end}"])


def report(voice: Voice, wants: Sequence[Want], unit: str, found: str, done: str) -> str:
    """The written report to the registry, in the order its readers expect."""
    results = "".join(f"（{place}）{want.demand}：{want.answer}" for place, want in enumerate(wants, start=1))
    return "\n".join(
        [
            f"关于“{voice.title}”办理情况的报告",
            f"受理中心：\n一、主要要求。{'；'.join(want.demand for want in wants)}。",
            f"二、调查核实。{found}",
            f"三、办理情况。{done}",
            f"四、逐条结果。{results}",
            f"以上情况已经答复说事人。\n{unit}",
        ]
    )


# ── what takes longer ──────────────────────────────────────────────────────────────────────────────────────────────

LONGER = (
    "配件要从厂家定做，厂家回复下周才发货。",
    "要等两家一起到场才能量，其中一家人在外地，周末回来。",
    "连下几天雨，路面没有干透，现在做不牢。",
)
UNTIL_THEN = ("货一到当天就装，装好通知说事人来看。", "到场量好以后当天写清楚，接着施工。", "天一晴就开工，三天做完。")
LONGER_RULED = {
    True: "情况属实，延期期间要按约定告知进展，同意。",
    False: "能先做的还没有做，先做起来，不同意延期。",
}
PAPERS = "等说事人把土地证和原来的协议找出来。"
PAPERS_COME = "土地证找到了，已经交到受理中心，协议也复印了一份。"
TEST = "样品送县里检测，要等检测报告。"
TEST_COMES = "检测报告拿到了，接着办。"
PAUSE_RULED = "没有这份材料定不下来，同意暂停，到期不来按现有材料办。"
WRITTEN = "群众等不起，请本周内拿出办法，该协调的我来协调，办到哪里报我。"
CARRIED_OUT = "已经到现场看过，材料今天到，明天施工，后天完工，完工后带群众一起看。"
SEES_THROUGH = "这件事牵涉几家，我来盯。先把底数摸清，再开会定责任。"
HOW_FAR = "底数摸清了，责任也分清了，下一步盯完工。"
SETTLED = "由承办单位主办，另一家出人出车配合，三天内完工；费用按各半分担。"
HELP_WITH = "请派人到现场，把你们管的那一段查清楚，写明有没有问题、要多少时间。"
HELPED = "派人查过，我们管的那一段没有问题，不影响施工，可以先办。"
NOT_CONVINCED = "答复说办好了，可是和我说的不是一回事：有一半没有办，写成了全办好。请上一级来人看看。"
REVIEWED = {
    True: (
        "派人到现场核过，也和说事人一起看过：答复写的都做到了，没有办的那一半不在原来的要求里，另外登记。维持原答复。",
        "信访工作条例第三十五条；现场核实记录和照片。",
        "不服本意见的，可以向人民法院起诉；新的要求可以随时另外说。",
    ),
    False: (
        "派人到现场核过：要求里有一半没有办到，答复写成全部办好，与事实不符。改变原答复，重新办理。",
        "信访工作条例第三十五条；现场核实记录和照片。",
        "",
    ),
}
BEYOND_US = "到现场看过，要制止、要处罚都得有执法权，镇里只能劝。劝了两次，没有用。请县里的单位来办，我们配合。"
BEYOND_THE_TOWN = "镇里没有执法权，由县里的单位直接办，镇里协办。"
ABOVE_RULED = {
    True: "确实要有执法权才能办，县里接过来办，镇里协助。答应群众的日期不变。",
    False: "这件事镇里能办，不用执法也能解决，请按期办完。",
}
NOT_NOW = "现在施工条件不够：主汛期不能动河岸，项目资金列在下一批。"
MEANWHILE = "先设围挡和警示牌，每天有人巡查；项目已经报上去，排在下一批第一项。"
PARKING_RULED = "确有客观原因，措施到位，同意挂账，每月复核，条件一到马上办。"
STILL_NOT = "这个月又催过一次，资金还在走程序；围挡和警示牌都在，没有出过事。"
NOW_IT_CAN = "资金已经下来，施工队下周进场。"

# ── once more ──────────────────────────────────────────────────────────────────────────────────────────────────────

DISAGREES = "我不同意。前面没有人到现场看过，就说不归这里管，请换一个人再看看。"
SCREENED_AGAIN = "换人重新看过材料和登记，结论没有变。"
BACK_AGAIN = (
    "修好没有多久又坏了，和上次一模一样，请再来看看。",
    "上次答应的只做了一半，这些天下雨又露了底，请接着办。",
)

# ── urged and supervised ───────────────────────────────────────────────────────────────────────────────────────────

PLEASE_HURRY = "说事人又打电话来问，请抓紧。"
DEMANDED = "请写清楚办到哪里、为什么慢、哪天办完。"
WHY_SLOW = "配件晚到耽误了，现在已经到货，这几天办完，办完马上答复说事人。"

AT_THE_SCENE = "人到现场了，先断了电、关了阀，拉了警戒线，疏散了旁边几户。"
UNDER_CONTROL = "险情控制住了，抢修的人在换件，没有人受伤。"
NO_HARM = "没有人受伤，损失还在统计。"
AFTERWARDS = "查清原因，沿线再排查一遍，结果在答复里说明。"
REPORTED_TO = "镇值班领导，电话已报"
OVER = "险情排除了，住户可以正常用水用电用气，应急解除。"
GO = "值班的孟杰，带两名应急队员和抢修师傅"
SENT = "已经打了 119，让住户先离开，告诉网格员在路口接人。"
DRILL_SAYS = "演练：有人打热线，说楼下小饭店的液化气瓶漏气，闻得到味道，还有客人在里面。"
DRILL_OVER = "演练结束，人员已经撤回。"
DRILL_LEARNT = "第二个电话四分钟才有人接，值班手机要随身带。"
PAPERS_AFTERWARDS = "夜里先派最近的单位去，事后核对，就是职责清单上的单位。"

REPORTED_TO = "镇派出所，县妇联"
LOOKED_INTO = {
    False: "分别问过双方和邻居，没有打人，没有扬言。",
    True: "说事人说被打过，身上有伤；已经报警，人安排到安全的地方。",
}
OTHER_SIDE = ("王永贵", "刘顺来", "周满仓", "老街便民店", "陈有田")
SESSION = "先各自说，再对着现场量了一遍。说事人要对方认错，对方只肯出钱，差在面子上，钱差得不多。"
MET = "两家都到了，把各自的账摊开算过，约好再谈一次。"
NOT_SETTLED = "谈了两次，一方要的数和另一方肯出的数差得太远，都不愿再谈。"
LAW = "人民调解法第二十六条"
OTHER_WAYS = "可以申请仲裁，或者向县人民法院起诉；法律援助电话 12348，镇司法所可以帮着写材料。"
END_RULED = "看过两次调解记录，途径告知清楚，同意。"
PERFORMED_HOW = "做完以后双方一起看过，调解员在场；款项当面付清，写收条。"
WITNESS = "村民小组长在场作证"
ORIGINAL = "原件一式三份，双方各一份，司法所存一份"
THE_OTHER_SAYS = "说开了就好，以后还是邻居。"
PERFORMED = "问过双方，到现场看过，都照协议做了。"
IS_DONE = "已经照采纳的意见做了，贴了告示。"
NOT_YET = "经费批得晚了，先做了准备。"

# ── from above, and outside ────────────────────────────────────────────────────────────────────────────────────────

ORDER_NUMBER = "县信转〔2026〕%d 号"
ORDER_SENDER = "县信访局"
ORDER_WANTS = "请按规定办理，答复来信人，并把办理结果报我局。"
NOT_FOR_US = "这件事涉及的设施由县里建设，还没有移交给镇里管护，建议改交县主管部门。"
FOR_YOU_ALL_THE_SAME = "设施在你镇辖区，由你镇先行处理，需要县里配合的另行报告。"
REPORTED = "已经办理并答复来信人，答复书和办理报告随件报送。"
THE_UTILITY = "县供电公司"
ASK_THERE = "24 小时热线 95598"
PLEASE_REPAIR = "经现场查看，反映的问题涉及你公司的线路和设备，请派人检修，并把结果告诉我单位。"
NOT_YET = "说已经派了工单，检修班这两天到。"
THEY_DID = "线路和设备检修过了，运行正常，以后每季度巡查一次。"
THE_OFFICE = "县政务服务中心"
MAY_DO = "代为提交申请、补正材料，代领办理结果。"
THE_SLIP = "委托书 1 号，本人签字"
ORIGINALS = ("户口簿",)
COPIES = ("身份证",)
DONE_THERE = "在窗口交了申请，当场受理，结果已经代领。"
GOES_ALONE = "女儿回来了，陪我去办。"
SIGNED_FOR = "本人在清单上签收"

# ── many together (crowd) ──────────────────────────────────────────────────────────────────────────────────────────

CROWD_VILLAGE = "柳湾村"
CROWD_PLACE = "村东到渡口的路"
CROWD_TITLE = "村东到渡口的路坑洼难行"
CROWD_SAYS = {
    False: "我们东头几十户一起来说：村东到渡口的路坑洼了大半年，下雨全是泥，老人孩子摔过几回，车也进不来，请快点修。",
    True: "东头几十户商量好一起来说：上次只修了一半，靠渡口那段还是坑，运菜的车进不来，请接着修完。",
}
CROWD_WANTS = ("把路修平，能走车", "修好以前先把大坑填上")
CROWD_WHY = "村道归城建办养护。"
CROWD_RECEIPT = "本人当面签收"
CROWD_MET = "到村里和几位代表当面谈过，一起看了路。"
CROWD_COUNTED = "代表挨户点过名，实有 86 人。"
CROWD_FOUND = "现场量过，坑洼的一段长约 300 米，路基没有塌，可以先填坑再铺面。"
CROWD_DONE = "大坑已经填平，铺面的料进了场，按段铺好。"
CROWD_NEXT = "铺好以后请代表们一起验收。"
CROWD_ANSWER = "路面已经铺好，全段能走车；路边排水沟清了淤。"
CROWD_ASKED = "念了答复，逐条问过。"
CROWD_CONTENT = "路好走了。"
CROWD_LEAVES = "我搬去镇上住了，不再做代表。"
CROWD_ELSE = "另外还有一件：渡口边上的路灯一直不亮，晚上等船看不见台阶。"
CROWD_ELSE_WANTS = "修好渡口的路灯"

LOOKED = {True: "是这么回事，没有别的了。", False: "不是这么回事，我还有话要说，没有人好好问过我。"}
RECORDED = "抽查录音 %(n)s"
DIVIDED_TITLE = "村口路灯、水渠和垃圾堆"
DIVIDED_PLACE = "村口到小学的路"
DIVIDED_SAYS = (
    "村口三样事一起说：路灯坏了两盏；水渠淤了，下雨水漫到路上；路边堆的建筑垃圾没人清。",
    "村口到小学那一段，灯不亮，渠不通，路边还倒了一堆垃圾，孩子上学不方便。",
    "上学的路有三处要管一管：灯、水渠，还有路边那堆垃圾。",
)
DIVIDED_WANTS = ("修好坏了的路灯", "把淤住的水渠挖通", "清走路边的建筑垃圾")
DIVIDED_WHY = "三条要求归三家管，分项交办，最后一起答复。"
DIVIDED_MORE = "水渠边还有一棵树歪了，一起看看。"
DIVIDED_CALLED = "打了电话，问清是哪一段，说了几天内到现场。"
DIVIDED_ANSWERS = (
    "两盏路灯换了灯头，当晚亮了。",
    "水渠挖了一百二十米，水能走了。",
    "路边的垃圾清走了，立了牌子。",
)
DIVIDED_REPORT = "到现场看过，安排人手办好，拍了照片，和说事人核对过。"
DIVIDED_BAD = "灯和垃圾办得好。水渠下过雨又淤了，还要再挖。"
DIVIDED_AGAIN = "水渠下游的涵管堵着，这次一起疏通，放水试过。"
DIVIDED_GOOD = "这回通了，谢谢。"
DIVIDED_LEAVES = "灯修好了，别的我们村里自己弄，不用麻烦了。"
