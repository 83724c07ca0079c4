"""Diagnoses: violated checks grouped under the cause that the recorded responses show.

A rule is a small function over what was observed that yields causes; nothing here sends a request. Which check
is violated is decided by the suite before, and how a diagnosis is shown by `report`.
"""
