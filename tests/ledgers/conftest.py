from tests.desk.conftest import at_desk, town

__all__ = ["at_desk", "town"]
