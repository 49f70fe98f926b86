// The panels beside the lifelines: the bag, deeds, ledgers, B and the rules, moments, the story.

/** The consequence of an offer in one line. */
function consequence(offer) {
  if (!offer.enabled) return `ignored: ${offer.guard}`;
  const parts = offer.inks.map(({ priest, row }) => `${priest === offer.who ? "" : `${priest} `}inks ${row}`);
  const sent = new Map();
  for (const { text, to } of offer.sends) sent.set(text, [...(sent.get(text) ?? []), to]);
  for (const [text, to] of sent) parts.push(`sends ${text} to ${listed(to)}`);
  if (parts.length === 0) parts.push(...offer.lines.map(({ text }) => text));
  return parts.join(" · ");
}

class Panels {
  /** `heard` is told which offer was chosen, and on which one somebody looks. */
  constructor(heard) {
    this.heard = heard;
  }

  draw(answer, hues) {
    this.answer = answer;
    this.hues = hues;
    this.number = 0;
    this.bag();
    this.deeds();
    this.desks();
    this.rules();
    drawBallots(answer, hues);
  }

  /** A button that makes a move, and shows what would come of it before. */
  button(offer, classes, label, ...children) {
    const isGrey = !offer.enabled && !predict.isOn;
    const made = element("button", {
      type: "button", class: `${classes}${isGrey ? " grey" : ""}`, "data-key": offer.key, "aria-label": label,
    }, ...children);
    made.addEventListener("click", () => this.heard.chosen(offer));
    made.addEventListener("focus", () => !page.isRefocusing && this.heard.looked(offer));
    made.addEventListener("mouseenter", () => this.heard.looked(offer));
    made.addEventListener("mouseleave", () => this.heard.looked(null));
    made.addEventListener("blur", () => this.heard.looked(null));
    return made;
  }

  digit() {
    this.number += 1;
    return element("kbd", { class: "digit", "aria-hidden": "true" }, this.number <= 9 ? String(this.number) : "");
  }

  /** What else is said of an offer: what comes of it, the section, what it breaks. */
  below(offer) {
    if (predict.isOn) return null;
    const breaks = offer.breaks.map(({ rule }) => element("strong", { class: "breaks" }, `breaks ${rule}`));
    return element("span", { class: "below" }, consequence(offer), " ", element("i", {}, section(offer.section)), ...breaks);
  }

  bag() {
    const letters = new Map();
    for (const offer of this.answer.offers.filter(({ letter }) => letter !== null)) {
      letters.set(offer.letter, [...(letters.get(offer.letter) ?? []), offer]);
    }
    const known = new Map(this.answer.letters.map((letter) => [letter.id, letter]));
    const rows = [...letters].map(([id, offers]) => this.letter(known.get(id), offers));
    if (rows.length === 0) rows.push(element("li", { class: "none" }, "No letter is under way."));
    byId("bag").replaceChildren(...rows);
    byId("bag-count").textContent = this.answer.bag.length === 0 ? "" : `${counted(this.answer.bag.length, "letter")} under way`;
  }

  letter(letter, offers) {
    const [read] = offers.filter(({ key }) => key.startsWith("d."));
    const rest = offers.filter((offer) => offer !== read);
    const copies = read && read.copies > 1 ? ` (${read.copies} copies)` : "";
    const hue = this.hues.of(letter.ballot);
    const line = svg("svg", { class: `sign way ${way(letter.kind)} ${hue}`, viewBox: "0 0 26 12", "aria-hidden": "true" },
      svg("line", { x1: 1, y1: 6, x2: 19, y2: 6 }), svg("polygon", { points: "25,6 17,2.5 17,9.5" }));
    const words = element("span", { class: "what" }, line, element("b", { class: hue }, letter.text), " ",
      element("span", { class: "way-of" }, letter.from, unseen(" to "), element("span", { "aria-hidden": "true" }, " → "), letter.to, copies));
    const row = element("li", { "data-of": `${letter.from} ${letter.to}` });
    if (read) row.append(this.button(read, "main", null, this.digit(), unseen("deliver "), words, unseen(": "), this.below(read)));
    const small = rest.map((offer) => {
      const verb = offer.move.split(" ")[0];
      return this.button(offer, "small", `${verb} ${letter.text}, ${letter.from} to ${letter.to}`, verb);
    });
    row.append(element("span", { class: "more" }, ...small));
    return row;
  }

