"""One run of the contract inside pytest: options, collection, outcomes, known deviations and the finish.

Hooks are in `plugin.py` and delegate to this room. How findings are worded belongs to `report`.
"""
