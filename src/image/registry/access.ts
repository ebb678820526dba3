import { MOST_JSON_BYTES } from '../describe.js';
import { digestOf, verifyDigest } from '../digest.js';
import { CannotLook, reasonOf } from '../../net/failure.js';
import type { ImageAccess } from '../facts.js';
import { asList, asObject, asText, parseJsonObject } from '../json.js';
import { INDEX_TYPES, MANIFEST_TYPES } from '../manifest.js';
import { isDigest } from '../reference-grammar.js';
import type { ImageReference } from '../reference.js';
import type { Credentials } from './credentials.js';
import { isHub } from './hub.js';
import type { Answer, Session } from './session.js';
import { statusText } from '../../net/status-text.js';

/** All types that the registry may answer with: with fewer, it says 404 for images that are there. */
export const ACCEPTED_TYPES = [...INDEX_TYPES, ...MANIFEST_TYPES].join(', ');

/** An index or manifest that the registry gave out, verified. */
export interface Served {
  /** The conversation in which it was given, for what it names. */
  readonly session: Session;
  readonly digest: string;
  readonly bytes: Buffer;
  readonly mediaType: string | undefined;
}

export interface FoundManifest {
  readonly access: ImageAccess;
  /** Absent when the registry gave out nothing. */
  readonly served?: Served;
}

export interface AccessOptions {
  /** Opens a conversation with the registry: anonymous, or with credentials and the challenge of an earlier answer. */
  readonly open: (credentials?: Credentials, challenge?: string) => Session;
  /**
   * Gives what a digest names from somewhere nearer: the cache or a mirror. Then the registry is asked only whether it
   * would give it out, and what the tag names now. Absent where nothing nearer can have it.
   */
  readonly nearer?: ((digest: string) => Promise<Buffer | undefined>) | undefined;
  /** Finds the credentials of the user; absent when they must not be tried. */
  readonly findCredentials?: () => Promise<Credentials | undefined>;
}

/**
 * Asks for what a reference names, first as a node would, without credentials, then with those of the user.
 *
 * @throws CannotLook when the registry gives no answer that says anything, or a wrong one
 */
export async function findManifest(reference: ImageReference, options: AccessOptions): Promise<FoundManifest> {
  const { registry } = reference;
  const anonymous = options.open();
  const { answer, served } = await askForManifest(anonymous, reference, options.nearer);
  if (served !== undefined) {
    return { access: { kind: 'public', registry, triedCredentials: false }, served };
  }
  const refused =
    isHub(registry) && isOfficial(reference) ? officialRefusal(answer, registry) : refusal(answer, registry);
  const access = accessOf(refused, answer, registry, anonymous, false);
  if (options.findCredentials === undefined || (refused === 'missing' && !mayBeHidden(answer))) return { access };
  let second: { readonly session: Session; readonly asked: Asked };
  try {
    const credentials = await options.findCredentials();
    if (credentials === undefined) return { access };
    const session = options.open(credentials, challengeOf(answer));
    second = { session, asked: await askForManifest(session, reference, options.nearer) };
  } catch (error) {
    // The anonymous refusal stands; why the user's own access could not be tried is told beside it.
    return { access: { ...access, credentialsProblem: reasonOf(error) } };
  }
  return withCredentials(reference, second.session, second.asked);
}

/** Reads the answer to the second try, after the registry refused an anonymous request. */
function withCredentials(reference: ImageReference, session: Session, { answer, served }: Asked): FoundManifest {
  const { registry } = reference;
  if (served === undefined) return { access: accessOf(refusal(answer, registry), answer, registry, session, true) };
  return { access: { kind: 'credentials', registry, triedCredentials: true }, served };
}

function challengeOf({ response }: Answer): string | undefined {
  return response.status === 401 ? response.headers['www-authenticate'] : undefined;
}

interface Asked {
  readonly answer: Answer;
  /** Absent when the answer is a refusal. */
  readonly served?: Served;
}

async function askForManifest(
  session: Session,
  reference: ImageReference,
  nearer: AccessOptions['nearer'],
): Promise<Asked> {
  const path = `manifests/${reference.digest ?? reference.tag ?? 'latest'}`;
  if (nearer !== undefined) {
    const answer = await session.head(path, ACCEPTED_TYPES);
    // A refused login is all that there is to know; other refusals have their reasons in a body, which HEAD lacks.
    if (answer.atLogin || answer.status === 401) return { answer };
    const digest = answer.status === 200 ? namedDigest(answer, reference) : undefined;
    const bytes = digest === undefined ? undefined : await nearer(digest);
    if (digest !== undefined && bytes !== undefined) {
      verifyDigest(bytes, digest, 'what is nearer');
      return { answer, served: { session, digest, bytes, mediaType: undefined } };
    }
  }
  const answer = await session.get(path, ACCEPTED_TYPES, MOST_JSON_BYTES);
  return answer.status === 200 ? { answer, served: servedManifest(session, answer, reference) } : { answer };
}

