/** Writes src/api/schema.d.ts from an OpenAPI document on standard input; with --check it only says whether it is current.
 *  `python console/build.py types` pipes the program's own document in. */

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import openapi, { astToString } from "openapi-typescript";

const FILE = path.resolve(import.meta.dirname, "../src/api/schema.d.ts");
const HEAD = "/** Generated from the program's OpenAPI by `python console/build.py types`. Change `web/api/types.py` instead. */\n\n";

const written = HEAD + astToString(await openapi(JSON.parse(await text(process.stdin)), { alphabetize: true, defaultNonNullable: false }));
if (process.argv.includes("--check")) {
  const before = await readFile(FILE, "utf8").catch(() => "");
  if (before !== written) {
    console.error("console/src/api/schema.d.ts is not what the program's API says. Nothing was changed. Run: python console/build.py types");
    process.exitCode = 1;
  }
} else await writeFile(FILE, written);