  deeds() {
    const by = new Map(this.answer.priests.map(({ name }) => [name, []]));
    const others = [];
    for (const offer of this.answer.offers.filter(({ letter }) => letter === null)) {
      if (by.has(offer.who)) by.get(offer.who).push(offer);
      else others.push(offer);
    }
    const rows = others.map((offer) => element("li", {}, this.deed(offer, null)));
    for (const [name, offers] of by) {
      const crashes = offers.filter(({ key }) => key.startsWith("c."));
      const deeds = offers.filter((offer) => !crashes.includes(offer));
      const row = element("li", { class: "of-priest", "data-of": name }, element("span", { class: "who" }, name));
      row.append(...deeds.map((offer) => this.deed(offer, name)));
      if (crashes.length > 0) row.append(this.crashes(crashes, name));
      rows.push(row);
    }
    byId("deeds").replaceChildren(...rows);
  }

  deed(offer, name) {
    const words = name ? offer.move.replace(` ${name}`, "") : offer.move;
    return this.button(offer, "deed", null, this.digit(), unseen(name ? `${name}: ` : ""), element("span", { class: "what" }, words), unseen(": "),
      this.below(offer));
  }

  crashes(offers, name) {
    const all = element("span", { class: "crashes", role: "group", "aria-label": `crash ${name}` }, element("span", { class: "quiet" }, "crash"));
    for (const offer of offers) {
      const how = offer.move.replace(`crash ${name}`, "").trim() || "now";
      all.append(this.button(offer, "small", `crash ${name} ${how}: ${consequence(offer)}`, how));
    }
    return all;
  }

  /** Rows that a later one of the same note replaces. */
  static replaced(ledger) {
    const last = new Map();
    const note = ({ kind, text }) => {
      if (kind === "lastTried" || kind === "nextBal") return kind;
      if (kind === "prevVote") return `${kind} ${/^prevVote (\d+) /.exec(text)?.[1] ?? ""}`;
      return null;
    };
    ledger.forEach((row, i) => note(row) && last.set(note(row), i));
    return ledger.map((row, i) => Boolean(note(row)) && last.get(note(row)) !== i);
  }

  desks() {
    const accused = new Set();
    for (const { broken } of this.answer.rules) for (const { rows } of broken) for (const { priest, row } of rows) accused.add(`${priest} ${row}`);
    const last = this.answer.path.at(-1).events.filter(({ event }) => event === "inks");
    const desks = this.answer.priests.map((priest) => {
      const fresh = last.filter((event) => event.priest === priest.name).length;
      return this.desk(priest, fresh, accused);
    });
    byId("desks").replaceChildren(...desks);
  }

  desk(priest, fresh, accused) {
    const { name, weight, present, heresy, alarm, ledger, slip } = priest;
    const facts = [present ? "" : "away", weight > 1 ? `weight ${weight}` : "", heresy ? `holds ${heresy}` : "",
      alarm !== null ? `looks at his hourglass at ${alarm}` : "", priest.crash ?? ""].filter(Boolean);
    const card = element("article", { class: `ledger${present ? "" : " out"}`, "data-name": name, "data-of": name },
      element("h3", {}, name, " ", element("small", {}, facts.join("; "))));
    const replaced = Panels.replaced(ledger);
    const rows = element("ul", { class: "rows" });
    ledger.forEach(({ kind, text }, i) => {
      if (kind === "entered") return;
      const classes = [replaced[i] ? "old" : "", kind === "outcome" ? "outcome" : "", i >= ledger.length - fresh ? "changed" : "",
        accused.has(`${name} ${text}`) ? "accused" : ""].filter(Boolean).join(" ");
      const rest = text.slice(kind.length);
      const row = element("li", { class: classes }, element("span", { class: "kind" }, kind), element("span", { class: this.hues.in(text) }, rest));
      rows.append(row);
    });
    if (!rows.hasChildNodes()) rows.append(element("li", { class: "none" }, "blank"));
    card.append(rows, element("ul", { class: "rows ghost-rows", "aria-hidden": "true" }));
    const notes = Object.entries(slip);
    if (notes.length > 0) {
      const list = element("dl", { class: "paperslip", "aria-label": `${name}'s slip of paper` });
      for (const [what, text] of notes) list.append(element("div", {}, element("dt", {}, what), element("dd", {}, text)));
      card.append(list);
    }
    return card;
  }

