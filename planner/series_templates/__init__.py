"""The reusable design of a series: a draft that is worked on, immutable numbered versions, and the gallery.

Words: a *series template* has ordered *steps* with stable keys; a *version* is a published snapshot; an *adoption*
is a municipality's series made from one version. It never changes a published version.
"""
