"""The findings as text: messages, terminal, JSON, Markdown, HTML, GitHub annotations, pytest-html.

Everything here turns data into text. Collecting the data and writing files belong to `session`.
"""
