"""The evidence as rows of plain data: requests, pages and models, for the report as an HTML page.

The rows are bounded in number and size, and have no secret in them. A worker hands them to the controller.
"""
