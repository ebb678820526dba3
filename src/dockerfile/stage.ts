import { resolvePath } from '../text/posix-path.js';
import type { Located, SourceText } from '../text/source.js';
import { addCopy } from './copy.js';
import type { DockerfileCommand, DockerfileProblem, DockerfileStage } from './dockerfile.js';
import { readExecForm } from './exec-form.js';
import { keptForLater, type Instruction } from './instructions.js';
import { located, offsetInFile, partOf, spanInFile, splitFlags, splitWords, type JoinedText } from './joined-text.js';
import { expandVariables, readPairs, type Expanded, type Variables } from './variables.js';

/** A stage while its instructions are applied: the config of the image so far. */
export type OpenStage = {
  -readonly [Key in keyof DockerfileStage]: DockerfileStage[Key] extends readonly (infer Item)[]
    ? Item[]
    : DockerfileStage[Key];
} & {
  /** Names that an ENV set: an ARG of the same name has no say any more. */
  envNames: Set<string>;
  /** Values of ARG and ENV in force; undefined for an ARG without a default. */
  variables: Map<string, string | undefined>;
  /** What ONBUILD keeps for the stages that are built on this one. */
  kept: Instruction[];
  /** ENTRYPOINT, CMD and HEALTHCHECK of this stage itself, by keyword. */
  own: Map<string, Located<string>>;
};

/** Where instructions find the text, the values of ARG before the first FROM, and a place for what is wrong. */
export interface ReadingContext {
  readonly source: SourceText;
  /** The character that escapes. */
  readonly escape: string;
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
export function expand(text: string, variables: Variables, { room, escape }: ReadingContext): Expanded {
  if (room.characters <= 0) return { text, known: false };
  const expanded = expandVariables(text, variables, escape);
  room.characters -= Math.max(0, expanded.text.length - text.length);
  return expanded;
}

/** Applies one instruction (not FROM) to the stage. Instructions that do not bear on how the image runs are passed over. */
export function applyInstruction(stage: OpenStage, instruction: Instruction, context: ReadingContext): void {
  const { rest } = instruction;
  const whole = located(rest);
  const expanded = (text: string): string => expand(text, stage.variables, context).text;
  const listed = (text: JoinedText): Located<string>[] =>
    wordsOrExec(instruction.keyword, text, context).map(({ value, span }) => ({ value: expanded(value), span }));
  switch (instruction.keyword) {
    case 'ENTRYPOINT':
      replace(stage, instruction);
      stage.entrypoint = readCommand(stage, instruction, rest, context);
      // A CMD of the base does not fit a new ENTRYPOINT; builders drop it (`dispatchEntrypoint`).
      if (!stage.own.has('CMD')) delete stage.cmd;
      break;
    case 'CMD':
      replace(stage, instruction);
      stage.cmd = readCommand(stage, instruction, rest, context);
      break;
    case 'HEALTHCHECK':
      replace(stage, instruction);
      stage.healthcheck = readHealthcheck(stage, instruction, context);
      break;
    case 'SHELL': {
      const form = readExecForm(rest);
      if (form.kind === 'exec' && form.words.length > 0) stage.shell = [...form.words];
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
      for (const path of listed(rest)) stage.volumes.push(path);
      break;
    case 'EXPOSE':
      for (const port of listed(rest)) stage.exposed.push(port);
      break;
    case 'COPY':
    case 'ADD':
      addCopy(stage, instruction, listed);
      break;
    case 'ENV':
      for (const { name, value, start, end } of readPairs(rest.text, true, context.escape)) {
        const text = expand(value ?? '', stage.variables, context);
        stage.variables.set(name, text.known ? text.text : undefined);
        stage.envNames.add(name);
        stage.env.push({ value: `${name}=${text.text}`, span: spanInFile(rest, start, end) });
      }
      break;
    case 'ARG':
      applyArg(stage, rest, context);
      break;
    case 'RUN':
      addRun(stage, instruction, context);
      break;
    case 'ONBUILD': {
      const later = keptForLater(instruction);
      if (later !== undefined) stage.kept.push(later);
      break;
    }
  }
}

/** A RUN that is nothing but a here-document runs the text in it. */
function addRun(stage: OpenStage, { rest: all, documents }: Instruction, { source }: ReadingContext): void {
  const { rest } = splitFlags(all);
  const [document] = documents;
  const { content } = document?.span.start === offsetInFile(rest, 0) ? document : {};
  stage.runs.push(
    content === undefined ? located(rest) : { value: source.text.slice(content.start, content.end), span: content },
  );
}

function applyArg(stage: OpenStage, rest: JoinedText, context: ReadingContext): void {
  for (const { name, value, start, end } of readPairs(rest.text, false, context.escape)) {
    const text = value === undefined ? undefined : expand(value, stage.variables, context);
    if (text !== undefined) stage.args.push({ value: `${name}=${text.text}`, span: spanInFile(rest, start, end) });
    if (stage.envNames.has(name)) continue;
    stage.variables.set(name, text?.known === true ? text.text : context.globals.get(name));
  }
}

/** Notes that an instruction counts, and that an earlier one of this stage no longer does. */
function replace(stage: OpenStage, { keyword, keywordSpan }: Instruction): void {
  const before = stage.own.get(keyword);
  if (before !== undefined) stage.replaced.push(before);
  stage.own.set(keyword, { value: keyword, span: keywordSpan });
}

function readCommand(
  stage: OpenStage,
  { keyword, span }: Instruction,
  text: JoinedText,
  { problems }: ReadingContext,
): DockerfileCommand {
  const form = readExecForm(text);
  if (form.kind === 'exec') return { form: 'exec', words: form.words, span };
  const whole = located(text);
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
  const shell = stage.shell === undefined ? {} : { shell: stage.shell };
  return { form: 'shell', words: text.text === '' ? [] : [whole], span, ...shell };
}

/** `HEALTHCHECK [--interval=…] CMD …`; `HEALTHCHECK NONE` has no words. */
function readHealthcheck(stage: OpenStage, instruction: Instruction, context: ReadingContext): DockerfileCommand {
  const { rest } = splitFlags(instruction.rest);
  const kind = splitWords(rest)[0];
  if (kind?.text.toUpperCase() !== 'CMD') return { form: 'exec', words: [], span: instruction.span };
  const lead = rest.text.slice(kind.end);
  const start = kind.end + lead.length - lead.trimStart().length;
  return readCommand(stage, instruction, partOf(rest, start, rest.text.length), context);
}

function wordsOrExec(keyword: string, text: JoinedText, { problems }: ReadingContext): readonly Located<string>[] {
  const form = readExecForm(text);
  if (form.kind === 'exec') return form.words;
  if (form.kind === 'not-strings') {
    problems.push(syntax(located(text), `${keyword} lists something that is no text in double quotes`));
    return [];
  }
  return splitWords(text).map((word) => ({ value: word.text, span: spanInFile(text, word.start, word.end) }));
}

/** A problem for which the file does not build. */
export function syntax(at: DockerfileProblem['at'], message: string): DockerfileProblem {
  return { kind: 'syntax', at, message };
}
