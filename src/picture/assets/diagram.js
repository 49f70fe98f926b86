"use strict";

// The space-time diagram: only what is near the window is in the document, so that a long run
// opens and steps as fast as a short one.

const SVG = "http://www.w3.org/2000/svg";
const BUCKET = 600;
const LINE = 14;
/** Below this scale words cannot be read: the diagram is drawn narrow, without them. */
const LEAST_SCALE = 0.72;
/** How far apart lifelines are at least in a narrow diagram, and how much shorter its rows are. */
const NARROW = { pitch: 34, axis: 44, rows: 0.8 };

/** An SVG element with attributes and children. */
function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A picture of the page's own. */
function icon(name) {
  return svg("svg", { "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));
}

/** The same sheet for a narrow pane: lifelines close together, and no words beside them. */
function narrowed(sheet, room) {
  const pitch = Math.max(NARROW.pitch, (room - NARROW.axis - 4) / sheet.lifelines.length);
  const lifelines = sheet.lifelines.map((_, column) => Math.round(NARROW.axis + pitch * (column + 0.5)));
  const width = Math.round(Math.max(room, NARROW.axis + pitch * sheet.lifelines.length + 4));
  const stops = [[0, 0], [sheet.axis, NARROW.axis - 6], ...sheet.lifelines.map((x, i) => [x, lifelines[i]]), [sheet.width, width]];
  const x = (at) => {
    const next = Math.max(1, stops.findIndex(([from]) => from >= at));
    const [[a, to], [b, end]] = [stops[next - 1], stops[next]];
    return Math.round(to + ((at - a) / (b - a)) * (end - to));
  };
  const y = (at) => Math.round(at * NARROW.rows);
  const point = ([a, b]) => [x(a), y(b)];
  return {
    ...sheet, narrow: true, pitch, width, lifelines, axis: NARROW.axis - 6, height: y(sheet.height),
    rows: sheet.rows.map(([at, hour]) => [y(at), hour]),
    absences: sheet.absences.map(([column, from, to]) => [column, y(from), y(to)]),
    heights: sheet.heights.map(y),
    ways: sheet.ways.map((way) => ({ ...way, from: point(way.from), to: point(way.to), ring: way.ring && point(way.ring) })),
    marks: sheet.marks.map(([event, a, b, sign, hue]) => [event, x(a), y(b), sign, hue]),
    labels: [],
    folds: sheet.folds.map(([at, words]) => [y(at), `${words.split(":")[0]} …`]),
  };
}

class Diagram {
  constructor(box, run, heard) {
    this.run = run;
    this.heard = heard;
    this.cursor = 0;
    this.index = 0;
    this.build(box);
    this.fit();
  }

  /** Lays out one of the run's sheets: the folded one, or the whole. */
  lay(index) {
    this.index = Math.min(index, this.run.sheets.length - 1);
    this.sheet = undefined;
    this.fit();
  }

  build(box) {
    this.names = box.querySelector(".names");
    this.scroll = box.querySelector(".scroll");
    this.ground = svg("g");
    this.band = svg("rect", { class: "cursor", x: 0, height: 26 });
    this.layers = ["ways", "marks", "labels"].map((name) => svg("g", { class: name }));
    this.svg = svg("svg", { role: "presentation" }, this.band, this.ground, ...this.layers);
    this.scroll.append(this.svg);
    this.buttons = this.run.priests.map((name, column) => {
      const button = document.createElement("button");
      button.textContent = name;
      button.title = `${name}'s view: what he cannot know grows dim`;
      button.addEventListener("click", () => this.heard.mortal(column));
      this.names.append(button);
      return button;
    });
    this.scroll.addEventListener("scroll", () => {
      this.names.scrollLeft = this.scroll.scrollLeft;
      this.later();
    });
    new ResizeObserver(() => this.fit()).observe(this.scroll);
    this.svg.addEventListener("pointerover", (event) => this.heard.hover(eventOf(event.target)));
    this.svg.addEventListener("pointerleave", () => this.heard.hover(-1));
    this.svg.addEventListener("click", (event) => {
      const at = eventOf(event.target);
      if (at >= 0) this.heard.go(at);
    });
  }

  /** Fits the drawing to its pane: to scale, or narrow where nobody could read its words. */
  fit() {
    const room = this.scroll.clientWidth;
    if (room === 0) return;
    const whole = this.run.sheets[this.index];
    const large = document.body.classList.contains("projector");
    const isNarrow = room / whole.width < (large ? 1 : LEAST_SCALE);
    if (!this.sheet || this.room !== room || this.isNarrow !== isNarrow) {
      [this.room, this.isNarrow] = [room, isNarrow];
      this.sheet = isNarrow ? narrowed(whole, room) : whole;
      this.scale = isNarrow ? 1 : Math.min(large ? 1.6 : 1.25, room / whole.width);
      this.drawSheet();
    }
    if (this.view) this.at(this.cursor, this.view);
  }

  drawSheet() {
    const { width, height, lifelines, absences } = this.sheet;
    this.shown = new Map();
    this.buckets = new Map();
    for (const layer of [this.ground, ...this.layers]) layer.replaceChildren();
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("width", Math.round(width * this.scale));
    this.svg.setAttribute("height", Math.round(height * this.scale));
    this.band.setAttribute("width", width);
    this.ground.append(...lifelines.map((x) => svg("line", { class: "lifeline", x1: x, x2: x, y1: 6, y2: height - 8 })));
    this.absences = absences.map(([column, from, to]) => [drawAbsence(lifelines[column], from, to), from, to]);
    this.ground.append(...this.absences.map(([node]) => node));
    const pitch = lifelines.length > 1 ? lifelines[1] - lifelines[0] : 140;
    this.buttons.forEach((button, column) => {
      button.style.left = `${lifelines[column] * this.scale}px`;
      button.style.maxWidth = `${pitch * this.scale - 2}px`;
    });
    this.sort();
    if (this.different !== undefined) this.markDifference(this.different);
  }

  /** Sorts everything into buckets by height. */
  sort() {
    for (const item of itemsOf(this.sheet)) {
      const draw = item.fold ? () => this.drawFold(item.draw()) : item.draw;
      const kept = { ...item, draw };
      for (let b = Math.floor(item.top / BUCKET); b <= Math.floor(item.foot / BUCKET); b += 1) {
        if (!this.buckets.has(b)) this.buckets.set(b, []);
        this.buckets.get(b).push(kept);
      }
    }
  }

  drawFold(node) {
    node.addEventListener("click", () => this.heard.unfold());
    return node;
  }

  later() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.show();
    });
  }

  /** Puts into the document what is near the window, and takes out what is not. */
  show() {
    const top = this.scroll.scrollTop / this.scale - 200;
    const foot = top + this.scroll.clientHeight / this.scale + 400;
    const wanted = new Set();
    for (let b = Math.floor(Math.max(0, top) / BUCKET); b <= Math.floor(foot / BUCKET); b += 1) {
      for (const item of this.buckets.get(b) ?? []) wanted.add(item);
    }
    for (const [item, node] of this.shown) {
      if (!wanted.has(item)) {
        node.remove();
        this.shown.delete(item);
      }
    }
    for (const item of wanted) {
      if (!this.shown.has(item)) {
        const node = item.draw();
        this.layers[item.layer].append(node);
        this.shown.set(item, node);
      }
    }
    this.paint();
  }

  /** Moves the cursor; `view` says what is filtered, and what is known. */
  at(cursor, view) {
    this.cursor = Math.min(cursor, this.run.events.length - 1);
    this.view = view;
    if (!this.sheet) return;
    const y = this.sheet.heights[this.cursor];
    this.band.setAttribute("y", y - 13);
    this.follow(y);
    this.buttons.forEach((button, column) => {
      const inside = changeAt(this.run.history.desks[column].inside, this.cursor);
      button.classList.toggle("out", !(inside && inside[1]));
      button.setAttribute("aria-pressed", String(view.mortal === column));
    });
    this.show();
  }

  /** Scrolls so that the cursor is in sight. */
  follow(y) {
    const [top, height] = [this.scroll.scrollTop / this.scale, this.scroll.clientHeight / this.scale];
    if (y < top + 40 || y > top + height - 60) {
      this.scroll.scrollTop = Math.max(0, (y - height / 2) * this.scale);
    }
  }

  paint() {
    if (!this.view || !this.sheet) return;
    const here = this.sheet.heights[this.cursor];
    for (const [item, node] of this.shown) {
      if (item.way) this.paintWay(item.way, node);
      else if (item.event !== undefined) this.paintEvent(item.event, node);
      else node.classList.toggle("future", item.y > here);
    }
    for (const [node, from, to] of this.absences) {
      const end = this.view.hidesFuture ? Math.min(to, here) : to;
      node.setAttribute("height", Math.max(0, end - from));
    }
  }

  paintWay(way, node) {
    const { past, ballot, decree } = this.view;
    const [sent, ended] = [way.sent < 0 ? way.ended : way.sent, way.ended];
    const beyond = (past && !isKnown(this.run, past, sent)) ||
      (ballot && way.ballot !== ballot) || (decree && way.number !== decree);
    node.classList.toggle("future", sent > this.cursor);
    node.classList.toggle("coming", sent <= this.cursor && (ended < 0 || ended > this.cursor));
    node.classList.toggle("beyond", Boolean(beyond));
    node.classList.toggle("lit", sent === this.cursor || ended === this.cursor);
  }

  paintEvent(index, node) {
    const { past, ballot, decree } = this.view;
    const event = this.run.events[index];
    const beyond = (past && !isKnown(this.run, past, index)) ||
      (ballot && event.ballot !== ballot) || (decree && event.number !== decree);
    node.classList.toggle("future", index > this.cursor);
    node.classList.toggle("beyond", Boolean(beyond));
    node.classList.toggle("lit", index === this.cursor);
  }

  /** Lights the first event in which two runs differ. */
  markDifference(index) {
    this.different = Math.min(index, this.run.events.length - 1);
    if (!this.sheet) return;
    const y = this.sheet.heights[this.different];
    this.ground.append(svg("rect", { class: "difference", x: 2, y: y - 17, width: this.sheet.width - 4, height: 34, rx: 6 }));
  }
}

