// The chronicle's pages as a reader meets them: from file://, in a headless Chromium.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { flags, overprinted, scrollsSideways } from "./measures.js";
import { accessibleByDayAndNight } from "./pages.js";

const pages = process.env.PAGES;
const GALLERY = ["plain", "fates", "duel", "adopted", "forgotten", "hostile", "parliament"];
let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: flags,
  });
});
after(() => browser.close());

/** Opens a page; whatever it complains of, and whatever it asks for, is kept. */
async function open(name, hash = "", { width = 1280, height = 800, colorScheme = "light" } = {}) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  const complaints = [];
  const asked = [];
  page.on("console", (message) => message.type() !== "log" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => asked.push(request.url()));
  const address = pathToFileURL(join(pages, `${name}.html`)).href;
  const begun = Date.now();
  await page.goto(address + hash);
  await page.waitForFunction(() => document.documentElement.dataset.ready === "true");
  return { page, complaints, asked, opened: Date.now() - begun };
}

const step = (page) => page.textContent("#count");
const sentence = (page) => page.textContent("#why .sentence");

test("keys step, Home and End go to the ends, space plays, the address names the step", async () => {
  const { page, complaints, asked } = await open("plain");
  assert.equal(await step(page), "step 1 of 66");
  await page.keyboard.press("End");
  assert.equal(await step(page), "step 66 of 66");
  await page.keyboard.press("Home");
  assert.equal(await step(page), "step 1 of 66");
  assert.match(await sentence(page), /God founds the Parliament/);
  for (let i = 0; i < 11; i += 1) await page.keyboard.press("ArrowRight");
  assert.equal(await sentence(page), "Oki tries ballot 1.Oki: 1.Oki > lastTried −∞.");
  assert.ok(page.url().endsWith("#e=12"));
  await page.keyboard.press("ArrowLeft");
  assert.equal(await step(page), "step 11 of 66");
  assert.equal(await page.locator(".steps li:visible").count(), 11, "the list tells what has happened, and no more");
  await page.keyboard.press(" ");
  await page.waitForFunction(() => document.querySelector("#count").textContent.includes("step 13"));
  await page.keyboard.press(" ");
  await page.keyboard.press("End");
  assert.equal(await step(page), "step 66 of 66");
  assert.deepEqual(complaints, []);
  assert.equal(asked.length, 1, `it asked for ${asked}`);
});

test("a link to a step opens at that step, and its changed cell is lit", async () => {
  const { page } = await open("plain", "#e=23");
  assert.equal(await step(page), "step 23 of 66");
  assert.equal(await page.textContent(".ledger.acting .changed"), "1.Oki");
  assert.match(await page.textContent("#why .row"), /^plain\.csv:24 {2}23,1\.290,ink,Gray,,nextBal/);
});

test("at the end ledgers and B are what the files and the auditor say", async () => {
  const { page, complaints } = await open("chamber");
  await page.keyboard.press("End");
  const ledgers = readFileSync(join(pages, "ledgers.json"), "utf8");
  assert.ok(ledgers.includes("Lamps must use only olive oil"));
  const fronts = await page.locator(".ledger .front").allTextContents();
  assert.deepEqual(fronts, Array(5).fill("1 Lamps must use only olive oil"));
  const audit = readFileSync(join(pages, "audit.json"), "utf8").trim().split("\n").map(JSON.parse);
  const judged = audit.filter(({ what }) => what === "decree").flatMap(({ ballots }) => ballots);
  const drawn = await page.locator(".gods tbody tr").evaluateAll((rows) => rows.map((row) => ({
    number: row.querySelector(".number").textContent,
    decree: row.querySelector(".decree").textContent,
    quorum: [...row.querySelectorAll(".who")].map((who) => who.textContent),
    voters: [...row.querySelectorAll(".voted")].map((who) => who.textContent),
    successful: row.classList.contains("successful"),
  })));
  const told = judged.map(({ number, decree, quorum, voters, successful }) =>
    ({ number, decree, quorum, voters, successful }));
  assert.ok(told.length > 0);
  assert.deepEqual(drawn, told);
  assert.deepEqual(await page.locator(".gods .broken").count(), 0);
  assert.deepEqual(await page.locator(".steps .accused").count(), 0);
  assert.deepEqual(complaints, []);
});

