"""The machinery that runs the program: its own database, its processes, its one command. Plain Python."""
