/** Starts the page, and sees to it that nobody is left stranded on it. */

import { watchBar } from "./bar";
import { WayBack } from "./comeback";
import { followFocus, forgetFocus, giveBackFocus } from "./focus";
import { Idle } from "./idle";
import type { Line } from "./kernel";
import * as notice from "./notice";
import { forgetOpened, tickAgain, ticksShown, watchPlan } from "./plan";
import { foldsOpen, keepRepaired, openFolds } from "./repairs";
import { Visit } from "./visit";

/** Opening should take a second or two; past this the page says that it takes longer. Some pages say when. */
const SLOW = 8000;
/** A connection that is back within this time was not worth a word. */
const BLINK = 400;
/** How often the line is felt while somebody is there, and for how long after an act. */
const BEAT = 1800;
const THERE = 15_000;
/** How many beats pass between two looks at the line while nobody acts. */
const SELDOM = 8;

const MINUTE = 60_000;

let visit: Visit | undefined;
/** The visit that is being opened in place of one that ended. */
let next: Visit | undefined;
let wayBack: WayBack | undefined;
let idle: Idle | undefined;
let ready = false;
let unwatch: (() => void)[] = [];
let blink = 0;

const page = () => document.querySelector("main")!;

// Opening

async function start(): Promise<void> {
  wire();
  if (document.querySelector("[data-kernel]")) return open();
  if (page().dataset.retry !== undefined) return void waitForRoom();
  // A failed start has its own words on the page; anything else is a page cut short.
  if (!document.querySelector(".so-broken")) notice.show("ended");
}

/** Says so when opening takes long, be it the page that comes late or what is behind it. */
function watchOpening(): void {
  const slow = Number(page().dataset.slow) * 1000 || SLOW;
  setTimeout(() => ready || page().dataset.state !== "loading" || notice.show("slow"), slow);
}

async function open(): Promise<void> {
  visit = new Visit(document, onLine);
  await visit.open();
  await visit.show();
  ready = true;
  page().dataset.state = "ready";
  calm();
  nameParts();
  keepRepaired(page());
  watchIdle();
  const announce = document.getElementById("announce")!;
  announce.textContent = announce.dataset.ready!;
}

/** Marks the form and the plan as places that a screen reader can jump to, and watches them. */
function nameParts(): void {
  for (const stop of unwatch.splice(0)) stop();
  const form = name("form", ".so-form", page().dataset.formName!);
  const plan = name("region", ".so-plan", page().dataset.planName!);
  if (plan) unwatch.push(watchPlan(plan));
  if (plan && form) unwatch.push(watchBar(form, plan));
}

function name(role: string, selector: string, label: string): HTMLElement | null {
  const part = page().querySelector<HTMLElement>(selector);
  if (!part) return null;
  part.setAttribute("role", role);
  part.setAttribute("aria-label", label);
  part.id = selector.slice(".so-".length);
  part.tabIndex = -1;
  return part;
}

/** Makes the buttons and links of the frame work. */
function wire(): void {
  const acts: Record<string, () => void> = {
    clear,
    stay: () => idle?.stay(),
    continue: goOn,
    hush: notice.hush,
    print: () => print(),
    reload: () => location.reload(),
    again: () => location.replace(location.pathname),
  };
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>("[data-action]");
    // The plan's own button is watched with the plan.
    if (button && !button.closest(".so-view")) acts[button.dataset.action!]?.();
    const link = target.closest<HTMLAnchorElement>('a[href^="#"]');
    if (link && !link.closest(".so-view")) jump(event, link.hash);
  });
  addEventListener("pagehide", depart);
  addEventListener("pageshow", ({ persisted }) => persisted && void (ready ? comeBack() : location.reload()));
  addEventListener("online", hurry);
  addEventListener("offline", () => void visit?.kernel.feel());
  document.addEventListener("visibilitychange", () => document.hidden || void visit?.kernel.feel());
  document.addEventListener("change", notice.hush);
  let beats = 0;
  setInterval(() => {
    const isDue = idle?.actedWithin(THERE) || beats++ % SELDOM === 0;
    if (isDue && ready && !document.hidden) void visit?.kernel.feel();
  }, BEAT);
  followFocus();
}

/** Goes to a part of the page without a new entry in the browser's history. */
function jump(event: Event, hash: string): void {
  const part = document.querySelector<HTMLElement>(hash);
  if (!part) return;
  event.preventDefault();
  part.scrollIntoView();
  part.focus({ preventScroll: true });
}

// Trouble

function onLine(line: Line, from: Visit): void {
  if (from !== visit || wayBack) return;
  if (line === "silent") notice.show(ready ? "silent" : "slow", from.canGoOn);
  else if (line === "answering") calm();
  else if (line === "lost") lost();
  else if (line === "ended") ended(from);
  else if (ready) connected(from, line);
}

function calm(): void {
  clearTimeout(blink);
  blink = 0;
  const before = notice.current();
  notice.show(null);
  if (before === "lost") giveBackFocus();
}

function lost(): void {
  blink ||= window.setTimeout(() => notice.show("lost", visit?.canGoOn), BLINK);
}

function connected(from: Visit, line: "open" | "again"): void {
  if (notice.current() === "lost") notice.sayBack("connected");
  calm();
  if (line === "again") from.catchUp();
}