test("a decree that is markup stays text", async () => {
  const { page, complaints, asked } = await open("hostile");
  await page.keyboard.press("Home");
  await page.keyboard.press("End");
  assert.match(await page.title(), /: hostile\.csv$/);
  assert.equal(await page.locator("img").count(), 0);
  assert.match(await page.textContent(".ledger .front"), /<\/script><img src=x onerror=/);
  assert.deepEqual(complaints, []);
  assert.equal(asked.length, 1);
});

test("what is run is bound by its hash: a script slipped in does not run", async () => {
  const { page } = await open("plain");
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'broken'";
    document.body.append(script);
    return document.title;
  });
  assert.notEqual(ran, "broken");
});

test("a heresy shows: X leads to the accused deed, B3 crossed, two decrees", async () => {
  const { page } = await open("forgotten");
  assert.equal(await page.locator(".gods .broken").count(), 0, "the first step tells nothing of it");
  for (let i = 0; i < 4; i += 1) await page.keyboard.press("x");
  assert.ok(page.url().endsWith("#e=100"));
  assert.match(await page.textContent("#why .fault"), /one decree under one number/);
  assert.ok(await page.locator("#why.accused").count());
  assert.match(await page.textContent(".gods .broken"), /B3 broken/);
});

test("a mortal's view dims what he cannot know, Escape ends it", async () => {
  const { page } = await open("plain", "#e=33");
  await page.getByRole("button", { name: "Dwork" }).click();
  assert.equal(await page.textContent("#mortal"), "as Dwork knows it");
  assert.ok(await page.locator(".beyond").count() > 0);
  // Dwork has heard of Oki's try, and of nobody else's promise.
  const notes = await page.locator(".ledger dl").allTextContents();
  assert.match(notes[2], /nextBal−∞/);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".beyond").count(), 0);
});

test("filters dim the other decrees", async () => {
  const { page } = await open("parliament");
  await page.keyboard.press("End");
  await page.selectOption("#decree", "3");
  assert.ok(await page.locator(".beyond").count() > 0);
  assert.equal(await page.locator(".gods tbody tr").count(), 1);
});

test("two runs stand side by side, their first difference lit", async () => {
  const { page, complaints } = await open("two");
  assert.equal(await page.locator(".run").count(), 2);
  await page.keyboard.press("End");
  assert.equal(await page.locator(".ledger").count(), 10, "both sets of ledgers");
  assert.equal(await page.locator(".gods tbody tr").count(), 2, "and both B");
  assert.equal(await page.locator(".difference").count(), 2);
  assert.deepEqual(complaints, []);
});

/** Shows all of a run, in a pane as high as its diagram. */
async function showAll(page) {
  await page.keyboard.press("End");
  await page.setViewportSize({ ...page.viewportSize(), height: 6000 });
  await page.waitForTimeout(100);
}

for (const width of [1280, 390]) {
  test(`no words lie over others at ${width} pixels, and nothing scrolls sideways`, async () => {
    for (const name of [...GALLERY, "two", "chamber", "many", "glance"]) {
      const { page, complaints } = await open(name, "", { width });
      await showAll(page);
      const { over, boxes } = await page.evaluate(overprinted);
      assert.deepEqual([over, complaints], [[], []], name);
      assert.ok(boxes > 100, `${name}: only ${boxes} words`);
      assert.equal(await page.evaluate(scrollsSideways), 0, `${name} scrolls sideways`);
      const why = await page.evaluate(() => {
        const { scrollHeight, clientHeight } = document.querySelector("#why");
        return scrollHeight - clientHeight;
      });
      assert.ok(why <= 1, `${name}: the explanation is cut`);
      await page.close();
    }
  });
}

