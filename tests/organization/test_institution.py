"""One installation, one institution; a demo stays a demo; rules are published in versions that never change."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import Error, IntegrityError, connection, transaction

from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.organization import actions, profile, queries
from shuoshi.organization.actions import InstitutionGiven
from shuoshi.organization.models import Institution, ProfileVersion
from shuoshi.organization.profile.load import load
from tests.organization.town import Town

pytestmark = pytest.mark.django_db

GIVEN = InstitutionGiven(name="清河镇", short_name="清河", code="QH", hotline="000-12345678", address="中心路 1 号")


def test_there_is_one_institution(town: Town) -> None:
    assert queries.institution() == town.institution
    with pytest.raises(Refused, match="institution_stands"):
        actions.set_up_institution(GIVEN, root_id=town.town.pk, demo=False, actor=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.create(name="乙", short_name="乙", code="Y", hotline="1", address="乙")
    with pytest.raises(IntegrityError, match="institution_is_one"), transaction.atomic():
        Institution.objects.create(only=False, name="乙", short_name="乙", code="Y", hotline="1", address="乙")


def test_the_database_refuses_an_institution_without_a_name(town: Town) -> None:
    with pytest.raises(IntegrityError, match="institution_has_names"), transaction.atomic():
        Institution.objects.update(hotline="")


def test_a_demo_never_turns_real_whoever_asks(town: Town) -> None:
    actions.edit_institution(GIVEN, actor=SYSTEM)
    assert queries.institution().demo
    with pytest.raises(Error, match="never changes"), transaction.atomic():
        Institution.objects.update(demo=False)


def test_the_trigger_that_keeps_a_demo_goes_backwards_and_forwards(town: Town) -> None:
    step = import_module("shuoshi.organization.migrations.0002_demo_stays")
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        step.backwards(apps, editor)
        Institution.objects.update(demo=False)
        Institution.objects.update(demo=True)
        step.forwards(apps, editor)
    with pytest.raises(Error, match="never changes"), transaction.atomic():
        Institution.objects.update(demo=False)


@pytest.mark.parametrize("code", ["", "qh", "清河", "QINGHEZHEN"])
def test_a_code_that_cannot_stand_in_numbers_is_refused(town: Town, code: str) -> None:
    given = InstitutionGiven(name="清河镇", short_name="清河", code=code, hotline="1", address="路")
    with pytest.raises(Refused, match="institution_code_odd"):
        actions.edit_institution(given, actor=SYSTEM)


def test_only_an_administrator_edits_the_institution_or_publishes_rules(town: Town) -> None:
    nobody = Actor(ActorKind.STAFF)
    with pytest.raises(Refused, match="not_administrator"):
        actions.edit_institution(GIVEN, actor=nobody)
    with pytest.raises(Refused, match="not_administrator"):
        actions.publish_profile(load(), actor=nobody)


def test_the_same_rules_again_make_no_new_version(town: Town) -> None:
    assert actions.publish_profile(load(), actor=SYSTEM) == town.profile
    assert ProfileVersion.objects.count() == 1


def test_a_matter_keeps_the_version_it_was_registered_under(town: Town) -> None:
    before = profile.current()
    changed = before.model_copy(update={"attempts": before.attempts.model_copy(update={"days": 2})})
    newer = actions.publish_profile(changed, note="回访放宽", actor=SYSTEM)
    assert newer.number == 2
    assert profile.current().attempts.days == 2
    assert profile.version(town.profile.pk).attempts.days == 3
    assert list(verify()) == []


def test_a_version_is_read_from_the_database_once(town: Town, django_assert_num_queries: object) -> None:
    profile.version(town.profile.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert profile.current() is profile.version(town.profile.pk)


def test_without_any_version_the_remedy_is_named(db: None) -> None:
    with pytest.raises(profile.NoProfile, match="shuoshi"):
        profile.current()


def test_the_database_refuses_a_version_without_number_or_content(town: Town) -> None:
    for change, constraint in (({"number": 0}, "profile_number_from_one"), ({"content": ""}, "profile_has_content")):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            ProfileVersion.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProfileVersion.objects.create(number=1, content="{}", sha256="0", created_at=town.profile.created_at)