  /** Shows in the ledgers what an offer would ink. */
  ghost(offer) {
    for (const rows of document.querySelectorAll(".ghost-rows")) rows.replaceChildren();
    for (const { priest, row } of offer?.inks ?? []) {
      const desk = [...document.querySelectorAll(".ledger")].find((it) => it.dataset.name === priest);
      desk?.querySelector(".ghost-rows").append(element("li", {}, row));
    }
  }

  rules() {
    const rules = this.answer.rules;
    const broken = rules.filter(({ holds }) => !holds);
    const chips = rules.map((rule) => {
      const chip = element("button", {
        type: "button", class: `rule ${rule.holds ? "kept" : "broken"}`, "aria-label": `${rule.rule} ${rule.holds ? "holds" : "is broken"}: ${rule.says}`,
        "aria-pressed": String(this.opened === rule.rule), title: `${rule.rule}: ${rule.says} (§${rule.section})`,
      }, icon(rule.holds ? "kept" : "broken"), rule.rule);
      chip.addEventListener("click", () => {
        this.opened = this.opened === rule.rule ? null : rule.rule;
        this.rules();
        [...byId("rules").children].find((it) => it.textContent === rule.rule)?.focus();
      });
      return chip;
    });
    byId("rules").replaceChildren(...chips);
    const shown = rules.find(({ rule }) => rule === this.opened) ?? broken[0];
    const line = byId("rule");
    line.hidden = !shown;
    line.className = shown && !shown.holds ? "wrong" : "";
    line.replaceChildren(...(shown ? this.told(shown) : []));
  }

  told(rule) {
    const told = [element("b", {}, `${rule.rule} ${rule.holds ? "holds" : "is broken"}`), `: ${rule.says} (§${rule.section}).`];
    // Moments are numbered over all branches; one who looks at this way counts its steps.
    const step = this.answer.path.findIndex(({ moment }) => moment === rule.firstBroken);
    const since = step < 0 ? "" : step === 0 ? "since the beginning" : `since step ${step} of this way`;
    for (const { why, rows } of rule.broken) {
      const by = rows.length > 0 ? `by ${rows.map(({ priest, row }) => `${priest}'s ${row}`).join("; ")}` : "";
      const both = [by, since].filter(Boolean).join(", ");
      told.push(` ${why[0].toUpperCase()}${why.slice(1)}.`, both ? ` Broken ${both}.` : "");
    }
    return told;
  }
}

/** The tree of moments as rows of dots: a row a branch. */
function momentDots(answer, chosen) {
  const depth = [0];
  const lane = [0];
  let lanes = 1;
  const hasChild = new Set();
  answer.tree.forEach(({ parent }, at) => {
    if (parent === null) return;
    depth[at] = depth[parent] + 1;
    lane[at] = hasChild.has(parent) ? (lanes += 1) - 1 : lane[parent];
    hasChild.add(parent);
  });
  const path = new Set(answer.path.map(({ moment }) => moment));
  const items = answer.tree.map(({ moment, move, broken }) => {
    const isHere = moment === answer.moment;
    const words = `moment ${moment}: ${move ?? "the beginning"}${broken.length > 0 ? `; ${listed(broken)} broken` : ""}`;
    const dot = element("button", {
      type: "button", class: `dot${isHere ? " here" : ""}${path.has(moment) ? " past" : ""}${broken.length > 0 ? " red" : ""}`,
      "aria-label": words, title: words, "aria-current": isHere ? "step" : undefined, tabindex: isHere ? "0" : "-1", "data-moment": moment,
    });
    dot.addEventListener("click", () => chosen(moment));
    const item = element("li", {}, dot);
    item.style.gridColumn = String(depth[moment] + 1);
    item.style.gridRow = String(lane[moment] + 1);
    return item;
  });
  byId("moments").querySelector("ol").replaceChildren(...items);
  const here = byId("moments").querySelector(".here");
  here?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** The story as a list: a step each, with all that was said. */
function storyList(answer, chosen) {
  const items = answer.path.slice(1).map((step) => {
    const said = step.events.filter(({ event }) => event === "said");
    const at = element("button", { type: "button", class: "at", title: `to moment ${step.moment}` }, step.move);
    at.addEventListener("click", () => chosen(step.moment));
    const lines = said.map((it) => element("div", { class: it.section === "heresy" ? "fault" : "" }, `${it.text} `, element("i", {}, section(it.section))));
    return element("li", { "aria-current": step.moment === answer.moment ? "step" : undefined }, at, ...lines);
  });
  byId("story").querySelector("ol").replaceChildren(...items);
}
