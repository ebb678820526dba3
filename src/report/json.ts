import type { Finding, SubjectReport } from '../check/finding.js';
import type { Severity } from '../check/stage.js';
import type { Target } from '../target/target.js';
import type { RunEvidence } from '../workload/run-evidence.js';
import { positionAt, type Place, type SourceText } from '../text/source.js';
import type { RunStats } from '../stats/stats.js';
import { jsonForTerminal } from './escape.js';
import { statsJson } from './stats.js';
import { isReady } from './wording.js';

/** The report for programs, version 1 of the format; its JSON Schema is `report-1.schema.json` in the package. */
export function jsonReport(
  reports: readonly SubjectReport[],
  target: Target,
  toolVersion: string,
  stats?: RunStats,
  problems: readonly string[] = [],
): string {
  const findings = reports.flatMap((report) => report.findings);
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const document = {
    version: 1,
    tool: { name: 'bacalhau-preflight', version: toolVersion },
    target: targetJson(target),
    subjects: reports.map((report) => subjectJson(report, target)),
    // a run that could not read what was named says so here too: no finding is no pass then
    ...(problems.length === 0 ? {} : { problems }),
    summary: {
      errors: count('error'),
      warnings: count('warning'),
      infos: count('info'),
      notChecked: reports.reduce((sum, { notChecked }) => sum + notChecked.length, 0),
      suppressed: reports.reduce((sum, { suppressed = [] }) => sum + suppressed.length, 0),
      fixable: findings.filter(({ fix }) => fix?.edits !== undefined && fix.edits.length > 0).length,
    },
    ...(stats === undefined ? {} : { stats: statsJson(stats) }),
  };
  return `${jsonForTerminal(document)}\n`;
}

function targetJson({ name, bacalhau, platforms }: Target): object {
  return { name, bacalhau, platforms };
}

function subjectJson(report: SubjectReport, target: Target): object {
  const { image } = report;
  return {
    kind: report.kind,
    path: report.source.path,
    // an override of the configuration may name another for a folder
    ...(report.target === target ? {} : { target: targetJson(report.target) }),
    verdict: report.verdict,
    ...(image === undefined
      ? {}
      : {
          image: {
            reference: image.reference,
            // oci-archive is an OCI layout in a tar: one source in this format
            source: (image.platforms?.source ?? image.source).replace('oci-archive', 'oci'),
            ...(image.platforms?.digest === undefined ? {} : { digest: image.platforms.digest }),
            platforms: image.platforms?.platforms.map(({ platform }) => platform) ?? [],
          },
        }),
    ...(report.run === undefined ? {} : runJson(report.run)),
    findings: report.findings.map((finding) => findingJson(report.source, finding)),
    suppressed: report.suppressed?.length ?? 0,
    complete: report.notChecked.length === 0,
    ready: isReady(report),
    notChecked: report.notChecked,
  };
}

/** What a dry run saw: the exit code beside the verdict, and the rest together. */
function runJson(run: RunEvidence): object {
  const { exitCode, ended, seconds, command, stdout, stderr, memory, cpu } = run;
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    run: {
      ended,
      seconds,
      command,
      ...(memory.peakBytes === undefined ? {} : { peakMemory: memory.peakBytes }),
      ...(cpu.used === undefined ? {} : { cpu: cpu.used }),
      stdout,
      stderr,
      results: run.results.flatMap(({ name, files }) =>
        files.map(({ path, bytes }) => ({ path: `${name}/${path}`, bytes })),
      ),
    },
  };
}

function findingJson(source: SourceText, finding: Finding): object {
  return {
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    stage: finding.stage,
    message: finding.message,
    remedy: finding.remedy,
    location: locationJson(source, finding.at),
    related: finding.related.map(({ message, at }) => ({
      message,
      ...(at === undefined ? {} : { location: locationJson(source, at) }),
    })),
    ...(finding.fix === undefined ? {} : { fix: { edits: [], commands: [], ...finding.fix } }),
    docs: `docs/rules.md#${finding.rule.replace('/', '')}`,
  };
}

/** Lines and columns from 1, columns in UTF-16 code units; the end is exclusive. */
function locationJson(own: SourceText, place: Place): object {
  const source = place.file ?? own;
  const start = positionAt(source, place.span.start);
  const end = positionAt(source, place.span.end);
  return {
    path: source.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    ...(place.pointer === undefined ? {} : { pointer: place.pointer }),
  };
}
