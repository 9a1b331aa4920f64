"""5.3: who is named in a resident's words is found, rather one too many; who is only hinted at is not guessed."""

from __future__ import annotations

import pytest

from shuoshi.organization.named import named_in
from tests.support.village import Place, build_town


@pytest.fixture
def town(db: None) -> Place:
    return build_town()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("登记员王芳，态度很差", ["王芳"]),
        ("王 芳", ["王芳"]),
        ("王芳和城建办的周建国", ["城建办", "王芳", "周建国"]),
        ("水利站", ["水利站"]),
        ("青禾镇水利站的人", ["水利站"]),  # the town is where it stands
        ("青禾镇的王芳", ["王芳"]),
        ("青禾镇", ["青禾镇"]),
        ("柳湾村的会计", ["柳湾村"]),  # nobody of that title is in the books: the whole village
        ("县受理中心的人", ["县受理中心"]),  # not the town's, whose name is part of it
        ("县受理中心和受理中心", ["县受理中心", "受理中心"]),
        ("一个姓周的", []),
        ("王", []),
        ("", []),
    ],
)
def test_who_is_named(town: Place, words: str, found: list[str]):
    named = named_in(words)
    assert sorted(named.names) == sorted(found)
    assert bool(named) == bool(found)


def test_everybody_of_that_name_is_found_and_nobody_who_left(town: Place):
    from shuoshi.kernel.actors import SYSTEM
    from shuoshi.organization import actions as organization
    from shuoshi.organization.models import Post
    from shuoshi.organization.roles import Role

    second = town.person("王芳", ("水利站", Role.HANDLER))
    assert len(named_in("王芳").people) == 2
    organization.end_post(Post.objects.get(person=second).pk, actor=SYSTEM)
    assert len(named_in("王芳").people) == 1


def test_few_statements_whatever_the_words(town: Place, django_assert_num_queries):
    named_in("王芳")
    with django_assert_num_queries(2):
        named_in("城建办的王芳、孙丽、周建国，还有水利站")
    with django_assert_num_queries(0):
        named_in(" ")