/**
 * The digest that the registry says in the headers of its answer. A header alone proves nothing of the content, so it
 * is used only as the name of content that hashes to it; for a digest that was asked for, it must not differ.
 */
function namedDigest({ response }: Answer, reference: ImageReference): string | undefined {
  const header = response.headers['docker-content-digest'];
  const named = header === undefined ? reference.digest : String(header);
  if (named === undefined || !isDigest(named)) return undefined;
  return reference.digest === undefined || reference.digest === named ? named : undefined;
}

function servedManifest(session: Session, { response, host }: Answer, reference: ImageReference): Served {
  const mediaType = response.headers['content-type'];
  if (mediaType?.startsWith('text/html') === true) {
    throw new CannotLook(`${host} answered with a web page, as no registry does`);
  }
  const { body } = response;
  if (reference.digest !== undefined) verifyDigest(body, reference.digest, 'the registry');
  const header = response.headers['docker-content-digest'];
  if (header !== undefined) verifyDigest(body, String(header), 'the registry');
  return { session, digest: reference.digest ?? digestOf(body), bytes: body, mediaType };
}

type Refusal = 'missing' | 'denied' | 'private-or-missing';

/**
 * Reads a refusal. 403 from the registry itself means that it knows the repository and the caller; 401, and any refusal
 * of a token server, is what private and missing images get alike (Docker Hub, GHCR, Quay, Artifact Registry).
 */
function refusal(answer: Answer, registry: string): Refusal {
  const { status, host, atLogin } = answer;
  if (status === 401 || (status === 403 && atLogin)) return 'private-or-missing';
  const errors = registryErrors(answer);
  if (status === 403 && errors !== undefined) {
    return errors.some(({ message }) => message.includes('may not exist')) ? 'private-or-missing' : 'denied';
  }
  if (status === 404 && errors !== undefined) return 'missing';
  const name = host === registry ? registry : `${registry} (${host})`;
  if (status === 404 || status === 403) {
    throw new CannotLook(`${name} answered ${statusText(status)}, and not in the way of a registry`);
  }
  throw new CannotLook(`${name} answered ${statusText(status)}`);
}

/** Official images are for everyone, so that Docker Hub's "private or missing" means that there is none. */
function officialRefusal(answer: Answer, registry: string): Refusal {
  const refused = refusal(answer, registry);
  return refused === 'private-or-missing' ? 'missing' : refused;
}

function isOfficial({ repository }: ImageReference): boolean {
  return repository.startsWith('library/');
}

/** Whether "no such repository" may only mean that it is shown to nobody without a login (Artifactory). */
function mayBeHidden(answer: Answer): boolean {
  return answer.challenged && registryErrors(answer)?.some(({ code }) => code === 'NAME_UNKNOWN') === true;
}

interface RegistryError {
  readonly code: string;
  readonly message: string;
}

/** The errors in the body (OCI distribution spec 1.1, "Error Codes"); undefined when it is no such body. */
function registryErrors({ response }: Answer): RegistryError[] | undefined {
  try {
    const { errors } = parseJsonObject(response.body, 'the error');
    if (!Array.isArray(errors)) return undefined;
    return asList(errors).map((item) => {
      const error = asObject(item);
      return { code: asText(error?.code) ?? '', message: asText(error?.message) ?? '' };
    });
  } catch (error) {
    if (error instanceof CannotLook) return undefined;
    throw error;
  }
}

const LONGEST_DETAIL = 200;

function accessOf(
  kind: Refusal,
  answer: Answer,
  registry: string,
  session: Session,
  triedCredentials: boolean,
): ImageAccess {
  const message = registryErrors(answer)?.[0]?.message ?? '';
  // A registry may repeat in its error what it was sent; then nothing of its words is kept.
  const detail = session.secrets().some((secret) => message.includes(secret)) ? '' : message.slice(0, LONGEST_DETAIL);
  return { kind, registry, triedCredentials, ...(detail === '' ? {} : { detail }) };
}
