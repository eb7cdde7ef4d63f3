// How long a report takes to open in a real browser, and how big it is. A page of 3,000 blocks, from the top of the
// repository:
//
//   GOSNIP_TEST_PAGE=/tmp/page.html cargo test --lib three_thousand
//   CHROMIUM=$(command -v chromium) node tests/browser/speed.mjs /tmp/page.html
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const file = process.argv[2];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const times = [];
let busy = 0;
for (let turn = 0; turn < 5; turn += 1) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const session = await page.context().newCDPSession(page);
  // What the page's own thread computes: other work on the machine does not count.
  await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await session.send('Performance.enable');
  const start = performance.now();
  await page.goto(pathToFileURL(file).href);
  // Two frames later the first screen is painted.
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
  times.push(performance.now() - start);
  const { metrics } = await session.send('Performance.getMetrics');
  busy = metrics.find(metric => metric.name === 'TaskDuration').value;
  await page.close();
}
await browser.close();
times.sort((one, other) => one - other);
const megabytes = statSync(file).size / 1e6;
const seconds = times.map(time => (time / 1000).toFixed(2)).join(', ');
console.log(`${megabytes.toFixed(1)} MB, opened in ${seconds} s; ${busy.toFixed(2)} s of computing`);
// Other work on the machine only adds: the quickest turn says most.
process.exit(megabytes < 10 && times[0] < 2000 ? 0 : 1);
