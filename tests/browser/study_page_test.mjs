// The page of `skillit compare` in a headless Chromium: its numbers are those of summary.json, every chart draws, nothing
// is written to the console or asked of the network; light and dark, at a phone's width, from the keyboard, on paper; from
// one seed and two methods to 20 seeds and 12 methods with 300 skills. See browser.mjs for what it needs.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {open, picture, settled, skillit, withBrowser} from './browser.mjs';

const rounds = 10, steps = 200;

// A number from 0 to 1 that only depends on what it is of.
function chance(...of) {
  let hash = 2166136261;
  for (const c of JSON.stringify(of)) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

// Skills learned one after the other, the sooner the later the method stands; names that would break a careless page.
function writeStudy(folder, {skills, methods, seeds, every = 10}) {
  const names = Array.from({length: skills}, (_, i) => `skill ${i + 1}`);
  names[1] = '</script><b onclick="x">';
  const shares = (method, round) => {
    const weights = names.map((_, i) => 1 + method * chance('share', i) * (method ? round : 0)), sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((x) => x / sum);
  };
  const json = (values) => values.map((value) => JSON.stringify(value) + '\n').join('');
  methods.forEach((method, m) => {
    for (let seed = 0; seed < seeds; ++seed) {
      const run = path.join(folder, `m${m}`, `seed${seed}`), luck = 1 + 0.2 * (chance(method, seed) - 0.5);
      fs.mkdirSync(run, {recursive: true});
      const recipe = `steps: ${steps}\noptimizer:\n  lr: ${m === 1 ? 0.002 : 0.001}\n`;
      fs.writeFileSync(path.join(run, 'manifest.json'), JSON.stringify({format_version: 1, study: 'invented <i>', method, seed, steps, rounds,
        train_skills: names, eval_skills: names, recipe, fingerprints: {data: `d${seed}`}, versions: {torch: '2.13.0'}, machine: {cpu: 'a & b'},
        train_samples: names.map(() => 100), costs: {flops_per_token: 1e9, flops_per_scored_token: 1e8, flops_per_evaluation: 5e10, graph_flops: m ? 3e12 : 0}}));
      const evaluations = [];
      for (let step = 0; step <= steps; step += every) {
        const losses = names.map((_, i) => 0.02 * (1 + chance(step, i, seed)) + 0.69 / (1 + Math.exp((step * (0.6 + 0.1 * m) * luck - 40 - 90 * i / skills) / 12)));
        evaluations.push({step, losses, accuracies: losses.map((x) => 1 - x / 2)});
      }
      fs.writeFileSync(path.join(run, 'evaluations.jsonl'), json(evaluations));
      const asked = names.map(() => 0), lines = [];
      for (let round = 0; round < rounds; ++round) {
        const mixture = shares(m, round);
        mixture.forEach((x, i) => { asked[i] += x * 160; });
        lines.push({round, first_step: round * steps / rounds, mixture, asked: [...asked], delivered: asked.map(Math.round), tokens: 1000 * (round + 1)});
      }
      fs.writeFileSync(path.join(run, 'rounds.jsonl'), json(lines));
      fs.writeFileSync(path.join(run, 'steps.jsonl'), json(Array.from({length: steps}, (_, i) => ({step: i + 1, loss: 0.5, learning_rate: 0.001, grad_norm: 1, scored_tokens: 8, tokens: 50}))));
      fs.writeFileSync(path.join(run, 'timing.jsonl'), json(lines.map(({round}) => ({round, train_seconds: 2, evaluate_seconds: 0.5, select_seconds: 0.01}))));
    }
  });
  return folder;
}

const summaryOf = (study) => JSON.parse(skillit('compare', study, '--json'));
const numberOf = (text) => Number(text.trim().split(/\s/)[0].replaceAll(',', ''));
const near = (found, expected, what) => assert.ok(Math.abs(found - expected) <= 0.006 * Math.abs(expected) + 1e-12, `${what}: ${found} in the page, ${expected} in summary.json`);
const cells = (page, table) => page.$$eval(`#${table} tbody tr`, (rows) => rows.map((row) => [...row.cells].map((cell) => [...cell.childNodes].map((node) => node.textContent).join('  '))));
const chartBoxes = ['#forest', '#loss', '#cost'];
// Drawn shapes of a chart beyond its axes' texts.
const shapesIn = (page, box) => page.$eval(box, (node) => node.querySelectorAll('svg path, svg polyline, svg polygon, svg circle, svg rect, svg line').length);

async function checkNumbers(page, summary) {
  assert.equal(await page.textContent('#verdict'), summary.verdict);
  assert.deepEqual(await page.$$eval('#details li', (items) => items.map((item) => item.textContent)), summary.details);
  const rows = await cells(page, 'results-table');
  assert.equal(rows.length, summary.methods.length);
  for (const row of rows) {
    const method = summary.methods.find((candidate) => candidate.method === row[0].trim());
    assert.ok(method, `a method named ${row[0]}`);
    assert.equal(Number(row[1]), method.seeds.length);
    near(numberOf(row[2]), method.final_loss.mean, `final loss of ${row[0]}`);
    near(numberOf(row[4]), method.loss_area.mean, `mean loss of ${row[0]}`);
    if (!method.final_loss.interval_95) continue;
    const [, low, high] = row[2].match(/([-\d.e+]+) to ([-\d.e+]+)/);
    near(Number(low), method.final_loss.interval_95[0], 'low end');
    near(Number(high), method.final_loss.interval_95[1], 'high end');
  }
}

async function checkPairs(page, summary) {
  const reference = await page.$eval('#reference', (select) => select.options[select.selectedIndex].textContent);
  for (const row of await cells(page, 'pairs-table')) {
    const other = row[0].split('  ')[0], pair = summary.pairs.find(({first, second}) => first === other && second === reference || first === reference && second === other);
    assert.ok(pair, `${other} against ${reference} is a pair`);
    const sign = pair.second === reference ? 1 : -1;
    near(numberOf(row[1]), sign * pair.final_loss.mean, `difference of ${row[0]}`);
    if (pair.final_loss.p_value !== null) near(numberOf(row[3]), pair.final_loss.p_value, 'p');
  }
  const lowest = summary.methods.reduce((low, method) => method.final_loss.mean < low.final_loss.mean ? method : low).method;
  const separated = summary.pairs.some((pair) => pair.final_loss.separated && [pair.first, pair.second].includes(lowest));
  assert.equal(reference, separated ? lowest : summary.methods[0].method, 'what the verdict is about is what others are compared with');
}

async function checkStudy(launch, study, name, shape, colorScheme) {
  const summary = summaryOf(study), browser = await launch();
  const {page, troubles, close} = await open(browser, path.join(study, 'report.html'), {colorScheme, viewport: {width: 1280, height: 900}});
  await checkNumbers(page, summary);
  await checkPairs(page, summary);
  for (const box of chartBoxes) assert.ok(await shapesIn(page, box) > 3, `${box} draws`);
  const panels = await page.locator('#skills svg').count(), mixtures = await page.locator('#mixture-panels svg').count();
  assert.equal(panels, shape.skills <= 9 ? shape.skills : 6, 'a panel for each skill, or a page of them');
  assert.equal(mixtures, Math.min(6, shape.methods.length), 'a mixture for each method shown');
  assert.equal(await page.locator('b, i').count(), 0, 'a name is no markup');
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), colorScheme === 'dark' ? 'rgb(18, 22, 28)' : 'rgb(255, 255, 255)');
  await picture(page, `study-${name}-${colorScheme}`);
  assert.deepEqual(troubles, []);
  await close();
}

