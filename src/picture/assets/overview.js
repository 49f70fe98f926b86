"use strict";

// A long run at a glance: a bar for each stretch of steps. One chooses a bar, and looks closer.

const BARS = 100;
const BAR = { width: 9, letters: 60, top: 34 };

/** Each so many stretches as one. */
function merged(stretches, each) {
  const together = [];
  for (let i = 0; i < stretches.length; i += each) {
    const part = stretches.slice(i, i + each);
    const sum = (key) => part.reduce((total, it) => total + it[key], 0);
    const spans = part.map((it) => it.decrees).filter(Boolean);
    together.push({
      from: part[0].from, to: part[part.length - 1].to, begun: part[0].begun, ended: part[part.length - 1].ended,
      letters: sum("letters"), lost: sum("lost"), ignored: sum("ignored"), accused: sum("accused"), tried: sum("tried"), gone: sum("gone"),
      ballots: part.flatMap((it) => it.ballots).slice(0, 3), goings: part.flatMap((it) => it.goings).slice(0, 3),
      decrees: spans.length > 0 ? [Math.min(...spans.map((it) => it[0])), Math.max(...spans.map((it) => it[1]))] : null,
    });
  }
  return together;
}

class Overview {
  constructor(host, run) {
    this.run = run;
    this.all = run.overview.stretches;
    this.span = [0, this.all.length];
    this.chosen = 0;
    this.svg = svg("svg", { role: "img", "aria-label": "A bar for each stretch of steps: its letters, and of them those lost" });
    this.words = html("p", "words");
    this.words.setAttribute("aria-live", "polite");
    this.command = html("code", "command");
    this.buttons = [["closer", () => this.closer()], ["wider", () => this.wider()], ["earlier", () => this.move(-1)], ["later", () => this.move(1)]]
      .map(([name, act]) => {
        const button = html("button", "", name);
        button.addEventListener("click", act);
        return button;
      });
    const strip = html("div", "strip");
    strip.append(this.svg);
    const bar = html("div", "zoom");
    bar.append(...this.buttons);
    host.append(html("h2", "", "The whole run at a glance"), strip, bar, this.words, html("p", "", "To look into it: ", this.command));
    this.svg.addEventListener("click", (event) => {
      const at = Number(event.target.closest("[data-bar]")?.dataset.bar ?? -1);
      if (at >= 0) this.choose(at);
    });
    this.draw();
  }

  draw() {
    const [from, to] = this.span;
    this.each = Math.max(1, Math.ceil((to - from) / BARS));
    this.bars = merged(this.all.slice(from, to), this.each);
    this.choose(Math.min(this.chosen, this.bars.length - 1));
  }

  choose(at) {
    this.chosen = at;
    const bar = this.bars[at];
    const most = Math.max(1, ...this.bars.map((it) => it.letters));
    const [first, last] = [this.run.events[0].seq, this.run.events[this.run.events.length - 1].seq];
    const high = (many) => Math.round((many / most) * BAR.letters);
    const foot = BAR.top + BAR.letters;
    const drawn = this.bars.map((it, index) => {
      const x = index * BAR.width;
      const group = svg("g", { "data-bar": index, class: `bar${index === at ? " chosen" : ""}${it.to >= first && it.from <= last ? " told" : ""}` },
        svg("rect", { class: "ground", x, y: 0, width: BAR.width, height: foot + 12 }),
        svg("rect", { class: "letters", x: x + 1, y: foot - high(it.letters), width: BAR.width - 2, height: high(it.letters) }),
        svg("rect", { class: "gone", x: x + 1, y: foot - high(it.lost), width: BAR.width - 2, height: high(it.lost) }));
      if (it.tried > 0) group.append(svg("path", { class: "tried", d: `M${x + 1} 30l3.5 -7l3.5 7z` }));
      if (it.gone > 0) group.append(svg("path", { class: "going", d: `M${x + 1} 13h7m-3.5 -3.5v7` }));
      if (it.accused > 0) group.append(svg("circle", { class: "accused", cx: x + 4.5, cy: 5, r: 3 }));
      return group;
    });
    const width = Math.max(300, this.bars.length * BAR.width);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${foot + 14}`);
    this.svg.setAttribute("width", width);
    this.svg.replaceChildren(...drawn);
    this.words.textContent = this.told(bar);
    this.command.textContent = `${this.run.replay.replace(/( --(from|to) \d+)+$/, "")} --from ${bar.from} --to ${bar.to} --html part.html`;
    const [closer, wider, earlier, later] = this.buttons;
    closer.disabled = this.each === 1;
    wider.disabled = this.bars.length === 0 || (this.span[0] === 0 && this.span[1] === this.all.length);
    earlier.disabled = at === 0;
    later.disabled = at === this.bars.length - 1;
  }

  /** A stretch in words. */
  told(bar) {
    const of = (number) => number.toLocaleString("en");
    const parts = [`steps ${of(bar.from)} to ${of(bar.to)}, minute ${of(Math.floor(bar.begun / 1000))} to ${of(Math.floor(bar.ended / 1000))}`,
      `${of(bar.letters)} letters, ${of(bar.lost)} lost, ${of(bar.ignored)} ignored`];
    if (bar.decrees) parts.push(bar.decrees[0] === bar.decrees[1] ? `decree ${bar.decrees[0]} passed` : `decrees ${bar.decrees.join(" to ")} passed`);
    if (bar.tried > 0) parts.push(`ballots tried (triangle): ${bar.ballots.join(", ")}${bar.tried > bar.ballots.length ? ", …" : ""}`);
    if (bar.gone > 0) parts.push(`comings and goings (cross): ${bar.goings.join(", ")}${bar.gone > bar.goings.length ? ", …" : ""}`);
    if (bar.accused > 0) parts.push(`deeds accused (ring): ${of(bar.accused)}`);
    return parts.join("; ");
  }

  closer() {
    const middle = this.span[0] + (this.chosen + 0.5) * this.each;
    this.reach(middle, Math.max(BARS / 4, (this.span[1] - this.span[0]) / 8));
  }

  wider() {
    const middle = this.span[0] + (this.chosen + 0.5) * this.each;
    this.reach(middle, (this.span[1] - this.span[0]) * 8);
  }

  /** Shows so many stretches around one, which stays chosen. */
  reach(middle, many) {
    const length = Math.min(this.all.length, Math.round(many));
    const from = Math.max(0, Math.min(this.all.length - length, Math.round(middle - length / 2)));
    this.span = [from, from + length];
    this.chosen = Math.floor((middle - from) / Math.max(1, Math.ceil(length / BARS)));
    this.draw();
  }

  move(way) {
    this.choose(Math.max(0, Math.min(this.bars.length - 1, this.chosen + way)));
  }
}
