"""What passes between templates and the series made from them: offers, reviews, proposals, the gallery, the spread.

Words: an *offer* is a newer version that a series has not decided about; a *review* is deciding about it; an *update*
is what was decided, kept as the series' history. It never changes a published version, and no series by itself.
"""
