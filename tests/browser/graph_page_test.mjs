// The page of `skillit graph show --html` in a headless Chromium: both views draw, nothing is written to the console,
// nothing is asked of the network. Exits with 77 (skipped) where the browser, playwright-core or ECharts is missing:
// scripts/setup.sh browser. With $SKILLIT_SHOTS set to a folder it leaves pictures there.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

function skip(why) {
  console.log(`skipped: ${why}; run scripts/setup.sh browser`);
  process.exit(77);
}

function findBrowser() {
  for (const name of ['chromium-headless-shell', 'chromium']) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'});
    if (found.status === 0) return found.stdout.trim();
  }
  return skip('no chromium on PATH');
}

function findPlaywright() {
  try {
    return createRequire(path.join(root, '.setup', 'here.js'))('playwright-core');
  } catch {
    return skip('no playwright-core in .setup');
  }
}

// Names that would break a careless page; strong edges that help, weak ones that harm.
function makeGraph(skills) {
  const names = Array.from({length: skills}, (_, i) => `skill ${i + 1}`);
  names[1] = '</script><b onclick="x">';
  names[2] = 'zwölf & "drei"';
  const weights = names.map((_, i) => names.map((__, j) => i === j ? 1 : i % 10 === j % 10 || j === i + 3 ? 0.2 + 0.4 * (i + j) / skills : j === i + 1 ? -0.2 : 0));
  return {train_skills: names, eval_skills: names, weights};
}

function writePage(folder, skills) {
  const graph = path.join(folder, `graph${skills}.json`), page = path.join(folder, `graph${skills}.html`);
  fs.writeFileSync(graph, JSON.stringify(makeGraph(skills)));
  const made = spawnSync(process.env.SKILLIT_BIN, ['graph', 'show', graph, '--html', page, '--json'], {encoding: 'utf8'});
  if (made.status === 2 && made.stderr.includes('without Apache ECharts')) skip('this program has no ECharts');
  assert.equal(made.status, 0, made.stderr);
  return pathToFileURL(page).href;
}

// Distinct colours in a chart's canvas: a blank one has one.
const colorsIn = (page, chart) => page.evaluate((id) => {
  const canvas = document.querySelector(`#${id} canvas`);
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const colors = new Set();
  for (let at = 0; at < data.length; at += 4 * 7) colors.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  return colors.size;
}, chart);

async function settled(page) {
  await page.waitForTimeout(300);  // Large heat maps are drawn in pieces.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

async function picture(page, name) {
  if (process.env.SKILLIT_SHOTS) await page.screenshot({path: path.join(process.env.SKILLIT_SHOTS, `${name}.png`), fullPage: true});
}

async function checkPage(browser, url, skills, colorScheme) {
  const context = await browser.newContext({colorScheme, viewport: {width: 1280, height: 900}});
  const page = await context.newPage();
  page.setDefaultTimeout(120000);  // A busy machine draws slowly.
  const troubles = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) troubles.push(message.text()); });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => { if (request.url() !== url) troubles.push(`asked for ${request.url()}`); });
  await page.goto(url);
  await settled(page);
  assert.ok(await colorsIn(page, 'heat') > 3, 'the heat map draws');
  await picture(page, `heat-${skills}-${colorScheme}`);

  await page.focus('#heat');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const said = await page.textContent('#reader');
  assert.ok(said.startsWith('skill 1 → </script><b onclick="x">'), `the arrow keys read out an edge: ${said}`);
  assert.equal(await page.locator('b').count(), 0, 'a name is no markup');

  const before = await page.textContent('#counts');
  await page.locator('#threshold').fill('1000');
  await settled(page);
  assert.notEqual(await page.textContent('#counts'), before, 'the slider hides edges');

  await page.getByRole('radio', {name: 'Network'}).check();
  await settled(page);
  assert.ok(await colorsIn(page, 'network') > 3, 'the network draws');
  assert.ok(await page.locator('#edges tr').count() > 0, 'the table lists edges');
  await picture(page, `network-${skills}-${colorScheme}`);
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(ground, colorScheme === 'dark' ? 'rgb(18, 22, 28)' : 'rgb(255, 255, 255)');
  assert.deepEqual(troubles, []);
  await context.close();
}

const executablePath = findBrowser();
const {chromium} = findPlaywright();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'skillit_browser_'));
process.on('exit', () => fs.rmSync(folder, {recursive: true, force: true}));
let browser = null;
try {
  const small = writePage(folder, 5), large = writePage(folder, 300);
  browser = await chromium.launch({executablePath, timeout: 120000, args: ['--no-sandbox', '--disable-gpu']});
  await checkPage(browser, small, 5, 'light');
  await checkPage(browser, small, 5, 'dark');
  await checkPage(browser, large, 300, 'light');
  await checkPage(browser, large, 300, 'dark');
  console.log('both views draw at 5 and at 300 skills, light and dark');
} finally {
  await browser?.close();
}
