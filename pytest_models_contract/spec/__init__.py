"""What the reference says: revisions, their schemas and clauses, and how dates are written.

Nothing here sends a request or knows a server. The JSON Schemas themselves are in the folder `schemas`.
"""
