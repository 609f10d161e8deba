"""Print constraints.txt from the output of `pip freeze --all --exclude-editable`, one file for each Python.

    python .ci/constraints.py 3.10=FILE 3.11=FILE > constraints.txt

The versions of a Python hold up to the next one named, those of the last for all later ones.
"""
import re, sys

header = '''# The versions with which the pages were last run, on Python 3.10 to 3.13.
# torch names its own CUDA packages where it needs them; these are not repeated here.
# How to renew this file: CONTRIBUTING.md.'''
skip = re.compile(r'pip$|nvidia-|cuda-|triton$|recsys-nb$')


def read(path):
    "The pins in the file, by the package's normal name"
    pins = (line.strip().partition('==') for line in open(path, encoding='utf-8') if '==' in line)
    names = {re.sub('[-_.]+', '-', name).lower(): version.partition('+')[0] for name, _, version in pins}
    return {name: version for name, version in names.items() if not skip.match(name)}


def marker(since, until):
    "The Pythons from `since` on and before `until`, as an environment marker"
    return ' and '.join([f'python_version >= "{since}"']*bool(since) + [f'python_version < "{until}"']*bool(until))


def lines(name, pythons):
    "The constraints of package `name`: one where all Pythons have the same version"
    spans = []
    for python, pins in pythons:
        version = pins.get(name)
        if not spans or spans[-1][0] != version: spans.append([version, python])
    for i, (version, since) in enumerate(spans):
        where = marker(since if i else None, spans[i + 1][1] if i + 1 < len(spans) else None)
        if version: yield f'{name}=={version}' + (f' ; {where}' if where else '')


def main(args):
    if not args or not all('=' in a for a in args): sys.exit(__doc__)
    pythons = [(python, read(path)) for python, path in (a.split('=', 1) for a in args)]
    print(header)
    for name in sorted(set().union(*(pins for _, pins in pythons))): print(*lines(name, pythons), sep='\n')


if __name__ == '__main__': main(sys.argv[1:])
