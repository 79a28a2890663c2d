"""The start page of each role, the public pages, and the pages behind personal links.

Reads many features, owns nothing.
"""
