"""`python -m pytest_models_contract.document > docs/contract.md`: the contract as a document."""

from pytest_models_contract.cli.document import main

if __name__ == "__main__":
    main()
