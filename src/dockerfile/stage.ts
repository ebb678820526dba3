import { resolvePath } from '../text/posix-path.js';
import type { Located, SourceText } from '../text/source.js';
import type { DockerfileCommand, DockerfileProblem, DockerfileStage } from './dockerfile.js';
import { readExecForm } from './exec-form.js';
import type { Instruction } from './instructions.js';
import { spanInFile, splitWords, type JoinedWord } from './joined-text.js';
import { expandVariables, readPairs, unquote, type Expanded, type Variables } from './variables.js';

/** A stage while its instructions are applied: the config of the image so far. */
export type OpenStage = {
  -readonly [Key in keyof DockerfileStage]: DockerfileStage[Key];
} & {
  volumes: Located<string>[];
  exposed: Located<string>[];
  writes: Located<string>[];
  env: Located<string>[];
  runs: Located<string>[];
  /** Names that an ENV set: an ARG of the same name has no say any more. */
  envNames: Set<string>;
  /** Values of ARG and ENV in force; undefined for an ARG without a default. */
  variables: Map<string, string | undefined>;
};

/** Where instructions find the text, the values of ARG before the first FROM, and a place for what is wrong. */
export interface ReadingContext {
  readonly source: SourceText;
  readonly globals: ReadonlyMap<string, string | undefined>;
  readonly problems: DockerfileProblem[];
  /** How much text variables may still add and stages may still copy from each other, in all of the file. */
  readonly room: { characters: number; inherited: number };
}

/** What a file may use up in a reading: far more than any has, and little enough to be read in a moment. */
export const ROOM = { characters: 4_000_000, inherited: 200_000 } as const;

/** Longer than any path of Linux (PATH_MAX). */
const LONGEST_PATH = 4096;

/** Puts in the values of variables; where they were made to grow without end, the text stays as it is, unknown. */
export function expand(text: string, variables: Variables, { room }: Pick<ReadingContext, 'room'>): Expanded {
  if (room.characters <= 0) return { text, known: false };
  const expanded = expandVariables(text, variables);
  room.characters -= Math.max(0, expanded.text.length - text.length);
  return expanded;
}

/** Applies one instruction (not FROM) to the stage. Instructions that do not bear on how the image runs are passed over. */
export function applyInstruction(stage: OpenStage, instruction: Instruction, context: ReadingContext): void {
  const { rest } = instruction;
  const whole: Located<string> = { value: rest.text, span: spanInFile(rest, 0, rest.text.length) };
  const expanded = (text: string): string => unquote(expand(text, stage.variables, context).text);
  const listed = (): Located<string>[] =>
    wordsOrExec(instruction, context).map(({ value, span }) => ({ value: expanded(value), span }));
  switch (instruction.keyword) {
    case 'ENTRYPOINT': {
      stage.entrypoint = readCommand(instruction, context);
      // A CMD of the base does not fit a new ENTRYPOINT; BuildKit drops it (`dispatchEntrypoint`).
      if (stage.cmd !== undefined && !isWithin(stage.cmd, stage)) delete stage.cmd;
      break;
    }
    case 'CMD':
      stage.cmd = readCommand(instruction, context);
      break;
    case 'SHELL': {
      const form = readExecForm(rest);
      if (form.kind === 'exec' && form.words.length > 0) stage.shell = form.words;
      else context.problems.push(syntax(whole, 'SHELL takes a JSON list of strings, such as ["/bin/bash", "-c"]'));
      break;
    }
    case 'USER':
      stage.user = { value: expanded(rest.text), span: whole.span };
      break;
    case 'WORKDIR': {
      const path = expanded(rest.text);
      const now = stage.workingDir?.value ?? (stage.fromScratch === true ? '/' : undefined);
      const before = now !== undefined && now.length > LONGEST_PATH ? undefined : now;
      const known = path.startsWith('/') || before?.startsWith('/') === true;
      stage.workingDir = { value: known ? resolvePath(before ?? '/', path) : path, span: whole.span };
      break;
    }
    case 'VOLUME':
      for (const path of listed()) stage.volumes.push(path);
      break;
    case 'EXPOSE':
      for (const port of listed()) stage.exposed.push(port);
      break;
    case 'COPY':
    case 'ADD':
      addDestination(stage, instruction, context, expanded);
      break;
    case 'ENV':
      for (const { name, value, start, end } of readPairs(rest.text, true)) {
        const text = expand(value ?? '', stage.variables, context);
        stage.variables.set(name, text.known ? text.text : undefined);
        stage.envNames.add(name);
        stage.env.push({ value: `${name}=${text.text}`, span: spanInFile(rest, start, end) });
      }
      break;
    case 'ARG':
      for (const { name, value } of readPairs(rest.text, false)) {
        if (stage.envNames.has(name)) continue;
        const text = value === undefined ? undefined : expand(value, stage.variables, context);
        stage.variables.set(name, text?.known === true ? text.text : context.globals.get(name));
      }
      break;
    case 'RUN':
      stage.runs.push(whole);
      break;
  }
}