test("no words lie over others on the sheets of the gallery", async () => {
  const sheets = readdirSync(process.env.GALLERY).filter((file) => file.endsWith(".svg"));
  assert.ok(sheets.length >= GALLERY.length);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  for (const sheet of sheets) {
    await page.setContent(`<body>${readFileSync(join(process.env.GALLERY, sheet), "utf8")}`);
    const { over, boxes } = await page.evaluate(overprinted);
    assert.deepEqual(over, [], sheet);
    assert.ok(boxes > 30, `${sheet}: only ${boxes} words`);
  }
});

test("no words lie over others on paper, and no diagram is wider than it", async () => {
  for (const name of [...GALLERY, "two"]) {
    const { page } = await open(name, "", { width: 700, height: 990 });
    await page.emulateMedia({ media: "print" });
    await page.waitForFunction(() => document.querySelector("#paper figure"));
    const { over } = await page.evaluate(overprinted);
    assert.deepEqual(over, [], name);
    assert.equal(await page.evaluate(scrollsSideways), 0, name);
    await page.emulateMedia({ media: "screen" });
    await page.waitForFunction(() => !document.querySelector("#paper figure"));
    assert.match(await step(page), /^step 1 of/, "what was looked at is shown again");
    await page.close();
  }
});

/** How many pages a printer gets. */
async function printedPages(page) {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  return pdf.match(/\/Type\s*\/Page\b/g).length;
}

test("paper has numbered pages, and a long run is printed as a digest", async () => {
  const { page } = await open("plain");
  const rules = await page.evaluate(() => [...document.styleSheets[0].cssRules].map((rule) => rule.cssText).join());
  assert.match(rules, /@bottom-right[^}]*counter\(page\)[^}]*counter\(pages\)/);
  const pages = await printedPages(page);
  assert.ok(pages > 1 && pages < 9, `${pages} pages`);
  const { page: long } = await open("long");
  const digest = await printedPages(long);
  assert.ok(digest < 20, `${digest} pages`);
});

test("everybody can use the page by day and by night", async () => {
  for (const name of ["plain", "forgotten", "parliament", "two", "glance"]) {
    const { page } = await open(name);
    await page.keyboard.press(name === "forgotten" ? "x" : "End");
    await page.keyboard.press("n");
    await accessibleByDayAndNight(page, name, "html");
    await page.close();
  }
});

test("the keyboard reaches every button, list, pane and step", async () => {
  const { page } = await open("plain");
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll("button, select, a, summary, [tabindex]")].filter((it) => it.checkVisibility());
    all.forEach((it, index) => { it.dataset.nth = index; });
    return all.length;
  });
  assert.ok(wanted > 20);
  const reached = new Set();
  for (let i = 0; i < wanted + 5; i += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.dataset.nth));
  }
  reached.delete(undefined);
  assert.equal(reached.size, wanted);
});

test("the signs of the page are drawn, not letters that a typeface may lack", async () => {
  for (const name of ["forgotten", "parliament"]) {
    const { page } = await open(name);
    await page.keyboard.press("End");
    const words = await page.evaluate(() => [...document.querySelectorAll("#controls, #legend, .gods, .names")].map((it) => it.textContent).join(" "));
    assert.deepEqual(words.match(/[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\u25a0-\u25ff]/g), null);
  }
});

test("it opens at the first step, and F shows what is still to come", async () => {
  const { page } = await open("plain");
  assert.equal(await step(page), "step 1 of 66");
  const seen = () => page.locator(".picture .way:visible, .picture .mark:visible, .picture .label:visible, .story .sentence:visible").count();
  assert.ok(await page.locator(".told-at-last:visible").count() === 0, "the title tells nothing of it");
  assert.ok(await seen() <= 1);
  await page.keyboard.press("f");
  assert.ok(await seen() > 60);
  await page.keyboard.press("F");
  assert.ok(await seen() <= 1);
  await page.keyboard.press("End");
  assert.ok(await page.locator(".told-at-last:visible").count() > 0);
});

