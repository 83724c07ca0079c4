"""The report as one HTML file, for people: nothing in it is loaded from elsewhere.

Each module prepares one section, and a template of the same name lays it out.
"""
