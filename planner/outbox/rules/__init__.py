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
    LEASE,
    WAITS,
    CalendarPart,
    DeliveryError,
    Letter,
    Status,
    next_wait,
)

__all__ = [
    "LEASE", "WAITS", "Block", "CalendarPart", "Content", "DeliveryError", "Facts", "Letter", "Link", "Paragraph",
    "Part", "Status", "as_text", "blocks_of", "next_wait", "one_line", "parts_of", "split_mail",
]  # fmt: skip
