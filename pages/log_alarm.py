"""The alarm of the public log, which every page shows for as long as it stands.

It is no matter of any one page, so no page is handed it: whoever answers a request sets it for that request.
"""

from contextvars import ContextVar

log_alarm: ContextVar[str | None] = ContextVar("log_alarm", default=None)
"""The code of the alarm that stands while this request is answered."""
