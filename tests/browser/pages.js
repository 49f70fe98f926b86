// What the tests of served pages share: the program, and a page of it in a headless Chromium.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { flags } from "./measures.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The environment of a program that opens no browser of its own. */
export const env = { ...process.env };
delete env.DISPLAY;
delete env.WAYLAND_DISPLAY;

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });

const children = [];

/** Starts the program with these words; the first line that it prints, and its end. */
export async function start(...words) {
  const child = spawn(process.env.PARLIAMENT, words, { env, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const ended = new Promise((resolve) => { child.once("exit", resolve); });
  const first = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    ended.then(() => reject(new Error(`parliament ${words.join(" ")} has ended and printed nothing`)));
  });
  return { first, end: (signal = "SIGKILL") => { child.kill(signal); return ended; } };
}

/** Ends the programs that still run. */
export const endAll = () => children.forEach((child) => child.kill("SIGKILL"));

/** Whether a page has shown all that it shows at its beginning. */
export const ready = (page) => page.waitForFunction(() => document.documentElement.dataset.ready === "true");

/** A page at this address; what it complains of, and what it asks for, is kept. */
export async function opened(browser, address, { width = 1280, height = 800, ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, ...more });
  const page = await context.newPage();
  const [complaints, asked] = [[], []];
  page.on("console", (message) => message.type() !== "log" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(address);
  return { page, complaints, asked };
}

/** One who needs a larger button, more contrast or a name for a control finds none missing. */
export async function accessible(page, what, within = "body") {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((part) => globalThis.axe.run(part, { resultTypes: ["violations"] }), within);
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`), [], what);
}

/** The same by day and by night. */
export async function accessibleByDayAndNight(page, what, within = "body") {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `${what}, ${colorScheme}`, within);
  }
}