/** Everything on a sheet but its ground, each with where it is and how it is drawn. */
function itemsOf(sheet) {
  const { axis, width } = sheet;
  const ways = sheet.ways.map((way) => ({ layer: 0, top: Math.min(way.from[1], way.to[1]), foot: Math.max(way.from[1], way.to[1]), draw: () => drawWay(way), way }));
  const marks = sheet.marks.map((mark) => ({ layer: 1, top: mark[2] - 18, foot: mark[2] + 14, draw: () => drawMark(mark), event: mark[0], whole: true }));
  const labels = sheet.labels.map((label) => ({ layer: 2, top: label.y, foot: label.y + LINE * label.lines.length, draw: () => drawLabel(label), event: label.event, whole: true }));
  const folds = sheet.folds.map(([y, words]) => ({ layer: 2, top: y - 13, foot: y + 13, draw: () => drawFold(width, y, words), fold: true, y, whole: true }));
  const hours = sheet.rows.map(([y, at]) => ({ layer: 2, top: y - 8, foot: y + 8, draw: () => svg("text", { class: "hour", x: axis, y: y + 4 }, at), y, whole: true }));
  return [...ways, ...marks, ...labels, ...folds, ...hours];
}

/** The event that something in the drawing stands for, or -1. */
function eventOf(target) {
  const holder = target.closest?.("[data-event]");
  return holder ? Number(holder.getAttribute("data-event")) : -1;
}

