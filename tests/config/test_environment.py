"""Settings of the operator: declared once, misspelt ones refused."""

from __future__ import annotations

import pytest

from shuoshi.config import environment


def test_what_is_not_set_has_its_default() -> None:
    values = environment.read({})
    assert values["PORT"] == "8000"
    assert values.home.name == "var"
    assert not values.switch("SHUOSHI_HTTPS")


def test_a_misspelt_setting_stops_the_start_and_names_the_known_ones() -> None:
    with pytest.raises(environment.BadSetting, match=r"SHUOSHI_HOMES is not a setting.*SHUOSHI_HOME"):
        environment.read({"SHUOSHI_HOMES": "/srv"})


@pytest.mark.parametrize(("name", "text"), [("SHUOSHI_LAN", "yes"), ("PORT", "http")])
def test_a_value_of_the_wrong_type_stops_the_start(name: str, text: str) -> None:
    with pytest.raises(environment.BadSetting, match=name):
        environment.read({name: text})


def test_tracebacks_are_never_shown_to_a_network() -> None:
    with pytest.raises(environment.BadSetting, match="SHUOSHI_DEBUG"):
        environment.read({"SHUOSHI_DEBUG": "1", "SHUOSHI_LAN": "1"})


def test_hosts_are_a_list() -> None:
    assert environment.read({"SHUOSHI_HOSTS": "a.example, b.example,"}).listed("SHUOSHI_HOSTS") == [
        "a.example",
        "b.example",
    ]
