"""The child process in which a stranger's picture is decoded: bytes in on stdin, a clean picture out on stdout.

Started as a file, so that neither Django nor anything else of ours is loaded. The answer is one line of JSON, then the
picture, then the small picture. What a refusal means to people is said in pictures.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from PIL import Image

MOST_PIXELS = 40_000_000
_MOST_SEE_THROUGH = 24_000_000  # resizing them takes a second copy
_MOST_WEBP = 12_000_000  # the decoder keeps several canvases; no camera writes WebP
LONGEST_SIDE = 2560
THUMBNAIL_SIDE = 320
_QUALITY = 85
_THUMBNAIL_QUALITY = 80
_CPU_SECONDS = 9
_MEMORY = 768 << 20  # bytes of address space, of which libraries and threads take more than pictures do
_ORIENTATION = 0x0112  # of EXIF
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Refused(Exception):
    """One of the reason codes of pictures.Reason."""


def main() -> None:
    _limit_resources()
    kind = sys.argv[1]  # JPEG, PNG, WEBP or HEIF, found out from the first bytes by the parent
    try:
        answer, picture, thumbnail = _clean(sys.stdin.buffer.read(), kind)
    except Refused as refused:
        answer, picture, thumbnail = {"refused": str(refused)}, b"", b""
    except MemoryError:
        answer, picture, thumbnail = {"refused": "too_many_pixels"}, b"", b""
    except Exception:  # whatever a decoder throws at broken data
        answer, picture, thumbnail = {"refused": "broken"}, b"", b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + picture + thumbnail)


def _limit_resources() -> None:
    """Where the platform can: processor time, memory, no files to write, no core."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _clean(data: bytes, kind: str) -> tuple[dict[str, Any], bytes, bytes]:
    if kind == "HEIF":
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # counted below, before anything is decoded
    image: Image.Image = Image.open(io.BytesIO(data), formats=[kind])
    if image.width * image.height > _most_pixels(image, kind):
        raise Refused("too_many_pixels")
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded at a half or a quarter
    image.load()
    orientation = image.getexif().get(_ORIENTATION)
    image = _plain(image)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
    image = _without_metadata(image)
    media_type = "image/png" if image.mode == "RGBA" else "image/jpeg"
    picture = _saved(image, _QUALITY)
    width, height = image.size
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    thumbnail = _saved(_on_white(image), _THUMBNAIL_QUALITY)
    answer = {"media_type": media_type, "width": width, "height": height, "picture": len(picture)}
    return answer, picture, thumbnail


def _most_pixels(image: Image.Image, kind: str) -> int:
    """What can be decoded within 300 MiB."""
    if kind == "WEBP":
        return _MOST_WEBP
    return _MOST_SEE_THROUGH if _may_be_see_through(image) else MOST_PIXELS


def _may_be_see_through(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info


def _plain(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where something can be seen through; sixteen bits become eight."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if _may_be_see_through(image):
        image = image if image.mode == "RGBA" else image.convert("RGBA")  # a copy of 40 megapixels is 160 MB
        lowest, _ = image.getchannel("A").getextrema()
        if int(lowest) < 255:  # type: ignore[arg-type]  # of a band of whole numbers
            return image
    return image if image.mode == "RGB" else image.convert("RGB")


def _without_metadata(image: Image.Image) -> Image.Image:
    """Only the pixels: place, time, device, comments, profiles and anything hidden behind the picture stay behind."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _saved(image: Image.Image, quality: int) -> bytes:
    made = io.BytesIO()
    if image.mode == "RGBA":
        image.save(made, "PNG")
    else:
        image.save(made, "JPEG", quality=quality)
    return made.getvalue()


if __name__ == "__main__":
    main()
