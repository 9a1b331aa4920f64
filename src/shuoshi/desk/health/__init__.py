"""How the house stands, in words: of each thing whether it is well, and if not, what to do, with command or page.

`everything` gathers it for an administrator's page; one module each knows copies, machine, database and work.
"""

from shuoshi.desk.health.line import Line, State
from shuoshi.desk.health.whole import everything

__all__ = ["Line", "State", "everything"]