async function checkControls(launch, study) {
  const browser = await launch(), {page, troubles, close} = await open(browser, path.join(study, 'report.html'), {viewport: {width: 1280, height: 900}});
  const order = [];
  for (let i = 0; i < 12; ++i) {
    await page.keyboard.press('Tab');
    order.push(await page.evaluate(() => { const node = document.activeElement; return node.id || node.getAttribute('aria-label') || node.type || node.tagName; }));
  }
  assert.deepEqual(order.slice(0, 5), ['Table of results', 'measure', 'reference', 'SUMMARY', 'checkbox'], 'the keyboard goes down the page');
  const note = await page.textContent('#forest-note');
  await page.focus('#reference');
  await page.keyboard.press('ArrowUp');
  assert.notEqual(await page.textContent('#forest-note'), note, 'the keyboard chooses another reference');
  await page.selectOption('#measure', {label: 'mean loss over training'});
  assert.match(await page.getAttribute('#forest', 'aria-label'), /mean loss over training/);
  const before = await page.locator('#mixture-panels svg').count();
  await page.locator('#methods input').first().focus();
  await page.keyboard.press('Space');
  assert.equal(await page.locator('#mixture-panels svg').count(), before - 1, 'a method is taken out of the charts');
  await page.selectOption('#delivery-method', {index: 1});
  assert.ok((await cells(page, 'delivery-table')).length > 0);
  assert.deepEqual(troubles, []);
  await close();
}

