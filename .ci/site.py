"""Build the docs site into `_docs`, then check it.

nbdev processes the notebooks into `_proc` (hidden cells out, documentation of exported names in), smalldocs renders
them, equations become MathML, and every page is read back: links, anchors, pictures, equations, cells, and whether
anything comes from another host. `llms.txt` names every page's text for programs that read.
"""
import html, json, os, re, shutil, sys, time
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

root = Path(__file__).resolve().parent.parent


def page_name(nb):
    "The page that is made of notebook `nb`: 00_data.ipynb becomes data.html"
    return re.sub(r'^\d+[a-zA-Z0-9]*_', '', Path(nb).stem.lower()) + '.html'


def build():
    "Build the site; return the folder of processed notebooks and smalldocs' warnings"
    from nbdev.quarto import refresh_quarto_yml
    from nbdev.serve import proc_nbs
    from smalldocs.site import build as render
    import prepare
    refresh_quarto_yml()
    prepare.main()
    proc = proc_nbs(path='nbs', force=True)
    site = render(proc, quiet=True)
    shutil.rmtree('_docs', ignore_errors=True)
    shutil.move(proc/'_docs', '_docs')
    warnings = [w for w in site.warnings if not re.search('output-file|broken link|compiles no Sass|html-math-method', w)]  # these are seen to below
    return proc, warnings


def pages_of(proc):
    "The pages of the site: the file that each is made from, by the name that doclinks use"
    sources = sorted(proc.rglob('*.ipynb')) + sorted(proc.rglob('*.qmd'))
    return {str(o.relative_to(proc).parent/page_name(o)): o for o in sources}


def own_links():
    "Where the library's own functions are, for names that the command line has as well"
    from recsys_nb._modidx import d
    links = {}
    for module, symbols in d['syms'].items():
        if module == 'recsys_nb.cli': continue
        for name, (link, _) in symbols.items(): links.setdefault(name.removeprefix(f'{module}.'), link)
    return links


def rename(proc, docs, site_url):
    "Give the pages the names that doclinks use, and make links to the site's own address relative"
    names = {}
    for name, o in pages_of(proc).items():
        for suffix in ('.html', '.llms.md'): # a page, and its text for programs that read
            old, new = docs/o.relative_to(proc).with_suffix(suffix), (docs/name).with_suffix(suffix)
            if old.exists(): old.rename(new)
            names[old.name] = new.name
    word = re.compile(r'(?<![\w.-])(' + '|'.join(map(re.escape, names)) + r')\b')
    links, of_command = own_links(), re.compile(r'\bcli\.html#(\w+)(?="><code>\1<)')
    for f in docs.rglob('*'):
        if f.suffix not in ('.html', '.json', '.xml', '.txt', '.md') or 'images' in f.parts: continue
        text = word.sub(lambda m: names[m[1]], f.read_text(encoding='utf-8'))
        up = '../'*(len(f.relative_to(docs).parts) - 1)
        text = re.sub(rf'(<a\b[^>]*?\bhref="){re.escape(site_url)}/', rf'\1{up or "./"}', text)
        if f.stem != 'cli': text = of_command.sub(lambda m: links.get(m[1], m[0]), text) # `evaluate` is a function first
        f.write_text(text, encoding='utf-8')


thin = '<mspace width="0.167em"/>'


def mathml(tex, display):
    "An equation as MathML, which browsers typeset themselves"
    from latex2mathml.converter import convert
    out = convert(tex, display=display)
    out = re.sub(r'<(mi|mn) mathvariant="bold">1</\1>', '<mn>\U0001d7cf</mn>', out)
    out = out.replace('<mspace width="negativethinmathspace" />', '').replace('<mi>&#x027F9;</mi>', '<mo>&#x027F9;</mo>')
    out = re.sub(r'(<mi>(?:ln|log)</mi>)', rf'{thin}\1{thin}', out)
    out = out.replace('<mo>&#x02016;</mo>', '<mo stretchy="false">&#x02016;</mo>') # a norm's bars, else as tall as the sum beside
    out = re.sub(r'(<mtext>\(\d+\)</mtext>)', r'<mspace width="2em"/>\1', out) # an equation's number stands apart
    return out.replace('<math ', f'<math alttext="{html.escape(tex)}" ', 1)


def typeset(m):
    "A span of TeX as MathML; equations side by side may stand below each other on a narrow page"
    tex = html.unescape(m[2]).strip()[2:-2].strip()
    if m[1] == 'inline': return mathml(tex, 'inline')
    parts = re.split(r'\\qquad', tex)
    if any(p.count('{') != p.count('}') for p in parts): parts = [tex]
    return f'<span class="equations">{"".join(mathml(p, "block") for p in parts)}</span>'


def pictures_named(text):
    "Name the pictures that have no words of their own after the heading above them"
    out, heading = [], ''
    for part in re.split(r'(<h[1-6]\b.*?</h[1-6]>|<img\b[^>]*>)', text, flags=re.S):
        if part.startswith('<h'): heading = ' '.join(re.sub('<[^>]+>', '', part).split())
        if part.startswith('<img') and not re.search(r'\balt="[^"]', part):
            part = re.sub(r'\salt=""', '', part).replace('<img', f'<img alt="Plot: {heading}"', 1)
        out.append(part)
    return ''.join(out)


