"""What the reference says: revisions, their schemas and clauses, and the notation of dates.

Nothing here sends a request or knows a server. The JSON Schemas themselves are in the folder `schemas`.
"""
