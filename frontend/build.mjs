// Bundles src/main.ts into the template's static folder, with the licences of what went into it.
import { writeFileSync } from "node:fs";
import { bundled, here, licences } from "./bundle.mjs";

const target = here("../secondopinion/voila/templates/secondopinion/static/workbook.js");
const packages = await bundled("src/main.ts", target);
writeFileSync(target.replace(/js$/, "LICENSES.txt"), licences(packages));
