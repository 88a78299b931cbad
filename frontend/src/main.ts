/** Starts the page: connects to the kernel, shows the widgets, and speaks up when it cannot. */

import { Kernel, type Line } from "./kernel";
import { Manager } from "./manager";
import { offerJump, watchPlan } from "./plan";
import { keepRepaired } from "./repairs";
import * as trouble from "./trouble";

/** Opening should take a second or two; past this the page says that it takes longer. */
const SLOW = 8000;

const main = document.querySelector("main")!;
let ready = false;

async function start(): Promise<void> {
  const place = document.querySelector<HTMLElement>("[data-kernel]");
  if (!place) {
    // A failed start has its own words on the page; anything else is a page cut short.
    if (!document.querySelector(".so-broken")) trouble.show("ended");
    return;
  }
  const kernel = new Kernel(place.dataset.base!, place.dataset.kernel!);
  const manager = new Manager(kernel);
  kernel.onLine = (line) => onLine(line, manager);
  kernel.connect();
  addEventListener("pagehide", () => kernel.leave());
  for (const sign of ["online", "offline"]) addEventListener(sign, () => kernel.knock());
  document.addEventListener("visibilitychange", () => document.hidden || kernel.knock());
  await manager.load();
  await showAll(manager);
}

function onLine(line: Line, manager: Manager): void {
  if (line === "silent") trouble.show(ready ? "silent" : "slow");
  else if (line === "answering") trouble.show(null);
  else if (line !== "open") trouble.show(line);
  else if (ready) {
    trouble.show(null);
    void manager.load();
  }
}

async function showAll(manager: Manager): Promise<void> {
  const hosts = document.querySelectorAll<HTMLElement>("[data-model]");
  await Promise.all([...hosts].map((host) => manager.show(host.dataset.model!, host)));
  ready = true;
  main.dataset.state = "ready";
  trouble.show(null);
  nameParts();
  keepRepaired(main);
}

/** Marks the form and the plan as places that a screen reader can jump to. */
function nameParts(): void {
  const form = main.querySelector<HTMLElement>(".so-form");
  const plan = main.querySelector<HTMLElement>(".so-plan");
  if (form) name(form, "form", main.dataset.formName!);
  if (!plan) return;
  name(plan, "region", main.dataset.planName!);
  plan.id = "plan";
  plan.tabIndex = -1;
  watchPlan(plan);
  offerJump(plan);
}

function name(part: HTMLElement, role: string, label: string): void {
  part.setAttribute("role", role);
  part.setAttribute("aria-label", label);
}

function fail(error: unknown): void {
  console.error(error);
  trouble.show("ended");
}

function whenRead(act: () => void): void {
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", act, { once: true });
  else act();
}

trouble.wire();
setTimeout(() => ready || trouble.show("slow"), SLOW);
whenRead(() => void start().catch(fail));
