import { compareReleases } from '../target/release.js';
import type { JobProblem } from './job-spec.js';
import { entryOf, valueOf, type MapNode } from './tree.js';

/** Formats that Bacalhau no longer reads, or that never were its input, with what to do with them. */
interface OldFormat {
  readonly name: string;
  readonly signs: (root: MapNode) => string | undefined;
  readonly advice: string;
  /** Whether `bacalhau create` took it up to 1.3. */
  readonly readByCreate?: true;
  /** Whether it was never a format of Bacalhau. */
  readonly foreign?: true;
}

const FIELDS =
  'Spec.EngineSpec becomes Tasks[0].Engine; Inputs become InputSources (StorageSource → Source.Type, Path → Target); ' +
  'Outputs become ResultPaths and need a Publisher; Deal.Concurrency becomes Count; Annotations become Labels; ' +
  'NodeSelectors become Constraints; Timeout becomes Timeouts.ExecutionTimeout';

/** The first that fits names the format; each gives the key that shows it. */
const FORMATS: readonly OldFormat[] = [
  {
    name: 'a Lilypad module',
    signs: (root) => (has(root, 'machine') && has(root, 'job') ? 'job' : undefined),
    advice: 'its job part is an older Bacalhau spec; write that anew as a job with Tasks',
    foreign: true,
  },
  {
    name: 'an object of Kubernetes',
    signs: (root) => (has(root, 'kind') && has(root, 'metadata') && has(root, 'apiVersion') ? 'apiVersion' : undefined),
    advice: 'write what its container runs as a job with Tasks',
    foreign: true,
  },
  {
    name: 'a job wrapped in Job:, as the API and `job describe` print it',
    signs: (root) => (has(root, 'Job') && !has(root, 'Tasks') && spec(root) === undefined ? 'Job' : undefined),
    advice: 'take what stands below Job:, without ID, State, Version, Revision, CreateTime and ModifyTime',
  },
  {
    name: 'the V1beta1 format of Bacalhau 0.3 and 1.0',
    signs: (root) =>
      has(spec(root), 'Docker') || has(spec(root), 'Wasm') || /^v1beta1$/i.test(version(root))
        ? 'APIVersion'
        : undefined,
    advice: `${FIELDS}; Docker.Entrypoint stays Engine.Params.Entrypoint (it replaced the image's ENTRYPOINT); Verifier, Sharding and Deal.Confidence are gone`,
    readByCreate: true,
  },
  {
    name: 'the V1beta2 format of Bacalhau 1.1 to 1.3',
    signs: (root) =>
      has(spec(root), 'EngineSpec') ||
      /^v1(beta2|alpha1)$/i.test(version(root)) ||
      (has(root, 'Spec') && /^v1\w*$/i.test(version(root)))
        ? 'APIVersion'
        : undefined,
    advice: `${FIELDS}; a missing Network meant None then, and gives outbound access since 1.7`,
    readByCreate: true,
  },
  {
    name: 'the format of Bacalhau 0.2',
    signs: (root) => ['job_spec_vm', 'storage_source'].find((key) => has(root, key) || has(spec(root), key)),
    advice: FIELDS,
  },
  {
    name: 'the inner part of a job of Bacalhau 0.3 to 1.3, which stood below Spec:',
    signs: (root) => {
      const isBare = !has(root, 'Spec') && (has(root, 'Engine') || has(root, 'EngineSpec'));
      return isBare ? ['EngineSpec', 'Verifier', 'Deal', 'PublisherSpec'].find((key) => has(root, key)) : undefined;
    },
    advice: FIELDS.replaceAll('Spec.', ''),
  },
  {
    name: 'a task of IPVM (`with:`), which Bacalhau took up to 1.3',
    signs: (root) => (has(root, 'with') && !has(root, 'Tasks') ? 'with' : undefined),
    advice: 'write it as a job with one task',
    readByCreate: true,
  },
];

/** Says which older format a text is in; undefined for the current one. */
export function oldFormat(root: MapNode, release: string): JobProblem | undefined {
  if (has(root, 'Tasks') && !has(root, 'Job')) return undefined;
  for (const { name, signs, advice, readByCreate, foreign } of FORMATS) {
    const sign = signs(root);
    if (sign === undefined) continue;
    const entry = entryOf(root, sign) ?? entryOf(root, 'Spec') ?? root.entries[0];
    if (entry === undefined) continue;
    if (readByCreate === true && compareReleases(release, '1.4.0') < 0) {
      const message = `this is ${name}, which bacalhau create of ${release} reads; it is not checked here, and refused since 1.4: ${advice}`;
      return { kind: 'legacy-format', at: entry.key, severity: 'info', message };
    }
    return {
      kind: 'legacy-format',
      at: entry.key,
      message: `this is ${name}; Bacalhau refuses it${foreign === true ? '' : ' since 1.4'}: ${advice}`,
      quote: `unknown field: '${entry.key.value}' in 'Job'`,
    };
  }
  return undefined;
}

function has(map: MapNode | undefined, key: string): boolean {
  return map !== undefined && entryOf(map, key) !== undefined;
}

/** What stands below Spec:, also of a job that is wrapped in Job: once more. */
function spec(root: MapNode): MapNode | undefined {
  const node = valueOf(wrapped(root) ?? root, 'Spec');
  return node?.kind === 'map' ? node : undefined;
}

function wrapped(root: MapNode): MapNode | undefined {
  const node = valueOf(root, 'Job');
  return node?.kind === 'map' ? node : undefined;
}

function version(root: MapNode): string {
  const node = valueOf(wrapped(root) ?? root, 'APIVersion');
  return node?.kind === 'scalar' ? node.text : '';
}
