// The lifelines, growing downward; and what would come of a choice, in ghost ink.

const ROW = 15;
const GAP = 15;
const LEAST_PITCH = 104;
const TOP = 18;

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

class Diagram {
  /** `below` is the room beneath the last step, for what would come of a choice. */
  constructor(box, below = 96) {
    this.scroll = box.querySelector(".scroll");
    this.below = below;
  }

  /** Draws the way here. */
  draw(answer, hues, chosen, parted) {
    this.parted = parted;
    this.answer = answer;
    this.hues = hues;
    this.letters = new Map(answer.letters.map((letter) => [letter.id, letter]));
    this.columns = new Map(answer.priests.map(({ name }, i) => [name, i]));
    // On a projector all words are large, those of the picture too.
    this.scale = document.body.classList.contains("projector") ? 1.4 : 1;
    const room = Math.max((this.scroll.clientWidth - 2) / this.scale, 200);
    this.pitch = Math.max(LEAST_PITCH, room / answer.priests.length);
    this.width = Math.round(this.pitch * answer.priests.length);
    this.starts = new Map();
    this.sent = new Set();
    this.y = TOP;
    this.layers = { ways: svg("g"), marks: svg("g"), labels: svg("g"), ghosts: svg("g", { class: "ghosts" }) };
    this.absent = new Map();
    this.ground = svg("g");
    this.lies(4);
    answer.path.forEach((step, i) => i > 0 && this.step(step, i === answer.path.length - 1, chosen));
    this.finish();
  }

  /** Letters that are yet to be read set out from here, until it is told where they did. */
  lies(y) {
    for (const letter of this.answer.letters) {
      if (this.columns.has(letter.from) && !this.starts.has(letter.id)) this.starts.set(letter.id, { x: this.x(letter.from), y });
    }
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
    this.layers.labels.append(line);
    at.lines += 1;
    this.y = at.y + ROW * (at.lines - 1);
  }

  step(step, isLast, chosen) {
    const from = this.y + GAP - 10;
    this.at = null;
    const only = step.events.every(({ event }) => event === "said");
    if (only) this.nothing(step);
    for (const event of step.events) {
      this.event(event, step);
      for (const fault of event.faults ?? []) this.accused(fault);
    }
    const band = svg("rect", {
      class: `step${isLast ? " here" : ""}`, x: 0, y: from, width: this.width, height: this.y - from + 11, rx: 3,
      "data-moment": step.moment,
    }, svg("title", {}, `${step.move} (moment ${step.moment})`));
    band.addEventListener("click", () => chosen(step.moment));
    this.ground.append(band);
    if (step.moment === this.parted) {
      this.ground.append(svg("line", { class: "parted", x1: 0, y1: from, x2: this.width, y2: from }));
    }
  }

  /** A step of which nothing is written and nothing sent. */
  nothing(step) {
    this.y += GAP;
    const at = { x: 0, y: this.y, lines: 0, name: "" };
    const words = step.guard ? `${step.move}: ${step.guard}` : step.move;
    this.layers.labels.append(svg("text", { x: 8, y: at.y + 4, class: "quiet" }, fitted(words, this.width - 20)));
  }

  event(event, step) {
    const letter = this.letters.get(event.letter);
    switch (event.event) {
      case "reads": return this.reads(letter, step);
      case "inks": return this.inks(event);
      case "sends": return this.sends(letter);
      case "repeats":
        this.words(this.row(letter.from, this.hues.of(letter.ballot)), `repeats ${letter.text}`, "quiet");
        return this.sends(letter);
      case "loses": return this.loses(letter);
      case "enters": return this.enters(event.priest);
      case "leaves": return this.leaves(event.priest);
      case "folds": return this.folds(step.move);
      default: return undefined;
    }
  }

  reads(letter, step) {
    const hue = this.hues.of(letter.ballot);
    const at = this.row(letter.to, hue);
    const ignored = Boolean(step.guard);
    if (this.starts.has(letter.id)) this.arrow(this.starts.get(letter.id), at, letter, ignored ? "ignored" : "");
    this.starts.delete(letter.id);
    this.words(at, letter.text, `letter${ignored ? " ignored" : ""}`, `${letter.text}, from ${letter.from}`);
    if (ignored) this.words(at, step.guard, "quiet ignored");
  }

