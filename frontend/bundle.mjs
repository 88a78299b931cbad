// How scripts are bundled, and the licences of what went into them.
import { build } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const widgets = here("../secondopinion/widgets/static");

/** Gathers the scripts of our own widgets, `widgets/static/<name>.js`, as the module "own-widgets". */
const ownWidgets = {
  name: "own-widgets",
  setup(bundle) {
    bundle.onResolve({ filter: /^own-widgets$/ }, ({ path }) => ({ path, namespace: "own" }));
    bundle.onLoad({ filter: /.*/, namespace: "own" }, () => {
      const names = readdirSync(widgets)
        .filter((file) => file.endsWith(".js"))
        .map((file) => file.slice(0, -".js".length))
        .sort();
      const imports = names.map((name, i) => `import script${i} from "./${name}.js";`);
      const entries = names.map((name, i) => `"secondopinion.${name}": script${i},`);
      return {
        contents: `${imports.join("\n")}\nexport default {\n${entries.join("\n")}\n};`,
        resolveDir: widgets,
      };
    });
  },
};

/** Bundles one script with all that it needs, and returns the names of the packages that went in. */
export async function bundled(entry, outfile, { plugins = [], ...options } = {}) {
  const { metafile } = await build({
    absWorkingDir: here("."),
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    metafile: true,
    format: "iife",
    target: "es2022",
    legalComments: "none", // they are all in the file of licences
    banner: { js: "/* Built from frontend/ by `npm run build`. Licences: workbook.LICENSES.txt */" },
    logLevel: "info",
    plugins: [ownWidgets, ...plugins],
    // Two libraries weigh 300 KB and serve only what the form never shows: HTML in labels, sliders.
    // Of jQuery, which ipywidgets' models stand on, nobody here needs requests and effects.
    alias: {
      jquery: here("node_modules/jquery/dist/jquery.slim.js"),
      "sanitize-html": here("src/plain.ts"),
      nouislider: here("src/nosliders.ts"),
    },
    ...options,
  });
  const packages = Object.entries(Object.values(metafile.outputs)[0].inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput)
    .map(([file]) => file.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1])
    .filter(Boolean);
  return [...new Set(packages)];
}

/** Returns the licences of some packages, as one text. */
export const licences = (packages) => [...packages].sort().map(licence).join("\n");

function licence(name) {
  const folder = here(`node_modules/${name}`);
  const { version, license, author } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`${folder}/${file}`, "utf8") : withoutFile(license, author?.name ?? author);
  return `${"=".repeat(72)}\n${name} ${version} (${license})\n${"=".repeat(72)}\n${text.trim()}\n`;
}

/** Jupyter's packages name their licence but leave its text out. */
function withoutFile(license, author = "Project Jupyter Contributors") {
  if (license === "MPL-2.0") return "The text is at https://www.mozilla.org/MPL/2.0/; the source at https://pyodide.org.";
  if (license !== "BSD-3-Clause") throw new Error(`Find the text of ${license} and add it here.`);
  return `Copyright (c) ${author}\n\n${readFileSync(here("bsd-3-clause.txt"), "utf8")}`;
}
