"Package recsys_nb as settings.ini describes it."
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

root = Path(__file__).parent
cfg = ConfigParser(delimiters='=')
cfg.read(root/'settings.ini', encoding='utf-8')
cfg = cfg['DEFAULT']

stages = ['1 - Planning', '2 - Pre-Alpha', '3 - Alpha', '4 - Beta', '5 - Production/Stable', '6 - Mature', '7 - Inactive']
pythons = '3.10 3.11 3.12 3.13'.split()
licenses = dict(apache2='Apache-2.0', mit='MIT', bsd3='BSD-3-Clause', gpl3='GPL-3.0-only')
requirements = {name: cfg[f'{name}_requirements'].split() for name in ('dev','tune','ann','excel','serve','explore','peers','browser')}
if cfg['min_python'] not in pythons: raise SystemExit(f"settings.ini: min_python = {cfg['min_python']}, but setup.py knows {', '.join(pythons)}")

setup(
    name=cfg['lib_name'],
    version=cfg['version'],
    description=cfg['description'],
    long_description=(root/'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    url=cfg['git_url'],
    project_urls={'Documentation': cfg['doc_host'] + cfg['doc_baseurl']},
    author=cfg['author'],
    license=licenses[cfg['license']],
    keywords=cfg['keywords'],
    classifiers=[
        f"Development Status :: {stages[int(cfg['status']) - 1]}",
        f"Intended Audience :: {cfg['audience']}",
        f"Natural Language :: {cfg['language']}",
    ] + [f'Programming Language :: Python :: {v}' for v in pythons[pythons.index(cfg['min_python']):]],
    packages=find_packages(include=[cfg['lib_path'], f"{cfg['lib_path']}.*"]),
    package_data={cfg['lib_path']: ['sample/*.gz', 'sample/*.csv', 'static/*']},
    include_package_data=False,
    zip_safe=False,
    python_requires=f">={cfg['min_python']}",
    install_requires=cfg['requirements'].split(),
    extras_require=requirements | {'dev': sum((requirements[name] for name in ('dev','tune','ann','excel','serve')), [])},
    entry_points={
        'console_scripts': cfg['console_scripts'].split(),
        'nbdev': [f"{cfg['lib_name']}={cfg['lib_path']}._modidx:d"],  # lets nbdev link names in prose to these docs
    },
)
