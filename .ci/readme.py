"""Write README.md from nbs/index.ipynb; with `--check`, only say whether it is up to date."""
import difflib, os, re, sys
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath

from nbdev.process import NBProcessor
from nbdev.processors import hide_, hide_line, populate_language, rm_export, rm_header_dash, strip_ansi

root = Path(__file__).resolve().parent.parent
notebook, readme = Path('nbs/index.ipynb'), Path('README.md')
header = f'<!-- Generated from {notebook} by .ci/readme.py: edit the notebook. -->'


def as_text(o): return o if isinstance(o, str) else ''.join(o)


def fence(text, lang=''):
    "Put `text` into a fenced block that it cannot close"
    ticks = '`'*max(3, 1 + max(map(len, re.findall('`+', text)), default=0))
    return f'{ticks}{lang}\n{text.rstrip()}\n{ticks}'


def from_root(target, missing):
    "A link of the notebook, as it reads from the root of the repository"
    path, hash_, anchor = target.partition('#')
    if not path or re.match(r'[a-zA-Z][\w+.-]*:|/', path): return target
    path = normpath(f'{notebook.parent}/{path}')
    if not Path(path).exists(): missing.append(target)
    return path + hash_ + anchor


def relink(text, missing):
    "Rewrite the relative links and pictures of Markdown `text`, code left alone"
    link = re.compile(r'(?P<pre>\]\(\s*<?|^\[[^\]]+\]:\s*|\b(?:src|href)=["\'])(?P<to>[^\s)"\'>]+)', re.M)
    def prose(o): return link.sub(lambda m: m['pre'] + from_root(m['to'], missing), re.sub(r' data-live="[^"]*"', '', o)) # a picture here, a live page there
    code = re.compile(r'(^```.*?^```[^\n]*$|^~~~.*?^~~~[^\n]*$|`[^`\n]+`)', re.M | re.S)
    parts = code.split(text)
    return ''.join(o if i % 2 else prose(o) for i, o in enumerate(parts))


class Table(HTMLParser):
    "The rows of a data frame's HTML"
    def __init__(self, html):
        super().__init__()
        self.rows, self.heads, self.cell = [], 0, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == 'tr': self.rows.append([])
        if tag in ('th', 'td'): self.cell = ''

    def handle_endtag(self, tag):
        if tag in ('th', 'td'):
            self.rows[-1].append(self.cell.strip().replace('|', '\\|'))
            self.cell = None
        if tag == 'thead': self.heads = len(self.rows)

    def handle_data(self, data):
        if self.cell is not None: self.cell += data


def as_table(html):
    "A data frame's HTML as a Markdown table, or nothing where it is not a plain table with one row of names"
    t = Table(html)
    if 'class="dataframe"' not in html or t.heads != 1 or len({len(r) for r in t.rows}) != 1: return ''
    head, *body = [f'| {" | ".join(r)} |' for r in t.rows]
    return '\n'.join([head, '|---'*len(t.rows[0]) + '|', *body])


def output(out, name, pictures):
    "One output of a cell as Markdown: Markdown as it is, a data frame as a table, a picture as a file, all else as its text"
    if out['output_type'] == 'stream': return fence(as_text(out['text']))
    data = out.get('data', {})
    if 'text/markdown' in data: return as_text(data['text/markdown']).strip()
    if 'image/png' in data:
        path = notebook.parent/'images'/f'{name}.png'
        pictures[path] = b64decode(as_text(data['image/png']))
        return f'![]({path})'
    table = as_table(as_text(data.get('text/html', '')))
    return table or (fence(as_text(data['text/plain'])) if 'text/plain' in data else '')


def setting(cell, key):
    "Value of the directive `#| key: value` of `cell`"
    return ' '.join(cell.directives_.get(key + ':', [])).lower()


def render():
    "README.md's text, the pictures that it needs, and the links that lead nowhere"
    procs = [populate_language, strip_ansi, hide_line, rm_header_dash, rm_export, hide_]
    nb = NBProcessor(notebook, procs=procs, process=True).nb
    parts, pictures, missing = [header], {}, []
    for cell in nb.cells:
        if cell.cell_type == 'markdown': parts.append(relink(cell.source.strip(), missing))
        if cell.cell_type != 'code' or setting(cell, 'include') == 'false': continue
        code = re.sub(r'^\s*#\|.*\n?', '', cell.source, flags=re.M)
        if code.strip() and setting(cell, 'echo') != 'false': parts.append(fence(code, 'python'))
        if setting(cell, 'output') == 'false': continue
        parts += [output(o, f'index-{cell.id}-{i}', pictures) for i, o in enumerate(cell.outputs)]
    return '\n\n'.join(o for o in parts if o) + '\n', pictures, missing


def stale(text, pictures):
    "What differs between the files and the rendered notebook, one line each"
    old = readme.read_text(encoding='utf-8') if readme.exists() else ''
    diff = [l for l in difflib.unified_diff(old.splitlines(), text.splitlines(), lineterm='', n=0) if re.match(r'[-+](?![-+]{2} )', l)]
    if old != text: yield f'{readme} differs from {notebook} in {len(diff)} lines, the first: {diff[0] if diff else "its end"}'
    yield from (f'{p} differs from {notebook}' for p, b in pictures.items() if not p.exists() or p.read_bytes() != b)


def main():
    os.chdir(root)
    text, pictures, missing = render()
    problems = [f'{notebook}: link to a missing file: {o}' for o in missing]
    if '--check' in sys.argv[1:]: problems += stale(text, pictures)
    else:
        readme.write_text(text, encoding='utf-8')
        for path, data in pictures.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
    for o in problems: print(o)
    if not problems: print(f'{readme} equals {notebook}')
    return 1 if problems else 0


if __name__ == '__main__': sys.exit(main())
