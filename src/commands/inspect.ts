import type { FactName } from '../check/rule.js';
import { parseImageName } from '../image/name.js';
import { inspection } from '../report/inspection.js';
import { readTarget } from '../target/read.js';
import { Args, PreflightCommand, Flags, UsageError } from './core.js';
import { imageFlags, imageLooker } from './image-flags.js';

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
    target: Flags.string({
      description: 'Bacalhau release or file that says what the nodes offer',
      helpValue: 'NAME|FILE',
    }),
    platform: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'platform to show the config of',
      helpValue: 'OS/ARCH',
    }),
    ...imageFlags,
    format: Flags.option({
      options: ['pretty', 'json'] as const,
      default: 'pretty',
      description: 'form of the report',
    })(),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Inspect);
    const target = await readTarget(flags.target, flags.platform ?? []);
    if (!target.ok) throw new UsageError(target.message);
    const name = parseImageName(args.image);
    const { facts, missing } = await imageLooker(flags, target.target, { text: args.image, problems: [] })(
      name,
      WANTED,
    );
    if (facts['image.platforms'] === undefined && facts['image.config'] === undefined) {
      const reason = missing['image.platforms'] ?? missing['image.access'] ?? 'it cannot be found';
      throw new UsageError(`cannot inspect ${args.image}: ${reason}`);
    }
    process.stdout.write(inspection(args.image, facts, target.target, flags.format));
  }
}
