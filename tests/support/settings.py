"""The product's settings, with what only a test run needs: no waiting for the disk, cheap password hashes."""

from shuoshi.config.settings import *  # noqa: F403
from shuoshi.config.settings import DATABASES, HOME, INSTALLED_APPS

INSTALLED_APPS = ["tests.support.flushing", *INSTALLED_APPS, "tests.kernel.rows"]
PASSWORD_HASHERS = ["tests.support.hashing.CheapArgon2"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes must meet the same locks as in a real installation.
    _database["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    _options = _database["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
