import { ARCHIVES } from './archives.js';
import { BUCKETS } from './buckets.js';
import { COMPILERS } from './compilers.js';
import { DATABASES } from './databases.js';
import { DOCUMENTS } from './documents.js';
import { DOWNLOADS } from './downloads.js';
import { FILES } from './files.js';
import { GIT } from './git.js';
import { HUBS } from './hubs.js';
import { LANGUAGE_PACKAGES } from './language-packages.js';
import { MAPS } from './maps.js';
import { MEDIA } from './media.js';
import { MODELS } from './models.js';
import { NOTEBOOKS } from './notebooks.js';
import { PICTURES } from './pictures.js';
import type { Program, ProgramTable } from './program.js';
import { PYTHON_PACKAGES } from './python-packages.js';
import { REMOTE } from './remote.js';
import { SCIENCE } from './science.js';
import { SYSTEM_PACKAGES } from './system-packages.js';
import { TABLES } from './tables.js';

const FAMILIES: readonly ProgramTable[] = [
  ARCHIVES,
  BUCKETS,
  COMPILERS,
  DATABASES,
  DOCUMENTS,
  DOWNLOADS,
  FILES,
  GIT,
  HUBS,
  LANGUAGE_PACKAGES,
  MAPS,
  MEDIA,
  MODELS,
  NOTEBOOKS,
  PICTURES,
  PYTHON_PACKAGES,
  REMOTE,
  SCIENCE,
  SYSTEM_PACKAGES,
  TABLES,
];

const BY_NAME = new Map<string, Program>(
  FAMILIES.flatMap((table) =>
    Object.entries(table).flatMap(([names, program]) =>
      names.split(' ').map((name): [string, Program] => [name, program]),
    ),
  ),
);

/** Looks up a program by its name without folders; `pip3.12` is `pip`. */
export function programNamed(name: string): Program | undefined {
  return BY_NAME.get(name) ?? BY_NAME.get(name.replace(/[\d.]+$/, ''));
}
