// Service phrases while one types (CMP-16): underlined in the field, a kinder wording below it. Nothing is ever held up,
// and a field without data-phrases – the customer's own words – is never looked at. The server looks again when it saves;
// the rules are those of complaints/rules/phrases.py, and a test compares the two.
(() => {
  "use strict";
  const NEGATIONS = "不没未无别非";
  const SAME = { "您": "你", "妳": "你" };
  const PER_SLACK = 8;
  const CLAUSE_ONLY = 3;

  const folded = (text) => {
    const chars = [];
    const places = [];
    const breaks = new Set([0]);
    let place = 0;
    for (const char of text) {
      if (char === "\n" || char === "\r") breaks.add(chars.length);
      for (const small of char.normalize("NFKC").toLowerCase()) {
        if (/[\p{L}\p{N}%]/u.test(small)) {
          chars.push(SAME[small] || small);
          places.push([place, place + char.length]);
        } else if (/[\p{P}\p{S}]/u.test(small)) {
          breaks.add(chars.length);
        }
      }
      place += char.length;
    }
    breaks.add(chars.length);
    return { chars, places, breaks };
  };

  const wording = (written) => {
    const last = written.trim().slice(-1).normalize("NFKC");
    const chars = folded(written).chars;
    return {
      chars,
      endsClause: last !== "" && "。!.".includes(last),
      isClause: chars.length <= CLAUSE_ONLY,
      slack: Math.floor(chars.length / PER_SLACK),
    };
  };

  const exact = (chars, wanted) => {
    const hits = [];
    for (let at = 0; at + wanted.length <= chars.length; at += 1) {
      if (wanted.every((letter, index) => chars[at + index] === letter)) hits.push([at, at + wanted.length]);
    }
    return hits;
  };

  const negations = (chars) => chars.filter((char) => NEGATIONS.includes(char)).join("");

  const closest = (chars, wanted, slack) => {
    const distance = wanted.map((_, index) => index).concat(wanted.length);
    const starts = new Array(wanted.length + 1).fill(0);
    let best = null;
    chars.forEach((char, place) => {
      let before = distance[0];
      let beforeStart = starts[0];
      distance[0] = 0;
      starts[0] = place + 1;
      for (let index = 1; index <= wanted.length; index += 1) {
        const here = distance[index];
        const hereStart = starts[index];
        const options = [
          [before + (char === wanted[index - 1] ? 0 : 1), beforeStart],
          [here + 1, hereStart],
          [distance[index - 1] + 1, starts[index - 1]],
        ];
        const least = options.reduce((low, option) => (option[0] < low[0] ? option : low));
        distance[index] = least[0];
        starts[index] = least[1];
        before = here;
        beforeStart = hereStart;
      }
      const last = distance[wanted.length];
      if (last <= slack && (best === null || last < best[0])) best = [last, starts[wanted.length], place + 1];
    });
    return best === null || best[2] <= best[1] ? null : [best[1], best[2]];
  };

  // As Python rounds: half to even.
  const rounded = (value) => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));

  const near = (chars, wanted) => {
    const { slack } = wanted;
    if (!slack) return [];
    const size = wanted.chars.length;
    const cuts = Array.from({ length: slack + 2 }, (_, number) => rounded((size * number) / (slack + 1)));
    const hits = new Map();
    for (let part = 0; part <= slack; part += 1) {
      for (const [at] of exact(chars, wanted.chars.slice(cuts[part], cuts[part + 1]))) {
        const left = Math.max(0, at - cuts[part] - slack);
        const hit = closest(chars.slice(left, at - cuts[part] + size + slack), wanted.chars, slack);
        if (hit === null) continue;
        const [start, end] = [left + hit[0], left + hit[1]];
        const around = chars.slice(Math.max(0, start - slack), end);
        if (negations(around) === negations(wanted.chars)) hits.set(`${start} ${end}`, [start, end]);
      }
    }
    return [...hits.values()];
  };

  const hitsOf = (where, wanted) => {
    if (!wanted.chars.length) return [];
    const sure = exact(where.chars, wanted.chars);
    return (sure.length ? sure : near(where.chars, wanted)).filter(
      ([start, end]) =>
        (!wanted.isClause || where.breaks.has(start)) &&
        (!(wanted.isClause || wanted.endsClause) || where.breaks.has(end)),
    );
  };

  const matches = (text, phrases) => {
    const where = folded(text);
    const hits = phrases.flatMap(({ number, wordings }) =>
      wordings.flatMap((written) => hitsOf(where, wording(written)).map(([start, end]) => ({ number, start, end }))),
    );
    hits.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
    const chosen = [];
    for (const hit of hits) {
      const isApart = ({ number, start, end }) => number !== hit.number || hit.end <= start || end <= hit.start;
      if (chosen.every(isApart)) chosen.push(hit);
    }
    chosen.sort((a, b) => a.start - b.start || a.end - b.end || a.number - b.number);
    return chosen.map(({ number, start, end }) => ({
      number, start: where.places[start][0], end: where.places[end - 1][1],
    }));
  };

  if (typeof document === "undefined") { // asked by the test
    module.exports = { matches };
    return;
  }

  // --- On the page

  let asked = null;
  const words = (url) => {
    asked ||= fetch(url, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null); // Without the list nothing is underlined; the server still looks.
    return asked;
  };

  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const paint = (mirror, text, hits) => {
    mirror.replaceChildren();
    let at = 0;
    for (const { start, end } of hits) {
      if (start < at) continue;
      mirror.append(text.slice(at, start), element("mark", "phrase-mark", text.slice(start, end)));
      at = end;
    }
    mirror.append(text.slice(at), "\n");
  };

  // The clause around a phrase, so that the kinder wording does not stand beside half a sentence.
  const ENDS = "\\n,.!?;\\u3002\\uff0c\\uff01\\uff1f\\uff1b";
  const clause = (text, { start, end }) => {
    const left = new RegExp(`[^${ENDS}]*$`).exec(text.slice(0, start))[0].length;
    const right = new RegExp(`^[^${ENDS}]*[${ENDS}]*`).exec(text.slice(end))[0].length;
    return [start - left, end + right];
  };

  const offer = (area, list, hit, texts) => {
    const phrase = list.find(({ number }) => number === hit.number);
    const line = element("div", "note soon phrase-offer");
    const icon = element("i", "ti ti-message-exclamation");
    icon.setAttribute("aria-hidden", "true");
    const body = element("div", "grow");
    body.append(element("b", "", texts.note.replace("#", hit.number)), element("div", "", phrase.kinder));
    line.append(icon, body);
    if (phrase.kinder) {
      const use = element("button", "btn btn-sm", texts.use);
      use.type = "button";
      use.addEventListener("click", () => {
        const [from, to] = clause(area.value, hit);
        area.setRangeText(phrase.kinder, from, to, "end");
        area.dispatchEvent(new Event("input", { bubbles: true }));
        area.focus();
      });
      line.append(use);
    }
    return line;
  };

  const begin = (area) => {
    if (area.dataset.phrasesBegun) return;
    area.dataset.phrasesBegun = "1";
    const box = element("div", "phrase-box");
    const mirror = element("div", "phrase-mirror form-control");
    const offers = element("div", "phrase-offers");
    mirror.setAttribute("aria-hidden", "true");
    offers.setAttribute("role", "status");
    area.replaceWith(box);
    box.append(mirror, area);
    box.after(offers);
    let timer = 0;
    const look = async () => {
      const found = await words(area.dataset.phrases);
      if (!found) return;
      const hits = matches(area.value, found.phrases);
      paint(mirror, area.value, hits);
      mirror.scrollTop = area.scrollTop;
      const firsts = hits.filter((hit, at) => hits.findIndex(({ number }) => number === hit.number) === at);
      offers.replaceChildren(...firsts.map((hit) => offer(area, found.phrases, hit, found.texts)));
    };
    area.addEventListener("input", () => {
      mirror.replaceChildren();
      window.clearTimeout(timer);
      timer = window.setTimeout(look, 250);
    });
    area.addEventListener("scroll", () => { mirror.scrollTop = area.scrollTop; });
    if (area.value) look();
  };

  const all = (root) => root.querySelectorAll?.("textarea[data-phrases]").forEach(begin);
  document.addEventListener("htmx:afterSwap", (event) => all(event.target));
  all(document);
})();
