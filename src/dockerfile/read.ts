import { nearest } from '../text/nearest.js';
import type { Located, SourceText } from '../text/source.js';
import type { Dockerfile, DockerfileStage } from './dockerfile.js';
import { readInstructions, type Instruction } from './instructions.js';
import { spanInFile, splitWords, type JoinedWord } from './joined-text.js';
import { applyInstruction, expand, ROOM, syntax, type OpenStage, type ReadingContext } from './stage.js';
import { readPairs } from './variables.js';

/** All instructions of the Dockerfile reference. */
const KEYWORDS = new Set(
  (
    'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER ' +
    'VOLUME WORKDIR'
  ).split(' '),
);

/**
 * Reads a Dockerfile as BuildKit does, down to what decides how the final image runs: each stage with what it inherits
 * from earlier stages. Never throws; what would not build is in `problems`.
 */
export function readDockerfile(source: SourceText): Dockerfile {
  const globals = new Map<string, string | undefined>();
  const { list, escape, refused, frontend } = readInstructions(source);
  const context: ReadingContext = { source, escape, globals, problems: [], room: { ...ROOM } };
  const stages: OpenStage[] = [];
  const args: Located<string>[] = [];
  const byName = new Map<string, number>();
  if (refused !== undefined) context.problems.push(syntax({ span: refused.span }, refused.message));
  const ownInstructions = frontend !== undefined && !/^(?:docker\.io\/)?docker\/dockerfile(?:[:@-]|$)/.test(frontend);
  for (const instruction of list) {
    const { keyword, keywordSpan } = instruction;
    const stage = stages.at(-1);
    if (!KEYWORDS.has(keyword)) {
      if (ownInstructions) continue;
      const near = nearest(keyword, [...KEYWORDS]);
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      context.problems.push(syntax({ span: keywordSpan }, `${keyword} is no instruction of a Dockerfile${hint}`));
    } else if (keyword === 'FROM') {
      const opened = openStage(instruction, stages, byName, context);
      if (opened === undefined) continue;
      if (opened.name !== undefined) byName.set(opened.name.value.toLowerCase(), stages.length);
      const parent = opened.baseStage === undefined ? undefined : stages[opened.baseStage];
      stages.push(opened);
      for (const kept of parent?.kept ?? []) applyInstruction(opened, kept, context);
    } else if (stage !== undefined) {
      applyInstruction(stage, instruction, context);
    } else if (keyword === 'ARG') {
      for (const { name, value, start, end } of readPairs(instruction.rest.text, false, escape)) {
        const text = value === undefined ? undefined : expand(value, globals, context);
        globals.set(name, text?.known === true ? text.text : undefined);
        const span = spanInFile(instruction.rest, start, end);
        if (text !== undefined) args.push({ value: `${name}=${text.text}`, span });
      }
    } else {
      const message = `${keyword} stands before the first FROM, where only ARG may stand`;
      context.problems.push(syntax({ span: keywordSpan }, message));
    }
    const last = stages.at(-1);
    if (last !== undefined) last.at = { span: { start: last.at.span.start, end: instruction.span.end } };
  }
  const at = { span: { start: 0, end: source.text.length } };
  if (stages.length === 0 && context.problems.length === 0) {
    context.problems.push({ kind: 'no-from', at, message: 'there is no FROM, so there is nothing to build on' });
  }
  const final = stages.at(-1);
  return { source, at, args, stages, problems: context.problems, ...(final === undefined ? {} : { final }) };
}

/** Reads FROM: `[--platform=P] IMAGE [AS NAME]`. What a local stage holds is inherited. */
function openStage(
  { rest, span, keywordSpan }: Instruction,
  stages: readonly OpenStage[],
  byName: ReadonlyMap<string, number>,
  context: ReadingContext,
): OpenStage | undefined {
  const { globals, problems } = context;
  const all = splitWords(rest);
  const flags = all.findIndex(({ text }) => !text.startsWith('--'));
  const words = flags === -1 ? [] : all.slice(flags);
  const [image, as, name] = words;
  if (image === undefined) {
    problems.push(syntax({ span: keywordSpan }, 'FROM names no image'));
    return undefined;
  }
  if (words.length === 2 || words.length > 3 || (as !== undefined && as.text.toLowerCase() !== 'as')) {
    const at = { span: spanInFile(rest, (as ?? image).start, rest.text.length) };
    problems.push(syntax(at, 'FROM takes one image, or an image and "AS name"'));
  }
  const locate = (text: string, start: number, end: number): Located<string> => ({
    value: text,
    span: spanInFile(rest, start, end),
  });
  const expanded = expand(image.text, globals, context);
  // Names of stages are compared without case, the last of a name wins (`instructions.HasStage`).
  const baseStage = byName.get(expanded.text.toLowerCase());
  const named = baseStage === undefined ? undefined : stages[baseStage];
  const parent = mayInherit(named, context) ? named : undefined;
  const platform = readPlatform(all, locate, context) ?? parent?.platform;
  return {
    ...(parent === undefined ? {} : inherited(parent)),
    at: { span },
    base: locate(expanded.text, image.start, image.end),
    baseKnown: expanded.known && expanded.text !== '' && parent === named,
    ...(parent === undefined ? {} : { baseStage }),
    ...(name === undefined ? {} : { name: locate(name.text, name.start, name.end) }),
    ...(platform === undefined ? {} : { platform }),
    volumes: [...(parent?.volumes ?? [])],
    exposed: [...(parent?.exposed ?? [])],
    replaced: [...(parent?.replaced ?? [])],
    copies: [...(parent?.copies ?? [])],
    env: [...(parent?.env ?? [])],
    args: [...(parent?.args ?? [])],
    runs: [...(parent?.runs ?? [])],
    kept: [],
    own: new Map(),
    envNames: new Set(parent?.envNames),
    variables: new Map(
      (parent?.env ?? []).map(({ value }) => [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]),
    ),
    fromScratch: parent?.fromScratch ?? expanded.text === 'scratch',
  };
}

function readPlatform(
  words: readonly JoinedWord[],
  locate: (text: string, start: number, end: number) => Located<string>,
  context: ReadingContext,
): Located<string> | undefined {
  const flag = words.find((word) => word.text.startsWith('--platform='));
  if (flag === undefined) return undefined;
  const name = '--platform='.length;
  return locate(expand(flag.text.slice(name), context.globals, context).text, flag.start + name, flag.end);
}

/** Thousands of stages that inherit thousands of instructions would fill the memory; such a base counts as unknown. */
function mayInherit(parent: OpenStage | undefined, { room }: ReadingContext): boolean {
  if (parent === undefined) return false;
  const { env, args, runs, copies, volumes, exposed, replaced, kept } = parent;
  for (const list of [env, args, runs, copies, volumes, exposed, replaced, kept]) room.inherited -= list.length;
  return room.inherited >= 0;
}

/** The fields of the image config that a stage takes over from the stage below it. */
function inherited(parent: DockerfileStage): Partial<
  Pick<DockerfileStage, 'entrypoint' | 'cmd' | 'healthcheck' | 'user' | 'workingDir'>
> & {
  shell?: Located<string>[];
} {
  const { entrypoint, cmd, healthcheck, user, workingDir, shell } = parent;
  return {
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    ...(healthcheck === undefined ? {} : { healthcheck }),
    ...(user === undefined ? {} : { user }),
    ...(workingDir === undefined ? {} : { workingDir }),
    ...(shell === undefined ? {} : { shell: [...shell] }),
  };
}
