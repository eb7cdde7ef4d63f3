'use strict';
(() => {
  const { words: chinese, sentences } = window.gosnipChinese;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const root = document.documentElement;
  // Pages opened from a file may not have storage.
  const recall = key => { try { return localStorage.getItem('gosnip-' + key); } catch { return null; } };
  const keep = (key, value) => { try { localStorage.setItem('gosnip-' + key, value); } catch { /* not kept */ } };

  // What gosnip says has its quotes as code. Text with backticks of its own does not show where a quote ends: it stays text.
  const spoken = e => [...e.childNodes].map(part => part.nodeName === 'CODE' ? '`' + part.textContent + '`' : part.textContent).join('');
  function quote(e, text) {
    const parts = text.split('`');
    if (parts.length % 2 === 0 || text.includes('``')) { e.textContent = text; return; }
    e.replaceChildren(...parts.map((part, at) => {
      if (at % 2 === 0) return part;
      const code = document.createElement('code');
      code.textContent = part;
      return code;
    }));
  }

  // Language.
  let language = 'en';
  const english = new WeakMap();
  const words = (key, plain) => (language === 'zh' && chinese[key]) || plain;
  const parts = [
    ['data-s', spoken, quote],
    ['data-t', e => e.textContent, (e, text) => { e.textContent = text; }],
    ['data-tl', e => e.getAttribute('aria-label'), (e, text) => e.setAttribute('aria-label', text)],
    ['data-tp', e => e.placeholder, (e, text) => { e.placeholder = text; }],
  ];
  // What gosnip says in sentences is translated piece by piece: `the block does not compile: …`.
  function say(sentence) {
    if (language !== 'zh') return sentence;
    for (const [pattern, spoken] of sentences) {
      const match = pattern.exec(sentence);
      if (!match) continue;
      const parts = spoken.split(/\{(\$\d)\}/).map((part, at) => {
        const text = part.replace(/\$(\d)/g, (_, group) => match[group]);
        return at % 2 ? say(text) : text;
      });
      // Between Chinese and what is not stands a blank.
      return parts.reduce((before, part) => before + (/[\u4e00-\u9fff]$/.test(before) && /^[\w`]/.test(part) ? ' ' : '') + part);
    }
    return sentence;
  }

  // Evidence and programs are text until they are opened: there may be thousands.
  function fill(details) {
    for (const held of $$(':scope > noscript', details)) held.outerHTML = held.textContent;
  }
  // They are translated then, too.
  const hidden = ':not(details:not([open]) > .ev *)';
  function translate(within) {
    for (const [attribute, get, set] of parts) {
      for (const element of $$('[' + attribute + ']' + hidden, within)) {
        const known = english.get(element) || {};
        known[attribute] ??= get(element);
        english.set(element, known);
        const plain = known[attribute];
        const text = attribute === 'data-s' ? say(plain) : words(element.getAttribute(attribute), plain);
        if (get(element) !== text) set(element, text);
      }
    }
  }
  function opened(details) {
    fill(details);
    translate(details);
  }
  // A click opens it; so may the browser, to show what it found.
  document.addEventListener('click', event => {
    const summary = event.target.closest('summary');
    if (summary) opened(summary.parentElement);
  });
  document.addEventListener('toggle', event => { if (event.target.open) opened(event.target); }, true);
  function speak(wanted) {
    language = wanted;
    root.lang = wanted === 'zh' ? 'zh-CN' : 'en';
    translate(document);
    const button = $('#language');
    button.textContent = wanted === 'zh' ? 'English' : '中文';
    button.lang = wanted === 'zh' ? 'en' : 'zh-CN';
    if (document.body.classList.contains('filtering')) filter();
  }
  const otherLanguage = () => { const next = language === 'zh' ? 'en' : 'zh'; keep('language', next); speak(next); };

  // Light and dark.
  const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const otherTheme = () => { root.dataset.theme = dark() ? 'light' : 'dark'; keep('theme', root.dataset.theme); };

  // Filters: by verdict, by kind, by text. Lines that match are `hit`s; while there is a filter, only they are shown.
  const chips = $$('.chip'), search = $('#search'), kind = $('#kind'), found = $('#found');
  function filter() {
    const verdicts = chips.filter(chip => chip.getAttribute('aria-pressed') === 'true').map(chip => chip.dataset.v);
    const query = search.value.trim().toLowerCase();
    const claims = verdicts.length > 0 || kind.value !== '';
    const any = claims || query !== '';
    for (const hit of $$('.hit')) hit.classList.remove('hit');
    document.body.classList.toggle('filtering', any);
    found.textContent = '';
    if (!any) return;
    const fits = line => line.dataset.c.split(' ').some(claim => {
      const [verdict, of] = claim.split(':');
      return (verdicts.length === 0 || verdicts.includes(verdict)) && (kind.value === '' || of === kind.value);
    });
    // What is searched for may stand in the evidence.
    if (query) $$('.note details').forEach(fill);
    let count = 0;
    for (const note of $$('.note')) {
      let some = false;
      for (const list of $$(':scope > ol', note)) {
        let number = list.start - 1;
        for (const line of list.children) {
          number += 1;
          if (claims && !(line.dataset.c && fits(line))) continue;
          if (query && !line.textContent.toLowerCase().includes(query)) continue;
          line.value = number;
          line.classList.add('hit');
          some = true;
          count += 1;
        }
      }
      note.classList.toggle('some', some);
    }
    found.textContent = language === 'zh' ? '共 ' + count + ' 行' : count + (count === 1 ? ' line' : ' lines');
  }
  let waiting;
  search.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  kind.addEventListener('change', filter);
  for (const chip of chips) {
    chip.addEventListener('click', () => {
      chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') !== 'true'));
      filter();
    });
  }
  function everything() {
    search.value = '';
    kind.value = '';
    for (const chip of chips) chip.setAttribute('aria-pressed', 'false');
    filter();
  }

  // Notes and lists far away have a guessed height until they come near; so it is looked again where the target is then.
  for (const note of $$('.note')) {
    const last = note.querySelector(':scope > ol:last-of-type');
    if (last) note.style.containIntrinsicBlockSize = 'auto ' + 1.5 * (last.start + last.children.length) + 'rem';
  }
  let shown = null;
  function show(target, block, tries = 20) {
    shown = target;
    target.scrollIntoView({ block, behavior: 'instant' });
    const before = target.getBoundingClientRect().top;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const moved = Math.abs(target.getBoundingClientRect().top - before) > 1;
      if (moved && tries > 0 && shown === target) show(target, block, tries - 1);
    }));
  }

  // Deep links: #note, #note-line. Lines with claims have the id themselves; others are found by their number.
  function lineAt(name) {
    const exact = document.getElementById(name);
    if (exact) return exact;
    const place = /^(.*)-(\d+)$/.exec(name);
    const note = place && document.getElementById(place[1]);
    if (!note) return null;
    const wanted = Number(place[2]);
    for (const list of $$(':scope > ol', note)) {
      const line = list.children[wanted - list.start];
      if (wanted >= list.start && line) return line;
    }
    return null;
  }
  function go() {
    for (const line of $$('.to')) line.classList.remove('to');
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* as it is */ }
    const target = name && lineAt(name);
    if (!target) return;
    if (document.body.classList.contains('filtering') && target.tagName === 'LI' && !target.classList.contains('hit')) everything();
    const details = $(':scope > details', target);
    if (details) {
      details.open = true;
      opened(details);
    }
    if (target.tagName === 'LI') target.classList.add('to');
    show(target, target.tagName === 'LI' ? 'center' : 'start');
  }
  addEventListener('hashchange', go);

  // Keys.
  let at = null;
  function step(by) {
    const stops = document.body.classList.contains('filtering')
      ? $$('.hit')
      : $$('.x').filter(line => !line.matches('.confirmed, .unverified'));
    if (stops.length === 0) return;
    const here = stops.indexOf(at);
    const next = stops[here < 0 ? (by > 0 ? 0 : stops.length - 1) : Math.min(stops.length - 1, Math.max(0, here + by))];
    if (at) at.classList.remove('at');
    at = next;
    at.classList.add('at');
    const summary = $('summary', at);
    if (summary) summary.focus({ preventScroll: true });
    show(at, 'center');
  }
  const dialog = $('#keys');
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === 'Escape') { everything(); search.blur(); return; }
    if (typing) return;
    const act = {
      j: () => step(1), k: () => step(-1), '/': () => search.focus(), '?': () => dialog.showModal(),
      t: otherTheme, l: otherLanguage,
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  $('#help').addEventListener('click', () => dialog.showModal());
  $('#theme').addEventListener('click', otherTheme);
  $('#language').addEventListener('click', otherLanguage);

  // Copying a program.
  document.addEventListener('click', async event => {
    const button = event.target.closest('.copy');
    if (!button) return;
    const pre = button.nextElementSibling;
    try {
      await navigator.clipboard.writeText(pre.textContent);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(pre);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      document.execCommand('copy');
    }
    button.textContent = words('copied', 'Copied');
    setTimeout(() => { button.textContent = words('copy', 'Copy'); }, 1500);
  });

  // On paper, what is wrong has its evidence.
  addEventListener('beforeprint', () => {
    for (const details of $$('.x:not(.confirmed) > details')) {
      details.open = true;
      fill(details);
    }
    translate(document);
  });

  const theme = recall('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const wanted = recall('language') || navigator.language;
  if (/^zh/i.test(wanted)) speak('zh');
  go();
})();
