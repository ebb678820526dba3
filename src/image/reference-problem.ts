import {
  isDigest,
  isHost,
  isPathComponent,
  isTag,
  LONGEST_REPOSITORY,
  LONGEST_TAG,
  parseByGrammar,
  splitHost,
  splitReference,
} from './reference-grammar.js';
import { imageOfWebPage } from './web-page.js';

/** Why a text is no image reference. `at` is the range of the wrong part inside the text. */
export interface ReferenceProblem {
  readonly kind: 'empty' | 'url' | 'uppercase' | 'tag' | 'digest' | 'syntax' | 'unexpanded';
  readonly message: string;
  readonly at: { readonly start: number; readonly end: number };
  /** The reference that was most likely meant, when there is only one. */
  readonly suggestion?: string;
}

type Range = ReferenceProblem['at'];

/** Finds the mistakes that people make; undefined when none of them is there. */
export function findMistake(text: string): ReferenceProblem | undefined {
  return (
    emptiness(text) ??
    placeholder(text) ??
    whitespace(text) ??
    webPage(text) ??
    namelessness(text) ??
    imageId(text) ??
    digestMistake(text) ??
    tagMistake(text) ??
    capitals(text) ??
    nameMistake(text)
  );
}

/** For a text outside the grammar in which no known mistake was found. */
export function unnamedMistake(text: string): ReferenceProblem {
  return problem('syntax', `${quoted(text)} is not an image reference: expected [HOST[:PORT]/]PATH[:TAG]`, whole(text));
}

function emptiness(text: string): ReferenceProblem | undefined {
  return text.trim() === '' ? problem('empty', 'The image reference is empty', whole(text)) : undefined;
}

/** Nothing stands before the tag or digest, as where a variable for the name was empty. */
function namelessness(text: string): ReferenceProblem | undefined {
  const separator = text[0];
  if (separator !== '@' && separator !== ':') return undefined;
  const what = separator === '@' ? 'digest' : 'tag';
  const message = `The name is missing before the ${what} in ${quoted(text)}: expected [HOST[:PORT]/]PATH[:TAG]`;
  return problem('syntax', message, { start: 0, end: 1 });
}

const PLACEHOLDERS = [/\$\{[^}]*\}?/, /\$\([^)]*\)?/, /\$\w*/, /\{\{|\}\}/, /<[^<>]*>/];

function placeholder(text: string): ReferenceProblem | undefined {
  for (const pattern of PLACEHOLDERS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    // found by hand: a pattern for it is quadratic in a text of many open braces
    const close = match[0] === '{{' ? text.indexOf('}}', match.index) : -1;
    const at = { start: match.index, end: close < 0 ? match.index + match[0].length : close + 2 };
    const shown = text.slice(at.start, at.end);
    return problem('unexpanded', `${quoted(shown)} in the image reference was never replaced by its value`, at);
  }
  return undefined;
}

function whitespace(text: string): ReferenceProblem | undefined {
  const start = text.search(/\s/);
  if (start < 0) return undefined;
  const end = start + (/^\s+/.exec(text.slice(start))?.[0].length ?? 1);
  const words = text.trim().split(/\s+/);
  const [program, verb, image] = words;
  const pulled = words.length === 3 && program === 'docker' && verb === 'pull' ? image : undefined;
  const meant = words.length === 1 ? words[0] : pulled;
  const message = `The image reference ${quoted(text)} contains white space, which no reference may`;
  return problem('syntax', message, { start, end }, meant);
}

function webPage(text: string): ReferenceProblem | undefined {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]{0,30}):\/\//.exec(text);
  const page = imageOfWebPage(scheme === null ? text : text.slice(scheme[0].length));
  if (scheme === null && page.kind !== 'page') return undefined;
  const isWeb = scheme === null || /^https?$/i.test(scheme[1] ?? '');
  const message =
    isWeb && page.kind === 'page'
      ? `${quoted(text)} is the address of a web page, not an image reference`
      : `${quoted(text)} begins with a scheme; an image reference has none`;
  const at = isWeb && page.kind === 'page' ? whole(text) : { start: 0, end: scheme?.[0].length ?? text.length };
  return problem('url', message, at, page.image);
}

function imageId(text: string): ReferenceProblem | undefined {
  if (!/^(?:sha256:)?[0-9a-f]{64}$/.test(text)) return undefined;
  const message = `${quoted(text)} is an image ID, which only the engine that holds the image understands`;
  return problem('digest', message, whole(text));
}

