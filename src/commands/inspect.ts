import { check } from '../check/check.js';
import type { FactName } from '../check/rule.js';
import type { FileQuestion, ImageConfig } from '../image/facts.js';
import { parseImageName } from '../image/name.js';
import { inspection } from '../report/inspection.js';
import { statsLine } from '../report/stats.js';
import { sourceText } from '../text/source.js';
import { collectStats } from '../stats/stats.js';
import { Args, PreflightCommand, Flags, UsageError } from './core.js';
import { configFlags, configuration, withHosts } from './configuration.js';
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
  ];
  static override args = {
    image: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'reference, or docker-daemon:NAME, docker-archive:FILE, oci:DIR[:TAG], oci-archive:FILE',
    }),
  };
  static override flags = {
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
    const name = parseImageName(args.image);
    const stats = collectStats();
    const look = imageLooker(withHosts(flags, config), { text: args.image, problems: [] });
    const wanted = flags.deep ? new Set([...WANTED, 'image.files' as const]) : WANTED;
    const looking = (): ReturnType<typeof look> => look(name, wanted, target.platforms, askOf);
    const { facts, missing, stats: cost } = await stats.measure('look', looking);
    if (cost !== undefined) stats.add(cost);
    if (facts['image.platforms'] === undefined && facts['image.config'] === undefined) {
      const reason = [missing['image.platforms'] ?? missing['image.access'] ?? 'it cannot be found'].flat().join('; ');
      throw new UsageError(`cannot inspect ${args.image}: ${reason}`);
    }
    const shown = flags.stats ? stats.total() : undefined;
    const [report] = await check([{ kind: 'image', source: sourceText(args.image, args.image) }], {
      ...settings.common,
      variables: new Map(),
      deep: flags.deep,
      lookAtImage: () => Promise.resolve({ facts, missing }),
    });
    if (report === undefined) throw new Error('no report of the image');
    process.stdout.write(inspection({ reference: args.image, facts, target, report, stats: shown }, flags.format));
    if (shown !== undefined && flags.format === 'pretty') this.logToStderr(statsLine(shown));
  }
}
