"""Read the docs site and `recsys_nb explore` in a real browser: `python .ci/browser.py CHECK`, one of the functions below.

Chromium is the one at CHROMIUM or /usr/bin/chromium, else Playwright's own. Every check fails on an error in the
console and on a request to another host. Status 77 says that there is no browser.
"""
import os, subprocess, sys, tempfile
from contextlib import contextmanager
from pathlib import Path

root = Path(__file__).resolve().parent.parent
docs = root/'_docs'
flags = '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split()


@contextmanager
def browser():
    "A browser, or the end with status 77"
    try: from playwright.sync_api import Error, sync_playwright
    except ImportError: sys.exit(77)
    own = next((o for o in (os.environ.get('CHROMIUM'), '/usr/bin/chromium') if o and Path(o).exists()), None)
    with sync_playwright() as p:
        try: b = p.chromium.launch(executable_path=own, args=flags)
        except Error as e: print(str(e).splitlines()[0]); sys.exit(77)
        yield b
        b.close()


@contextmanager
def page(b, width=1200, height=850, dark=False, but=None):
    "A fresh page; at its end nothing may have gone wrong, `but` for one message, and nothing have been asked of another host"
    context = b.new_context(viewport=dict(width=width, height=height), color_scheme='dark' if dark else 'light')
    p, wrong = context.new_page(), []
    p.set_default_timeout(20_000)
    p.on('console', lambda m: wrong.append(m.text) if m.type in ('error', 'warning') else None)
    p.on('pageerror', lambda e: wrong.append(str(e)))
    p.on('request', lambda r: None if r.url.startswith(('file:', 'data:', 'blob:', 'http://127.0.0.1:')) else wrong.append(f'asked for {r.url}'))
    yield p
    wrong = [o for o in wrong if not but or but not in o]
    assert not wrong, f'{p.url}: {wrong}'
    context.close()


def open_(p, name): p.goto((docs/name).as_uri())


def chapters(): return sorted(str(o.relative_to(docs)) for o in docs.rglob('*.html') if 'images' not in o.parts)


def too_wide(p): return p.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')


def pages(b):
    "Every page opens, wide and narrow, and nothing sticks out of a telephone"
    with page(b) as p, page(b, 390, 800, dark=True) as phone:
        for name in chapters():
            open_(p, name)
            assert p.locator('h1').first.inner_text() and p.locator('#quarto-sidebar a.active').count() == 1, name
            open_(phone, name)
            assert too_wide(phone) <= 1, f'{name} is {too_wide(phone)} pixels too wide for a telephone'
    return f'{len(chapters())} pages'


def search(b):
    "The search finds a function and a word"
    with page(b) as p:
        for text, where in (('EmbeddingModel', 'model.html'), ('false negative', 'sampling.html')):
            open_(p, 'index.html')
            p.locator('.smalldocs-search input').first.fill(text)
            hits = p.locator('.search-result')
            hits.first.wait_for()
            links = [o.get_attribute('href') for o in hits.all()]
            assert any(where in o for o in links[:3]), f'{text}: {links}'
        hits.first.click()
        p.wait_for_load_state()
        assert 'index.html' not in p.url


def theme(b):
    "The switch turns the paper dark, equations and the embedded map with it"
    with page(b) as p:
        def light(frame): return frame.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0] > 128")
        open_(p, 'index.html')
        p.locator('iframe.live').scroll_into_view_if_needed()
        p.frame_locator('iframe.live').locator('#map').wait_for()
        inside = next(f for f in p.frames if f != p.main_frame)
        assert light(p) and light(inside)
        p.locator('.quarto-color-scheme-toggle').first.click()
        p.wait_for_timeout(300)
        assert not light(p) and not light(inside), 'the map keeps another theme than its page'
        open_(p, 'objectives.html')
        assert p.locator('math').count() > 10 and not light(p)
        size = p.locator('math[display=block]').first.bounding_box()
        assert size['width'] > 100 and size['height'] > 20, size


