// The chronicle's pages as a reader meets them: from file://, in a headless Chromium.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { chromium } from "playwright-core";

const pages = process.env.PAGES;
let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
after(() => browser.close());

/** Opens a page; whatever it complains of, and whatever it asks for, is kept. */
async function open(name, hash = "") {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
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
  assert.equal(await step(page), "step 66 of 66");
  await page.keyboard.press("Home");
  assert.equal(await step(page), "step 1 of 66");
  assert.match(await sentence(page), /God founds the Parliament/);
  for (let i = 0; i < 11; i += 1) await page.keyboard.press("ArrowRight");
  assert.equal(await sentence(page), "Oki tries ballot 1.Oki: 1.Oki > lastTried −∞.");
  assert.ok(page.url().endsWith("#e=12"));
  await page.keyboard.press("ArrowLeft");
  assert.equal(await step(page), "step 11 of 66");
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
  const ledgers = readFileSync(join(pages, "ledgers.json"), "utf8");
  assert.ok(ledgers.includes("Lamps must use only olive oil"));
  const fronts = await page.locator(".ledger .front").allTextContents();
  assert.deepEqual(fronts, Array(5).fill("1 Lamps must use only olive oil"));
  const audit = readFileSync(join(pages, "audit.json"), "utf8").trim().split("\n").map(JSON.parse);
  const judged = audit.filter(({ what }) => what === "decree").flatMap(({ ballots }) => ballots);
  const drawn = await page.locator("#gods tbody tr").evaluateAll((rows) => rows.map((row) => ({
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
  assert.deepEqual(await page.locator("#gods .broken").count(), 0);
  assert.deepEqual(await page.locator(".steps .accused").count(), 0);
  assert.deepEqual(complaints, []);
});

test("a decree that is markup stays text", async () => {
  const { page, complaints, asked } = await open("hostile");
  await page.keyboard.press("Home");
  await page.keyboard.press("End");
  assert.equal(await page.title(), "hostile.csv");
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

test("a heresy shows: the accused deed, B3 crossed, two decrees", async () => {
  // Where there is one, the page opens at the last deed accused.
  const { page } = await open("forgotten");
  assert.ok(page.url().endsWith("#e=100"));
  assert.match(await page.textContent("#why .fault"), /one decree under one number/);
  assert.ok(await page.locator("#why.accused").count());
  assert.match(await page.textContent("#gods .broken"), /B3 ✗/);
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
  await page.selectOption("#decree", "3");
  assert.ok(await page.locator(".beyond").count() > 0);
  assert.equal(await page.locator("#gods tbody tr").count(), 1);
});

test("two runs stand side by side, their first difference lit", async () => {
  const { page, complaints } = await open("two");
  assert.equal(await page.locator(".run").count(), 2);
  assert.equal(await page.locator(".difference").count(), 2);
  assert.deepEqual(complaints, []);
});

test("no words of one label lie over another's, as the browser measures them", async () => {
  for (const name of ["plain", "fates", "duel", "adopted", "forgotten", "parliament"]) {
    const { page, complaints } = await open(name);
    assert.deepEqual(complaints, []);
    const over = await page.evaluate(() => {
      const boxes = [...document.querySelectorAll(".labels .label")].map((label) => label.getBoundingClientRect());
      let touching = 0;
      boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
        const apart = a.right <= b.left + 2 || b.right <= a.left + 2 || a.bottom <= b.top + 3 || b.bottom <= a.top + 3;
        if (!apart) touching += 1;
      }));
      return touching;
    });
    assert.equal(over, 0, `${name}: ${over} labels over each other`);
  }
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