async function checkPhone(launch, study, name) {
  const browser = await launch(), {page, troubles, close} = await open(browser, path.join(study, 'report.html'), {viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true});
  const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= screen, `${wide} pixels wide on a screen of ${screen}`);
  const lefts = await page.$$eval('#results-table td:first-child', (names) => names.map((name) => getComputedStyle(name).textAlign));
  assert.ok(lefts.every((align) => align === 'left'), 'a name that takes two lines begins where the others do');
  await picture(page, `study-${name}-phone`);
  assert.deepEqual(troubles, []);
  await close();
}

async function checkPaper(launch, study) {
  const browser = await launch(), {page, troubles, close} = await open(browser, path.join(study, 'report.html'), {colorScheme: 'dark', viewport: {width: 1280, height: 900}});
  const file = path.join(study, 'report.pdf');
  await page.pdf({path: file, format: 'A4', margin: {top: '12mm', bottom: '12mm', left: '12mm', right: '12mm'}});
  assert.ok(fs.statSync(file).size > 20000, 'something is printed');
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal(await page.$eval('#pairs', (box) => box.open), true, 'the numbers are unfolded on paper');
  assert.ok(await page.$eval('#loss svg', (svg) => svg.getBoundingClientRect().width) <= 680, 'the charts fit a sheet');
  await page.emulateMedia({media: 'print', colorScheme: 'dark'});
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).getPropertyValue('--ground').trim()), '#fff', 'paper is light');
  await page.setViewportSize({width: 700, height: 990});
  const tables = await page.$$eval('table', (all) => all.filter((table) => table.offsetWidth > 0).map((table) => [table.id, Math.round(table.getBoundingClientRect().right - document.body.getBoundingClientRect().right)]));
  for (const [id, over] of tables) assert.ok(over <= 1, `${id} is ${over} pixels wider than the sheet`);
  assert.deepEqual(troubles, []);
  await close();
  if (process.env.SKILLIT_SHOTS) fs.copyFileSync(file, path.join(process.env.SKILLIT_SHOTS, 'study.pdf'));
}

await withBrowser(async (launch, folder) => {
  const twelve = Array.from({length: 12}, (_, i) => `skillit:eta=0.${i},window=3`);
  const shapes = {
    usual: {skills: 5, methods: ['random </script>', 'stratified', 'skillit:eta=0.5,window=3'], seeds: 4},
    least: {skills: 2, methods: ['random', 'stratified'], seeds: 1},
    large: {skills: 300, methods: twelve, seeds: 2, every: 20},
    seeds: {skills: 5, methods: ['random', 'stratified'], seeds: 20},
  };
  const studies = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, writeStudy(path.join(folder, name), shape)]));
  for (const [name, shape] of Object.entries(shapes)) await checkStudy(launch, studies[name], name, shape, 'light');
  await checkStudy(launch, studies.usual, 'usual', shapes.usual, 'dark');
  await checkControls(launch, studies.usual);
  for (const name of ['usual', 'large']) await checkPhone(launch, studies[name], name);
  for (const name of ['usual', 'large']) await checkPaper(launch, studies[name]);
  console.log('the page of a study holds its numbers and draws them, large and small, light and dark, on a phone and on paper');
});
