"""Where something is: from the shifted degrees of Chinese maps (GCJ-02) to those of everybody else (WGS 84)."""

from __future__ import annotations

from math import cos, pi, sin, sqrt

_A, _EE = 6378245.0, 0.00669342162296594323  # of the ellipsoid the shift is made with


def from_platform(latitude: str, longitude: str) -> tuple[str, str]:
    """Degrees as text with six places, a tenth of a metre; ("", "") for what are none."""
    try:
        lat, lon = float(latitude), float(longitude)
    except ValueError:
        return "", ""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return "", ""
    found = lat, lon
    for _round in range(4):  # each brings it ten times nearer
        shift = _shift(*found)
        found = lat - shift[0], lon - shift[1]
    return f"{found[0]:.6f}", f"{found[1]:.6f}"


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """How far a point of WGS 84 is moved, in degrees; not at all outside the country."""
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347):
        return 0.0, 0.0
    x, y = lon - 105.0, lat - 35.0
    near = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + near
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + near
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    angle = lat / 180.0 * pi
    magic = 1 - _EE * sin(angle) ** 2
    return (
        north * 180.0 / ((_A * (1 - _EE)) / (magic * sqrt(magic)) * pi),
        east * 180.0 / (_A / sqrt(magic) * cos(angle) * pi),
    )
