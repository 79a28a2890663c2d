"""Messages to people, written in the transaction of the change they tell of, and delivered by a worker.

A *message* has a key that makes it unique, so that the same notice is never queued twice. Delivery is at least
once. It never decides whom to tell or why: features above queue, this room delivers. The text of a delivered
message is erased, since it may carry a personal link; the demo keeps it, for its readable mailbox. A *letter* is the
message as it travels: blocks, from which its text and its HTML are made.
"""
