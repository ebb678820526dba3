import { check } from '../check/check.js';
import { gather } from '../check/gather.js';
import type { FactName } from '../check/rule.js';
import { readSubject, type Subject } from '../check/subject.js';
import { workloadOf } from '../check/subject-workload.js';
import type { FileQuestion, ImageConfig } from '../image/facts.js';
import { parseImageName } from '../image/name.js';
import { inspection } from '../report/inspection.js';
import { statsLine } from '../report/stats.js';
import { sourceText } from '../text/source.js';
import { collectStats } from '../stats/stats.js';
import { Args, PreflightCommand, Flags, UsageError } from './core.js';
import { configFlags, configuration, withHosts } from './configuration.js';
import { readStdin } from './stdin.js';
import { imageFlags, imageLooker, statsFlag } from './image-flags.js';

/** What an image is asked without a job: whether its own program starts. */
async function askOf(config: ImageConfig): Promise<FileQuestion> {
  const { programsOfImage } = await import('../workload/started-programs.js');
  return { folders: [], programs: programsOfImage(config) };
}

const WANTED: ReadonlySet<FactName> = new Set(['image.access', 'image.platforms', 'image.config', 'image.local']);

export default class Inspect extends PreflightCommand {
  static override summary = 'Show an image as a node would see it.';
  static override examples = [
    '<%= config.bin %> inspect acme/wordcount:1.4',
    '<%= config.bin %> inspect docker-archive:image.tar --format json',
    '<%= config.bin %> inspect --job job.yaml',
  ];
  static override args = {
    image: Args.string({
      ignoreStdin: true,
      description:
        'reference, or docker-daemon:NAME, docker-archive:FILE, oci:DIR[:TAG], oci-archive:FILE; without it, what the job names',
    }),
  };
  static override flags = {
    job: Flags.string({
      description: 'job spec: show what the container runs with it',
      helpValue: 'FILE',
      exclusive: ['command'],
    }),
    command: Flags.string({
      description: '`bacalhau docker run` line: show what the container runs with it',
      helpValue: 'LINE',
    }),
    ...configFlags,
    ...imageFlags,
    ...statsFlag,
    format: Flags.option({
      options: ['pretty', 'json'] as const,
      default: 'pretty',
      description: 'form of the report',
    })(),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Inspect);
    const { config, settings } = await configuration(flags);
    const { target } = settings.common;
    const subject = await readJob(flags, args.image, target.bacalhau);
    const image = subject?.image ?? (args.image === undefined ? undefined : parseImageName(args.image));
    if (image === undefined) throw new UsageError(nothingNamed(subject));
    const stats = collectStats();
    const look = imageLooker(withHosts(flags, config), { text: args.image, problems: [], anyPlatform: true });
    const wanted = flags.deep ? new Set([...WANTED, 'image.files' as const]) : WANTED;
    const looking = (): ReturnType<typeof look> => look(image, wanted, target.platforms, askOf);
    const { facts, missing, stats: cost } = await stats.measure('look', looking);
    if (cost !== undefined) stats.add(cost);
    if (subject === undefined && facts['image.platforms'] === undefined && facts['image.config'] === undefined) {
      const reason = [missing['image.platforms'] ?? missing['image.access'] ?? 'it cannot be found'].flat().join('; ');
      throw new UsageError(`cannot inspect ${image.text}: ${reason}`);
    }
    const shown = flags.stats ? stats.total() : undefined;
    const [report] = await check([{ kind: 'image', source: sourceText(image.text, image.text) }], {
      ...settings.common,
      variables: new Map(),
      deep: flags.deep,
      lookAtImage: () => Promise.resolve({ facts, missing }),
    });
    if (report === undefined) throw new Error('no report of the image');
    const workload = subject === undefined ? undefined : await workloadOf(subject, facts, target.bacalhau);
    const inspected = { reference: image.text, facts, target, report, stats: shown, workload };
    process.stdout.write(inspection(inspected, flags.format));
    if (shown !== undefined && flags.format === 'pretty') this.logToStderr(statsLine(shown));
  }
}

/** The job that the flags name, with the image that stands in for its own; undefined without such a flag. */
async function readJob(
  { job, command }: { readonly job?: string | undefined; readonly command?: string | undefined },
  image: string | undefined,
  release: string,
): Promise<Subject | undefined> {
  const options = { release, variables: new Map<string, string>(), ...(image === undefined ? {} : { image }) };
  if (command !== undefined) {
    return readSubject({ kind: 'command', source: sourceText('<command>', command) }, options);
  }
  if (job === undefined) return undefined;
  const { inputs, problems } = await gather([job], { as: 'job', readStdin });
  const [input] = inputs;
  if (input === undefined) throw new UsageError(problems[0]?.message ?? `${job} is no job spec`);
  return readSubject(input, options);
}

function nothingNamed(subject: Subject | undefined): string {
  if (subject === undefined) return 'name an image, or a job with --job FILE or --command LINE';
  return 'the job names no image of a docker engine; check says what is wrong with it';
}
