"""The default rules say what domain.md says; faults in the files are named with file, line and remedy."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.utils import translation

from shuoshi.kernel.calendar import Limit
from shuoshi.organization.profile.canonical import canonical_text
from shuoshi.organization.profile.check import faults
from shuoshi.organization.profile.faults import ProfileFaults
from shuoshi.organization.profile.load import DEFAULT, VARIANTS, load, variant, variants
from shuoshi.organization.profile.schema import Profile
from shuoshi.organization.profile.stored import parse


@pytest.fixture(scope="module")
def rules() -> Profile:
    return load()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    shutil.copytree(DEFAULT, tmp_path / "rules")
    return tmp_path / "rules"


@pytest.mark.parametrize(
    ("step", "kind", "complexity", "urgency", "limit"),
    [
        ("accept", "POLICY_ENQUIRY", "standard", "U4", "0wd"),
        ("accept", "INTEREST_CLAIM", "standard", "U4", "1wd"),
        ("sign_for", "POLICY_ENQUIRY", "standard", "U4", "4wh"),
        ("sign_for", "DISPUTE", "standard", "U4", "1wd"),
        ("first_contact", "SUGGESTION", "standard", "U4", "2wd"),
        ("first_contact", "SUGGESTION", "standard", "U3", "1wd"),
        ("first_contact", "INTEREST_CLAIM", "standard", "U1", "30min"),
        ("first_contact", "INTEREST_CLAIM", "standard", "U2", "120min"),
        ("emergency", "INTEREST_CLAIM", "standard", "U1", "120min"),
        ("emergency", "INTEREST_CLAIM", "standard", "U2", "1440min"),
        ("emergency", "INTEREST_CLAIM", "standard", "U4", None),
        ("progress", "POLICY_ENQUIRY", "standard", "U4", None),
        ("progress", "INTEREST_CLAIM", "standard", "U4", "5wd"),
        ("completion", "POLICY_ENQUIRY", "standard", "U4", "2wd"),
        ("completion", "INTEREST_CLAIM", "simple", "U4", "3wd"),
        ("completion", "INTEREST_CLAIM", "standard", "U4", "7wd"),
        ("completion", "INTEREST_CLAIM", "standard", "U3", "4wd"),
        ("completion", "INTEREST_CLAIM", "complex", "U4", "15wd"),
        ("completion", "SUGGESTION", "complex", "U4", "20wd"),
        ("promise", "INTEREST_CLAIM", "standard", "U4", "9wd"),
        ("promise", "INTEREST_CLAIM", "complex", "U4", "17wd"),
        ("promise", "POLICY_ENQUIRY", "standard", "U4", "2wd"),
        ("follow_up", "POLICY_ENQUIRY", "standard", "U4", "2wd"),
        ("follow_up", "DISPUTE", "standard", "U4", "3wd"),
        ("rating", "DISPUTE", "standard", "U4", "10wd"),
        ("completion", "PRAISE", "standard", "U4", None),
    ],
)
def test_limits_are_those_of_the_domain(
    rules: Profile, step: str, kind: str, complexity: str, urgency: str, limit: str | None
) -> None:
    assert rules.limit(step, kind, complexity, urgency) == (None if limit is None else Limit.parse(limit))


@pytest.mark.parametrize(
    ("kind", "first", "rework"),
    [
        ("INTEREST_CLAIM", "3wd", "3wd"),
        ("INTEREST_CLAIM", "7wd", "4wd"),
        ("INTEREST_CLAIM", "15wd", "8wd"),
        ("SUGGESTION", "30wd", "10wd"),
        ("POLICY_ENQUIRY", "5wd", "1wd"),
    ],
)
def test_rework_takes_half_the_first_limit_between_three_and_ten(
    rules: Profile, kind: str, first: str, rework: str
) -> None:
    assert rules.rework_limit(kind, Limit.parse(first)) == Limit.parse(rework)


def test_statutory_caps_stand_beside_the_limits(rules: Profile) -> None:
    assert rules.cap("completion") == rules.cap("promise") == Limit.parse("60cd")
    assert rules.cap("accept") == Limit.parse("15cd")
    assert rules.cap("sign_for") is None
    assert "60 日" in rules.basis("completion")


def test_categories_know_their_group_and_kind(rules: Profile) -> None:
    assert rules.kind_of("B601").code == "INTEREST_CLAIM"
    group = rules.group_of("B601")
    assert group is not None
    assert group.code == "B6"
    assert rules.group_of("BZ") is None
    assert rules.sensitive("D102")
    assert not rules.sensitive("D101")
    choices = dict(rules.choices("POLICY_ENQUIRY"))
    assert [category.code for category in choices[rules.category("A9")]] == ["A9"]


def test_a_question_is_asked_when_its_condition_holds(rules: Profile) -> None:
    water = rules.category("B601")
    assert "hours" not in [question.code for question in water.asked({})]
    assert "hours" in [question.code for question in water.asked({"state": "at_hours"})]


def test_a_dozen_categories_ask_two_to_four_questions(rules: Profile) -> None:
    counts = [len(category.questions) for _kind, _group, category in rules.every_category() if category.questions]
    assert len(counts) >= 12
    assert set(counts) <= {2, 3, 4}


def test_numbers_grow_digits_when_a_day_needs_them(rules: Profile) -> None:
    assert rules.numbering.matter_number("QH", "20261117", 12) == "SS-QH-20261117-0012"
    assert rules.numbering.matter_number("QH", "20261117", 12345) == "SS-QH-20261117-12345"


def test_an_older_version_is_read_without_what_was_struck(rules: Profile) -> None:
    data = json.loads(rules.model_dump_json(by_alias=True))
    data["returns"] = {"per_unit": 1, "per_matter": 2}
    data["attempts"] |= {"within": "5wd", "then": data["name"]}
    data["satisfaction"] |= {"satisfied_from": 3, "reported_apart": [3]}
    data["limits"]["steps"] |= {"review_request": {"basis": data["name"], "all": "30cd"}}
    data["outcomes"][1]["needs"] = ["what_is_left"]
    data["exits"][-1]["returns_on_rating"] = True
    assert parse(json.dumps(data)) == rules


def test_an_older_version_has_the_usual_rules_for_steps_that_came_later(rules: Profile) -> None:
    data = json.loads(rules.model_dump_json(by_alias=True))
    data["requests"] = [one for one in data["requests"] if one["code"] in ("RETURN", "EXIT", "VOID", "RECUSAL")]
    data["limits"]["steps"] |= {"extension": {"basis": data["name"], "all": "5wd"}}  # nothing followed it then
    for step in ("progress_paused", "progress_parked", "parked_review"):
        del data["limits"]["steps"][step]
    del data["park_reasons"]
    for cause in data["pause_causes"]:
        del cause["for_speaker"], cause["stops_the_law"]
    found = parse(json.dumps(data))
    assert list(faults(found)) == []
    assert found.limits == rules.limits and found.pause_causes == rules.pause_causes
    assert found.park_reasons == rules.park_reasons


def test_a_version_of_the_release_before_has_what_came_with_reviews_and_drills(rules: Profile) -> None:
    data = json.loads(rules.model_dump_json(by_alias=True))
    data["requests"] = [one for one in data["requests"] if one["code"] != "ESCALATION"]
    data["exits"] = [one for one in data["exits"] if one["code"] not in ("DRILL", "REVIEW_FINAL")]
    data["screening_reasons"] = [one for one in data["screening_reasons"] if one["code"] != "FINALLY_REVIEWED"]
    for step in ("review", "review_asked"):
        del data["limits"]["steps"][step]
    del data["telling"], data["public_numbers"], data["limits"]["papers"]
    for urgency in data["urgencies"]:
        for name in ("report_every", "scene", "call_next"):
            urgency.pop(name, None)
    found = parse(json.dumps(data))
    assert list(faults(found)) == []
    assert found.limits.steps == rules.limits.steps and found.telling == rules.telling


def test_a_version_that_knows_no_limit_of_text_messages_has_that_of_the_product(rules: Profile) -> None:
    data = json.loads(rules.model_dump_json(by_alias=True))
    data["telling"] = {"from": "07:00", "to": "20:00", "digest": "08:00"}
    found = parse(json.dumps(data)).telling
    assert (found.start, found.sms_hour, found.sms_day) == ("07:00", rules.telling.sms_hour, rules.telling.sms_day)


def test_an_hour_does_not_send_more_than_its_day(rules: Profile) -> None:
    telling = rules.telling.model_copy(update={"sms_hour": 300, "sms_day": 200})
    [(place, said)] = faults(rules.model_copy(update={"telling": telling}))
    assert place == ("telling", "sms_hour") and "一天" in said


def test_a_category_is_written_with_what_lies_above_it_and_an_unknown_one_as_its_code(rules: Profile) -> None:
    assert rules.path("B601") == rules.path("B601", "INTEREST_CLAIM") == "利益诉求 › 基础设施 › 供水"
    assert (rules.path("B6"), rules.path("", "DISPUTE"), rules.path("")) == ("利益诉求 › 基础设施", "矛盾纠纷", "")
    assert (rules.path("Z999"), rules.path("Z999", "DISPUTE")) == ("Z999", "矛盾纠纷 › Z999")
    assert rules.path("B601", "GONE") == "GONE › 基础设施 › 供水"


def test_what_is_decided_by_somebody_and_what_is_not_counted(rules: Profile) -> None:
    assert rules.exit("EXPLAINED").decided
    assert not rules.exit("VOID").counted


def test_words_follow_the_language(rules: Profile) -> None:
    said = {}
    for language in ("zh-hans", "zh-hant", "en"):
        with translation.override(language):
            said[language] = str(rules.category("B601"))
    assert said == {"zh-hans": "供水", "zh-hant": "供水", "en": "Water supply"}
    with translation.override("zh-hant"):
        assert str(rules.kind("INTEREST_CLAIM")) == "利益訴求"


def test_storing_loses_nothing(rules: Profile) -> None:
    assert parse(canonical_text(rules)) == rules


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("limits.yaml", "first_contact: 30min", "first_contact: 30 minutes", "“30 minutes”不是时限"),
        ("limits.yaml", "    action: 120min\n", "", "处置时限 action"),
        ("limits.yaml", "{simple: 3wd, standard", "{standard", "每一种复杂程度"),
        ("limits.yaml", "kinds: {SUGGESTION: 2wd}", "kinds: {SUGESTION: 2wd}", "没有“SUGESTION”"),
        ("limits.yaml", "    sign_for:", "    sign_of:", "sign_of"),
        ("kind-b-claim.yaml", "code: B602", "code: B601", "“B601”用了两次"),
        ("kind-b-claim.yaml", "code: B602", "code: C602", "要以“B6”开头"),
        ("kind-b-claim.yaml", "any_of: [at_hours]", "any_of: [at_night]", "“at_night”不是那一问的答案"),
        (
            "kind-b-claim.yaml",
            "{question: state, any_of: [none]}",
            "{question: stat, any_of: [none]}",
            "没有问过“stat”",
        ),
        ("kind-b-claim.yaml", "sensitive: true", "sensitve: true", "不认识“sensitve”"),
        ("kind-b-claim.yaml", "letter: B", "letter: Bee", "写法不合要求"),
        ("kind-b-claim.yaml", "spoken: [停水,", "spoken: [水,", "“水”不合要求"),
        ("follow-up.yaml", "type: level}", "type: stars}", "“stars”不在可选范围内"),
        ("follow-up.yaml", "{value: 3,", "{value: 4,", "五级"),
        ("follow-up.yaml", "  - code: SATISFIED\n", "  - code: HAPPY\n", "缺少“SATISFIED”"),
        ("follow-up.yaml", "  - code: CANNOT_ACT\n", "  - code: CANNOT\n", "缺少“CANNOT_ACT”"),
        ("profile.yaml", "{date}", "{day}", "{org}、{date}、{number}"),
        ("profile.yaml", 'to: "13:30"', 'to: "11:30"', "结束要晚于开始"),
        ("profile.yaml", "digits: 4", "digits: four", "不是整数"),
        ("profile.yaml", "en: Simple", "fr: Simple", "缺少“en”"),
        ("profile.yaml", "code: default", "code: default\ncode: other", "写了两次"),
        ("profile.yaml", "  digits: 4", " digits: [", "写法有误"),
    ],
)
def test_a_fault_names_its_file_and_what_to_do(files: Path, file: str, old: str, new: str, said: str) -> None:
    path = files / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProfileFaults) as caught:
        load(files)
    assert said in str(caught.value)
    assert any(fault.file == file for fault in caught.value.faults)
    assert all("请" in fault.text for fault in caught.value.faults)


def test_a_fault_names_its_line(files: Path) -> None:
    path = files / "kind-b-claim.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines) if "code: B302" in line)
    lines[number] = lines[number].replace("code: B302", "cod: B302")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ProfileFaults) as caught:
        load(files)
    assert {(fault.file, fault.line) for fault in caught.value.faults} == {("kind-b-claim.yaml", number + 1)}
    assert str(caught.value.faults[0]).startswith(f"kind-b-claim.yaml 第 {number + 1} 行（kinds.")


def test_a_key_in_two_files_is_refused_and_lists_are_joined(files: Path) -> None:
    (files / "zzz.yaml").write_text("code: again\n", encoding="utf-8")
    with pytest.raises(ProfileFaults, match=r"zzz.yaml 第 1 行.*别的文件里已经写过"):
        load(files)
    (files / "zzz.yaml").write_text(
        "kinds:\n  - {code: MORE, name: {zh-Hans: 更多, zh-Hant: 更多, en: More}, in_loop: false, rework: never}\n",
        encoding="utf-8",
    )
    own = files / "profile.yaml"
    own.write_text(
        own.read_text("utf-8").replace("kinds: {POLICY_ENQUIRY: 3", "kinds: {MORE: 3, POLICY_ENQUIRY: 3"),
        encoding="utf-8",
    )
    assert load(files).kind("MORE").code == "MORE"


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProfileFaults, match="没有"):
        load(tmp_path)


@pytest.mark.parametrize("name", variants())
def test_every_variant_is_a_whole_profile_of_its_own_code(name: str) -> None:
    rules = variant(name)
    assert rules.code == name
    assert rules.limit("completion", "INTEREST_CLAIM") is not None
    assert rules.choices("POLICY_ENQUIRY") and rules.choices("INTEREST_CLAIM")


@pytest.mark.parametrize("name", ["default", "enterprise"])
def test_every_category_but_what_is_left_over_says_how_it_is_spoken_of(name: str) -> None:
    rules = variant(name)
    chosen = [one for kind in rules.kinds for _group, inside in rules.choices(kind.code) for one in inside]
    assert {str(one)[:2] for one in chosen if not one.spoken} == {"其他"}
    for one in chosen:
        assert len(set(one.spoken)) == len(one.spoken), one
    assert not [one for _kind, group, one in rules.every_category() if one is group and one.children and one.spoken]


def test_the_words_of_a_category_are_its_own_and_those_of_its_name(rules: Profile) -> None:
    assert rules.spoken["路灯"] == ("B604", "C203")
    assert rules.spoken["征收补偿标准"] == ("A303",)
    assert "補償標準" not in rules.spoken and "徵收補償標準" in rules.spoken
    assert "其他诉求" not in rules.spoken and not [word for word in rules.spoken if len(word) < 2]


def test_a_variant_says_only_what_differs() -> None:
    village, town = variant("village"), variant("default")
    assert village.limit("completion", "INTEREST_CLAIM", "simple") == Limit.parse("2wd")
    assert village.limit("assign", "INTEREST_CLAIM") == Limit.parse("0wd")
    assert village.limit("sign_for", "INTEREST_CLAIM") == town.limit("sign_for", "INTEREST_CLAIM")
    assert village.kinds == town.kinds
    assert [level.code for level in variant("enterprise").levels] == ["team", "department", "company"]


def test_a_fault_in_a_variant_names_its_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(VARIANTS, tmp_path / "variants")
    (tmp_path / "variants" / "village" / "profile.yaml").write_text("code: village\nlimits: {intake: {DISPUT: 1}}\n")
    monkeypatch.setattr("shuoshi.organization.profile.load.VARIANTS", tmp_path / "variants")
    with pytest.raises(ProfileFaults, match=r"^profile\.yaml 第 2 行（limits\.intake"):
        variant("village")
