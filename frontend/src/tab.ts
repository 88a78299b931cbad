/** Starts the workbook of the static site, where Python runs in this tab and there is no server. */

import { sayWhyNot } from "./refusal";

if (typeof WebAssembly === "object" && typeof Worker === "function") void import("./main");
else sayWhyNot("unable");
