import { jobSchema } from '../job/json-schema.js';
import { NEWEST_RELEASE, resolveRelease } from '../target/release.js';
import { Flags, PreflightCommand, UsageError } from './core.js';

export default class Schema extends PreflightCommand {
  static override summary = 'Print a JSON Schema of the job spec, for completion and hover in an editor.';
  static override examples = ['<%= config.bin %> schema > job.schema.json', '<%= config.bin %> schema --bacalhau 1.6'];
  static override flags = {
    bacalhau: Flags.string({ description: 'release of Bacalhau; default: the newest', helpValue: 'RELEASE' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Schema);
    const release = flags.bacalhau === undefined ? NEWEST_RELEASE : resolveRelease(flags.bacalhau);
    if (release === undefined) throw new UsageError(`there is no Bacalhau release ${flags.bacalhau ?? ''} known here`);
    process.stdout.write(`${JSON.stringify(jobSchema(release), undefined, 2)}\n`);
  }
}
