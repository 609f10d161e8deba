"""Note in $PAGES_LOG each page that the command `nbdev_test` runs, for nbdev_test itself says only "Success."

.ci/run puts this folder on PYTHONPATH for that one command.
"""
import functools, os, sys

if os.environ.get('PAGES_LOG') and os.path.basename(sys.orig_argv[-1]) == 'nbdev_test':
    import nbdev.test
    run = nbdev.test.test_nb

    def note(*words):
        with open(os.environ['PAGES_LOG'], 'a', encoding='utf-8') as f: f.write(' '.join(map(str, words)) + '\n')

    @functools.wraps(run)
    def test_nb(fn, *args, **kwargs):
        note('started', fn.name)
        passed, seconds = run(fn, *args, **kwargs)
        if seconds == 0: note('skipped', fn.name)  # a page that asks not to be run
        else: note('passed' if passed else 'failed', fn.name, f'{seconds:.1f}')
        return passed, seconds

    nbdev.test.test_nb = test_nb
