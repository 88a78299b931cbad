// node bundle.mjs FOLDER: writes the scripts of the static site into a folder, with their licences.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { bundled, here, licences } from "../bundle.mjs";

const folder = process.argv[2];
const pyodide = here("node_modules/pyodide");
const { info } = JSON.parse(readFileSync(`${pyodide}/pyodide-lock.json`, "utf8"));

/** Puts the worker in this tab in the place of the server. */
const inThisTab = {
  name: "in-this-tab",
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\/kernel$/ }, () => ({ path: here("src/tab-kernel.ts") }));
  },
};

const packages = [
  ...(await bundled("src/tab.ts", `${folder}/workbook.js`, { plugins: [inThisTab] })),
  ...(await bundled("src/tab-worker.ts", `${folder}/python.js`, {
    define: { LOCK: JSON.stringify(JSON.stringify({ info, packages: {} })) },
    external: ["node:*", "ws"], // asked for only where Python runs outside of browsers
  })),
];
for (const file of ["pyodide.asm.js", "pyodide.asm.wasm"]) copyFileSync(`${pyodide}/${file}`, `${folder}/${file}`);
writeFileSync(`${folder}/workbook.LICENSES.txt`, licences(new Set(packages)));
