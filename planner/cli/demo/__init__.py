"""The demo: the spring of 2020 in Lindesberg as data, with dates around today, and filler for load tests.

The support actors bear their real names; companies and persons are invented.
"""
