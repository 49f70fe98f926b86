// A chamber that sits, as one sees it who watches it in a browser: `parliament watch --web`.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { overprinted, scrollsSideways } from "./measures.js";
import { accessible, endAll, env, launch, opened, ready, start as begin } from "./pages.js";

const houses = [];
let browser;

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
  endAll();
  for (const house of houses) rmSync(house, { recursive: true, force: true });
});

function house() {
  houses.push(mkdtempSync(join(tmpdir(), "watched-")));
  return houses.at(-1);
}

const run = (chamber, ...words) => execFileSync(process.env.PARLIAMENT, ["--chamber", chamber, ...words], { env, encoding: "utf8" });

const start = (chamber, ...words) => begin("--chamber", chamber, ...words);

async function open(address, more) {
  const it = await opened(browser, address, more);
  await ready(it.page);
  return it;
}

const shows = (page, where, text) => page.waitForFunction(
  ([at, what]) => document.querySelector(at)?.textContent.includes(what), [where, text], { timeout: 60000 });

/** The bytes of every file of a chamber, by its path. */
function files(under) {
  return Object.fromEntries(readdirSync(under, { recursive: true }).map((name) => join(under, name))
    .filter((path) => statSync(path).isFile()).map((path) => [path, readFileSync(path, "utf8")]));
}

test("rows come while a chamber sits, and a listener hears of each decree", async () => {
  const chamber = house();
  const window = await start(chamber, "watch", "--web");
  const { page, complaints, asked } = await open(window.first);
  await shows(page, "#trouble", "Nobody has founded a chamber");
  const sitting = await start(chamber, "sit", "--priests", "3");
  run(chamber, "petition", "Goats may graze");
  await shows(page, "#place", "decree 1: “Goats may graze”");
  await shows(page, "#desks", "decree 1: Goats may graze");
  assert.equal(await page.isVisible("#trouble"), false);
  run(chamber, "petition", "Lamps must use only olive oil");
  await shows(page, "#place", "decree 2: “Lamps must use only olive oil”");
  await shows(page, "#heard", "decree 2");
  await shows(page, "#judged", "judged through step");
  assert.ok(await page.locator("#picture .decree").count() >= 3, "ink on three lifelines");
  assert.ok(await page.locator("#picture .way").count() >= 3, "letters between them");
  assert.equal(await page.isVisible("#faults"), false);
  assert.deepEqual(complaints, []);
  const { origin } = new URL(window.first);
  assert.deepEqual(asked.filter((url) => !url.startsWith(`${origin}/`)), [], "nothing comes from elsewhere");
  await sitting.end("SIGINT");
  const said = files(chamber);
  await page.reload();
  await shows(page, "#place", "decree 2");
  await window.end("SIGINT");
  assert.deepEqual(files(chamber), said, "nothing was written");
  await shows(page, "#trouble", "does not answer");
});

