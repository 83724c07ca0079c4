"""`python -m pytest_models_contract.drift OLD NEW`: compare two readings."""

import sys

from pytest_models_contract.cli.drift import main

if __name__ == "__main__":
    sys.exit(main())
