// The lifelines, growing downward; and what would come of a choice, in ghost ink.

const ROW = 15;
const GAP = 15;
const LEAST_PITCH = 104;
const TOP = 18;
// The browser lays a drawing out whole when its size changes, so it grows by as much as this at once.
const SHEET = 2048;

const measuring = document.createElement("canvas").getContext("2d");

/** As much of a text as this breadth holds. */
function fitted(text, room, bold = false) {
  measuring.font = `${bold ? "600 " : ""}12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif`;
  if (measuring.measureText(text).width <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measuring.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}…`;
}

/** The name above a lifeline. */
function headOf({ name, present, heresy, left, scale, room }) {
  const head = element("span", { class: present ? "" : "out", title: heresy ? `${name} holds ${heresy}` : undefined }, name);
  head.style.left = `${left * scale}px`;
  head.style.maxWidth = `${room * scale}px`;
  return head;
}

/** The picture of the way here. Steps that are drawn already stay; the others are taken away, or added. */
class Diagram {
  /** `below` is the room beneath the last step, for what would come of a choice. */
  constructor(box, below = 96) {
    this.scroll = box.querySelector(".scroll");
    this.below = below;
  }

  /** Draws the way here. */
  draw(answer, hues, chosen, parted) {
    this.answer = answer;
    this.hues = hues;
    this.chosen = chosen;
    this.letters = new Map(answer.letters.map((letter) => [letter.id, { ...letter, hue: hues.of(letter.ballot) }]));
    this.columns = new Map(answer.priests.map(({ name }, i) => [name, i]));
    // On a projector all words are large, those of the picture too.
    this.scale = document.body.classList.contains("projector") ? 1.4 : 1;
    const room = Math.max((this.scroll.clientWidth - 2) / this.scale, 200);
    this.pitch = Math.max(LEAST_PITCH, room / answer.priests.length);
    this.width = Math.round(this.pitch * answer.priests.length);
    const frame = JSON.stringify([[...this.columns.keys()], this.pitch, this.scale]);
    if (frame !== this.frame) this.afresh(frame);
    for (const node of this.passing.splice(0)) node.remove();
    this.layers.ghosts.replaceChildren();
    const steps = answer.path.slice(1).map((step) => this.dressed(step, parted));
    const isKnown = ({ key }, i) => this.drawn[i]?.key === key;
    const changed = steps.findIndex((step, i) => !isKnown(step, i));
    const kept = changed < 0 ? steps.length : changed;
    while (this.drawn.length > kept) this.takeBack();
    for (const step of steps.slice(kept)) this.step(step);
    this.finish();
  }

  /** Begins an empty picture. */
  afresh(frame) {
    this.frame = frame;
    this.starts = new Map();
    this.absent = new Map();
    this.y = TOP;
    this.floor = 4;
    this.drawn = [];
    this.passing = [];
    this.layers = { lines: svg("g"), ground: svg("g"), ways: svg("g"), marks: svg("g"), labels: svg("g"), ghosts: svg("g", { class: "ghosts" }) };
    this.heads = element("div", { class: "names" });
    this.heads.style.width = `${this.width * this.scale}px`;
    this.all = svg("svg", { role: "img" }, ...Object.values(this.layers));
    this.all.addEventListener("click", ({ target }) => {
      const { moment } = target.closest(".step")?.dataset ?? {};
      if (moment !== undefined) this.chosen(Number(moment));
    });
    this.window = element("div", { class: "sheet" }, this.all);
    this.scroll.replaceChildren(this.heads, this.window);
  }

  /** A step with all that its drawing rests on, but for the steps before it: letters in the place of their numbers, and inks. */
  dressed({ moment, move, guard, events }, parted) {
    const seen = events.filter(({ event }) => event !== "said").map((event) =>
      ({ ...event, letter: this.letters.get(event.letter), hue: event.row ? this.hues.in(event.row) : undefined }));
    const step = { moment, move, guard, events: seen, isParted: moment === parted };
    return { ...step, key: JSON.stringify(step) };
  }

  /** Adds a mark to a layer; it goes when the step that is drawn now is taken back. */
  add(layer, node) {
    this.layers[layer].append(node);
    this.nodes.push(node);
  }

  /** Notes something of the state in which the next step is drawn. */
  note(map, key, value) {
    this.notes.push([map, key, map.get(key)]);
    map.set(key, value);
  }

  /** Takes the last step away. */
  takeBack() {
    const { y, floor, nodes, notes } = this.drawn.pop();
    for (const node of nodes) node.remove();
    for (const [map, key, before] of notes.reverse()) map.set(key, before);
    this.y = y;
    this.floor = floor;
  }

  /** Where the way of a letter begins; nowhere, if it was read. One of which no row tells began above. */
  start({ id, from }) {
    if (this.starts.get(id) !== undefined) return this.starts.get(id);
    return this.columns.has(from) ? { x: this.x(from), y: this.floor } : null;
  }

  x(name) {
    return Math.round(this.pitch * ((this.columns.get(name) ?? 0) + 0.14)) + 4;
  }

  /** Begins a row on the lifeline of this priest. */
  row(name, hue) {
    this.y += GAP;
    this.at = { name, x: this.x(name), y: this.y, lines: 0, hue };
    return this.at;
  }

  words(at, text, classes, title = text) {
    const room = Math.min(this.pitch - 22, this.width - at.x - 15);
    const shown = fitted(text, room, classes.includes("inked"));
    const line = svg("text", { "data-of": at.name, x: at.x + 11, y: at.y + 4 + ROW * at.lines, class: classes }, shown);
    if (shown !== title) line.append(svg("title", {}, title));
    this.add("labels", line);
    at.lines += 1;
    this.y = at.y + ROW * (at.lines - 1);
  }

  step(step) {
    const from = this.y + GAP - 10;
    const drawn = { key: step.key, y: this.y, floor: this.floor, nodes: [], notes: [] };
    [this.nodes, this.notes] = [drawn.nodes, drawn.notes];
    this.at = null;
    if (step.events.length === 0) this.nothing(step);
    for (const event of step.events) {
      this.event(event, step);
      for (const fault of event.faults ?? []) this.accused(fault);
    }
    drawn.band = svg("rect", {
      class: "step", x: 0, y: from, width: this.width, height: this.y - from + 11, rx: 3, "data-moment": step.moment,
    }, svg("title", {}, `${step.move} (moment ${step.moment})`));
    this.add("ground", drawn.band);
    if (step.isParted) this.add("ground", svg("line", { class: "parted", x1: 0, y1: from, x2: this.width, y2: from }));
    this.drawn.push(drawn);
  }

  /** A step of which nothing is written and nothing sent. */
  nothing(step) {
    this.y += GAP;
    const words = step.guard ? `${step.move}: ${step.guard}` : step.move;
    this.add("labels", svg("text", { x: 8, y: this.y + 4, class: "quiet" }, fitted(words, this.width - 20)));
  }

  event(event, step) {
    const { letter } = event;
    switch (event.event) {
      case "reads": return this.reads(letter, step);
      case "inks": return this.inks(event);
      case "sends": return this.sends(letter);
      case "repeats":
        this.words(this.row(letter.from, letter.hue), `repeats ${letter.text}`, "quiet");
        return this.sends(letter);
      case "loses": return this.loses(letter);
      case "enters": return this.enters(event.priest);
      case "leaves": return this.leaves(event.priest);
      case "folds": return this.folds(step.move);
      default: return undefined;
    }
  }

  reads(letter, step) {
    const at = this.row(letter.to, letter.hue);
    const ignored = Boolean(step.guard);
    const start = this.start(letter);
    if (start) this.arrow(start, at, letter, ignored ? "ignored" : "");
    this.note(this.starts, letter.id, null);
    this.words(at, letter.text, `letter${ignored ? " ignored" : ""}`, `${letter.text}, from ${letter.from}`);
    if (ignored) this.words(at, step.guard, "quiet ignored");
  }

  inks(event) {
    if (event.kind === "entered") return;
    const { hue } = event;
    const at = this.at?.name === event.priest ? this.at : this.row(event.priest, hue);
    const y = at.y + ROW * at.lines;
    this.words(at, event.row, `inked ${hue}`);
    this.add("marks", svg("circle", { "data-of": event.priest, class: `${event.kind === "outcome" ? "decree" : "ink"} ${hue}`, cx: at.x, cy: y, r: 4.6 }));
  }

  sends(letter) {
    const at = this.at?.name === letter.from ? this.at : this.row(letter.from, letter.hue);
    if (at.lines === 0) this.words(at, `sends ${letter.text}`, "quiet");
    this.note(this.starts, letter.id, { x: at.x, y: this.y + 3 });
  }

  loses(letter) {
    const start = this.start(letter);
    if (this.at?.name !== letter.to || this.at.lines === 0) {
      this.words(this.row(letter.to, letter.hue), `lost: ${letter.text}`, "quiet lost");
    }
    if (!start) return;
    const end = { x: start.x + (this.at.x - start.x) * 0.75, y: start.y + (this.at.y - start.y) * 0.75 };
    const line = this.arrow(start, { ...end, self: letter.from === letter.to }, letter, "faded");
    line.append(svg("path", { class: "cross", d: `M${end.x - 5} ${end.y - 5}l10 10M${end.x + 5} ${end.y - 5}l-10 10` }));
    this.note(this.starts, letter.id, null);
  }

  enters(name) {
    const at = this.row(name, "b-");
    this.away(name, at.y);
    this.add("marks", svg("circle", { class: "enter", cx: at.x, cy: at.y, r: 4.6 }));
    this.words(at, "enters", "quiet");
  }

  leaves(name) {
    const at = this.row(name, "b-");
    this.note(this.absent, name, at.y);
    this.add("marks", svg("path", { class: "leave", d: `M${at.x - 5} ${at.y - 5}l10 10M${at.x + 5} ${at.y - 5}l-10 10` }));
    this.words(at, "leaves", "quiet");
  }

  /** Steps that are not shown: a line across all lifelines. */
  folds(words) {
    this.y += GAP + 10;
    const box = svg("g", { class: "folded" },
      svg("line", { x1: 0, y1: this.y, x2: this.width, y2: this.y }), svg("text", { x: 8, y: this.y - 5, class: "quiet" }, words));
    this.add("labels", box);
    // Nobody sees where the letters under way set out.
    this.floor = this.y;
    this.y += 4;
  }

  /** Rings the row that the auditor accuses, and says of what. */
  accused(fault) {
    if (!this.at) return;
    this.add("marks", svg("circle", { class: "accused", cx: this.at.x, cy: this.y, r: 8 }));
    this.words(this.at, `broken: ${fault}`, "fault", fault);
  }

  /** Hatches the time for which somebody was not there. */
  away(name, to) {
    const from = this.absent.get(name) ?? 0;
    this.add("ground", svg("rect", { class: "absence", x: this.x(name) - 5, y: from, width: 10, height: Math.max(0, to - from) }));
    this.note(this.absent, name, undefined);
  }

  /** The way of a letter: a line with a head, or a loop to oneself. */
  arrow(from, to, letter, classes = "") {
    const hue = letter.hue ?? this.hues.of(letter.ballot);
    const group = svg("g", { "data-of": `${letter.from} ${letter.to}`, class: ["way", way(letter.kind), hue, classes].filter(Boolean).join(" ") });
    const isOwn = to.self || Math.abs(from.x - to.x) < 1;
    const [dx, dy] = isOwn ? [6, 0] : [to.x - from.x, to.y - from.y];
    const long = Math.hypot(dx, dy) || 1;
    const [ux, uy] = [dx / long, dy / long];
    const tip = { x: to.x - (isOwn ? 5 : ux * 6), y: to.y - (isOwn ? 0 : uy * 6) };
    if (isOwn) {
      group.append(svg("path", { class: "loop", d: `M${from.x} ${from.y}C${from.x - 16} ${from.y + 3} ${to.x - 22} ${to.y} ${tip.x - 6} ${tip.y}` }));
    } else {
      group.append(svg("line", { x1: from.x, y1: from.y, x2: tip.x, y2: tip.y }));
    }
    const [bx, by] = [tip.x - ux * 8, tip.y - uy * 8];
    const points = `${tip.x},${tip.y} ${bx - uy * 3.6},${by + ux * 3.6} ${bx + uy * 3.6},${by - ux * 3.6}`;
    group.append(svg("polygon", { points, class: classes === "ignored" ? "hollow" : undefined }));
    this.add("ways", group);
    return group;
  }

  /** Letters under way: the beginning of a way, towards its reader. */
  underWay(start, letter) {
    const to = this.x(letter.to);
    const group = svg("g", { "data-of": letter.from, class: `way open ${way(letter.kind)} ${letter.hue}` });
    if (letter.from === letter.to) {
      group.append(svg("path", { class: "loop", d: `M${start.x} ${start.y}c-10 3 -11 10 -9 15` }));
    } else {
      const dx = Math.sign(to - start.x) * Math.min(34, Math.abs(to - start.x) * 0.4);
      group.append(svg("line", { x1: start.x, y1: start.y, x2: start.x + dx, y2: start.y + 13 }));
      group.append(svg("circle", { class: "ring", cx: start.x + dx, cy: start.y + 13, r: 2.6 }));
    }
    group.append(svg("title", {}, `${letter.text}, ${letter.from} to ${letter.to}: under way`));
    this.add("ways", group);
  }

  /** Draws what each further step changes: letters under way, who is away, the ends of the lifelines. */
  finish() {
    [this.nodes, this.notes] = [this.passing, []];
    for (const id of this.answer.bag) {
      const letter = this.letters.get(id);
      const start = this.start(letter);
      if (start) this.underWay(start, letter);
    }
    this.bottom = this.y + 8;
    const height = this.bottom + this.below;
    const { priests } = this.answer;
    for (const { name, present } of priests) {
      if (!present) this.away(name, height);
    }
    for (const [map, key, before] of this.notes) map.set(key, before);
    this.drawn.forEach(({ band }, i) => band.classList.toggle("here", i === this.drawn.length - 1));
    for (const { name } of priests) {
      const x = this.x(name);
      this.add("lines", svg("line", { class: "lifeline", x1: x, y1: 0, x2: x, y2: height }));
    }
    const words = `Lifelines of ${listed(priests.map(({ name }) => name))}; the story below tells the same in words`;
    const whole = SHEET * Math.ceil(height / SHEET);
    const size = { "aria-label": words, width: this.width * this.scale, height: whole * this.scale, viewBox: `0 0 ${this.width} ${whole}` };
    for (const [name, value] of Object.entries(size)) {
      if (this.all.getAttribute(name) !== String(value)) this.all.setAttribute(name, value);
    }
    this.window.style.height = `${height * this.scale}px`;
    laid(this.heads, priests.map(({ name, present, heresy }) => ({ name, present, heresy, left: this.x(name) - 6, scale: this.scale, room: this.pitch - 6 })), headOf);
  }

  /** Goes down to the last step. Asked for when all is drawn: the browser lays the page out for it. */
  toTheEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  /** Shows what would come of an offer, fainter than what came. */
  ghost(offer) {
    const layer = this.layers?.ghosts;
    layer?.replaceChildren();
    if (!offer || !layer) return;
    const saved = [this.layers, this.y, this.at, this.nodes];
    this.layers = { ways: svg("g"), marks: svg("g"), labels: svg("g") };
    this.y = this.bottom + 2;
    this.at = null;
    this.nodes = [];
    const letter = this.letters.get(offer.letter);
    if (offer.who) {
      const at = this.row(offer.who, letter ? letter.hue : this.hues.in(offer.move));
      const isRead = letter && offer.key.startsWith("d.");
      const start = isRead ? this.start(letter) : null;
      if (start) this.arrow(start, at, letter, offer.enabled ? "" : "ignored");
      if (isRead) this.words(at, letter.text, "letter");
      for (const { priest, row } of offer.inks) this.inks({ priest, row, kind: row.split(" ")[0], hue: this.hues.in(row) });
      for (const sent of offer.sends) {
        const from = { x: this.x(sent.from), y: this.y + 3 };
        this.arrow(from, { x: this.x(sent.to), y: from.y + 34, self: sent.from === sent.to }, sent);
      }
      if (!offer.enabled) this.words(at, offer.guard, "quiet ignored");
    }
    layer.append(...Object.values(this.layers));
    [this.layers, this.y, this.at, this.nodes] = saved;
  }
}
