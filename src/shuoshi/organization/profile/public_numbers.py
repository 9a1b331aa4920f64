"""The numbers that help at once, said before anything else: the four of the country, to which a profile adds its own."""

from __future__ import annotations

from pydantic import Field

from shuoshi.organization.profile.asked import Frozen, Words


class PublicNumber(Frozen):
    """A number that helps at once: said before anything else."""

    number: str = Field(pattern=r"^[0-9][0-9 -]{2,19}$")
    name: Words

    def __str__(self) -> str:
        return str(self.name)


PUBLIC_NUMBERS = tuple(
    PublicNumber.model_validate({"number": number, "name": dict(zip(("zh-Hans", "zh-Hant", "en"), names, strict=True))})
    for number, *names in (
        ("110", "报警", "報警", "Police"),
        ("119", "火警", "火警", "Fire"),
        ("120", "急救", "急救", "Ambulance"),
        ("122", "交通事故", "交通事故", "Traffic accident"),
    )
)
