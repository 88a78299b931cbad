/** Our own widgets' scripts by the name of the widget; build.mjs gathers them. */
declare module "own-widgets" {
  const scripts: Record<string, import("./anywidget").Script | (() => Promise<import("./anywidget").Script>)>;
  export default scripts;
}
