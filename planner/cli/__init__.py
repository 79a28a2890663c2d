"""`flask planner …`: the demo, users, the worker, backup and doctor."""
