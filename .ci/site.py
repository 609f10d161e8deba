"""Build the docs site into `_docs` without Quarto, then check it.

nbdev processes the notebooks into `_proc` (hidden cells out, documentation of exported names in), smalldocs renders
them as Quarto would, and every page is read back: links, anchors, pictures, equations, cells.
"""
import json, os, re, shutil, sys
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

root = Path(__file__).resolve().parent.parent


def page_name(nb):
    "The page that Quarto makes of notebook `nb`: 00_data.ipynb becomes data.html"
    return re.sub(r'^\d+[a-zA-Z0-9]*_', '', Path(nb).name.lower()).removesuffix('.ipynb') + '.html'


def build():
    "Build the site; return the folder of processed notebooks, its notebooks, and smalldocs' warnings"
    from nbdev.quarto import nbdev_sidebar, refresh_quarto_yml
    from nbdev.serve import proc_nbs
    from smalldocs.site import build as render
    refresh_quarto_yml()
    nbdev_sidebar.__wrapped__(path=Path('nbs'), force=True)
    proc = proc_nbs(path='nbs', force=True)
    site = render(proc, quiet=True)
    shutil.rmtree('_docs', ignore_errors=True)
    shutil.move(proc/'_docs', '_docs')
    warnings = [w for w in site.warnings if 'output-file' not in w and 'broken link' not in w]  # rename() and check_links() see to these
    return proc, sorted(proc.rglob('*.ipynb')), warnings


def rename(proc, nbs, docs, site_url):
    "Give the pages the names that doclinks use, and make links to the site's own address relative"
    names = {nb.relative_to(proc).with_suffix('.html').name: page_name(nb) for nb in nbs}
    for nb in nbs:
        old = docs/nb.relative_to(proc).with_suffix('.html')
        old.rename(old.with_name(names[old.name]))
    word = re.compile(r'(?<![\w.-])(' + '|'.join(map(re.escape, names)) + r')\b')
    for f in docs.rglob('*'):
        if f.suffix not in ('.html', '.json', '.xml', '.txt', '.md'): continue
        text = word.sub(lambda m: names[m[1]], f.read_text(encoding='utf-8'))
        up = '../'*(len(f.relative_to(docs).parts) - 1)
        text = re.sub(rf'(<a\b[^>]*?\bhref="){re.escape(site_url)}/', rf'\1{up or "./"}', text)
        f.write_text(text, encoding='utf-8')


class Page(HTMLParser):
    "What a rendered page holds: ids, links, pictures, equations, and its text outside code and equations"
    void = {'area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'}

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.pictures, self.maths, self.code, self.text, self.classes = set(), [], [], [], [], [], []
        self.open = []
        self.feed(path.read_text(encoding='utf-8'))

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        cls = (a.get('class') or '').split()
        self.classes += cls
        if a.get('id'): self.ids.add(a['id'])
        if tag == 'a' and a.get('name'): self.ids.add(a['name'])
        if tag in ('a', 'link') and a.get('href'): self.links.append(a['href'])
        if tag in ('script', 'iframe') and a.get('src'): self.links.append(a['src'])
        if tag == 'img': self.pictures.append(a.get('src') or '')
        kind = 'math' if 'math' in cls else 'code' if tag in ('code', 'pre') else 'skip' if tag in ('script', 'style') else None
        if kind == 'math': self.maths.append('')
        if tag not in self.void: self.open.append((tag, kind))

    def handle_endtag(self, tag):
        while any(t == tag for t, _ in self.open):
            if self.open.pop()[0] == tag: break

    def handle_data(self, data):
        kinds = {k for _, k in self.open if k}
        if 'skip' in kinds: return
        if 'math' in kinds: self.maths[-1] += data
        elif 'code' in kinds: self.code.append(data)
        else: self.text.append(data)


