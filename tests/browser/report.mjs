// What the HTML report does in a real browser. Started by run.sh.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [page_file, shots] = process.argv.slice(2);
const address = pathToFileURL(page_file).href;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});

/** A fresh page; everything it complains of, asks for over the network or pops up is an error. */
async function open(options = {}, hash = '') {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, locale: 'en-US', ...options });
  const page = await context.newPage();
  const trouble = [];
  page.on('pageerror', error => trouble.push(String(error)));
  page.on('console', message => { if (message.type() === 'error') trouble.push(message.text()); });
  page.on('dialog', dialog => { trouble.push('a dialog: ' + dialog.message()); dialog.dismiss(); });
  page.on('request', request => { if (!request.url().startsWith('file:')) trouble.push('network: ' + request.url()); });
  await page.goto(address + hash);
  return { page, trouble, close: async () => { assert.deepEqual(trouble, []); await context.close(); } };
}

const shot = async (page, name) => { if (shots) await page.screenshot({ path: `${shots}/${name}.png` }); };
const count = (page, selector) => page.locator(selector).count();
const visible = page => page.$$eval('.note li', lines => lines.filter(line => line.checkVisibility()).length);

const tests = {
  async 'a click on a mark shows the evidence'() {
    const { page, close } = await open();
    const line = page.locator('.x.refuted').first();
    assert.equal(await line.locator('.ev').isVisible(), false);
    await line.locator('summary').click();
    assert.equal(await line.locator('.ev').first().isVisible(), true);
    await shot(page, 'light');
    await close();
  },
  async 'filters by verdict and by kind leave only what matches'() {
    const { page, close } = await open();
    const all = await visible(page);
    await page.click('.chip.confirmed');
    assert.equal(await visible(page), await count(page, 'li[data-c*="confirmed:"]'));
    assert.ok(await visible(page) < all);
    await page.click('.chip.refuted');
    assert.equal(await visible(page), await count(page, 'li[data-c*="confirmed:"], li[data-c*="refuted:"]'));
    await shot(page, 'filtered');
    await page.click('.chip.confirmed');
    await page.click('.chip.refuted');
    assert.equal(await visible(page), all);
    await page.selectOption('#kind', { index: 1 });
    assert.ok(await visible(page) > 0);
    await page.keyboard.press('Escape');
    assert.equal(await visible(page), all);
    await close();
  },
  async 'the search finds lines and keeps their numbers'() {
    const { page, close } = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('User');
    await page.waitForSelector('body.filtering');
    const lines = await page.$$eval('.hit', hits => hits.map(hit => [hit.value, hit.textContent]));
    assert.ok(lines.length > 0);
    const source = readFileSync(new URL('notes/defer.md', import.meta.url), 'utf8').split('\n');
    for (const [number, text] of lines) assert.ok(source[number - 1].includes('User') && text.includes('User'));
    await close();
  },
  async 'deep links open lines with and without claims, and a click on a place makes one'() {
    const marked = await open({}, '');
    const id = await marked.page.locator('.x.refuted').first().getAttribute('id');
    await marked.close();
    const claim = await open({}, '#' + encodeURIComponent(id));
    assert.equal(await claim.page.locator('.x.refuted .ev').first().isVisible(), true);
    await claim.page.locator('.x.refuted .ev a').first().click();
    assert.equal(decodeURIComponent(new URL(claim.page.url()).hash), '#' + id);
    await claim.close();
    const note = id.replace(/-\d+$/, '');
    const plain = await open({}, '#' + encodeURIComponent(note + '-3'));
    assert.match(await plain.page.locator('li.to').textContent(), /inline code/);
    await plain.close();
  },
  async 'keys go from problem to problem, show the evidence and the help'() {
    const { page, close } = await open();
    await page.keyboard.press('j');
    const first = await page.locator('li.at').getAttribute('id');
    await page.keyboard.press('j');
    assert.notEqual(await page.locator('li.at').getAttribute('id'), first);
    await page.keyboard.press('k');
    assert.equal(await page.locator('li.at').getAttribute('id'), first);
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('li.at .ev').first().isVisible(), true);
    await page.keyboard.press('?');
    assert.equal(await page.locator('dialog').isVisible(), true);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('dialog').isVisible(), false);
    await close();
  },
  async 'the interface is Chinese for Chinese readers and can be switched'() {
    const { page, close } = await open({ locale: 'zh-CN' });
    assert.equal(await page.textContent('#overview'), '总览');
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
    await shot(page, 'chinese');
    await page.click('#language');
    assert.equal(await page.textContent('#overview'), 'Overview');
    await close();
  },
  async 'light and dark follow the system and the button'() {
    const { page, close } = await open({ colorScheme: 'dark' });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await paper();
    await page.locator('.x.refuted summary').first().click();
    await shot(page, 'dark');
    await page.click('#theme');
    assert.notEqual(await paper(), dark);
    await close();
  },
  async 'a program is copied as it is'() {
    const { page, close } = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    const program = page.locator('.program').first();
    await program.locator('summary').click();
    await program.locator('.copy').click();
    await page.waitForFunction(() => document.querySelector('.program .copy').textContent === 'Copied');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^(\/\/|package main)/);
    await close();
  },
  async 'text of notes is text'() {
    const { page, close } = await open();
    assert.equal(await count(page, '.note script, .note img, .note svg'), 0);
    assert.match(await page.textContent('.note'), /<b>markup<\/b>/);
    await close();
  },
  async 'it fits on a phone'() {
    const { page, close } = await open({ viewport: { width: 360, height: 740 } });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `${wide} pixels wide`);
    await shot(page, 'phone');
    await close();
  },
  async 'on paper what is wrong has its evidence'() {
    const { page, close } = await open();
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await page.locator('.x.refuted .ev').first().isVisible(), true);
    assert.equal(await page.locator('#search').isVisible(), false);
    await close();
  },
  async 'axe finds nothing, in light and dark, with everything open'() {
    for (const colorScheme of ['light', 'dark']) {
      const { page, close } = await open({ colorScheme });
      await page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = true; });
      // The page's policy lets nothing in but its own script, so axe comes by the debugger.
      const session = await page.context().newCDPSession(page);
      await session.send('Runtime.evaluate', { expression: axe });
      const { violations } = await page.evaluate(() => axe.run(document));
      const found = violations.map(it => `${it.id}: ${it.help}: ${it.nodes.slice(0, 3).map(node => node.html).join(' ')}`);
      assert.deepEqual(found, [], colorScheme);
      await close();
    }
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log(`ok: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED: ${name}\n${error.stack ?? error}`);
  }
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);
