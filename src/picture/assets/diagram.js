"use strict";

// The space-time diagram: only what is near the window is in the document, so that a long run
// opens and steps as fast as a short one.

const SVG = "http://www.w3.org/2000/svg";
const BUCKET = 600;

/** An SVG element with attributes and children. */
function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

class Diagram {
  constructor(host, run, heard) {
    this.run = run;
    this.heard = heard;
    this.cursor = 0;
    this.build(host);
    this.lay(0);
  }

  /** Lays out one of the run's sheets: the folded one, or the whole. */
  lay(index) {
    this.sheet = this.run.sheets[Math.min(index, this.run.sheets.length - 1)];
    this.shown = new Map();
    this.buckets = new Map();
    for (const layer of [this.ground, ...this.layers]) layer.replaceChildren();
    this.svg.setAttribute("viewBox", `0 0 ${this.sheet.width} ${this.sheet.height}`);
    this.band.setAttribute("width", this.sheet.width);
    this.drawGround();
    this.sort();
    this.fit();
    if (this.different !== undefined) this.markDifference(this.different);
  }

  build(host) {
    this.names = document.createElement("div");
    this.names.className = "names";
    this.scroll = document.createElement("div");
    this.scroll.className = "scroll";
    this.ground = svg("g");
    this.band = svg("rect", { class: "cursor", x: 0, height: 26 });
    this.layers = ["ways", "marks", "labels"].map((name) => svg("g", { class: name }));
    const hatch = svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { width: 2, height: 6, fill: "#8886" }));
    this.svg = svg("svg", { role: "presentation" },
      svg("defs", {}, hatch), this.band, this.ground, ...this.layers);
    this.scroll.append(this.svg);
    const box = document.createElement("div");
    box.className = "run";
    box.append(this.names, this.scroll);
    host.append(box);
    this.buttons = this.run.priests.map((name, column) => {
      const button = document.createElement("button");
      button.textContent = name;
      button.title = `${name}'s view: what he cannot know grows dim`;
      button.addEventListener("click", () => this.heard.mortal(column));
      this.names.append(button);
      return button;
    });
    this.scroll.addEventListener("scroll", () => this.later());
    new ResizeObserver(() => this.fit()).observe(this.scroll);
    this.svg.addEventListener("pointerover", (event) => this.heard.hover(eventOf(event.target)));
    this.svg.addEventListener("pointerleave", () => this.heard.hover(-1));
    this.svg.addEventListener("click", (event) => {
      const at = eventOf(event.target);
      if (at >= 0) this.heard.go(at);
    });
  }

  drawGround() {
    const { lifelines, absences, height } = this.sheet;
    for (const x of lifelines) {
      this.ground.append(svg("line", { class: "lifeline", x1: x, x2: x, y1: 6, y2: height - 8 }));
    }
    for (const [column, from, to] of absences) {
      this.ground.append(svg("rect", { class: "absence", x: lifelines[column] - 7, y: from, width: 14, height: to - from }));
    }
  }

  /** Fits the drawing to its pane. */
  fit() {
    const room = this.scroll.clientWidth;
    if (room === 0 || !this.sheet) return;
    this.scale = Math.min(1.25, room / this.sheet.width);
    this.svg.setAttribute("width", Math.round(this.sheet.width * this.scale));
    this.svg.setAttribute("height", Math.round(this.sheet.height * this.scale));
    this.buttons.forEach((button, column) => {
      button.style.left = `${this.sheet.lifelines[column] * this.scale}px`;
    });
    this.follow(this.sheet.heights[this.cursor]);
    this.later();
  }

  /** Sorts everything into buckets by height. */
  sort() {
    const put = (from, to, item) => {
      for (let b = Math.floor(Math.min(from, to) / BUCKET); b <= Math.floor(Math.max(from, to) / BUCKET); b += 1) {
        if (!this.buckets.has(b)) this.buckets.set(b, []);
        this.buckets.get(b).push(item);
      }
    };
    this.sheet.ways.forEach((way) => put(way.from[1], way.to[1], { layer: 0, draw: () => drawWay(way), way }));
    this.sheet.marks.forEach((mark) => put(mark[2], mark[2], { layer: 1, draw: () => drawMark(mark), event: mark[0] }));
    this.sheet.labels.forEach((label) => put(label.y, label.y, { layer: 2, draw: () => drawLabel(label), event: label.event }));
    this.sheet.folds.forEach(([y, words]) => put(y, y, { layer: 2, draw: () => this.drawFold(y, words) }));
    this.sheet.rows.forEach(([y, at]) => put(y, y, { layer: 2, draw: () => svg("text", { class: "hour", x: 40, y: y + 4 }, at) }));
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
  show(everything = false) {
    const top = everything ? 0 : this.scroll.scrollTop / this.scale - 200;
    const foot = everything ? this.sheet.height : top + this.scroll.clientHeight / this.scale + 400;
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
    if (!this.view) return;
    for (const [item, node] of this.shown) {
      if (item.way) this.paintWay(item.way, node);
      else if (item.event !== undefined) this.paintEvent(item.event, node);
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

  drawFold(y, words) {
    const { width } = this.sheet;
    const strip = svg("g", { class: "fold" }, svg("rect", { x: 8, y: y - 12, width: width - 16, height: 24, rx: 5 }),
      svg("text", { x: width / 2, y: y + 4 }, words));
    strip.addEventListener("click", () => this.heard.unfold());
    return strip;
  }

  /** Lights the first event in which two runs differ. */
  markDifference(index) {
    this.different = Math.min(index, this.run.events.length - 1);
    const y = this.sheet.heights[this.different];
    this.ground.append(svg("rect", { class: "difference", x: 2, y: y - 17, width: this.sheet.width - 4, height: 34, rx: 6 }));
  }
}

/** The event that something in the drawing stands for, or -1. */
function eventOf(target) {
  const holder = target.closest?.("[data-event]");
  return holder ? Number(holder.getAttribute("data-event")) : -1;
}

function drawWay(way) {
  const [[x1, y1], [x2, y2]] = [way.from, way.to];
  const group = svg("g", { class: `way ${way.class}`, "data-event": way.ended < 0 ? way.sent : way.ended },
    svg("line", { x1, y1, x2, y2 }));
  if (way.end === "read") group.append(svg("polygon", { points: way.head }));
  if (way.end === "ignored") group.append(svg("circle", { class: "hollow", cx: x2, cy: y2, r: 4.5 }));
  if (way.end === "lost") group.append(svg("path", { class: "cross", d: `M${x2 - 5} ${y2 - 5}l10 10m0 -10l-10 10` }));
  if (way.ring) group.append(svg("circle", { class: "ring", cx: way.ring[0], cy: way.ring[1], r: 4 }));
  return group;
}

const SIGNS = {
  ink: (x, y) => svg("rect", { class: "ink", x: x - 6, y: y - 6, width: 12, height: 12 }),
  decree: (x, y) => svg("rect", { class: "decree", x: x - 7, y: y - 7, width: 14, height: 14 }),
  slip: (x, y) => svg("circle", { class: "slip", cx: x, cy: y, r: 11 }),
  enter: (x, y) => svg("path", { class: "enter", d: `M${x - 6} ${y - 22}h12l-6 9z` }),
  leave: (x, y) => svg("path", { class: "leave", d: `M${x - 8} ${y + 4}h16m-12 -9l8 8m0 -8l-8 8` }),
  accused: (x, y) => svg("circle", { class: "accused", cx: x, cy: y, r: 14 }),
};

function drawMark([event, x, y, sign, hue]) {
  return svg("g", { class: `mark ${hue}`, "data-event": event }, SIGNS[sign](x, y));
}

const TELLS = { letter: "letter", ignored: "letter ignored", lost: "letter lost", ink: "inked" };

function drawLabel(label) {
  const texts = label.lines.map((line, index) =>
    svg("text", { class: `${TELLS[label.tells]}${label.end ? " end" : ""}`, x: label.x, y: label.y + 11 + 14 * index }, line));
  return svg("g", { class: "label", "data-event": label.event }, ...texts);
}
