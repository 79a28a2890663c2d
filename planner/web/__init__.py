"""The HTTP kit: access words, forms, error pages, headers, paging. It knows requests, and no feature."""