test("Page Down and Page Up step from one step of the protocol to another", async () => {
  const { page } = await open("plain");
  const phases = [];
  for (let i = 0; i < 6; i += 1) {
    await page.keyboard.press("PageDown");
    phases.push(await page.textContent("#why .phase"));
  }
  assert.deepEqual(phases.slice(0, 5), ["(1) NextBallot, ballot 1.Oki", "(2) LastVote, ballot 1.Oki", "(3) BeginBallot, ballot 1.Oki",
    "(4) Voted, ballot 1.Oki", "(5) Success, decree 1"].map((words) => `in the course of: ${words}`));
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageUp");
  assert.match(await page.textContent("#why .phase"), /\(4\) Voted/);
});

test("P enlarges the type, N shows a teacher's note, T the letters beside the story", async () => {
  const { page } = await open("fates");
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("#why .sentence")).fontSize));
  const before = await size();
  await page.keyboard.press("p");
  assert.ok(await size() >= before * 1.4);
  await page.keyboard.press("p");
  assert.equal(await page.locator("#why .note:visible").count(), 0);
  await page.keyboard.press("n");
  assert.match(await page.textContent("#why .note"), /Ask: /);
  assert.equal(await page.locator("#why .note:visible").count(), 1);
  await page.keyboard.press("End");
  const talk = page.locator(".picture .way.talk:visible");
  assert.equal(await talk.count(), 0);
  await page.keyboard.press("t");
  assert.ok(await talk.count() > 0);
});

test("a window of a long run stands below the whole of it, into which one looks closer", async () => {
  const { page, complaints } = await open("glance");
  assert.match(await page.textContent(".source"), /steps 1,001 to 1,400 of /);
  assert.match(await step(page), /^step 1001 of 1400$/);
  const bars = await page.locator(".overview .bar").count();
  assert.ok(bars > 40 && bars <= 100, `${bars} bars`);
  const span = async () => {
    const [, from, to] = /--from (\d+) --to (\d+)/.exec(await page.textContent(".overview .command"));
    return to - from;
  };
  const whole = await span();
  await page.getByRole("button", { name: "later" }).press("Enter");
  await page.getByRole("button", { name: "closer" }).press("Enter");
  assert.ok(await span() < whole);
  await page.getByRole("button", { name: "wider" }).press("Enter");
  assert.equal(await span(), whole);
  await page.keyboard.press("End");
  assert.equal(await page.locator(".ledger .front .blank").count() > 0, true);
  assert.deepEqual(complaints, []);
});

test("many petitions of one citizen are one stroke", async () => {
  const { page } = await open("many");
  await showAll(page);
  assert.match((await page.locator(".picture .label").allTextContents()).join(), /60 petitions/);
  assert.ok(await page.locator(".picture .way.petition").count() < 5);
});

test("ten thousand events open, step, and keep few of them in the document", async (context) => {
  const { page, opened } = await open("long");
  const events = Number(/of (\d+)/.exec(await step(page))[1]);
  assert.ok(events >= 10_000, `only ${events} events`);
  const took = await page.evaluate(() => {
    const begun = performance.now();
    for (let i = 0; i < 100; i += 1) {
      document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
      document.body.getBoundingClientRect();
    }
    return (performance.now() - begun) / 100;
  });
  // What is far from the window is not drawn: so a long run is as light as a short one.
  assert.ok((await page.locator(".way, .mark, .label").count()) < 3000);
  context.diagnostic(`${events} events open in ${opened} ms; a step takes ${took.toFixed(1)} ms`);
});
