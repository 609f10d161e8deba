"The command, begun so that an interrupt while its libraries are loaded is one line, too."
import sys


def main():
    "Load the command and run it."
    try:
        from recsys_nb.cli import main as run
    except KeyboardInterrupt:
        print('recsys_nb: interrupted; nothing was begun', file=sys.stderr)
        return 130
    return run()


if __name__ == '__main__':
    sys.exit(main())