test("each desk tells a weight that is not 1, and a step its hour", async () => {
  const chamber = house();
  run(chamber, "pass", "--priests", "Dwork,Gray:2,Oki", "Goats may graze");
  const window = await start(chamber, "watch", "--web");
  const { page } = await open(window.first);
  await shows(page, "#judged", "judged through step");
  assert.match(await page.textContent('[data-name="Gray"] small'), /weight 2/);
  const ledger = readFileSync(join(chamber, "ledgers", "Gray.csv"), "utf8");
  const [, day, hour] = /^outcome,1,.*,(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/m.exec(ledger);
  const band = page.locator("#picture .step").filter({ hasText: "Gray reads" }).filter({ hasText: "Success" });
  await band.last().dispatchEvent("click");
  assert.ok((await page.textContent("#why")).includes(`${day}, ${hour}`), `${day} ${hour}: ${await page.textContent("#why")}`);
  await window.end("SIGKILL");
});

test("a forged row is ringed, and the auditor's words stand above", async () => {
  const chamber = house();
  run(chamber, "pass", "Goats may graze", "Lamps must use only olive oil");
  const window = await start(chamber, "watch", "--web");
  const { page } = await open(window.first);
  await shows(page, "#judged", "judged through step");
  assert.equal(await page.locator("#picture .accused").count(), 0);
  const ledger = join(chamber, "ledgers", "Gray.csv");
  const line = readFileSync(ledger, "utf8").trimEnd().split("\n").length + 1;
  appendFileSync(ledger, "outcome,2,,Swine may be sold,,,,,\n");
  await shows(page, "#faults", `Gray.csv:${line}:`);
  await page.waitForSelector("#picture .accused", { state: "attached" });
  assert.match(await page.textContent("#picture"), /broken: /);
  await accessible(page, "forged");
  await window.end("SIGKILL");
});

test("under load what nobody could read is folded, and the page stays small", async () => {
  const chamber = join(house(), "Gray's $HOME");
  mkdirSync(chamber);
  const window = await start(chamber, "watch", "--web");
  const { page, complaints } = await open(window.first);
  const words = Array.from({ length: 80 }, (_, i) => `Hill ${i + 1} is for goats`);
  run(chamber, "pass", "--minute", "1ms", "--within", "60s", ...words);
  await shows(page, "#place", "decree 80");
  await shows(page, "#picture .folded", "rows");
  const told = await page.textContent("#picture .folded");
  assert.match(told, /^… [\d,]+ rows (before|more)$/);
  assert.ok(await page.locator("#picture .step").count() <= 201, "no more steps than fit");
  // The steps that are not drawn, by the command that the page gives, as it is pasted.
  const [, from, to] = /^Not drawn: steps ([\d,]+) to ([\d,]+)\. In a terminal: parliament chronicle --chamber /.exec(await page.textContent("#earlier"))
    .map((it) => it.replaceAll(",", ""));
  const command = await page.textContent("#earlier code");
  const pasted = execFileSync("sh", ["-c", command], { env: { ...env, PATH: `${dirname(process.env.PARLIAMENT)}:${env.PATH}` }, encoding: "utf8" });
  assert.ok(command.endsWith(`--from ${Math.max(1, from, to - 999)} --to ${to}`), command);
  assert.match(pasted, new RegExp(`steps [\\d,]+ to ${Number(to).toLocaleString("en")} of [\\d,]+`));
  assert.match(await page.textContent("#why"), /step [\d,]+, recorded \d{4}-\d\d-\d\d, \d\d:\d\d:\d\d\.\d{3} UTC$/);
  assert.ok(await page.evaluate(() => document.querySelectorAll("*").length) < 4000);
  assert.deepEqual(complaints, []);
  await window.end("SIGKILL");
});

test("it stands still for one who reads, and follows again", async () => {
  const chamber = house();
  run(chamber, "pass", ...Array.from({ length: 6 }, (_, i) => `Hill ${i + 1} is for goats`));
  const window = await start(chamber, "watch", "--web");
  const { page } = await open(window.first);
  await shows(page, "#place", "decree 6");
  await shows(page, "#judged", "judged through step");
  const drawn = () => page.evaluate(() => document.querySelector("#picture svg").outerHTML);
  await page.keyboard.press("Space");
  assert.equal(await page.getAttribute("#pause", "aria-pressed"), "true");
  const before = await drawn();
  run(chamber, "pass", "Lamps must use only olive oil");
  await shows(page, "#place", "it goes on");
  assert.equal(await drawn(), before);
  await page.keyboard.press("Space");
  await shows(page, "#place", "decree 7");
  assert.notEqual(await drawn(), before);
  await page.evaluate(() => { document.querySelector("#picture .scroll").scrollTop = 0; });
  run(chamber, "pass", "The olive tax is 3 drachmas per ton");
  await shows(page, "#place", "it goes on");
  await page.getByRole("button", { name: "follow" }).click();
  await shows(page, "#place", "decree 8");
  await page.locator("#story summary").click();
  await shows(page, "#story", "inks decree 8");
  await window.end("SIGKILL");
});

test("phones, projectors, dark rooms and paper show all of it", async () => {
  const chamber = house();
  run(chamber, "pass", "Goats may graze", "Lamps must use only olive oil", `\u202eL${"o".repeat(300)}ng <b>& "texts"</b>`);
  const window = await start(chamber, "watch", "--web");
  for (const [width, colorScheme] of [[390, "light"], [390, "dark"], [1280, "light"], [1280, "dark"], [1920, "light"]]) {
    const { page, complaints } = await open(window.first, { width, colorScheme });
    await shows(page, "#judged", "judged through step");
    if (width === 1920) await page.keyboard.press("P");
    const name = `${width} ${colorScheme}`;
    await accessible(page, name);
    // Names stay above the lifelines that scroll beneath them.
    await page.evaluate(() => { document.querySelector("#picture .scroll").scrollTop = 0; });
    assert.deepEqual((await page.evaluate(overprinted)).over, [], name);
    assert.ok(await page.evaluate(scrollsSideways) <= 0, `${name} scrolls sideways`);
    assert.match(await page.textContent("#desks"), /\\u202eLo/);
    assert.deepEqual(complaints, [], name);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.isVisible("#picture svg") && await page.isVisible("#desks"), `${name}, printed`);
    await page.context().close();
  }
  await window.end("SIGKILL");
});