/** The three points of an arrow's head. */
function pointOf([x1, y1], [x2, y2]) {
  const length = Math.max(1, Math.hypot(x2 - x1, y2 - y1));
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const point = (back, aside) => `${(x2 - ux * back - uy * aside).toFixed(1)},${(y2 - uy * back + ux * aside).toFixed(1)}`;
  return [point(1, 0), point(11, 4), point(11, -4)].join(" ");
}

/** A letter's way; its `stub` is all that is seen of one whose end is still to come. */
function drawWay(way) {
  const [[x1, y1], [x2, y2]] = [way.from, way.to];
  const part = Math.min(1, 26 / Math.max(1, Math.hypot(x2 - x1, y2 - y1)));
  const group = svg("g", { class: `way ${way.class}`, "data-event": way.ended < 0 ? way.sent : way.ended },
    svg("line", { x1, y1, x2, y2 }),
    svg("line", { class: "stub", x1, y1, x2: x1 + (x2 - x1) * part, y2: y1 + (y2 - y1) * part }));
  if (way.end === "read") group.append(svg("polygon", { points: pointOf(way.from, way.to) }));
  if (way.end === "ignored") group.append(svg("circle", { class: "hollow", cx: x2, cy: y2, r: 4.5 }));
  if (way.end === "lost") group.append(svg("path", { class: "cross", d: `M${x2 - 5} ${y2 - 5}l10 10m0 -10l-10 10` }));
  if (way.ring) group.append(svg("circle", { class: "ring", cx: way.ring[0], cy: way.ring[1], r: 4 }));
  return group;
}

const SIGNS = {
  ink: (x, y) => svg("rect", { class: "ink", x: x - 6, y: y - 6, width: 12, height: 12 }),
  decree: (x, y) => svg("rect", { class: "decree", x: x - 7, y: y - 7, width: 14, height: 14 }),
  slip: (x, y) => svg("circle", { class: "slip", cx: x, cy: y, r: 11 }),
  enter: (x, y) => svg("path", { class: "enter", d: `M${x - 6} ${y - 18}h12l-6 9z` }),
  leave: (x, y) => svg("path", { class: "leave", d: `M${x - 8} ${y + 4}h16m-12 -9l8 8m0 -8l-8 8` }),
  accused: (x, y) => svg("circle", { class: "accused", cx: x, cy: y, r: 14 }),
};

function drawMark([event, x, y, sign, hue]) {
  return svg("g", { class: `mark ${hue}`, "data-event": event }, SIGNS[sign](x, y));
}

const TELLS = { letter: "letter", ignored: "letter ignored", lost: "letter lost", ink: "inked" };

function drawLabel(label) {
  const texts = label.lines.map((line, index) =>
    svg("text", { class: `${TELLS[label.tells]}${label.end ? " end" : ""}`, x: label.x, y: label.y + 11 + LINE * index }, line));
  return svg("g", { class: "label", "data-event": label.event }, ...texts);
}

function drawFold(width, y, words) {
  return svg("g", { class: "fold" }, svg("rect", { x: 8, y: y - 12, width: width - 16, height: 24, rx: 5 }),
    svg("text", { x: width / 2, y: y + 4 }, words));
}

function drawAbsence(x, from, to) {
  return svg("rect", { class: "absence", x: x - 7, y: from, width: 14, height: Math.max(0, to - from) });
}
