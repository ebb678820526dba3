import { compareReleases } from '../../target/release.js';
import { nearest } from '../../text/nearest.js';
import { own } from '../../text/own.js';
import type { Place } from '../../text/source.js';
import type { JobProblem } from '../job-spec.js';
import { FLAGS, type RefusedFlag } from './flags.js';
import { quoteWord, type SplitLine, type Word } from './words.js';

/** Flags of Docker, and of older releases, with what to write instead. Without dashes. */
const INSTEAD: Readonly<Record<string, string>> = {
  v: 'inputs are given with -i (ipfs://, https://, s3://), results with -o name:/path; a folder of your own machine cannot be mounted',
  volume:
    'inputs are given with -i (ipfs://, https://, s3://), results with -o name:/path; a folder of your own machine cannot be mounted',
  mount: 'inputs are given with -i src=…,dst=/inputs, results with -o name:/path',
  m: 'write --memory 512Mb (10^6 bytes, where Docker means 2^20)',
  u: 'in older releases it was an input from a URL, now -i https://…; a user cannot be chosen',
  user: 'a user cannot be chosen; the image decides',
  cpus: 'write --cpu',
  gpus: 'write --gpu with a number',
  rm: 'leave it out: a container is always removed',
  d: 'write --wait=false',
  detach: 'write --wait=false',
  t: 'leave it out: a job has no terminal',
  tty: 'leave it out: a job has no terminal',
  interactive: 'leave it out: a job has no standard input',
  'env-file': 'give each variable with -e NAME=value',
  port: 'ports need a job spec with Network.Ports',
  publish: 'ports need a job spec with Network.Ports',
  privileged: 'a job cannot be privileged',
  'shm-size': 'it cannot be changed: a job has 64 MB of shared memory',
  platform: 'it cannot be chosen; nodes are selected with --constraints os_arch=amd64',
  pull: 'nodes pull when they hold no image of that name',
  'input-urls': 'write -i https://…',
  'input-volumes': 'write -i ipfs://CID:/path',
  inputs: 'write -i ipfs://CID',
  'output-volumes': 'write -o name:/path and -p PUBLISHER',
  engine: 'leave it out',
  verifier: 'leave it out: verifiers are gone',
  confidence: 'leave it out',
  'min-bids': 'leave it out',
  filplus: 'leave it out',
  download: 'leave it out, and fetch results with bacalhau job get',
  local: 'leave it out',
  'skip-syntax-checking': 'leave it out',
  'sharding-glob-pattern': 'leave it out: sharding is gone; S3 inputs have Partition in a job spec',
  'sharding-base-path': 'leave it out: sharding is gone',
  'sharding-batch-size': 'leave it out: sharding is gone',
};

/** Flags of older releases that no program is likely to have: behind the program they are meant for Bacalhau still. */
const OLD_FLAGS: ReadonlySet<string> = new Set([
  'input-urls',
  'input-volumes',
  'output-volumes',
  'inputs',
  'verifier',
  'min-bids',
  'filplus',
  'download',
  'local',
  'skip-syntax-checking',
  'sharding-glob-pattern',
  'sharding-base-path',
  'sharding-batch-size',
]);

/** What the flag parser refuses, told with what to write instead. */
export function refusedFlag(
  { kind, word, quote, name, after }: RefusedFlag,
  noDashes: boolean,
  release: string,
): JobProblem {
  const behindImage = after > 0 && noDashes;
  const dashes = '; flags of the program stand behind --: bacalhau docker run [flags] IMAGE -- PROGRAM …';
  const flag = word.value.startsWith('--') ? `--${name}` : `-${name}`;
  if (/[\u2010-\u2015\u2212]/.test(word.value))
    return line(word, `${word.value} has a typographic dash where a - belongs, so that it is no flag; write it anew`);
  if (kind === 'needs-argument') {
    return line(
      word,
      behindImage
        ? `${word.value} stands behind the image, and Bacalhau takes its -${name} for a flag of its own, which lacks a value${dashes}`
        : `${flag} needs a value, and nothing stands behind it; Bacalhau refuses the line`,
      quote,
    );
  }
  if (behindImage && !(word.value.startsWith('--') && OLD_FLAGS.has(name)))
    return line(
      word,
      `${word.value} stands behind the image, where Bacalhau still reads flags, and it refuses this one, which it does not know${dashes}`,
      quote,
    );
  const later = FLAGS.find((flag) => flag.name === name)?.since;
  const instead =
    later === undefined ? (own(INSTEAD, name) ?? nearestFlag(name)) : `it came with ${later}, and this is ${release}`;
  return line(
    word,
    `bacalhau docker run has no flag ${flag}, and refuses the line${instead === undefined ? '' : `; ${instead}`}`,
    quote,
  );
}

function nearestFlag(name: string): string | undefined {
  const meant =
    name.length > 1
      ? nearest(
          name,
          FLAGS.map((flag) => flag.name),
        )
      : undefined;
  return meant === undefined ? undefined : `did you mean --${meant}?`;
}

