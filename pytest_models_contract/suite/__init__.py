"""The checks of the contract, a file for each area; `pytest --models-contract` collects them.

A check is a plain test function with the clause that it tests. What several checks need to know of the server
belongs to `evidence`.
"""