  inks(event) {
    if (event.kind === "entered") return;
    const hue = this.hues.in(event.row);
    const at = this.at?.name === event.priest ? this.at : this.row(event.priest, hue);
    const y = at.y + ROW * at.lines;
    this.words(at, event.row, `inked ${hue}`);
    this.layers.marks.append(svg("circle", { "data-of": event.priest, class: `${event.kind === "outcome" ? "decree" : "ink"} ${hue}`, cx: at.x, cy: y, r: 4.6 }));
  }

  sends(letter) {
    const at = this.at?.name === letter.from ? this.at : this.row(letter.from, this.hues.of(letter.ballot));
    if (at.lines === 0) this.words(at, `sends ${letter.text}`, "quiet");
    this.starts.set(letter.id, { x: at.x, y: this.y + 3 });
    this.sent.add(letter.id);
  }

  loses(letter) {
    const start = this.starts.get(letter.id);
    if (this.at?.name !== letter.to || this.at.lines === 0) {
      this.words(this.row(letter.to, this.hues.of(letter.ballot)), `lost: ${letter.text}`, "quiet lost");
    }
    if (!start) return;
    const end = { x: start.x + (this.at.x - start.x) * 0.75, y: start.y + (this.at.y - start.y) * 0.75 };
    const line = this.arrow(start, { ...end, self: letter.from === letter.to }, letter, "faded");
    line.append(svg("path", { class: "cross", d: `M${end.x - 5} ${end.y - 5}l10 10M${end.x + 5} ${end.y - 5}l-10 10` }));
    this.starts.delete(letter.id);
  }

  enters(name) {
    const at = this.row(name, "b-");
    this.away(name, at.y);
    this.layers.marks.append(svg("circle", { class: "enter", cx: at.x, cy: at.y, r: 4.6 }));
    this.words(at, "enters", "quiet");
  }

  leaves(name) {
    const at = this.row(name, "b-");
    this.absent.set(name, at.y);
    this.layers.marks.append(svg("path", { class: "leave", d: `M${at.x - 5} ${at.y - 5}l10 10M${at.x + 5} ${at.y - 5}l-10 10` }));
    this.words(at, "leaves", "quiet");
  }

  /** Steps that are not shown: a line across all lifelines. */
  folds(words) {
    this.y += GAP + 10;
    const box = svg("g", { class: "folded" },
      svg("line", { x1: 0, y1: this.y, x2: this.width, y2: this.y }), svg("text", { x: 8, y: this.y - 5, class: "quiet" }, words));
    this.layers.labels.append(box);
    // Nobody sees where the letters under way set out.
    for (const { id, from } of this.answer.letters) {
      if (this.columns.has(from) && !this.sent.has(id) && this.starts.has(id)) this.starts.set(id, { x: this.x(from), y: this.y });
    }
    this.y += 4;
  }

  /** Rings the row that the auditor accuses, and says of what. */
  accused(fault) {
    if (!this.at) return;
    this.layers.marks.append(svg("circle", { class: "accused", cx: this.at.x, cy: this.y, r: 8 }));
    this.words(this.at, `broken: ${fault}`, "fault", fault);
  }

  /** Hatches the time for which somebody was not there. */
  away(name, to) {
    const from = this.absent.get(name) ?? 0;
    this.ground.append(svg("rect", { class: "absence", x: this.x(name) - 5, y: from, width: 10, height: Math.max(0, to - from) }));
    this.absent.delete(name);
  }

  /** The way of a letter: a line with a head, or a loop to oneself. */
  arrow(from, to, letter, classes = "") {
    const hue = this.hues.of(letter.ballot);
    const group = svg("g", { "data-of": `${letter.from} ${letter.to}`, class: `way ${way(letter.kind)} ${hue} ${classes}` });
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
    this.layers.ways.append(group);
    return group;
  }

