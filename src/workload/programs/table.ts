import { DOWNLOADS } from './downloads.js';
import { FILES } from './files.js';
import { RUNNERS } from './interpreters.js';
import { PACKAGES } from './packages.js';
import type { Program, ProgramTable } from './program.js';
import { REMOTE } from './remote.js';

const BY_NAME = new Map<string, Program>(
  [DOWNLOADS, PACKAGES, REMOTE, FILES, RUNNERS].flatMap((table: ProgramTable) =>
    Object.entries(table).flatMap(([names, program]) =>
      names.split(' ').map((name): [string, Program] => [name, program]),
    ),
  ),
);

/** Looks up a program by its name without folders; `pip3.12` is `pip`. */
export function programNamed(name: string): Program | undefined {
  return BY_NAME.get(name) ?? BY_NAME.get(name.replace(/[\d.]+$/, ''));
}
