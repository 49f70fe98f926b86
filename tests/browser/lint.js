// Lints the chronicle's scripts as the page has them: one after another.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ESLint } from "eslint";
import rules from "./eslint.config.js";

const files = ["history", "diagram", "panels", "print", "overview", "page"];
const assets = process.env.ASSETS ? pathToFileURL(`${process.env.ASSETS}/`) : new URL("../../src/picture/assets/", import.meta.url);
const text = files.map((name) => readFileSync(new URL(`${name}.js`, assets), "utf8")).join("");
const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: rules });
const results = await eslint.lintText(text, { filePath: "chronicle.js" });
const told = (await eslint.loadFormatter("stylish")).format(results);
if (told) console.log(told);
process.exitCode = results.some((result) => result.errorCount + result.warningCount > 0) ? 1 : 0;
