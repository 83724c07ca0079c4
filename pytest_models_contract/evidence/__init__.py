"""What was learned of the server's catalogue: its pages, walks through them, and how responses compare.

Nothing here decides a verdict by itself: the checks in `suite` do. Sending a request belongs to `client`.
"""
