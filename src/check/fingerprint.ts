import { createHash } from 'node:crypto';
import { lineText, positionAt, type SourceText } from '../text/source.js';
import type { Finding } from './finding.js';

/**
 * Gives what tells findings of one text apart and stays the same while lines move: a hash of the rule, the pointer
 * and the text that is underlined (its line, where nothing is). What is equal in all three is numbered in order.
 *
 * @returns one hexadecimal SHA-256 for each finding
 */
export function fingerprints(source: SourceText, findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, at }) => {
    const { text } = at.file ?? source;
    const underlined = text.slice(at.span.start, at.span.end).trim();
    const content = underlined === '' ? lineAt(at.file ?? source, at.span.start) : underlined;
    const key = JSON.stringify([rule, at.file?.path ?? '', at.pointer ?? '', content]);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return createHash('sha256')
      .update(`${key}${String(count)}`)
      .digest('hex');
  });
}

function lineAt(source: SourceText, offset: number): string {
  return lineText(source, positionAt(source, offset).line).trim();
}