/** Whether a command was written in this stage rather than inherited from an earlier one. */
function isWithin(command: DockerfileCommand, stage: OpenStage): boolean {
  return command.span.start >= stage.at.span.start;
}

function readCommand(instruction: Instruction, { problems }: ReadingContext): DockerfileCommand {
  const { rest, span, keyword } = instruction;
  const form = readExecForm(rest);
  if (form.kind === 'exec') return { form: 'exec', words: form.words, span };
  const whole = { value: rest.text, span: spanInFile(rest, 0, rest.text.length) };
  if (form.kind === 'broken') {
    problems.push({
      kind: 'bad-exec-form',
      at: whole,
      reason: form.reason,
      message: `${keyword} is no JSON list of strings, so the image hands this text to its shell`,
    });
  }
  if (form.kind === 'not-strings') {
    problems.push(syntax(whole, `${keyword} lists something that is no text in double quotes; it does not build`));
  }
  return { form: 'shell', words: rest.text === '' ? [] : [whole], span };
}

function wordsOrExec(instruction: Instruction, { problems }: ReadingContext): Located<string>[] {
  const { rest } = instruction;
  const form = readExecForm(rest);
  if (form.kind === 'exec') return [...form.words];
  if (form.kind === 'not-strings') {
    const at = { span: spanInFile(rest, 0, rest.text.length) };
    problems.push(syntax(at, `${instruction.keyword} lists something that is no text in double quotes`));
    return [];
  }
  return splitWords(rest).map((word) => ({ value: word.text, span: spanInFile(rest, word.start, word.end) }));
}

/** Takes the place where COPY or ADD puts its files: the last word after the flags. */
function addDestination(
  stage: OpenStage,
  instruction: Instruction,
  context: ReadingContext,
  expanded: (text: string) => string,
): void {
  const words = withoutFlags(splitWords(instruction.rest));
  const first = words[0];
  const listed =
    first?.text.startsWith('[') === true
      ? wordsOrExec(instruction, context)
      : words.map((word) => ({ value: word.text, span: spanInFile(instruction.rest, word.start, word.end) }));
  const destination = listed.at(-1);
  if (destination === undefined || listed.length < 2) return;
  const path = expanded(destination.value);
  const base = stage.workingDir?.value ?? (stage.fromScratch === true ? '/' : undefined);
  if (!path.startsWith('/') && base?.startsWith('/') !== true) return;
  stage.writes.push({ value: resolvePath(base ?? '/', path), span: destination.span });
}

/** Drops the leading `--name=value` words. */
export function withoutFlags(words: readonly JoinedWord[]): readonly JoinedWord[] {
  const first = words.findIndex((word) => !word.text.startsWith('--'));
  return first === -1 ? [] : words.slice(first);
}

/** A problem for which the file does not build. */
export function syntax(at: DockerfileProblem['at'], message: string): DockerfileProblem {
  return { kind: 'syntax', at, message };
}
