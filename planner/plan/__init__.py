"""The plan as people look at it: the plan board, a month calendar and a list. Reads many features, owns nothing."""
