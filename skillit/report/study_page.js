'use strict';
const study = JSON.parse(document.getElementById('study').textContent);
const summary = study.summary, methods = summary.methods;
const byId = (id) => document.getElementById(id);
const dark = matchMedia('(prefers-color-scheme: dark)');
let printing = false;

// ---- words and numbers ----------------------------------------------------------------------------------------
const count = (n, what) => `${n} ${what}${n === 1 ? '' : 's'}`;
const finite = (x) => x !== null && x !== undefined && Number.isFinite(x);
// Three digits, as the terminal's table has them.
function number(x) {
  if (!finite(x)) return '–';
  if (Math.abs(x) >= 99.95) return x.toFixed(0);
  if (x === 0) return '0.00';
  return Math.abs(x) < 1e-4 ? x.toExponential(2) : x.toPrecision(3);
}
const percent = (x, digits = 1) => finite(x) ? `${(100 * x).toFixed(digits)} %` : '–';
const thousands = (x) => finite(x) ? Math.round(x).toLocaleString('en-US') : '–';
const range = (pair) => pair && finite(pair[0]) ? `${number(pair[0])} to ${number(pair[1])}` : '';
function seconds(x) {
  if (!finite(x)) return '–';
  return x < 90 ? `${x.toFixed(x < 10 ? 1 : 0)} s` : x < 5400 ? `${(x / 60).toFixed(0)} min` : `${(x / 3600).toFixed(1)} h`;
}
function flops(x) {
  if (!finite(x)) return '–';
  if (x === 0) return '0';
  const power = Math.min(21, Math.floor(Math.log10(x) / 3) * 3);
  return `${(x / 10 ** power).toPrecision(3)} ${{0: '', 3: 'k', 6: 'M', 9: 'G', 12: 'T', 15: 'P', 18: 'E', 21: 'Z'}[Math.max(0, power)]}FLOP`;
}
const short = (name, most) => name.length <= most ? name : name.slice(0, most - 1 - (most >> 1)) + '…' + name.slice(-(most >> 1));

