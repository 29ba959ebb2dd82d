/** What the command line says to a command that it can't understand: what is wrong, and what to write instead. */
import type { Command, CommanderError } from "commander";
import { didYouMean, nearest } from "../scenario/suggest";
import { UsageError } from "./inputs";

/** `tlbscope tour export`. */
export function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

/** commander's error, as a sentence of ours. */
export function usageError(error: CommanderError, command: Command): UsageError {
  return new UsageError(sentence(error, command));
}

function sentence(error: CommanderError, command: Command): string {
  // commander puts what it is about between quotation marks, and nowhere else.
  const about = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const name = fullName(command);
  switch (error.code) {
    case "commander.unknownOption":
      return `"${name}" has no option ${about}. ${whoseOption(about, command)}`;
    case "commander.unknownCommand": {
      const within = command.parent ? `${command.name()} ${about}` : about;
      return `There is no command "${within}". ${didYouMean(
        about,
        command.commands.map((c) => c.name()),
        "",
      )}`;
    }
    case "commander.excessArguments":
      return tooMany(command);
    case "commander.missingArgument": {
      const missing = command.registeredArguments[command.args.length];
      return `"${name}" needs ${missing.name()}, ${missing.description}. See ${name} --help.`;
    }
    case "commander.optionMissingArgument":
      return `${about} needs a value. See ${name} --help.`;
    default: {
      const text = error.message.replace(/^error: /, "");
      return `${text[0].toUpperCase()}${text.slice(1)}. See ${name} --help.`;
    }
  }
}

/** An option that isn't this command's: the one that was meant, or the commands that it belongs to. */
function whoseOption(flag: string, command: Command): string {
  const others = everyCommand(root(command)).filter((c) => flagsOf(c).includes(flag));
  if (others.length > 0) return `It belongs to ${others.map((c) => `"${fullName(c)}"`).join(" and ")}.`;
  const near = nearest(flag, flagsOf(command));
  return near === undefined ? `See ${fullName(command)} --help.` : `Did you mean "${near}"?`;
}

function tooMany(command: Command): string {
  const taken = command.registeredArguments;
  const rest = command.args.slice(taken.length);
  const these = rest.map((a) => `"${a}"`).join(", ");
  const many = rest.length === 1 ? "is one too many" : "are too many";
  if (taken.length === 0) return `"${fullName(command)}" takes nothing but options: ${these} ${many}.`;
  const usage = taken.map((a) => (a.required ? a.name() : `[${a.name()}]`)).join(" ");
  const again = taken.at(-1)!.name() === "TREE" ? " It reads one kernel tree at a time: run it once for each." : "";
  return `"${fullName(command)}" takes ${usage}: ${these} ${many}.${again}`;
}

const root = (command: Command): Command => (command.parent ? root(command.parent) : command);

const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];

const flagsOf = (command: Command): string[] =>
  command.options.flatMap((o) => [o.long, o.short].filter((flag) => flag !== undefined && flag !== null));
