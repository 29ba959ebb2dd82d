import assert from "node:assert/strict";
import { tourHtml } from "../../../src/export/html";
import { tourMarkdown } from "../../../src/export/markdown";
import { checkTour } from "../../../src/tour/play/check-tour";
import type { Tour } from "../../../src/tour/format/tour";
import { pagesOf } from "../../../src/tour/play/pages";
import { copiesOf, inWordsOf, liveValuesOf, translateTour, wordsOf } from "../../../src/tour/format/translate";
import { edition } from "../../support/kernel";
import { inPseudoLocale, untranslated } from "../../support/pseudo-locale";
import { filesWith, playerOn, stateOf, tourOf, tourTexts } from "./support";

/** What sentences of the player put in as they are: CPUs, functions, paths. */
const names = /^(?:CPU\d*|\w+\(\))$/;

const foreign = (text: string) =>
  untranslated(
    text
      .replace(/\bCPU\d+/g, "")
      .replace(/\bmm_cpumask\(\w+\)/g, "")
      .replace(/\w+\(\)/g, ""),
  ).filter((w) => !names.test(w));

function translated(text: string, bundle: Record<string, string>): Tour {
  return translateTour(tourOf(text), (english) => bundle[english] ?? english);
}

describe("a tour in another language", () => {
  for (const [name, text] of tourTexts) {
    it(
      `${name} plays as it does in English, with every word that a reader sees translated and every value in its ` +
        "place",
      () => {
        inPseudoLocale((bundle) => {
          const english = playerOn(edition(), tourOf(text)),
            player = playerOn(edition(), translated(text, bundle));
          assert.deepEqual(
            checkTour(player).flatMap((r) => r.problems),
            [],
          );
          for (const { id, title } of player.contents.items) {
            const state = stateOf(player, id);
            const judged = state.question?.answers.map((a) => player.answer(id, a.answer)!) ?? [];
            const shown = [
              title,
              state.words,
              state.patched?.message ?? "",
              state.question?.words ?? "",
              ...(state.question?.answers.map((a) => a.text) ?? []),
              ...judged.map((j) => j.words),
              ...state.branches.map((b) => b.say),
              ...state.step.refs.map((r) => r.say),
            ];
            assert.deepEqual(shown.flatMap(foreign), [], id);
            // The machine's values are the same ones, in whatever order a translation has them.
            const values = (words: string) => (words.match(/`[^`]*`/g) ?? []).length;
            assert.equal(values(state.words), values(stateOf(english, id).words), id);
            assert.deepEqual(state.script, stateOf(english, id).script, id);
          }
        });
      },
    );
  }

  it("is exported in that language, which the page names", () => {
    inPseudoLocale((bundle) => {
      const pages = pagesOf(playerOn(edition(), translated(tourTexts.get("first-look")!, bundle)));
      assert.match(tourHtml(pages), /<html lang="ен">/);
      const headings = tourMarkdown(pages).match(/^(?:#+ .*|\| [^|]* \| CPU0 .*|<details>.*)$/gm)!;
      assert.deepEqual(headings.flatMap(foreign), []);
      assert.ok(headings.length > 6);
    });
  });

  it("says in that language how the code has drifted", () => {
    inPseudoLocale((bundle) => {
      const player = playerOn(
        filesWith({ "kernel/sched.c": (t) => t.replace("enter_lazy_tlb(oldmm, next);", ";") }),
        translated(tourTexts.get("first-look")!, bundle),
      );
      const { drift } = stateOf(player, "lazy");
      assert.ok(drift);
      assert.deepEqual(foreign(drift.message), []);
    });
  });

  it("is in the words of a translated copy of its file, where that has the same parts and values", () => {
    const text = tourTexts.get("first-look")!;
    const copy = text
      .replace("title: A first look", "title: Ein erster Blick")
      .replace("Yes. CPU0 is ${cpu0: cpu_tlbstate.state} now", "Ja. CPU0 ist jetzt ${cpu0: cpu_tlbstate.state}")
      .replace("A's mm_count says so: ${A.mm_count}", "und sagt nicht, wie oft");
    assert.notEqual(copy, text);
    const tour = inWordsOf(tourOf(text), tourOf(copy));
    assert.equal(tour.title, "Ein erster Blick");
    const lazy = tour.steps.find((s) => s.id === "lazy")!;
    assert.match(lazy.ask!.right, /^Ja\. CPU0 ist jetzt/);
    assert.equal(
      lazy.words,
      tourOf(text).steps.find((s) => s.id === "lazy")!.words,
      "a live value was lost on the way",
    );
    const shorter = inWordsOf(tourOf(text), tourOf(copy.replace(/ {4}refs:\n( {6}.*\n)+/, "")));
    assert.equal(
      shorter.steps.find((s) => s.id === "lazy")!.ask!.right,
      tourOf(text).steps.find((s) => s.id === "lazy")!.ask!.right,
      "it has other parts",
    );
    assert.deepEqual(copiesOf("/a/x.tour.yaml", "pt-BR"), ["/a/x.tour.pt-br.yaml", "/a/x.tour.pt.yaml"]);
  });

  it("has nothing that a translator isn't given: each text of a step is among the tour's words", () => {
    const tour = tourOf(tourTexts.get("the-mail")!);
    const words = wordsOf(tour);
    for (const step of tour.steps)
      for (const text of [step.title, step.words, step.ask?.right])
        assert.ok(text === undefined || words.includes(text), text);
    assert.deepEqual(liveValuesOf("on line ${line}, ${cpu0: tlb}, not \\${this}"), ["${cpu0: tlb}", "${line}"]);
  });
});
