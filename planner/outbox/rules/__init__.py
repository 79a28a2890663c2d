"""Pure decisions of the outbox: what a letter is made of, and how long it is tried."""

from planner.outbox.rules.blocks import (
    Block,
    Content,
    Facts,
    Link,
    Paragraph,
    Part,
    as_text,
    blocks_of,
    one_line,
    parts_of,
    split_mail,
)
from planner.outbox.rules.delivery import (
    KEPT_AFTER_FAILURE,
    LEASE,
    WAITS,
    CalendarPart,
    DeliveryError,
    Letter,
    Status,
    masked,
    next_wait,
    why_not,
)

__all__ = [
    "KEPT_AFTER_FAILURE", "LEASE", "WAITS", "Block", "CalendarPart", "Content", "DeliveryError", "Facts", "Letter",
    "Link", "Paragraph", "Part", "Status", "as_text", "blocks_of", "masked", "next_wait", "one_line", "parts_of",
    "split_mail", "why_not",
]  # fmt: skip
