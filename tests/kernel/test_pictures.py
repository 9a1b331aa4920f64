"""Strangers' pictures come out clean, or are refused with a reason, within their limits (drill 18)."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from shuoshi.kernel import pictures
from shuoshi.kernel.pictures import BadPicture, Reason

pytestmark = pytest.mark.drill(18)

SAMPLES = Path(__file__).parent / "samples"


def drawn(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """A picture whose top left corner is red and whose rest is blue."""
    image = Image.new(mode, size, (0, 0, 200) if mode == "RGB" else (0, 0, 200, 255))
    image.paste((220, 0, 0) if mode == "RGB" else (220, 0, 0, 255), (0, 0, size[0] // 4, size[1] // 4))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def refusal(data: bytes) -> Reason:
    with pytest.raises(BadPicture) as refused:
        pictures.clean(data)
    assert str(refused.value)
    assert not str(refused.value).endswith("。"), "the form puts the sentence together"
    return refused.value.reason


def png_header(width: int, height: int, body: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_becomes_an_upright_jpeg(kind: str) -> None:
    picture = pictures.clean(saved(drawn(), kind), "../../etc/passwd.svg")
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 640, 480)
    assert opened(picture.data).format == "JPEG"
    assert opened(picture.data).size == (640, 480)
    small = opened(picture.thumbnail)
    assert small.format == "JPEG"
    assert max(small.size) == 320


def test_place_device_and_comments_are_gone() -> None:
    """EXIF says where somebody lives."""
    exif = Image.Exif()
    exif[0x010F] = "HUAWEI-PLANTED"
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 33.0)
    given = saved(
        drawn(), exif=exif, comment=b"PLANTED comment", xmp=b"<x>PLANTED xmp</x>", icc_profile=b"PLANTED" * 50
    )
    assert given.count(b"PLANTED") > 3

    picture = pictures.clean(given)

    for made in (picture.data, picture.thumbnail):
        assert b"PLANTED" not in made
        assert b"Exif" not in made
        assert not opened(made).getexif()


def test_a_photo_of_an_iphone_is_decoded() -> None:
    """HEIC, 96 × 64 on its side, with a place in its EXIF."""
    given = (SAMPLES / "photo.heic").read_bytes()
    assert b"PLANTED" in given
    picture = pictures.clean(given, "IMG_0001.HEIC")
    assert picture.media_type == "image/jpeg"
    assert sorted((picture.width, picture.height)) == [64, 96]
    reds = [
        opened(picture.data).getpixel(corner)[0] > 120  # type: ignore[index]
        for corner in ((4, 4), (picture.width - 4, 4), (4, picture.height - 4))
    ]
    assert sum(reds) <= 1, "one corner of four is red, wherever the turn took it"
    assert b"PLANTED" not in picture.data
    assert not opened(picture.data).getexif()
    assert refusal(given[: len(given) // 2]) is Reason.BROKEN


def test_texts_in_a_png_with_transparency_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "PLANTED")
    image = drawn(mode="RGBA")
    image.putpixel((5, 5), (0, 0, 0, 0))
    picture = pictures.clean(saved(image, "PNG", pnginfo=info))
    assert picture.media_type == "image/png"
    assert opened(picture.data).mode == "RGBA"
    assert b"PLANTED" not in picture.data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_set_upright(orientation: int) -> None:
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    given = saved(drawn(), exif=exif, quality=95)
    expected = ImageOps.exif_transpose(opened(given))
    picture = opened(pictures.clean(given).data)
    assert picture.size == expected.size
    for corner in ((10, 10), (picture.width - 10, 10), (10, picture.height - 10)):
        red, _, blue = picture.getpixel(corner)  # type: ignore[misc]
        wanted_red, _, wanted_blue = expected.getpixel(corner)  # type: ignore[misc]
        assert (red > blue) == (wanted_red > wanted_blue)


def test_a_file_that_is_two_things_comes_out_as_one() -> None:
    polyglot = saved(drawn()) + b"PK\x03\x04<script>alert('PLANTED')</script>"
    picture = pictures.clean(polyglot)
    assert b"PLANTED" not in picture.data
    assert b"PK\x03\x04" not in picture.data[-40:]


def test_a_large_photo_is_made_smaller() -> None:
    picture = pictures.clean(saved(drawn((6000, 4000))))
    assert max(picture.width, picture.height) == 2560
    assert abs(picture.width / picture.height - 1.5) < 0.01


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!DOCTYPE html><script></script>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"GIF89a",
        b"BM" + bytes(60),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    assert refusal(data) is Reason.WRONG_TYPE


def test_half_a_photo_is_refused() -> None:
    whole = saved(Image.effect_noise((800, 600), 90).convert("RGB"))
    assert refusal(whole[: len(whole) // 2]) is Reason.BROKEN
    assert refusal(b"\xff\xd8\xff\xe0" + bytes(2000)) is Reason.BROKEN


def test_more_than_ten_megabytes_are_refused_before_anything_is_looked_at() -> None:
    assert refusal(saved(drawn()) + bytes(20 * 1024 * 1024)) is Reason.TOO_BIG


def test_a_bomb_is_refused_by_its_header() -> None:
    """300 megapixels in a file of kilobytes."""
    rows = zlib.compress(bytes(1024 * 1024), 9)
    assert refusal(png_header(20_000, 15_000, rows)) is Reason.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("kind", "mode", "size"),
    [
        ("JPEG", "RGB", (7700, 5100)),
        ("PNG", "RGB", (7700, 5100)),
        ("PNG", "RGBA", (5900, 4000)),
        ("WEBP", "RGBA", (4200, 2800)),
    ],
)
def test_the_largest_allowed_picture_takes_300_mebibytes_at_most(
    kind: str, mode: str, size: tuple[int, int], tmp_path: Path
) -> None:
    (tmp_path / "given").write_bytes(saved(Image.new(mode, size, (10, 20, 30, 100)[: len(mode)]), kind))
    asked = (  # a process of its own, since this one's largest child may have been another test's
        "import resource, subprocess, sys\n"
        "done = subprocess.run([sys.executable, '-I', *sys.argv[1:3]], stdin=open(sys.argv[3], 'rb'), capture_output=True)\n"
        "print(len(done.stdout), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    pytest.importorskip("resource")
    child = [sys.executable, "-I", "-c", asked, str(pictures._CHILD), kind, str(tmp_path / "given")]
    written, kibibytes = subprocess.run(child, capture_output=True, check=True).stdout.split()
    assert int(written) > 1000
    assert int(kibibytes) <= 300 * 1024


def test_a_see_through_picture_of_40_megapixels_is_refused() -> None:
    assert refusal(saved(Image.new("RGBA", (7700, 5100)), "PNG")) is Reason.TOO_MANY_PIXELS


def test_the_child_may_not_take_more_memory_than_its_limit() -> None:
    pytest.importorskip("resource")
    asked = (
        "import runpy, sys; child = runpy.run_path(sys.argv[1]); child['_limit_resources']()\n"
        "try: bytearray(2 << 30)\n"
        "except MemoryError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-I", "-c", asked, str(pictures._CHILD)], capture_output=True, check=False)
    assert done.stdout.strip() == b"refused"


def test_a_child_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child = tmp_path / "sleeper.py"
    child.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(pictures, "_CHILD", child)
    monkeypatch.setattr(pictures, "WALL_SECONDS", 0.5)
    began = time.monotonic()
    assert refusal(saved(drawn())) is Reason.TOO_SLOW
    assert time.monotonic() - began < 5


def test_sixteen_bits_grey_and_palette_come_out_as_they_look() -> None:
    grey = Image.new("I;16", (40, 40), 40_000)
    value = opened(pictures.clean(saved(grey, "PNG")).data).convert("L").getpixel((20, 20))
    assert abs(int(value) - 156) < 6  # type: ignore[arg-type]
    palette = drawn().convert("P", palette=Image.Palette.ADAPTIVE)
    assert pictures.clean(saved(palette, "PNG")).media_type == "image/jpeg"
    assert pictures.clean(saved(drawn().convert("CMYK"))).media_type == "image/jpeg"