def check_links(name, page, pages, docs, site_url):
    "Broken links, anchors and pictures of one page"
    for src in page.pictures:
        if src.startswith('data:'):
            if len(src) < 100: yield 'empty picture'
        elif not src: yield 'picture without a source'
    for link in page.links + [s for s in page.pictures if not s.startswith('data:')]:
        if link.startswith(site_url + '/'): link = '/' + link[len(site_url):].lstrip('/')
        parts = urlsplit(link)
        if parts.scheme or parts.netloc: continue
        here = str(Path(name).parent)
        path = unquote(parts.path)
        target = name if not path else normpath(path.lstrip('/') if path.startswith('/') else f'{here}/{path}')
        if target == '.' or (docs/target).is_dir(): target = normpath(f'{target}/index.html')
        if not (docs/target).is_file(): yield f'link to a missing file: {link}'
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
            yield f'link to a missing anchor: {link}'


def check_cells(page, nb):
    "Cells of notebook `nb` that the page does not show as they are meant"
    text = ''.join(page.text)
    if 'cell-output-error' in page.classes: yield 'a cell whose output is an error'
    for mark in ('{=html}', '{{<'):
        if mark in text: yield f'markup left in the text: {mark}'
    if re.search(r'^\s*:::', text, re.M): yield 'markup left in the text: :::'
    if re.search(r'^show_doc\(', ''.join(page.code), re.M): yield 'a show_doc cell that was not run'
    if re.search(r'^#\|', ''.join(page.code), re.M): yield 'a directive (#|) left in the code'
    cells = json.loads(nb.read_text(encoding='utf-8'))['cells']
    shown = [c for c in cells if c['cell_type'] == 'code' and not re.search(r'^#\|\s*(output|include)\s*:\s*false', ''.join(c['source']), re.M)]
    made = [o for c in shown for o in c['outputs'] if 'image/png' in o.get('data', {}) and 'text/html' not in o['data']]
    got = [s for s in page.pictures if s.startswith('data:image/png')]
    if len(got) < len(made): yield f'{len(made)} pictures in the notebook, {len(got)} on the page'


def check_maths(page):
    "Equations that cannot be typeset"
    if '$$' in ''.join(page.text): yield 'an equation left as $$'
    for m in page.maths:
        bare = re.sub(r'\\[\\{}]', '', m)
        if not m.strip('\\()[] \n'): yield 'an empty equation'
        elif bare.count('{') != bare.count('}'): yield f'an equation with unbalanced braces: {m.strip()}'
        elif sorted(re.findall(r'\\begin\{(.*?)\}', m)) != sorted(re.findall(r'\\end\{(.*?)\}', m)):
            yield f'an equation whose \\begin and \\end differ: {m.strip()}'


def check(proc, nbs, docs, site_url):
    "Everything that is broken, one line each"
    pages = {str(f.relative_to(docs)): Page(f) for f in sorted(docs.rglob('*.html'))}
    chapters = {}
    for nb in nbs:
        name = str(nb.relative_to(proc).parent/page_name(nb))
        if name in pages: chapters[name] = nb
        else: yield f'{nb.name}: no page'
    if 'index.html' not in pages: yield 'index.html: no front page'
    for name, page in pages.items():
        found = [*check_links(name, page, pages, docs, site_url), *check_maths(page)]
        if name in chapters: found += check_cells(page, chapters[name])
        for other in chapters:
            if name in chapters and other != 'index.html' and not any(urlsplit(l).path.endswith(other) for l in page.links):
                found.append(f'the sidebar lacks {other}')
        yield from (f'{name}: {o}' for o in dict.fromkeys(found))


def main():
    os.chdir(root)
    from nbdev.config import get_config
    cfg = get_config()
    site_url = cfg.doc_host + cfg.doc_baseurl
    proc, nbs, broken = build()
    docs = Path('_docs')
    rename(proc, nbs, docs, site_url)
    broken += check(proc, nbs, docs, site_url)
    for o in broken: print(o)
    print(f'{len(nbs)} pages in {docs}/, {len(broken)} things broken')
    return 1 if broken else 0


if __name__ == '__main__': sys.exit(main())