def walk(p):
    "Search, click, genres and keyboard of a map"
    def ready(): p.wait_for_function("!!document.querySelector('#query')?.oninput")
    ready()
    p.wait_for_timeout(500)
    p.locator('#query').fill('aenima')
    first = p.locator('#hits button').first
    first.wait_for()
    assert first.inner_text() == 'Ænima'
    first.press('Enter')
    assert p.locator('#name').inner_text() == 'Ænima' and p.locator('#near li').count() == 10
    assert 'flat map' in p.locator('#why').inner_text()
    p.locator('#near button').first.click()
    assert p.locator('#name').inner_text() != 'Ænima'
    p.locator('#all').click()
    assert p.locator('#one').is_hidden()
    box = p.locator('#map').bounding_box()
    for i in range(1, 60): # somewhere in the middle there is a mark
        x, y = box['x'] + box['width']*(.2 + .6*(i*.618 % 1)), box['y'] + box['height']*(.2 + .6*(i*.382 % 1))
        p.mouse.move(x, y)
        if p.locator('#tip').is_visible(): break
    assert 'Most like it' in p.locator('#tip').inner_text()
    p.mouse.click(x, y)
    assert p.locator('#near li').count() == 10
    p.locator('#map').focus()
    before = p.locator('#map').screenshot()
    p.keyboard.press('Escape'); p.keyboard.press('+'); p.keyboard.press('ArrowLeft')
    p.wait_for_timeout(300)
    assert p.locator('#map').screenshot() != before
    p.locator('#none').click()
    p.mouse.move(5, 5); p.mouse.move(x, y)
    assert p.locator('#tip').is_hidden(), 'what is switched off still answers'
    empty = p.locator('#map').screenshot()
    p.locator('#genres input').first.check()
    p.wait_for_timeout(300)
    assert p.locator('#map').screenshot() != empty


def map_(b):
    "The map's search, click, genres and keyboard"
    with page(b) as p:
        open_(p, 'images/album_map.html')
        walk(p)
    for name in ('index.html', 'visualisation.html'):
        with page(b) as p:
            open_(p, name)
            p.locator('iframe.live').scroll_into_view_if_needed()
            p.frame_locator('iframe.live').locator('#genres').wait_for()


def explore(b):
    "`recsys_nb explore`: likes, reasons, odd titles, many at once"
    with tempfile.TemporaryDirectory() as d:
        code = "from recsys_nb.recommender import Recommender; import sys; Recommender.fit('sample', n_dims=32, a0=.1, l2=5).save(sys.argv[1])"
        subprocess.run([sys.executable, '-c', code, f'{d}/model'], check=True, cwd=root)
        server = subprocess.Popen([sys.executable, '-c', 'from recsys_nb.cli import main; main()', 'explore', f'{d}/model', '--port', '0'], cwd=root, stdout=subprocess.PIPE, text=True)
        try:
            address = server.stdout.readline().split()[1]
            with page(b) as p:
                p.goto(address)
                walk(p)
                p.locator('#title').fill('aenima'); p.keyboard.press('Enter')
                p.locator('#answers li').first.wait_for()
                assert p.locator('#answers li').count() == 10 and 'because of Ænima' in p.locator('#answers').inner_text()
                p.locator('#title').fill('kind of blue'); p.keyboard.press('Enter')
                p.get_by_text('because of Kind of Blue').first.wait_for()
                for o in ('Lateralus', 'Undertow', 'Nevermind', 'Thriller'): p.locator('#title').fill(o); p.keyboard.press('Enter')
                p.wait_for_function("/because of.*(Lateralus|Undertow|Nevermind|Thriller)/.test(document.querySelector('#answers').innerText)")
                assert p.locator('#liked li').count() == 6
                p.locator('#liked button').first.click()
                p.wait_for_function("document.querySelectorAll('#liked li').length == 5")
            with page(b, but='status of 400') as p: # the browser notes the refusal
                p.goto(address)
                p.wait_for_timeout(1000)
                with p.expect_response('**/recommend*') as asked:
                    p.locator('#title').fill('<script>document.title=1</script>')
                    p.keyboard.press('Enter')
                assert asked.value.status == 400
                p.wait_for_function("document.querySelector('#problem').textContent.includes('<script>')")
                assert p.title() != '1' and p.locator('#liked li').count() == 0
        finally:
            server.terminate()
            server.wait(10)


def accessible(b):
    "No serious or critical finding of axe-core, in both themes"
    try: from axe_playwright_python.sync_playwright import Axe
    except ImportError: sys.exit(77)
    axe, found, n = Axe(), [], 0
    for dark in (False, True):
        with page(b, dark=dark) as p:
            for name in ('index.html', 'model.html', 'visualisation.html', 'api/model.html', 'images/album_map.html'):
                open_(p, name)
                p.wait_for_timeout(400)
                for v in axe.run(p, options={'resultTypes': ['violations'], 'preload': False, 'iframes': False}).response['violations']:
                    if v['impact'] in ('serious', 'critical'): found.append(f"{name}{' dark' if dark else ''}: {v['id']}, {len(v['nodes'])} times: {v['nodes'][0]['html'][:150]}")
                n += 1
    assert not found, '\n'.join(found)
    return f'{n} pages'


def ready(b):
    "There is a browser"
    with page(b) as p: p.goto('about:blank')


checks = dict(ready=ready, pages=pages, search=search, theme=theme, map=map_, explore=explore, accessible=accessible)

if __name__ == '__main__':
    with browser() as b: print(checks[sys.argv[1]](b) or '')
