"""Makes the fonts of the papers again from their npm packages: `npm pack` both into a folder and name it here.

Noto Serif SC stays whole, for the sake of rare names; Noto Sans SC Bold, which sets headings, is cut to the characters of
GB 2312 and of the common half of Big5. What the two can draw is listed beside them, so that nobody reads a font for it.
"""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "src" / "shuoshi" / "kernel" / "papers" / "fonts"
VERSION = "0.4.3"
PACKAGES = {  # file of `npm pack`: its SHA-256, the font in it, what it is called here
    f"expo-google-fonts-noto-serif-sc-{VERSION}.tgz": (
        "ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e",
        "package/400Regular/NotoSerifSC_400Regular.ttf",
        "NotoSerifSC-Regular",
    ),
    f"expo-google-fonts-noto-sans-sc-{VERSION}.tgz": (
        "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
        "package/700Bold/NotoSansSC_700Bold.ttf",
        "NotoSansSC-Bold",
    ),
}


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: tools/fonts.py FOLDER  (with the two packages, as `npm pack` writes them)")
    for file, (sha256, inside, name) in PACKAGES.items():
        package = (Path(sys.argv[1]) / file).read_bytes()
        if hashlib.sha256(package).hexdigest() != sha256:
            sys.exit(f"{file} is not the package it should be")
        with tarfile.open(fileobj=io.BytesIO(package)) as tar:
            font, licence = _member(tar, inside), _member(tar, "package/LICENSE_FONT")
        made = font if "Serif" in name else _cut(font)
        (FONTS / f"{name}.ttf").write_bytes(made)
        (FONTS / f"{name}.LICENSE.txt").write_bytes(licence)
        drawn = sorted(TTFont(io.BytesIO(made)).getBestCmap())
        (FONTS / f"{name}.characters.txt").write_text("\n".join(_ranges(drawn)) + "\n", "ascii")
        print(f"{name}.ttf: {len(made):,} bytes, {len(drawn):,} characters, {hashlib.sha256(made).hexdigest()}")


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    assert file is not None
    return file.read()


def _cut(font: bytes) -> bytes:
    options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True, hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_headings())
    loaded = TTFont(io.BytesIO(font), recalcTimestamp=False)
    cutter.subset(loaded)
    made = io.BytesIO()
    loaded.save(made)
    return made.getvalue()


def _headings() -> set[int]:
    """Latin, punctuation, and what GB 2312 and the first level of Big5 hold."""
    wanted = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100)) | set(range(0x2010, 0x2040)) | {0x3007, 0x3013}
    wanted |= set(range(0x3000, 0x3018)) | set(range(0xFF00, 0xFF60))
    for lead, trail, encoding in (
        (range(0xA1, 0xF8), range(0xA1, 0xFF), "gb2312"),
        (range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)), "big5"),
    ):
        codes = (bytes((one, other)) for one in lead for other in trail)
        wanted |= {ord(character) for code in codes if (character := code.decode(encoding, "ignore"))}
    return wanted


def _ranges(codes: Iterable[int]) -> Iterator[str]:
    """4E00-4E0C or 4E0E: as few lines as can be."""
    first = last = -2
    for code in codes:
        if code != last + 1:
            if first >= 0:
                yield f"{first:X}-{last:X}" if last > first else f"{first:X}"
            first = code
        last = code
    yield f"{first:X}-{last:X}" if last > first else f"{first:X}"


if __name__ == "__main__":
    main()
