"use strict";

// The diagram on paper: a page for each screenful, cut where no word is cut, under the names. A
// long run is printed as a digest.

/** How high a page of the diagram is, as a part of its width. */
const PAGE = 1.22;
const NAMES = 30;
const MOST_PAGES = 8;
const MOST_STEPS = 300;
/** How many steps a digest lists. */
const KEPT_STEPS = 120;
/** Of a digest: how many pages from the beginning, with accused deeds, and from the end. */
const DIGEST = { first: 3, accused: 3, last: 2 };

/** Where a sheet is cut into pages: so that nothing whole lies across a cut. */
function cuts(sheet) {
  const items = itemsOf(sheet).filter((item) => item.whole);
  const most = sheet.width * PAGE;
  const pages = [];
  let top = 0;
  while (top < sheet.height) {
    let foot = Math.min(top + most, sheet.height);
    const near = items.filter((item) => item.foot > foot - most / 2 && item.top < foot);
    while (foot < sheet.height && foot > top + most / 2 && near.some((item) => item.top < foot && item.foot > foot)) foot -= 2;
    pages.push([top, foot]);
    top = foot;
  }
  return pages;
}

/** Which of a run's pages are printed, and of which sheet. */
function printed(run, accused) {
  const whole = run.sheets[run.sheets.length - 1];
  const sheet = cuts(whole).length <= MOST_PAGES ? whole : run.sheets[0];
  const pages = cuts(sheet).map(([top, foot], index) => ({ top, foot, index }));
  if (pages.length <= MOST_PAGES) return { sheet, pages, all: pages.length };
  const holds = ({ top, foot }) => accused.some((event) => sheet.heights[event] >= top && sheet.heights[event] < foot);
  const kept = new Set([...pages.slice(0, DIGEST.first), ...pages.filter(holds).slice(0, DIGEST.accused), ...pages.slice(-DIGEST.last)]);
  return { sheet, pages: pages.filter((page) => kept.has(page)), all: pages.length };
}

/** Draws one page of the diagram. */
function drawPage(run, sheet, { top, foot, index }, all) {
  const { width, lifelines, height } = sheet;
  const inside = svg("svg", { x: 0, y: NAMES, width, height: foot - top, viewBox: `0 ${top} ${width} ${foot - top}` });
  inside.append(...lifelines.map((x) => svg("line", { class: "lifeline", x1: x, x2: x, y1: 6, y2: height - 8 })));
  inside.append(...sheet.absences.map(([column, from, to]) => drawAbsence(lifelines[column], from, to)));
  const near = itemsOf(sheet).filter((item) => item.foot >= top && item.top <= foot && (!item.whole || (item.top >= top - 1 && item.foot <= foot + 1)));
  for (const layer of [0, 1, 2]) inside.append(...near.filter((item) => item.layer === layer).map((item) => item.draw()));
  const names = run.heads.map((name, column) => svg("text", { class: "name", x: lifelines[column], y: 20 }, name));
  const page = svg("svg", { viewBox: `0 0 ${width} ${foot - top + NAMES}` }, ...names, inside);
  const figure = html("figure");
  figure.append(html("figcaption", "", `${run.source}, part ${index + 1} of ${all} of the diagram`), page);
  return figure;
}

/** Which steps a digest lists: those accused, and those by which a step of the protocol begins. */
function keptSteps(steps) {
  const kept = steps.filter((step) => step.classList.contains("accused")).slice(0, KEPT_STEPS / 2);
  const key = steps.filter((step) => "begins" in step.dataset && !kept.includes(step));
  const half = Math.floor((KEPT_STEPS - kept.length) / 2);
  const both = new Set([...kept, ...key.slice(0, half), ...key.slice(-half)]);
  return steps.filter((step) => both.has(step));
}

/** Lays the paper out. What is left out of a list leaves the document until all is printed, since a
 * printer takes minutes to number what it does not print. */
function layPaper(host, run, steps, accused) {
  const { sheet, pages, all } = printed(run, accused);
  host.append(...pages.map((page) => drawPage(run, sheet, page, all)));
  const isDigest = pages.length < all || steps.length > MOST_STEPS;
  if (!isDigest) return;
  const kept = keptSteps(steps);
  steps[0].parentElement.replaceChildren(...kept);
  host.append(html("p", "", `This is a digest: ${pages.length} of ${all} parts of the diagram, and ${kept.length} of ${steps.length} steps: those that the auditor accuses, and those by which a step of the protocol begins. “parliament chronicle --from STEP --to STEP” draws a part of the run whole.`));
}
