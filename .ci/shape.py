"""Print the shape of the pages: how much text and code they have, how much of it is in sight, and which words are missing.

    python .ci/shape.py [PAGE …]

words: in the text, code and tables left out · code: code cells · hidden: those that begin with `#| hide` · median: words of
a text cell · longest: line of a code cell that isn't hidden · over: such lines of more than 100 characters · letters: names
of one letter that code binds · home-made: words for which the field has one. A star marks what is beyond the limits of the
book's part, the pages below 10. Then come the terms of the field that no page uses, and where each of the others first falls.
"""
import ast, json, re, sys
from pathlib import Path
from statistics import median

pages = Path(__file__).resolve().parent.parent/'nbs'
limits = dict(words=1500, hidden=7, longest=100)
terms = ('collaborative filtering', 'implicit feedback', 'latent factor', 'positive', 'negative', 'false negative', 'loss', 'overfitting',
         'regularisation', 'hyperparameter', 'validation', 'baseline', 'early stopping', 'callback', 'ablation', 'cold start', 'fold-in',
         'speed-up')
endings = {'overfitting': r'overfit\w*', 'regularisation': r'regularis\w*', 'cold start': r'cold[ -]starts?', 'speed-up': r'speed-?ups?'}
home_made = ('yeses and noes', 'yeses', 'noes', 'asked a question', 'pull', 'rung', 'learnt by heart', 'times sooner', 'written beside',
             'usual number', 'thick', 'told of', 'sift')


def pattern(term): return re.compile(rf'\b{endings.get(term) or re.escape(term) + "s?"}\b', re.I)


def prose(cell):
    "The text of a Markdown cell as a reader meets it: no code, tables or pictures, and of a link its words"
    text = re.sub(r'^(```|~~~).*?^\1[^\n]*$', '', cell, flags=re.M | re.S)
    text = re.sub(r'\$\$.*?\$\$', '', text, flags=re.S)
    text = re.sub(r'^\s*\|.*$|<[^>]+>|!\[[^\]]*\]\([^)]*\)', '', text, flags=re.M)
    return re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', text).replace('`', '')


def words(text): return re.findall(r"[^\W_][\w'’.,-]*", text)


def bound(code):
    "Every binding of a name in Python code: assignments, loops, parameters, imports under another name"
    try: tree = ast.parse(re.sub(r'^\s*[%!].*$', '', code, flags=re.M))
    except SyntaxError: return
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store): yield node.id
        if isinstance(node, ast.arg): yield node.arg
        if isinstance(node, ast.ExceptHandler) and node.name: yield node.name
        if isinstance(node, ast.alias) and node.asname: yield node.asname


def read(path):
    "The text cells, and the code cells in sight and hidden, of a page"
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    text = [''.join(c['source']) for c in cells if c['cell_type'] == 'markdown']
    code = [''.join(c['source']) for c in cells if c['cell_type'] == 'code']
    code = [c for c in code if c.strip()]
    hidden = [c for c in code if re.search(r'^#\|\s*hide\b', c, re.M)]
    return [prose(c) for c in text], [c for c in code if c not in hidden], hidden


def shape(path):
    "The numbers of one page"
    text, seen, hidden = read(path)
    lengths = [len(line) for c in seen for line in c.splitlines()]
    sizes = [len(words(c)) for c in text]
    names = [name for c in seen + hidden for name in bound(c)]
    found = [w for w in home_made if any(re.search(rf'\b{re.escape(w)}\b', c, re.I) for c in text)]
    return dict(words=sum(sizes), code=len(seen + hidden), hidden=round(100*len(hidden)/max(1, len(seen + hidden))),
                median=round(median(n for n in sizes if n) if any(sizes) else 0), longest=max(lengths, default=0),
                over=sum(n > limits['longest'] for n in lengths), letters=sum(len(n) == 1 and n != '_' for n in names)), found


def marked(key, value, in_book): return f'{value}{"%" if key == "hidden" else ""}{"*" if in_book and value > limits.get(key, value) else ""}'


def first_uses(paths):
    "Each term with the first page whose text uses it, or None"
    texts = {p: ' '.join(read(p)[0]) for p in paths}
    return {t: next((p.stem for p in paths if pattern(t).search(texts[p])), None) for t in terms}


def main(names):
    every = sorted(pages.glob('[0-9]*.ipynb')) + [pages/'index.ipynb']
    paths = [p for p in every if not names or any(n in p.stem for n in names)]
    if not paths: return f'no page is called {" or ".join(names)}'
    rows = {p.stem: shape(p) for p in paths}
    keys = list(next(iter(rows.values()))[0])
    print(f'{"page":18}' + ''.join(f'{k:>9}' for k in keys) + '  home-made')
    for name, (numbers, found) in rows.items():
        print(f'{name:18}' + ''.join(f'{marked(k, v, name[0] == "0"):>9}' for k, v in numbers.items()) + ('  ' + ', '.join(found) if found else ''))
    total = {k: sum(n[k] for n, _ in rows.values()) for k in ('words', 'code', 'over', 'letters')}
    print(', '.join(f'{v:,} {k}' for k, v in total.items()) + f' in {len(rows)} pages')
    uses = first_uses(every)
    print('terms missing: ' + (', '.join(t for t, p in uses.items() if not p) or 'none'))
    print('first falls: ' + ', '.join(f'{t} ({p})' for t, p in uses.items() if p))


if __name__ == '__main__': sys.exit(main(sys.argv[1:]))
