"""The ground floor: time, identity, storage and settings, with no word of what the product is about.

Everything above may import from here. Nothing here imports from above, knows a feature or touches a request.
"""
