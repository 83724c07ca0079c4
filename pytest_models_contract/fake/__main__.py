from pytest_models_contract.fake.command import main

if __name__ == "__main__":
    main()