function ended(from: Visit): void {
  clearTimeout(blink);
  blink = 0;
  // Whoever was told that we keep trying need not press anything now that we have succeeded.
  if (ready && from.kernel.wasAway && from.canGoOn) void comeBack();
  else notice.show("ended", from.canGoOn);
}

function goOn(): void {
  if (wayBack) wayBack.hurry();
  else if (notice.current() === "lost") visit?.kernel.hurry();
  else void comeBack();
}

function hurry(): void {
  wayBack?.hurry();
  visit?.kernel.hurry();
}

// Going on in a new process

/** Opens a new process and puts everything back that the person has said and ticked. */
async function comeBack(): Promise<void> {
  if (wayBack || !visit) return;
  const before = visit;
  const way = setOut();
  before.kernel.leave();
  const seen = { ticked: ticksShown(), folds: foldsOpen() };
  const fresh = await reopened(way, before.kept);
  if (wayBack !== way) return fresh?.opened.close();
  wayBack = undefined;
  if (!fresh) return;
  await replace(before, fresh, seen);
}

/** Returns a page with its visit, opened and with everything put back. */
async function reopened(way: WayBack, kept: string): Promise<Fresh | undefined> {
  for (;;) {
    const found = await way.page();
    if (!found) return undefined;
    const opened = (next = new Visit(found, onLine));
    try {
      await opened.open();
      await opened.restore(kept);
      return { found, opened };
    } catch (error) {
      console.error(error);
      opened.close();
      await way.rest("down");
    } finally {
      next = undefined;
    }
  }
}

interface Fresh {
  found: Document;
  opened: Visit;
}

/** What only the page knows. */
interface Seen {
  ticked: Map<string, boolean>;
  folds: Set<string>;
}

/** Shows the new visit in the place of the one before. */
async function replace(before: Visit, { found, opened }: Fresh, { ticked, folds }: Seen): Promise<void> {
  const { scrollX, scrollY } = window;
  const old = [...page().querySelectorAll<HTMLElement>(".so-view")];
  before.retire();
  old[0]?.before(...[...found.querySelectorAll(".so-view")].map((view) => document.adoptNode(view)));
  visit = opened;
  await opened.show();
  before.close();
  old.forEach((view) => view.remove());
  tickAgain(ticked);
  openFolds(folds);
  page().querySelector("[data-kernel]")!.replaceWith(found.querySelector("[data-kernel]")!);
  nameParts();
  await opened.caughtUp();
  scrollTo(scrollX, scrollY);
  calm();
  giveBackFocus(page().querySelector<HTMLElement>(".so-form") ?? page());
  notice.sayBack(before.kernel.unanswered ? "check" : "back");
  idle?.stay();
  if (opened.kernel.hasEnded) ended(opened);
}

function setOut(): WayBack {
  clearTimeout(blink);
  blink = 0;
  notice.show("asking", true);
  wayBack = new WayBack((way) => notice.show(way, true));
  return wayBack;
}

/** Stays on the page that says that there is no room, and becomes the workbook when there is. */
async function waitForRoom(): Promise<void> {
  const way = (wayBack = new WayBack((state) => (page().dataset.state = state)));
  await way.rest("full", Number(page().dataset.retry) * 1000);
  const found = await way.page();
  wayBack = undefined;
  if (!found) return;
  document.title = found.title;
  document.body.replaceChildren(...document.adoptNode(found.body).childNodes);
  await open();
}

// Leaving

/** Leaves no process behind. The page may come back from the browser's memory, but not its process. */
function depart(): void {
  wayBack?.stop();
  wayBack = undefined;
  for (const each of [visit, next]) each?.kernel.leave();
}

function watchIdle(): void {
  const { warn, rest } = page().dataset;
  const dialog = document.querySelector<HTMLDialogElement>("#idle");
  if (!dialog) return;
  const times = { warn: Number(warn) * MINUTE, rest: Number(rest) * MINUTE };
  const isOpen = () => visit?.kernel.isOpen === true;
  idle = new Idle(times, dialog, isOpen, () => {
    visit?.kernel.leave();
    notice.show("resting", visit?.canGoOn);
  });
}

/** Ends the process, empties the page, and forgets everything, at once. */
function clear(): void {
  idle?.stop();
  wayBack?.stop();
  for (const stop of unwatch.splice(0)) stop();
  const words = document.querySelector<HTMLTemplateElement>("#cleared")!.content.cloneNode(true);
  const leaving = [visit, next];
  visit = next = wayBack = idle = undefined;
  // The process first: whatever happens to the page, the answers are gone.
  for (const each of leaving) each?.close();
  page().replaceChildren(...page().querySelectorAll(".so-strip"), words); // whom to call stays
  page().dataset.state = "cleared";
  document.querySelectorAll("[data-cleared]").forEach((part) => part.replaceChildren());
  forgetOpened();
  forgetFocus();
  history.replaceState(null, "", location.pathname);
  scrollTo(0, 0);
  page().querySelector<HTMLElement>("[tabindex]")?.focus();
}

function fail(error: unknown): void {
  console.error(error);
  if (visit) notice.show("ended");
}

function whenRead(act: () => void): void {
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", act, { once: true });
  else act();
}

watchOpening();
whenRead(() => void start().catch(fail));
