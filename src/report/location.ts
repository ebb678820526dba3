import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { SubjectReport } from '../check/finding.js';
import { positionAt, type Place, type Position, type SourceText } from '../text/source.js';

/** A place as readers of reports want it: a path below the folder that they know, lines and columns from 1. */
export interface Location {
  readonly path: string;
  /** Whether the path is that of a file; standard input, command lines and image references are none. */
  readonly isFile: boolean;
  readonly start: Position;
  /** Exclusive. */
  readonly end: Position;
}

/** Gives the location of a place in a subject's text, or in the other file that the place names. */
export function locationOf(report: SubjectReport, place: Place, folder: string): Location {
  const source = place.file ?? report.source;
  return {
    path: pathBelow(source.path, folder),
    isFile: place.file !== undefined || isFile(report.kind, source),
    start: positionAt(source, place.span.start),
    end: positionAt(source, place.span.end),
  };
}

/** Gives the path of a subject as reports name it. */
export function subjectPath({ kind, source }: SubjectReport, folder: string): string {
  return isFile(kind, source) ? pathBelow(source.path, folder) : source.path;
}

/** Whether a subject lies in a file, or was typed. */
export function isFile(kind: SubjectReport['kind'], { path }: SourceText): boolean {
  return kind !== 'image' && path !== '-' && path !== '<command>';
}

/** A path in the folder or below it is told from there, with `/`; every other path stays as it is. */
function pathBelow(path: string, folder: string): string {
  const below = relative(folder, resolve(folder, path));
  const isBelow = below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
  return (isBelow ? below : path).split(sep).join('/');
}
