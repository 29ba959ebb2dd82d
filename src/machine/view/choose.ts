/** What a CPU that is left to choose may begin next, for buttons and messages. */
import { chooseAction, type Machine, type State } from "../machine";
import { describeAction } from "./names";
import type { ChoiceView } from "./view";

/** Empty while an action runs, when all are done, and on a CPU that follows a script. */
export const choicesOn = (machine: Machine, s: State, c: number): ChoiceView[] =>
  machine.choices.of(s, c).map((index) => ({
    label: describeAction(machine.scenario.cpus[c].does[index].action),
    move: chooseAction(c, index),
  }));