  /** Letters under way: the beginning of a way, towards its reader. */
  underWay(start, letter) {
    const to = this.x(letter.to);
    const hue = this.hues.of(letter.ballot);
    const group = svg("g", { "data-of": letter.from, class: `way open ${way(letter.kind)} ${hue}` });
    if (letter.from === letter.to) {
      group.append(svg("path", { class: "loop", d: `M${start.x} ${start.y}c-10 3 -11 10 -9 15` }));
    } else {
      const dx = Math.sign(to - start.x) * Math.min(34, Math.abs(to - start.x) * 0.4);
      group.append(svg("line", { x1: start.x, y1: start.y, x2: start.x + dx, y2: start.y + 13 }));
      group.append(svg("circle", { class: "ring", cx: start.x + dx, cy: start.y + 13, r: 2.6 }));
    }
    group.append(svg("title", {}, `${letter.text}, ${letter.from} to ${letter.to}: under way`));
    this.layers.ways.append(group);
  }

  finish() {
    const bag = new Set(this.answer.bag);
    for (const [id, start] of this.starts) {
      const letter = this.letters.get(id);
      if (bag.has(id)) this.underWay(start, letter);
    }
    this.bottom = this.y + 8;
    const height = this.bottom + this.below;
    for (const { name, present } of this.answer.priests) {
      if (!present) this.away(name, height);
    }
    const lines = svg("g");
    for (const { name } of this.answer.priests) {
      const x = this.x(name);
      lines.append(svg("line", { class: "lifeline", x1: x, y1: 0, x2: x, y2: height }));
    }
    const { ways, marks, labels, ghosts } = this.layers;
    const words = `Lifelines of ${listed(this.answer.priests.map(({ name }) => name))}; the story below tells the same in words`;
    const all = svg("svg", { role: "img", "aria-label": words, width: this.width * this.scale, height: height * this.scale, viewBox: `0 0 ${this.width} ${height}` },
      lines, this.ground, ways, marks, labels, ghosts);
    const heads = element("div", { class: "names" });
    heads.style.width = `${this.width * this.scale}px`;
    for (const { name, present, heresy } of this.answer.priests) {
      const head = element("span", { class: present ? "" : "out", title: heresy ? `${name} holds ${heresy}` : undefined }, name);
      head.style.left = `${(this.x(name) - 6) * this.scale}px`;
      head.style.maxWidth = `${(this.pitch - 6) * this.scale}px`;
      heads.append(head);
    }
    this.scroll.replaceChildren(heads, all);
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  /** Shows what would come of an offer, fainter than what came. */
  ghost(offer) {
    const layer = this.layers?.ghosts;
    layer?.replaceChildren();
    if (!offer || !layer) return;
    const saved = [this.layers, this.y, this.at, new Map(this.starts)];
    this.layers = { ways: svg("g"), marks: svg("g"), labels: svg("g"), ghosts: layer };
    this.y = this.bottom + 2;
    this.at = null;
    const letter = this.letters.get(offer.letter);
    if (offer.who) {
      const at = this.row(offer.who, letter ? this.hues.of(letter.ballot) : this.hues.in(offer.move));
      const isRead = letter && offer.key.startsWith("d.");
      if (isRead && this.starts.has(letter.id)) this.arrow(this.starts.get(letter.id), at, letter, offer.enabled ? "" : "ignored");
      if (isRead) this.words(at, letter.text, "letter");
      for (const { priest, row } of offer.inks) this.inks({ priest, row, kind: row.split(" ")[0] });
      for (const sent of offer.sends) {
        const from = { x: this.x(sent.from), y: this.y + 3 };
        this.arrow(from, { x: this.x(sent.to), y: from.y + 34, self: sent.from === sent.to }, sent);
      }
      if (!offer.enabled) this.words(at, offer.guard, "quiet ignored");
    }
    layer.append(this.layers.ways, this.layers.marks, this.layers.labels);
    [this.layers, this.y, this.at, this.starts] = saved;
  }
}
