import type { Capability, Target } from './target.js';

/** What a network of one's own offers beside what its release decides: keys of a target file. */
export const OFFER_KEYS = [
  'networkedJobs',
  'sources',
  'publishers',
  'defaultPublisher',
  'hubCredentials',
  'privateRegistries',
  'localPaths',
  'labels',
] as const;

/** Gives the target with what a network offers in place of what was unknown, or what is wrong with it, in one line. */
export function withOffers(base: Target, data: Readonly<Record<string, unknown>>): Target | string {
  const capability = (key: (typeof OFFER_KEYS)[number], otherwise: Capability): Capability | undefined =>
    data[key] === undefined ? otherwise : capabilityOf(data[key]);
  const networkedJobs = capability('networkedJobs', base.networkedJobs);
  const defaultPublisher = capability('defaultPublisher', base.defaultPublisher);
  const hubCredentials = capability('hubCredentials', base.hubCredentials);
  if (networkedJobs === undefined || defaultPublisher === undefined || hubCredentials === undefined) {
    return 'networkedJobs, defaultPublisher and hubCredentials are yes, no or unknown';
  }
  const sources = offered(data.sources, base.sources);
  const publishers = offered(data.publishers, base.publishers);
  if (sources === undefined || publishers === undefined) return 'sources and publishers are lists of type names';
  const privateRegistries =
    data.privateRegistries === undefined ? base.privateRegistries : textList(data.privateRegistries);
  if (privateRegistries === undefined) return 'privateRegistries: expected a list of hosts';
  const localPaths = data.localPaths === undefined ? base.localPaths : textList(data.localPaths);
  if (localPaths === undefined) return 'localPaths: expected a list of globs';
  const labels = data.labels === undefined ? base.labels : textMap(data.labels);
  if (data.labels !== undefined && labels === undefined) return 'labels: expected a mapping of texts';
  return {
    ...base,
    networkedJobs,
    defaultPublisher,
    hubCredentials,
    sources,
    publishers,
    privateRegistries,
    localPaths,
    ...(labels === undefined ? {} : { labels }),
  };
}

/** The offers in which a target differs from the release that it stands on, as `withOffers` takes them. */
export function offersOf(target: Target, release: Target): Record<string, unknown> {
  const differs = (key: (typeof OFFER_KEYS)[number]): boolean =>
    JSON.stringify(target[key]) !== JSON.stringify(release[key]);
  const listed = (all: Readonly<Record<string, Capability>>): string[] =>
    Object.keys(all).filter((name) => all[name] === 'yes');
  return Object.fromEntries(
    OFFER_KEYS.filter(differs).map((key) => [
      key,
      key === 'sources' || key === 'publishers' ? listed(target[key]) : target[key],
    ]),
  );
}

/** A list names all that nodes offer: what is not in it, they do not. */
function offered(
  value: unknown,
  known: Readonly<Record<string, Capability>>,
): Readonly<Record<string, Capability>> | undefined {
  if (value === undefined) return known;
  const names = textList(value);
  if (names === undefined) return undefined;
  const listed = new Set(names.map((name) => name.toLowerCase()));
  const all = new Set([...Object.keys(known), ...listed]);
  return Object.fromEntries([...all].map((name) => [name, listed.has(name) ? 'yes' : 'no'] as const));
}

function capabilityOf(value: unknown): Capability | undefined {
  if (value === true || value === 'yes') return 'yes';
  if (value === false || value === 'no') return 'no';
  return value === 'unknown' ? 'unknown' : undefined;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function textList(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

function textMap(value: unknown): Record<string, string> | undefined {
  if (!isRecord(value)) return undefined;
  const isText = (one: unknown): boolean => typeof one === 'string' || typeof one === 'number';
  if (!Object.values(value).every(isText)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, textOf(text)]));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
