"""One run of the contract inside pytest: options, collection, outcomes, known deviations and the finish.

The hooks in `plugin.py` delegate to this room. The wording of findings belongs to `report`.
"""
