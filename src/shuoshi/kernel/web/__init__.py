"""What every page shares: access, forms, refusals, pager, navigation, base templates. No package's own page is here.

`from shuoshi.kernel.web import page, public, staff, role, show` is what a views module needs.
"""

from shuoshi.kernel.web.access import Access, actor_of, public, role, staff
from shuoshi.kernel.web.network import network_of
from shuoshi.kernel.web.page import PageData, page, show
from shuoshi.kernel.web.pager import Page, keyset
from shuoshi.kernel.web.reading import number_in

__all__ = [
    "Access",
    "Page",
    "PageData",
    "actor_of",
    "keyset",
    "network_of",
    "number_in",
    "page",
    "public",
    "role",
    "show",
    "staff",
]
