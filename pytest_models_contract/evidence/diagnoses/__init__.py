"""Diagnoses: violated checks grouped under the cause that the recorded responses show.

A rule is a small function that takes what was observed and yields causes. Nothing here sends a request or
judges a check: the suite does. How a diagnosis is shown belongs to `report`.
"""
