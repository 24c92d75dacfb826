// What the tests of pages share. They exit with 77 (skipped) where the browser, playwright-core or ECharts is missing:
// scripts/setup.sh browser. With $SKILLIT_SHOTS set to a folder they leave pictures there.

import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export function skip(why) {
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

// test(browser, folder): a browser, and a folder that is removed in the end.
export async function withBrowser(test) {
  const executablePath = findBrowser();
  const {chromium} = findPlaywright();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'skillit_browser_'));
  process.on('exit', () => fs.rmSync(folder, {recursive: true, force: true}));
  let browser = null;
  try {
    await test(async () => browser ??= await chromium.launch({executablePath, timeout: 120000, args: ['--no-sandbox', '--disable-gpu']}), folder);
  } finally {
    await browser?.close();
  }
}

// The program's answer; a program without charts skips the test.
export function skillit(...words) {
  const made = spawnSync(process.env.SKILLIT_BIN, words, {encoding: 'utf8', maxBuffer: 1 << 28});
  if (made.status === 2 && made.stderr.includes('without Apache ECharts')) skip('this program has no ECharts');
  if (made.status !== 0) throw new Error(`skillit ${words.join(' ')}: ${made.stderr}`);
  return made.stdout;
}

// A page of a file; `troubles` gets what it writes to the console and asks of the network.
export async function open(browser, file, options) {
  const url = pathToFileURL(file).href, context = await browser.newContext(options), page = await context.newPage(), troubles = [];
  page.setDefaultTimeout(120000);  // A busy machine draws slowly.
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) troubles.push(message.text()); });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => { if (request.url() !== url) troubles.push(`asked for ${request.url()}`); });
  await page.goto(url);
  await settled(page);
  return {page, troubles, close: () => context.close()};
}

export async function settled(page) {
  await page.waitForTimeout(300);  // Large heat maps are drawn in pieces.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

export async function picture(page, name) {
  if (process.env.SKILLIT_SHOTS) await page.screenshot({path: path.join(process.env.SKILLIT_SHOTS, `${name}.png`), fullPage: true});
}
