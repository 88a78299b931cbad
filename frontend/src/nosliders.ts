/** Stands in for nouislider: the workbook asks with lists and fields, never with sliders. */
export default {
  create(): never {
    throw new Error("Sliders are left out of this bundle; see frontend/build.mjs.");
  },
};