/** Commands of older releases, with the one of today. */
const OLD_COMMANDS: Readonly<Record<string, string>> = {
  create: 'job run FILE',
  validate: 'job validate FILE',
  list: 'job list',
  describe: 'job describe ID',
  get: 'job get ID',
  logs: 'job logs ID',
  cancel: 'job stop ID',
  id: 'agent node',
  exec: 'docker run',
};

/** What is wrong with a line that is no `bacalhau docker run …`; undefined for one that is. */
export function wrongCommand(words: readonly Word[], at: Place, release: string): JobProblem | undefined {
  const [first, second] = words;
  if (first === undefined) return line(at, 'the line is empty');
  if (first.value === 'docker') {
    return line(
      first,
      "this is a command of Docker; Bacalhau's begins with bacalhau docker run, and has inputs and results instead of volumes",
    );
  }
  if (!isBacalhau(first.value) && !/^\{\{[^{}]*\}\}/.test(first.value))
    return line(first, `the line begins with ${first.value}, and only lines with bacalhau docker run can be checked`);
  const docker = words.findIndex(({ value }) => value === 'docker');
  const early = docker === 1 || second?.value.startsWith('-') === true;
  if (early && docker > 0 && words[docker + 1]?.value === 'run') return undefined;
  const behind = words.slice(2).map(({ value }) => value);
  const instead = second?.value === 'run' ? runCommand(behind) : own(OLD_COMMANDS, second?.value ?? '');
  if (second !== undefined && instead !== undefined && compareReleases(release, '1.4.0') >= 0) {
    return line(
      second,
      `bacalhau ${second.value} is gone since 1.4; from 1.4 to 1.6 it prints a notice and does nothing, later it is refused; write bacalhau ${instead}`,
    );
  }
  return line(second ?? first, 'this is no bacalhau docker run line, and only those can be checked');
}

/** Commands of `bacalhau` beside `docker run` (release 1.9); those for nodes too, since scripts have them. */
const OTHER_COMMANDS = new Set(
  'agent auth completion config devstack help job license node profile serve sso version wasm'.split(' '),
);

/** Why a line that Bacalhau takes has no job to read in it, as half a sentence; undefined for every other line. */
export function otherCommand([first, ...words]: readonly Word[]): string | undefined {
  if (first === undefined || !isBacalhau(first.value)) return undefined;
  // Flags of every command may stand before it.
  const at = words[0]?.value.startsWith('-') === true ? words.findIndex(({ value }) => isCommand(value)) : 0;
  const name = words[at]?.value;
  if (name === undefined || !OTHER_COMMANDS.has(name)) return undefined;
  const file = name === 'job' ? words.map(({ value }) => value).find(isJobFile) : undefined;
  return file === undefined
    ? `bacalhau ${name} is no docker run line`
    : `the job stands in a file; bacalhau-preflight check ${quoteWord(file)} reads it`;
}

function isCommand(word: string): boolean {
  return word === 'docker' || OTHER_COMMANDS.has(word);
}

function isBacalhau(word: string): boolean {
  return /(^|\/)bacalhau(\.exe)?$/.test(word);
}

function isJobFile(word: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(word);
}

/** What `bacalhau run …` of older releases, or of memory, is called now, by the words behind it. */
function runCommand(words: readonly string[]): string {
  const file = words.find(isJobFile);
  if (file !== undefined || words[0] === 'job') return `job run ${file ?? 'FILE'}`;
  const module = words.find((word) => /\.wasm$/i.test(word));
  return module === undefined ? 'docker run' : `wasm run ${module}`;
}

/** What the user's own shell would do with the line. */
export function shellProblems({ shell, unclosed, blankAfterBackslash }: SplitLine): JobProblem[] {
  const problems: JobProblem[] = shell
    .filter(({ operator }) => operator.includes('>'))
    .map(({ operator, span }) => ({
      kind: 'command-line',
      at: { span },
      severity: 'warning',
      stage: 'results',
      message: `the ${operator} is read by the shell on your machine, not in the container; put the program's line into quotes: -- sh -c '… ${operator} …'`,
    }));
  if (unclosed !== undefined)
    problems.push(line({ span: unclosed }, 'a quote begins here and never ends, so that the shell waits for more'));
  if (blankAfterBackslash !== undefined) {
    problems.push(
      line(
        { span: blankAfterBackslash },
        'a blank stands behind the backslash at the end of this line, so the command ends here with a word of one blank; remove it',
      ),
    );
  }
  return problems;
}

/** A `--` that a text editor made a long dash of: Bacalhau hands it to the container as the program. */
export function longDashProblems(words: readonly Word[]): JobProblem[] {
  const dash = words.find(({ value }) => /^[\u2010-\u2015\u2212][-\u2010-\u2015\u2212]?$/.test(value));
  if (dash === undefined) return [];
  const message = `${dash.value} is a typographic dash, which Bacalhau takes for a word of the program; write --`;
  return [{ ...line(dash, message), stage: 'run', severity: 'error', replacement: '--', changesJob: true }];
}

/** A problem of the command line; an error at the client. */
export function line(at: Place, message: string, quote?: string): JobProblem {
  return { kind: 'command-line', at: { span: at.span }, message, ...(quote === undefined ? {} : { quote }) };
}
