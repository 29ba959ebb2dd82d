/** The checker in the editor: lens, verdicts, coverage, *why is this line here?*, wired together. */
import type { Workers } from "../../jobs/workers";
import type { EditionFolder } from "../source/edition-files";
import type { Programs } from "../source/programs";
import type { Scenarios } from "../scenarios";
import type { Driver } from "../session/driver";
import { AskCommand } from "./ask-command";
import { CheckLenses } from "./check-lenses";
import { Checks } from "./checks";
import { CoverageMarks } from "./coverage-marks";
import { Questions } from "./asked-questions";
import { Reports } from "./reports";
import { RunCopies } from "./run-copies";
import { StepThrough } from "./step-through";
import { VerdictView } from "./verdict-view";
import { WhyView } from "./why-view";
import { Whys } from "./whys";

/** What the rest of the extension gives to the checker. */
interface Surroundings {
  workers: Workers;
  /** Searches that may run at once. */
  most: number;
  programs: Programs;
  scenarios: Scenarios;
  edition: EditionFolder;
  driver: Driver;
}

export function checkerParts({
  workers,
  most,
  programs,
  scenarios,
  edition,
  driver,
}: Surroundings): { start(): { dispose(): unknown } }[] {
  const questions = new Questions();
  const checks = new Checks(workers, most, programs, scenarios, questions);
  const copies = new RunCopies();
  const steps = new StepThrough(programs, driver, copies);
  const whys = new Whys(workers, programs, scenarios, steps);
  const reports = new Reports();
  const view = new VerdictView(checks, programs, edition, steps, questions, reports);
  return [
    checks,
    whys,
    new WhyView(whys, reports),
    copies,
    reports,
    view,
    new AskCommand(workers, programs, scenarios, questions, view),
    new CheckLenses(checks),
    new CoverageMarks(checks),
  ];
}
