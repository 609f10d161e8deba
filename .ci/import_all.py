"""Import every module of the installed package, from its wheel and not from this repository, whose files it must have."""
import importlib, pkgutil, sys
from importlib.metadata import version
from pathlib import Path

import recsys_nb
import recsys_nb.model

home = Path(recsys_nb.__file__).parent
if home.parent.name != 'site-packages': sys.exit(f'{home} is not an installed package')
if version('recsys_nb') != recsys_nb.__version__: sys.exit('the version of the wheel is not __version__')
source = Path(__file__).resolve().parent.parent/'recsys_nb'
lacks = [str(f.relative_to(source)) for kind in ('sample', 'static') for f in (source/kind).iterdir() if not (home/kind/f.name).is_file()]
if lacks: sys.exit(f'the wheel lacks {", ".join(lacks)}')
names = [m.name for m in pkgutil.walk_packages([str(home)], 'recsys_nb.')]
for name in names: importlib.import_module(name)
print(f'{len(names)} modules import with fastcore {version("fastcore")}')
