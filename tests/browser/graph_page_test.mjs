// The page of `skillit graph show --html` in a headless Chromium: both views draw, nothing is written to the console,
// nothing is asked of the network. See browser.mjs for what it needs.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {open, picture, settled, skillit, withBrowser} from './browser.mjs';

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
  skillit('graph', 'show', graph, '--html', page, '--json');
  return page;
}

// Distinct colours in a chart's canvas: a blank one has one.
const colorsIn = (page, chart) => page.evaluate((id) => {
  const canvas = document.querySelector(`#${id} canvas`);
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const colors = new Set();
  for (let at = 0; at < data.length; at += 4 * 7) colors.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  return colors.size;
}, chart);

async function checkPage(browser, file, skills, colorScheme) {
  const {page, troubles, close} = await open(browser, file, {colorScheme, viewport: {width: 1280, height: 900}});
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
  await close();
}

await withBrowser(async (launch, folder) => {
  const small = writePage(folder, 5), large = writePage(folder, 300), browser = await launch();
  await checkPage(browser, small, 5, 'light');
  await checkPage(browser, small, 5, 'dark');
  await checkPage(browser, large, 300, 'light');
  await checkPage(browser, large, 300, 'dark');
  console.log('both views draw at 5 and at 300 skills, light and dark');
});
