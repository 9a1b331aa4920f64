"""A folder and a bucket behave alike: whole objects under their names, and words for what is out of reach."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from shuoshi.kernel.copies import targets
from shuoshi.kernel.copies.targets import Bucket, Folder, NotThere, OutOfReach, Target
from tests.kernel.copies import places


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a bucket on a server of this machine."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        import boto3

        boto3.client("s3").create_bucket(Bucket="copies")
        yield "s3://copies/village"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Target:
    return targets.at(str(tmp_path) if request.param == "folder" else request.getfixturevalue("s3"))


def test_objects_come_back_are_listed_and_go(target: Target, tmp_path: Path) -> None:
    assert isinstance(target, Folder | Bucket)
    content = {f"some/deep/{n}": os.urandom(n) for n in range(3)} | {"some/other": b"x", "top": b"y"}
    for name, data in content.items():
        target.put(name, data)
    target.put("top", b"z")
    assert target.get("top") == b"z"
    listed = {one.name: one.size for one in target.objects("some/deep/")}
    assert listed == {f"some/deep/{n}": n for n in range(3)}
    assert {one.name for one in target.objects("")} == set(content)
    places.age(tmp_path, 0)  # a file's own time does not travel with `--today`
    assert all(0 <= one.age < 60 for one in target.objects(""))
    with pytest.raises(NotThere):
        target.get("some/thing")
    for name in [*content, "never/there"]:
        target.delete(name)
    assert list(target.objects("")) == []


def test_a_bucket_lists_more_than_one_answer_holds(s3: str) -> None:
    target = Bucket(s3)
    names = {f"many/{n:04d}" for n in range(1001)}
    for name in names:
        target.put(name, b"")
    assert {one.name for one in target.objects("many/")} == names


def test_a_bucket_that_is_not_there_is_said(s3: str) -> None:
    with pytest.raises(OutOfReach, match="NoSuchBucket"):
        Bucket("s3://nowhere/village").put("x", b"")


@pytest.mark.django_db
def test_a_copy_lies_in_a_bucket_as_in_a_folder(s3: str) -> None:
    from django.conf import settings

    from shuoshi.kernel.copies import form, making

    target = Bucket(f"{s3}-2")
    made = making.make(target, settings.HOME, "real", places.nothing)
    assert form.complete(target) == [made.name]
    assert (
        len([1 for _, lines in form.Reader(target, settings.KEYS, made.name).tables() for _ in lines])
        == made.manifest.rows
    )


def test_what_lies_in_a_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    target = Folder(tmp_path / "place")
    target.put("some/name", b"x")
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "place").rglob("*")} == {0o700, 0o600}


def test_a_folder_we_may_not_write_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutOfReach, match="may we write there"):
        Folder(tmp_path / "file").put("name", b"x")
