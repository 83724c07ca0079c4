"""The checks of the contract, by area; `pytest --models-contract` collects them."""
