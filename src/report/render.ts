import type { SubjectReport } from '../check/finding.js';
import type { Format, ReportOptions } from './format.js';

/** Where a report goes, for the forms that people read. */
export interface Output {
  readonly isTerminal: boolean;
  /** Width of the terminal, in columns. */
  readonly columns: number;
  /** Environment that says whether there are colours and whether this is CI; none for files. */
  readonly env: NodeJS.ProcessEnv;
}

/** A file: the width of a page, no colours. */
export const FILE: Output = { isTerminal: false, columns: 80, env: {} };

/** Below this, source lines would be cut to nothing; above, lines are hard to read. */
const COLUMNS = { least: 40, most: 100 } as const;

/** Gives the text of a report in a format. The module of the format is loaded here. */
export async function render(
  reports: readonly SubjectReport[],
  format: Format,
  options: ReportOptions,
  output: Output,
): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('./json.js')).jsonReport(
        reports,
        options.target,
        options.version,
        options.stats,
        options.problems,
      );
    case 'sarif':
      return (await import('./sarif.js')).sarifReport(reports, options);
    case 'junit':
      return (await import('./junit.js')).junitReport(reports, options);
    case 'github':
      return (await import('./github.js')).githubReport(reports, options);
    case 'gitlab':
      return (await import('./gitlab.js')).gitlabReport(reports, options);
    case 'markdown':
      return (await import('./markdown.js')).markdownReport(reports, options);
    case 'pretty':
      return prettyOrLines(reports, options.showIgnore ?? false, output);
  }
}

/** In the log of a CI run, one line a finding is of more use than source excerpts. */
async function prettyOrLines(
  reports: readonly SubjectReport[],
  showIgnore: boolean,
  { isTerminal, columns, env }: Output,
): Promise<string> {
  if (reports.length === 0) return '';
  if (!isTerminal && env.CI !== undefined && env.CI !== '') {
    const { lineReport } = await import('./lines.js');
    return lineReport(reports);
  }
  const { prettyReport } = await import('./pretty.js');
  const { colours } = await import('./colour.js');
  return prettyReport(reports, {
    colour: await colours(env, isTerminal),
    showIgnore,
    columns: Math.max(COLUMNS.least, Math.min(COLUMNS.most, columns)),
  });
}
