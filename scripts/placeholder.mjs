// @ts-check
/** Stands in package.json until the project has a public home: see home.mjs. */
export const placeholder = "https://github.com/OWNER/tlbscope";
