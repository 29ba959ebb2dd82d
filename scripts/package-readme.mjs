// @ts-check
/**
 * The README as it is packed while the project has no public home. What lies in the project is shown from there (a
 * packed README can't show a picture of the package itself), so that pictures and links into the project lead nowhere.
 * @param {string} text
 */
export function readmeWithoutHome(text) {
  const elsewhere = /^([a-z]+:|#)/;
  return text
    .replace(/^ *!\[[^\]]*\]\(([^)]+)\)\n+/gm, (picture, to) => (elsewhere.test(to) ? picture : ""))
    .replace(/\[([^\]]*)\]\(([^)]+)\)/g, (link, words, to) => (elsewhere.test(to) ? link : words));
}
