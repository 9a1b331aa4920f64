"""What of a posted form is read: every word, and as many files as a form could mean. Files never cost the words.

Django's own limit refuses a whole form for one file too many, and what was written goes with it. How many of the files
a page takes, and what it says of the others, is the page's affair.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    MemoryFileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)

FILES_READ = 60  # of one request; the others are passed over


class _FirstOnes(FileUploadHandler):
    """Passes over all files but the first."""

    begun = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.begun += 1
        if self.begun > FILES_READ:
            raise SkipFile
        super().new_file(*args, **kwargs)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        done: UploadedFile[Any] | None = super().file_complete(file_size)
        self.__dict__.pop("file", None)  # it is the view's now; Django would close it when the next one is passed over
        return done


class InMemory(_FirstOnes, MemoryFileUploadHandler):
    """Files of a small request."""


class OnDisk(_FirstOnes, TemporaryFileUploadHandler):
    """Files of a larger one."""


class WordsOnly(FileUploadHandler):
    """For a request that is too large: what was written is read, no file is."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile
