// How long a report takes to open in a real browser, and how big it is.
//
//   gosnip verify NOTES --report html=report.html; CHROMIUM=$(command -v chromium) node tests/browser/speed.mjs report.html
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const file = process.argv[2];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const times = [];
for (let turn = 0; turn < 5; turn += 1) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const start = performance.now();
  await page.goto(pathToFileURL(file).href);
  // Two frames later the first screen is painted.
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
  times.push(performance.now() - start);
  await page.close();
}
await browser.close();
times.sort((one, other) => one - other);
const megabytes = statSync(file).size / 1e6;
console.log(`${megabytes.toFixed(1)} MB, opened in ${times.map(time => (time / 1000).toFixed(2)).join(', ')} s`);
process.exit(megabytes < 10 && times[2] < 2000 ? 0 : 1);
