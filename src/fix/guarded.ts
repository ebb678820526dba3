import { isAlias, isCollection, isScalar, parseDocument, visit } from 'yaml';
import { takeOutTemplate } from '../job/template.js';
import type { Guarded } from './splice.js';

/**
 * Finds the ranges of a job spec that no fix may change: template actions, and what an alias repeats elsewhere, where
 * one edit would change two places.
 *
 * @param variables values of template variables, as the spec was read with them
 */
export function guardedRanges(text: string, variables: ReadonlyMap<string, string>): Guarded[] {
  const template = takeOutTemplate(text, variables);
  const actions = Array.from(text.matchAll(/\{\{.*?\}\}/gs), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    reason: 'a template stands there',
  }));
  return text.includes('*') ? [...actions, ...repeatedRanges(template.text)] : actions;
}

function repeatedRanges(text: string): Guarded[] {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false });
  const anchors = new Map<string, Guarded>();
  const repeated: Guarded[] = [];
  visit(document, (_key, node) => {
    if (isAlias(node)) {
      const anchored = anchors.get(node.source);
      if (anchored !== undefined) repeated.push(anchored);
    } else if ((isCollection(node) || isScalar(node)) && node.anchor !== undefined && node.range) {
      const [start, last] = node.range;
      // What stands in lines has no end of its own: a line put behind its last one would be a part of it.
      const end = isCollection(node) && last === text.length ? last + 1 : last;
      anchors.set(node.anchor, { start, end, reason: `*${node.anchor} repeats it elsewhere in the file` });
    }
  });
  return repeated;
}
