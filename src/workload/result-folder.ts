import { isOutputsPath, namesOutputs, topFolder } from './folders.js';
import type { EffectiveCommand, PathUse } from './workload.js';

/** A folder that the user most likely means to get back. */
export interface MeantFolder {
  /** Absolute. */
  readonly path: string;
  /** False when the working directory that it lies in is not known, and / was put in its place. */
  readonly certain: boolean;
  /** The use as people wrote it, where that does not show the folder. */
  readonly written?: string;
}

/** Gives the folder for results that a use lies in: /outputs and its like, or `outputs` in the working directory. */
export function meantFolder(use: PathUse, { workingDir }: EffectiveCommand): MeantFolder | undefined {
  const written = use.word.text.replace(/^[^/=]*=/, '');
  const certain = workingDir !== undefined || !namesOutputs(written);
  if (isOutputsPath(use.path)) return { path: topFolder(use.path), certain, ...(certain ? {} : { written }) };
  if (!namesOutputs(written)) return undefined;
  const path = /^.*?\/outputs(?=\/|$)/.exec(use.path)?.[0];
  return path === undefined ? undefined : { path, certain, written };
}
