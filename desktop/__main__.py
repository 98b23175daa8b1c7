"""`python -m desktop`: the moorage command."""

from desktop.cli.entry import main

if __name__ == "__main__":
    main()