def finish(docs):
    "Make the pages whole by themselves: equations typeset, pictures named, a search that works from a disk too"
    for f in docs.rglob('*.html'):
        if 'images' in f.parts: continue
        text = f.read_text(encoding='utf-8')
        text = re.sub(r'<(?:link|script)\b[^>]*/katex@[^>]*>(?:</script>)?', '', text)
        text = re.sub(r'<span class="math (inline|display)">(.*?)</span>', typeset, text, flags=re.S)
        text = re.sub(r'\[(`[\w.]+`)\]\(https?:[^()\s]*\)', r'\1', text) # nbdev links names in a signature's comments, too
        f.write_text(pictures_named(text), encoding='utf-8')
    index = (docs/'search.json').read_text(encoding='utf-8')
    (docs/'search.js').write_text(f'window.searchIndex = {index}\n', encoding='utf-8')
    (docs/'search.json').unlink()
    script = docs/'site_libs'/'smalldocs.js'
    text, n = re.subn(r'const r = await fetch\(offset \+ "search.json"\);\s*index = await r.json\(\);', load_index, script.read_text(encoding='utf-8'))
    script.write_text(text, encoding='utf-8')
    if n != 1: yield 'smalldocs.js reads its index in another way: the search would not work from a disk'


# A page opened from a disk may not fetch, but may run a script.
load_index = """await new Promise((done, failed) => {
        const s = document.createElement("script");
        s.src = offset + "search.js"; s.onload = done; s.onerror = failed;
        document.head.append(s);
      });
      index = window.searchIndex;"""


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
        if a.get('data-live'): self.links.append(a['data-live'])
        kind = 'math' if tag == 'math' else 'code' if tag in ('code', 'pre') else 'skip' if tag in ('script', 'style') else None
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
    if nb.suffix != '.ipynb': return
    cells = json.loads(nb.read_text(encoding='utf-8'))['cells']
    shown = [c for c in cells if c['cell_type'] == 'code' and not re.search(r'^#\|\s*(output|include)\s*:\s*false', ''.join(c['source']), re.M)]
    made = [o for c in shown for o in c['outputs'] if 'image/png' in o.get('data', {}) and 'text/html' not in o['data']]
    got = [s for s in page.pictures if s.startswith('data:image/png')]
    if len(got) < len(made): yield f'{len(made)} pictures in the notebook, {len(got)} on the page'


def check_maths(page):
    "Equations that were not typeset"
    text = ''.join(page.text)
    if '$$' in text: yield 'an equation left as $$'
    if 'math' in page.classes or re.search(r'\\[([]', text): yield 'an equation left as TeX'
    for m in page.maths:
        if not m.strip(): yield 'an empty equation'
        elif '\\' in m: yield f'an equation with TeX that was not understood: {" ".join(m.split())}'


def check_hosts(f):
    "What a page or a stylesheet would fetch from another host"
    text = re.sub(r'<a\b[^>]*>', '', f.read_text(encoding='utf-8'))
    for url in re.findall(r'(?:\bsrc="|<link\b[^>]*\bhref="|@import\s*(?:url\()?["\']?|url\(["\']?)((?:https?:)?//[^"\')]+)', text):
        yield f'fetched from another host: {url}'


def check_llms(docs, chapters, site_url):
    "Pages that llms.txt lacks, and texts that it names and nobody finds"
    named = set(re.findall(rf'{re.escape(site_url)}/([^)\s]+)', (docs/'llms.txt').read_text(encoding='utf-8')))
    yield from (f'llms.txt: {o} is missing' for o in sorted(named) if not (docs/o).is_file())
    yield from (f'llms.txt lacks {o}' for o in chapters if not o.startswith('api/') and str(Path(o).with_suffix('.llms.md')) not in named)


def check(proc, docs, site_url):
    "Everything that is broken, one line each"
    pages = {str(f.relative_to(docs)): Page(f) for f in sorted(docs.rglob('*.html')) if 'images' not in f.parts}
    chapters = pages_of(proc)
    yield from (f'{o}: no page' for o in chapters if o not in pages)
    if 'index.html' not in pages: yield 'index.html: no front page'
    yield from check_llms(docs, chapters, site_url)
    for name, page in pages.items():
        found = [*check_links(name, page, pages, docs, site_url), *check_maths(page)]
        if name in chapters: found += check_cells(page, chapters[name])
        found += check_hosts(docs/name)
        reached = {normpath(f'{Path(name).parent}/{urlsplit(o).path}') for o in page.links}
        if name in chapters: found += [f'the sidebar lacks {o}' for o in chapters if o not in reached]
        yield from (f'{name}: {o}' for o in dict.fromkeys(found))


def main():
    os.chdir(root)
    from nbdev.config import get_config
    cfg = get_config()
    site_url = cfg.doc_host + cfg.doc_baseurl
    start = time.time()
    proc, broken = build()
    docs = Path('_docs')
    rename(proc, docs, site_url)
    broken += finish(docs)
    broken += check(proc, docs, site_url)
    broken += [f'{f}: {o}' for f in docs.rglob('*.css') for o in check_hosts(f)]
    for o in broken: print(o)
    print(f'{len(pages_of(proc))} pages in {docs}/ in {time.time()-start:.0f} s, {len(broken)} things broken')
    return 1 if broken else 0


if __name__ == '__main__': sys.exit(main())