// Names are put in as text, never as HTML.
function element(tag, text = '', attributes = {}) {
  const node = document.createElement(tag);
  node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
// A cell is text, or [text, small text below], or [text, small text, class].
function fillTable(table, head, rows) {
  const cell = (content, at, tag) => {
    const [text, small, style] = Array.isArray(content) ? content : [content];
    const node = element(tag, text, tag === 'td' ? {'data-name': head[at]} : {scope: 'col'});
    if (small) node.append(element('small', small));
    if (style) node.className = style;
    return node;
  };
  const row = (cells, tag) => {
    const node = document.createElement('tr');
    node.append(...cells.map((content, at) => cell(content, at, tag)));
    return node;
  };
  const parts = [['thead', [row(head, 'th')]], ['tbody', rows.map((cells) => row(cells, 'td'))]];
  table.replaceChildren(...parts.map(([tag, content]) => { const part = element(tag); part.append(...content); return part; }));
}
function fillSelect(select, names, chosen = 0) {
  select.replaceChildren(...names.map((name, at) => { const option = element('option', short(name, 60), {value: at}); option.selected = at === chosen; return option; }));
}

// ---- colours: Okabe and Ito's for methods, told apart with every kind of colour vision; then again with dashes ----
const palette = {
  light: ['#0072b2', '#d55e00', '#009e73', '#b0578d', '#a37000', '#3c8fc4', '#333333'],
  dark: ['#56b4e9', '#ff9d5c', '#2fd0a0', '#e59cc6', '#f0c24b', '#a9d8f5', '#e8e8e8'],
};
const isDark = () => dark.matches && !printing;
const theme = () => isDark()
  ? {ink: '#e6e9ee', quiet: '#a3abb6', ground: '#12161c', panel: '#1b2129', line: '#39424e'}
  : {ink: '#1c2128', quiet: '#57606a', ground: '#ffffff', panel: '#ffffff', line: '#d0d7de'};
const methodColor = (at) => palette[isDark() ? 'dark' : 'light'][at % 7];
const methodDash = (at) => ['solid', 'dashed', 'dotted'][Math.floor(at / 7) % 3];
// From dark to light in even steps of lightness, for any number of skills.
function skillColor(at, all) {
  const stops = [[70, 50, 110], [66, 103, 150], [58, 155, 152], [128, 203, 138], [238, 226, 120]];
  const place = all < 2 ? 2 : 4 * at / (all - 1), low = Math.min(3, Math.floor(place));
  return `rgb(${stops[low].map((x, i) => Math.round(x + (place - low) * (stops[low + 1][i] - x))).join(',')})`;
}

// ---- charts ---------------------------------------------------------------------------------------------------
const charts = new Map();  // From an element to its chart.
function draw(box, option, label) {
  if (!charts.has(box)) charts.set(box, echarts.init(box, null, {renderer: 'svg'}));
  box.setAttribute('aria-label', label);
  const chart = charts.get(box);
  chart.resize();
  chart.setOption({animation: false, textStyle: {fontFamily: 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif', color: theme().ink}, ...option}, true);
}
function forget(container) {
  for (const [box, chart] of charts) {
    if (container.contains(box)) { chart.dispose(); charts.delete(box); }
  }
  container.replaceChildren();
}
const tooltipStyle = () => ({
  confine: true, backgroundColor: theme().panel, borderColor: theme().line, textStyle: {color: theme().ink, fontSize: 13},
  extraCssText: 'max-width: 340px; white-space: normal',
});
function tooltip(title, lines) {
  const box = element('div');
  box.append(element('strong', title), ...lines.map((line) => element('div', line)));
  return box;
}
const axisStyle = () => ({
  axisLabel: {color: theme().quiet, hideOverlap: true}, axisLine: {lineStyle: {color: theme().line}},
  splitLine: {lineStyle: {color: theme().line, opacity: 0.6}}, nameTextStyle: {color: theme().quiet},
});
const stepAxis = () => ({...axisStyle(), type: 'value', min: 0, max: summary.steps, name: 'training steps', nameLocation: 'middle', nameGap: 26, splitLine: {show: false}});

const chosen = new Set();  // Methods shown, by place.
function chooseMethods() {
  const order = methods.map((_, at) => at).sort((a, b) => (methods[a].final_loss.mean ?? Infinity) - (methods[b].final_loss.mean ?? Infinity));
  for (const at of order.slice(0, 6)) chosen.add(at);
  methods.forEach((method, at) => {
    const label = element('label'), box = element('input', '', {type: 'checkbox'}), swatch = element('span', '', {class: 'swatch'});
    box.checked = chosen.has(at);
    box.addEventListener('change', () => { if (box.checked) chosen.add(at); else chosen.delete(at); drawTraining(); });
    label.append(box, swatch, element('span', method.method));
    byId('methods').append(label);
  });
}
function colorSwatches() {
  byId('methods').querySelectorAll('.swatch').forEach((swatch, at) => { swatch.style.borderTopColor = methodColor(at); swatch.style.borderTopStyle = methodDash(at); });
}
const shownMethods = () => [...chosen].sort((a, b) => a - b);

// One loss against steps: a band from the lowest to the highest seed, and the mean. pick(curves of a method) -> a band.
function lossOption(pick, compact) {
  const shown = shownMethods(), values = [];
  const lines = shown.map((at) => {
    const {steps} = study.curves[at], {mean, low, high} = pick(study.curves[at]);
    const points = steps.map((step, i) => [step, mean[i], low[i], high[i]]).filter((point) => point[1] !== null);
    points.forEach((point) => values.push(point[2], point[3]));
    return {at, points};
  });
  const positive = values.filter((x) => x > 0), highest = Math.max(...positive, 0), lowest = Math.max(Math.min(...positive), highest * 1e-6);
  const isLog = positive.length === values.length && highest / lowest > 20;
  const band = ({at, points}) => ({
    type: 'custom', silent: true, clip: true, z: 1, data: points.length ? [[points[0][0], points[0][1]]] : [],
    renderItem: (_, api) => ({type: 'polygon', style: {fill: methodColor(at), opacity: shown.length > 4 ? 0.1 : 0.18}, shape: {points: [
      ...points.map((point) => api.coord([point[0], Math.max(point[2], isLog ? lowest : -Infinity)])),
      ...points.map((point) => api.coord([point[0], point[3]])).reverse()]}}),
  });
  const line = ({at, points}) => ({
    type: 'line', name: methods[at].method, data: points, showSymbol: points.length < 2, z: 2, encode: {x: 0, y: 1},
    lineStyle: {color: methodColor(at), width: compact ? 2 : 2.6, type: methodDash(at)}, itemStyle: {color: methodColor(at)},
  });
  const several = lines.filter(({at}) => methods[at].seeds.length > 1);
  return {
    grid: {left: 58, right: 16, top: 14, bottom: 44},
    tooltip: {...tooltipStyle(), trigger: 'axis', axisPointer: {lineStyle: {color: theme().quiet}},
              formatter: (items) => tooltip(`step ${items[0].value[0]}`, items.filter((item) => item.seriesType === 'line').map((item) =>
                `${item.seriesName}: ${number(item.value[1])} (${number(item.value[2])} to ${number(item.value[3])})`))},
    xAxis: stepAxis(),
    yAxis: isLog ? {...axisStyle(), type: 'log', min: lowest / 1.1, max: highest * 1.1, axisLabel: {color: theme().quiet, formatter: (x) => Number(x.toPrecision(1))}}
      : {...axisStyle(), type: 'value', min: Math.min(0, ...values), axisLabel: {color: theme().quiet, formatter: (x) => Number(x.toPrecision(4))}},
    series: [...several.map(band), ...lines.map(line)],
  };
}
function panel(container, caption, option, label) {
  const figure = element('figure'), box = element('div', '', {class: 'chart', role: 'img'});
  figure.append(element('figcaption', caption), box);
  container.append(figure);
  draw(box, option, label);
}

// ---- loss by skill --------------------------------------------------------------------------------------------
const pageSize = 6;
function skillsInOrder() {
  const places = summary.eval_skills.map((_, at) => at);
  if (byId('skill-controls').hidden || byId('skill-order').value === 'name') return places;
  const spread = places.map((at) => {
    const last = methods.map((method) => method.skills[summary.eval_skills[at]].final_loss.mean).filter(finite);
    return last.length ? Math.max(...last) - Math.min(...last) : 0;
  });
  return places.sort((a, b) => spread[b] - spread[a]);
}
function fillSkillPages() {
  const all = summary.eval_skills.length, order = skillsInOrder(), names = [];
  for (let first = 0; first < all; first += pageSize) {
    const last = Math.min(first + pageSize, all);
    names.push(`${first + 1}–${last}: ${short(summary.eval_skills[order[first]], 18)} … ${short(summary.eval_skills[order[last - 1]], 18)}`);
  }
  fillSelect(byId('skill-page'), names);
}
function drawSkills() {
  const paged = !byId('skill-controls').hidden, first = paged ? pageSize * Number(byId('skill-page').value) : 0;
  forget(byId('skills'));
  for (const at of skillsInOrder().slice(first, paged ? first + pageSize : undefined)) {
    const name = summary.eval_skills[at];
    panel(byId('skills'), short(name, 40), lossOption((curves) => curves.skills[at], true), `Loss of ${name} over training`);
  }
}

// ---- mixtures -------------------------------------------------------------------------------------------------
// The skills with a colour of their own, by their mean share over all methods; the rest is drawn as one.
const ownColors = (() => {
  const places = summary.train_skills.map((_, at) => at);
  if (places.length <= 10) return places;
  const share = places.map(() => 0);
  for (const method of methods) for (const round of method.mixture_path) round.forEach((x, at) => { share[at] += x / method.mixture_path.length; });
  return places.sort((a, b) => share[b] - share[a]).slice(0, 9).sort((a, b) => a - b);
})();
const others = summary.train_skills.length - ownColors.length;
const sumOfOwn = (round) => ownColors.reduce((sum, at) => sum + round[at], 0);
// Where hundreds of skills share, those with a colour get the whole height, and the others are not drawn.
const mostOfOwn = Math.max(0, ...methods.flatMap((method) => method.mixture_path.map(sumOfOwn)));
const drawsOthers = others > 0 && mostOfOwn >= 0.5, highestShare = others === 0 || drawsOthers ? 1 : mostOfOwn * 1.05;
function mixtureOption(path) {
  const starts = path.map((_, round) => Math.floor(round * summary.steps / path.length));
  const layer = (name, color, share) => ({
    type: 'line', name, stack: 'share', step: 'end', symbol: 'none', lineStyle: {width: 0.6, color: theme().ground},
    areaStyle: {color, opacity: 1}, itemStyle: {color}, emphasis: {disabled: true},
    data: [...path.map((round, at) => [starts[at], share(round)]), [summary.steps, share(path[path.length - 1])]],
  });
  const layers = ownColors.map((skill, at) => layer(summary.train_skills[skill], skillColor(at, ownColors.length), (round) => round[skill]));
  if (drawsOthers) layers.push(layer(count(others, 'other'), theme().line, (round) => Math.max(0, 1 - sumOfOwn(round))));
  return {
    grid: {left: 48, right: 12, top: 10, bottom: 44},
    tooltip: {...tooltipStyle(), trigger: 'axis', formatter: (items) => tooltip(`from step ${items[0].value[0]}`, items.map((item) => `${item.seriesName}: ${percent(item.value[1])}`))},
    xAxis: stepAxis(),
    yAxis: {...axisStyle(), type: 'value', min: 0, max: highestShare, axisLabel: {color: theme().quiet, showMaxLabel: highestShare === 1, formatter: (x) => `${Number((100 * x).toPrecision(2))} %`}},
    series: layers,
  };
}
function drawMixtures() {
  const keys = ownColors.map((skill, at) => [short(summary.train_skills[skill], 40), skillColor(at, ownColors.length)]);
  if (drawsOthers) keys.push([count(others, 'other'), theme().line]);
  byId('skill-keys').replaceChildren(...keys.map(([name, color]) => {
    const key = element('span'), block = element('span', '', {class: 'swatch block'});
    block.style.background = color;
    key.append(block, name);
    return key;
  }));
  if (others && !drawsOthers) byId('skill-keys').append(element('span', `and ${count(others, 'other')}, not drawn`));
  forget(byId('mixture-panels'));
  for (const at of shownMethods()) {
    const path = methods[at].mixture_path;
    if (path.length) panel(byId('mixture-panels'), methods[at].method, mixtureOption(path), `Mixture of ${methods[at].method} over training`);
  }
}
function drawTraining() {
  colorSwatches();
  draw(byId('loss'), lossOption((curves) => curves.all, false), 'Mean loss of each method over training');
  if (summary.eval_skills.length > 1) drawSkills();
  drawMixtures();
}

// ---- results and differences ----------------------------------------------------------------------------------
const interval = (measure) => [number(measure.mean), range(measure.interval_95) + (measure.n < measure.by_seed.length ? ` (${measure.n} of ${measure.by_seed.length} seeds)` : '')];
function stepsCell({mean, n, by_seed, interval_95}) {
  if (n === 0) return 'never';
  if (n < by_seed.length) return `reached by ${n} of ${by_seed.length}`;
  return [thousands(mean), interval_95 ? interval_95.map(thousands).join(' to ') : ''];
}
function meanAccuracy(method) {
  const values = Object.values(method.skills).map((skill) => skill.final_accuracy.mean);
  return values.every(finite) ? values.reduce((sum, x) => sum + x, 0) / values.length : null;
}
function fillResults() {
  const hasAccuracy = methods.some((method) => finite(meanAccuracy(method)));
  const order = [...methods].sort((a, b) => (a.final_loss.mean ?? Infinity) - (b.final_loss.mean ?? Infinity));
  byId('results-table').className = 'stacked';
  fillTable(byId('results-table'),
    ['method', 'seeds', 'final loss', ...(hasAccuracy ? ['accuracy'] : []), 'mean loss over training', `steps to a loss of ${Number(summary.threshold.toPrecision(3))}`],
    order.map((method) => [method.method, method.seeds.length, interval(method.final_loss),
      ...(hasAccuracy ? [percent(meanAccuracy(method))] : []), interval(method.loss_area), stepsCell(method.steps_to_threshold)]));
  const lines = [...summary.left_out.map((line) => `Left out: ${line}`), ...summary.notes];
  if (lines.length === 0) return;
  const list = element('ul');
  list.append(...lines.slice(0, 20).map((line) => element('li', line)), ...(lines.length > 20 ? [element('li', `and ${lines.length - 20} more`)] : []));
  byId('excluded').append(element('strong', 'Not counted'), list);
  byId('excluded').hidden = false;
}

const measures = [['final_loss', 'final loss'], ['loss_area', 'mean loss over training'], ['steps_to_threshold', `steps to ${Number(summary.threshold.toPrecision(3))}`]];
// The pairs with one method, read as the other minus it.
function pairsAgainst(reference, measure) {
  return summary.pairs.filter((pair) => pair.first === reference || pair.second === reference).map((pair) => {
    const sign = pair.second === reference ? 1 : -1, d = pair[measure], turn = (ends) => ends && (sign > 0 ? ends : [-ends[1], -ends[0]]);
    return {
      other: sign > 0 ? pair.first : pair.second, pair, d, mean: d.mean === null ? null : sign * d.mean,
      ends: turn(d.interval_95), bootstrap: turn(d.bootstrap_95),
      reach: sign > 0 ? pair.first_reaches_second : pair.second_reaches_first,
      lower: sign > 0 ? pair.skills.first_lower : pair.skills.second_lower,
      skills: pair.skills.first_lower + pair.skills.second_lower + pair.skills.equal,
    };
  });
}
function forestOption(rows, name) {
  const narrow = byId('forest').clientWidth < 520, room = Math.min(narrow ? 120 : 230, 16 + 7.2 * Math.max(...rows.map((row) => row.other.length)));
  const color = (row) => methodColor(methods.findIndex((method) => method.method === row.other));
  const reach = Math.max(...rows.flatMap((row) => [Math.abs(row.mean ?? 0), ...(row.ends ?? []).map(Math.abs)]), 1e-12) * 1.08;
  return {
    grid: {left: room + 8, right: 16, top: 8, bottom: 44},
    tooltip: {...tooltipStyle(), formatter: ({dataIndex}) => tooltip(rows[dataIndex].other, [rows[dataIndex].d.verdict])},
    xAxis: {...axisStyle(), type: 'value', min: -reach, max: reach, name, nameLocation: 'middle', nameGap: 26, splitNumber: narrow ? 3 : 6,
            axisLabel: {color: theme().quiet, hideOverlap: true, formatter: (x) => Number(x.toPrecision(2)), showMinLabel: false, showMaxLabel: false}},
    yAxis: {...axisStyle(), type: 'category', inverse: true, data: rows.map((row) => row.other), axisTick: {show: false},
            axisLabel: {color: theme().ink, interval: 0, formatter: (name) => short(name, Math.floor(room / 7.2))}},
    series: [{
      type: 'custom', data: rows.map((row, at) => [row.mean ?? 0, at, ...(row.ends ?? [row.mean ?? 0, row.mean ?? 0])]), encode: {x: [0, 2, 3], y: 1},
      markLine: {silent: true, symbol: 'none', label: {show: false}, lineStyle: {color: theme().ink, type: 'solid', width: 1.2}, data: [{xAxis: 0}]},
      renderItem: (params, api) => {
        const row = rows[params.dataIndex], stroke = color(row);
        if (row.mean === null) return {type: 'group', children: []};
        const [x, y] = api.coord([api.value(0), api.value(1)]), low = api.coord([api.value(2), api.value(1)])[0], high = api.coord([api.value(3), api.value(1)])[0];
        const line = (x1, y1, x2, y2) => ({type: 'line', shape: {x1, y1, x2, y2}, style: {stroke, lineWidth: 2.4}});
        return {type: 'group', children: [line(low, y, high, y), line(low, y - 5, low, y + 5), line(high, y - 5, high, y + 5),
          {type: 'circle', shape: {cx: x, cy: y, r: 6}, style: {fill: row.d.separated ? stroke : theme().ground, stroke, lineWidth: 2.4}}]};
      },
    }],
  };
}
function drawDifferences() {
  const [measure, name] = measures[Number(byId('measure').value)], reference = references[Number(byId('reference').value)];
  const rows = pairsAgainst(reference, measure), less = measure === 'steps_to_threshold' ? 'earlier' : 'lower';
  byId('forest').style.height = `${64 + 36 * rows.length}px`;
  draw(byId('forest'), forestOption(rows, `${name}: difference to ${short(reference, 30)}`), `Differences in ${name} to ${reference}, with 95 % intervals; the table below lists them`);
  const compared = summary.pairs.filter((pair) => !pair.is_repeat).length;
  byId('forest-note').textContent = `Left of the line: ${less} than ${reference}. Bars are 95 % intervals. A filled point is a difference that chance alone does not explain` +
    (compared > 1 ? `, corrected for ${compared} comparisons` : '') + '; a hollow one is not shown to be a difference.' +
    (summary.noise_floor ? ` Repeats of one method differ by ${number(summary.noise_floor.sd)} (sd of one run).` : '');
  const isLoss = measure === 'final_loss';
  fillTable(byId('pairs-table'), [`against ${reference}`, 'difference', 'bootstrap', 'p', 'corrected', 'seeds', ...(isLoss ? ['skills lower', 'steps to its final loss', 'FLOPs for that'] : [])],
    rows.map(({other, pair, d, mean, ends, bootstrap, reach, lower, skills}) => [
      [other, pair.is_repeat ? 'a repeat: only chance differs' : ''], [number(mean), range(ends) || 'no interval', d.separated ? 'yes' : ''], range(bootstrap) || '–', number(d.p_value), number(d.holm_p_value), d.n,
      ...(isLoss ? [[`${lower} of ${skills}`, `p = ${number(pair.skills.sign_p_value)}`],
        reach.n === 0 ? '–' : reach.median === null ? ['not reached', `in ${reach.by_seed.filter((x) => x === null).length} of ${reach.n} seeds`]
          : [thousands(reach.median), `${reach.interval.map((x) => x === null ? 'later' : thousands(x)).join(' to ')}`],
        reach.flops_ratio === null ? '–' : reach.flops_ratio.median === null ? 'not reached' : percent(reach.flops_ratio.median, 0)] : [])]));
  byId('pairs-note').textContent = isLoss ? 'Steps: median over seeds, with the lowest and highest that hold it (95 % from six seeds on). ' +
    'FLOPs: with evaluations and the whole graph, as a part of all that the rival took. Skills: how many end lower, with the sign test.' : '';
}
const references = methods.map((method) => method.method).filter((name) => summary.pairs.some((pair) => pair.first === name || pair.second === name));
function startDifferences() {
  byId('differences').hidden = references.length === 0;
  if (references.length === 0) return;
  // The method that all are compared with (--against), or the one that the verdict is about, or the first.
  const lowest = methods.reduce((low, method) => (method.final_loss.mean ?? Infinity) < (low.final_loss.mean ?? Infinity) ? method : low).method;
  const pairs = (name) => {
    const all = summary.pairs.filter((pair) => pair.first === name || pair.second === name);
    return all.length + (name === lowest && all.some((pair) => pair.final_loss.separated) ? 0.5 : 0);
  };
  fillSelect(byId('measure'), measures.map(([, name]) => name));
  fillSelect(byId('reference'), references, references.reduce((best, name, at) => pairs(name) > pairs(references[best]) ? at : best, 0));
  for (const id of ['measure', 'reference']) byId(id).addEventListener('change', drawDifferences);
}

// ---- delivery, graph, costs, settings -------------------------------------------------------------------------
const mostRows = 25;
function drawDelivery(all = false) {
  const at = Number(byId('delivery-method').value), data = study.delivered[at];
  byId('delivery-table').replaceChildren();
  byId('delivery-note').textContent = '';
  if (!data) { byId('delivery-note').textContent = 'Not on record.'; return; }
  const places = summary.train_skills.map((_, skill) => skill).sort((a, b) => summary.train_skills.length > mostRows ? data.delivered[b] - data.delivered[a] : a - b);
  const total = data.delivered.reduce((sum, x) => sum + x, 0), shown = all ? places : places.slice(0, mostRows);
  fillTable(byId('delivery-table'), ['skill', 'asked for', 'delivered', 'share', 'times seen'], shown.map((skill) => [summary.train_skills[skill],
    data.asked[skill].toFixed(1), thousands(data.delivered[skill]), percent(data.delivered[skill] / total), data.epochs ? data.epochs[skill].toFixed(2) : '–']));
  const worst = Math.max(...data.asked.map((x, skill) => Math.abs(x - data.delivered[skill])));
  byId('delivery-note').textContent = 'Samples of one run, mean over seeds; what was delivered ' +
    (worst < 1e-6 ? 'is what was asked for. ' : `differs from what was asked for by at most ${number(worst)} samples. `) +
    (data.epochs ? 'Times seen: delivered, over the different samples there are; above 1 samples repeat. ' : '');
  if (shown.length === places.length) return;
  const button = element('button', `Show all ${places.length} skills`, {type: 'button'});
  button.addEventListener('click', () => drawDelivery(true));
  byId('delivery-note').append(button);
}
function drawGraph() {
  const graph = study.graph;
  if (!graph) return;
  byId('graph').hidden = false;
  const rows = graph.train.length, columns = graph.eval.length, ramp = isDark() ? graph.dark : graph.light;
  const label = (names) => 12 + 6.6 * Math.min(16, Math.max(...names.map((name) => name.length)));
  const cell = Math.max(3, Math.min(54, (byId('heat').clientWidth - label(graph.train) - 20) / columns, 700 / rows)), top = 12 + 0.7 * label(graph.eval);
  byId('heat').style.height = `${top + cell * rows + 12}px`;
  const names = (list) => ({...axisStyle(), type: 'category', axisTick: {show: false}, splitLine: {show: false},
    axisLabel: {color: theme().quiet, interval: Math.ceil(13 / cell) - 1, formatter: (name) => short(name, 16)}, data: list});
  const texts = cell >= 40;
  draw(byId('heat'), {
    grid: {left: label(graph.train), top, width: cell * columns, height: cell * rows},
    tooltip: {...tooltipStyle(), formatter: ({value: [j, i, weight]}) => tooltip(`${graph.train[i]} → ${graph.eval[j]}`, [`weight ${number(weight)}`])},
    xAxis: {...names(graph.eval), position: 'top', axisLabel: {...names([]).axisLabel, rotate: texts && columns < 9 ? 0 : 45}},
    yAxis: {...names(graph.train), inverse: true},
    visualMap: {show: false, min: -graph.full, max: graph.full, inRange: {color: ramp}, dimension: 2},
    series: [{type: 'heatmap', data: graph.weights.map((weight, at) => [at % columns, Math.floor(at / columns), weight]).filter((cellData) => rows * columns <= 10000 || cellData[2] !== 0),
      label: {show: texts, formatter: ({value}) => value[2] === 0 ? '' : Number(value[2].toPrecision(2)), textBorderWidth: 0}, itemStyle: {borderColor: theme().ground, borderWidth: cell > 8 ? 1 : 0}}],
  }, `Heat map of the skills graph, ${rows} by ${columns}`);
}
function drawCosts() {
  const known = methods.some((method) => finite(method.cost.train_flops)), unit = known ? 'flops' : 'seconds', text = known ? flops : seconds;
  const parts = [['training', `train_${unit}`, 0], ['evaluating', `evaluate_${unit}`, 4], ...(known ? [['learning the graph', 'graph_flops', 2]] : [['choosing', 'select_seconds', 3]])];
  const names = methods.map((method) => method.method), narrow = byId('cost').clientWidth < 520;
  const room = Math.min(narrow ? 120 : 230, 16 + 7.2 * Math.max(...names.map((name) => name.length)));
  byId('cost').style.height = `${90 + 30 * names.length}px`;
  draw(byId('cost'), {
    grid: {left: room + 8, right: 44, top: 30, bottom: 36},
    legend: {top: 0, left: 0, textStyle: {color: theme().ink}, itemWidth: 14},
    tooltip: {...tooltipStyle(), trigger: 'axis', axisPointer: {type: 'none'}, formatter: (items) => tooltip(items[0].name, items.map((item) => `${item.seriesName}: ${text(item.value)}`))},
    xAxis: {...axisStyle(), type: 'value', axisLabel: {color: theme().quiet, formatter: text, hideOverlap: true}, splitNumber: narrow ? 2 : 5},
    yAxis: {...axisStyle(), type: 'category', inverse: true, data: names, axisTick: {show: false}, axisLabel: {color: theme().ink, interval: 0, formatter: (name) => short(name, Math.floor(room / 7.2))}},
    series: parts.map(([name, key, color]) => ({type: 'bar', stack: 'cost', name, barMaxWidth: 18, itemStyle: {color: methodColor(color)}, data: methods.map((method) => method.cost[key] ?? 0)})),
  }, `Costs of each method in ${known ? 'floating-point operations' : 'seconds'}; the table below lists them`);
}
function fillCosts() {
  fillTable(byId('cost-table'), ['all seeds together', 'tokens', 'training', 'evaluating', 'choosing', 'FLOPs training', 'evaluating', 'graph'],
    methods.map(({method, cost}) => [method, thousands(cost.tokens), seconds(cost.train_seconds), seconds(cost.evaluate_seconds), seconds(cost.select_seconds),
      flops(cost.train_flops), flops(cost.evaluate_flops), flops(cost.graph_flops)]));
  const lines = ['Times are of this machine, with what else it did. FLOPs are products counted from the model’s shape.'];
  if (methods.some((method) => finite(method.cost.train_flops) && method.cost.graph_flops === null)) lines.push('A graph that was given (–) says nothing of what it took to learn; it is not counted.');
  if (methods.some((method) => method.cost.graph_flops > 0)) lines.push('A graph is learned once, whatever the number of seeds.');
  byId('cost-note').textContent = lines.join(' ');
}
function fillSettings() {
  const {same, different} = study.configuration, pairs = (rows) => rows.map(([key, value]) => [key, [value, '', 'text']]);
  byId('settings-none').hidden = different.length > 0;
  byId('settings-scroll').hidden = different.length === 0;
  fillTable(byId('settings-table'), ['setting', ...methods.map((method) => method.method)], different.map(({key, values}) => [key, ...values]));
  fillTable(byId('shared-table'), ['setting', 'value'], pairs(same));
  fillTable(byId('origin-table'), ['what', 'value'], pairs([...study.provenance, ...Object.entries(study.graph?.origin ?? {}).map(([key, value]) => [`graph: ${key}`, value])]));
}
function fillSkillTable() {
  const cell = ({final_loss: loss, final_accuracy: accuracy}) => [number(loss.mean) + (finite(accuracy.mean) ? ` · ${percent(accuracy.mean)}` : ''), range(loss.interval_95)];
  const box = element('details'), scroll = element('div', '', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of final losses by skill'}), table = element('table', '', {id: 'skill-table'});
  fillTable(table, ['skill', ...methods.map((method) => method.method)], summary.eval_skills.map((skill) => [skill, ...methods.map((method) => cell(method.skills[skill]))]));
  scroll.append(table);
  box.append(element('summary', 'Final loss (and accuracy) of each skill'), scroll);
  byId('by-skill').append(box);
}

// ---- all of it ------------------------------------------------------------------------------------------------
function fillWords() {
  const seeds = methods.map((method) => method.seeds.length), least = Math.min(...seeds), most = Math.max(...seeds);
  byId('size').textContent = [count(methods.length, 'method'), least === most ? count(most, 'seed') : `${least} to ${most} seeds`,
    count(summary.train_skills.length, 'training skill'), `${thousands(summary.steps)} training steps each`].join(' · ');
  byId('verdict').textContent = summary.verdict;
  byId('details').append(...summary.details.map((line) => element('li', line)));
}
function drawAll() {
  if (references.length) drawDifferences();
  drawTraining();
  drawGraph();
  drawCosts();
}
function start() {
  fillWords();
  fillResults();
  startDifferences();
  chooseMethods();
  const several = summary.eval_skills.length > 1;
  byId('by-skill').hidden = !several;
  byId('skill-controls').hidden = summary.eval_skills.length <= 9;
  if (several) { fillSkillPages(); fillSkillTable(); }
  byId('skill-page').addEventListener('change', drawSkills);
  byId('skill-order').addEventListener('change', () => { fillSkillPages(); drawSkills(); });
  fillSelect(byId('delivery-method'), methods.map((method) => method.method), study.delivered.findIndex((data) => data !== null));
  byId('delivery-method').addEventListener('change', () => drawDelivery());
  drawDelivery();
  fillCosts();
  fillSettings();
  drawAll();
}

let pending = 0;
addEventListener('resize', () => { cancelAnimationFrame(pending); pending = requestAnimationFrame(drawAll); });
dark.addEventListener('change', drawAll);
// On paper: light, as wide as the sheet, the numbers unfolded.
const paperWidth = '680px';
let folded = [];
addEventListener('beforeprint', () => {
  printing = true;
  folded = [...document.querySelectorAll('details:not([open]):not(.long)')];
  for (const box of folded) box.open = true;
  document.querySelector('main').style.width = paperWidth;
  drawAll();
});
addEventListener('afterprint', () => {
  printing = false;
  for (const box of folded) box.open = false;
  document.querySelector('main').style.width = '';
  drawAll();
});
start();
