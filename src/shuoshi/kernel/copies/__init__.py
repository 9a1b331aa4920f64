"""Copies of everything, to bring it back when the machine is gone: made beside the running server, sealed, proved.

A place (`targets`) holds of one installation:

    shuoshi-copies                       whose copies these are (`place`)
    copies/copy-20261124T180000Z-1a2b…   the manifest of one copy (`form`), written last: without it there is no copy
    parts/copy-20261124T180000Z-1a2b…/   its rows as lines (`rows`) and the list of its files, in sealed parts
    files/ab/<name>.<sha256>             the files, sealed as they lie in the home, once for all copies (`attachments`)
    keys                                 the keys, sealed for the recovery sheet (`bundle`, `recovery`)

`making` writes a copy, `restoring` loads one, `thinning` says which stay, `nightly` does it by itself, `record` keeps
what became of each.
"""

from shuoshi.kernel.copies.record import last_checked, last_good, latest

__all__ = ["last_checked", "last_good", "latest"]