function digestMistake(text: string): ReferenceProblem | undefined {
  const { name, tag, digest } = splitReference(text);
  const digestInTag = tag?.startsWith('sha256:') === true && isDigest(tag);
  if (digestInTag) {
    const at = { start: name.length, end: name.length + 1 + tag.length };
    return problem('digest', 'A digest follows the name after "@", not after ":"', at, `${name}@${tag}`);
  }
  if (digest === undefined || isDigest(digest)) return undefined;
  const at = { start: text.indexOf('@') + 1, end: text.length };
  const message = `${quoted(digest)} is not a digest: expected sha256: and 64 hexadecimal digits in lower case`;
  const lower = digest.toLowerCase();
  const head = text.slice(0, at.start);
  if (isDigest(lower)) return problem('digest', message, at, head + lower);
  return problem('digest', message, at, tag === undefined && isTag(digest) ? `${name}:${digest}` : undefined);
}

function tagMistake(text: string): ReferenceProblem | undefined {
  const { name, tag } = splitReference(text);
  if (tag === undefined || isTag(tag)) return undefined;
  const at = { start: name.length, end: name.length + 1 + tag.length };
  if (tag === '') return problem('tag', `The tag after ":" is empty in ${quoted(text)}`, at);
  if (tag.includes(':')) {
    return problem('tag', `${quoted(text)} has more than one tag: ${quoted(tag.split(':', 2).join('" and "'))}`, at);
  }
  if (tag.length > LONGEST_TAG) {
    return problem('tag', `The tag is ${tag.length} characters long, and may be ${LONGEST_TAG} at most`, at);
  }
  const message = `The tag ${quoted(tag)} is not valid: it may hold letters, digits, "_", "." and "-", and begins with none of the last two`;
  return problem('tag', message, at);
}

function capitals(text: string): ReferenceProblem | undefined {
  const { name } = splitReference(text);
  const { host, path } = splitHost(name);
  const bareHost = host !== undefined && !/[.:]/.test(host);
  const wrong = bareHost ? name : path;
  if (!/[A-Z]/.test(wrong)) return undefined;
  const start = name.length - wrong.length;
  const meant = name.slice(0, start) + wrong.toLowerCase() + text.slice(name.length);
  return problem(
    'uppercase',
    `The image name ${quoted(wrong)} must be in lower case`,
    { start, end: name.length },
    meant,
  );
}

function nameMistake(text: string): ReferenceProblem | undefined {
  const { name } = splitReference(text);
  const { host, path } = splitHost(name);
  if (host !== undefined && !isHost(host)) {
    return problem('syntax', `${quoted(host)} is not a host name`, { start: 0, end: host.length });
  }
  if (path.length > LONGEST_REPOSITORY) {
    const message = `The image name is ${path.length} characters long, and may be ${LONGEST_REPOSITORY} at most`;
    return problem('syntax', message, { start: name.length - path.length, end: name.length });
  }
  let start = name.length - path.length;
  for (const component of path.split('/')) {
    const at = { start, end: start + component.length };
    if (!isPathComponent(component)) return componentMistake(component, at, text);
    start = at.end + 1;
  }
  return undefined;
}

function componentMistake(component: string, at: Range, text: string): ReferenceProblem {
  if (component === '') return problem('syntax', `A part of the image name is empty in ${quoted(text)}`, at);
  const colon = component.indexOf(':');
  if (colon >= 0) {
    return problem('tag', `${quoted(component.slice(colon))} stands inside the name; a tag comes last`, at);
  }
  const message = `${quoted(component)} is not a valid part of an image name: letters in lower case and digits, joined by ".", "_", "__" or "-"`;
  return problem('syntax', message, at);
}

/** Host, repository, tag and a digest, each as long as it may be. */
const LONGEST_REFERENCE = 1024;

/** A suggestion that is itself no reference is left out. */
function problem(kind: ReferenceProblem['kind'], message: string, at: Range, suggestion?: string): ReferenceProblem {
  const useful =
    suggestion !== undefined &&
    suggestion.length <= LONGEST_REFERENCE &&
    findMistake(suggestion) === undefined &&
    parseByGrammar(suggestion) !== undefined;
  return { kind, message, at, ...(useful ? { suggestion } : {}) };
}

function whole(text: string): Range {
  return { start: 0, end: text.length };
}

/** What a message shows of a long text. */
const SHOWN = 80;

function quoted(text: string): string {
  return `"${text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text}"`;
}
