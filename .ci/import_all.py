"""Import every module of the installed package, from its wheel and not from this repository."""
import importlib, pkgutil, sys
from importlib.metadata import version
from pathlib import Path

import recsys_nb
import recsys_nb.model

home = Path(recsys_nb.__file__).parent
if home.parent.name != 'site-packages': sys.exit(f'{home} is not an installed package')
if version('recsys_nb') != recsys_nb.__version__: sys.exit('the version of the wheel is not __version__')
if not any((home/'sample').iterdir()): sys.exit('the wheel lacks the sample')
names = [m.name for m in pkgutil.walk_packages([str(home)], 'recsys_nb.')]
for name in names: importlib.import_module(name)
print(f'{len(names)} modules import with fastcore {version("fastcore")}')
