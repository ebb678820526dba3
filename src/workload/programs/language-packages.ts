import { always, subs, type Program, type ProgramTable } from './program.js';
import { installs } from './install.js';

const NPM = {
  values: '--prefix --registry -w --workspace --cwd -C --dir --cache',
  offline: '--offline --prefer-offline',
  family: 'npm',
  usual: ['registry.npmjs.org'],
} as const;
const NODE = installs('installs packages', NPM);
const NODE_SUBS = subs('install i ci add update', NODE);
const CARGO = {
  offline: '--offline --frozen',
  family: 'cargo',
  usual: ['index.crates.io', 'static.crates.io'],
} as const;
const CARGO_VALUES = '--version --path --git --root --features -F -p --package --bin --target --manifest-path -j';
const GO = { usual: ['proxy.golang.org', 'sum.golang.org'], family: 'go' } as const;

/** Builds that fetch what is not there yet. */
function builds(more: Parameters<typeof installs>[1]): Program {
  const { contacts, ...program } = installs('may download packages', { ...more, guess: true });
  return {
    ...program,
    ...(contacts === undefined
      ? {}
      : { contacts: (args, word, env) => contacts({ ...args, operands: [] }, word, env) }),
  };
}

export const LANGUAGE_PACKAGES: ProgramTable = {
  npm: { values: '--prefix --registry', sub: NODE_SUBS },
  'pnpm bun': { sub: NODE_SUBS },
  yarn: { sub: { '': NODE, install: NODE, add: NODE } },
  'npx bunx': installs('may download a program', { ...NPM, named: true, runs: true, guess: true }),
  gem: {
    sub: {
      install: installs('installs packages', {
        values: '-v --version',
        offline: '-l --local',
        named: true,
        usual: ['rubygems.org'],
      }),
    },
  },
  bundle: { sub: { install: installs('installs packages', { offline: '--local', usual: ['rubygems.org'] }) } },
  cargo: {
    sub: {
      install: installs('installs packages', {
        ...CARGO,
        values: CARGO_VALUES,
        offline: '--offline --path',
        named: true,
      }),
      fetch: installs('downloads packages', CARGO),
      add: installs('looks up packages', { ...CARGO, offline: '--offline --path', named: true }),
      update: installs('looks up packages', CARGO),
      ...subs('build b run r test t check', builds({ ...CARGO, values: CARGO_VALUES })),
    },
  },
  go: {
    sub: {
      get: installs('downloads modules', { ...GO, named: true }),
      install: {
        contacts: ({ operands }) =>
          operands
            .filter(({ text }) => text.includes('@'))
            .map((word) => ({ word, does: 'downloads modules', usual: GO.usual })),
      },
      run: { operands: 'first' },
      mod: { sub: { download: installs('downloads modules', GO), tidy: installs('downloads modules', GO) } },
    },
  },
  R: {
    values: '-e -g --args',
    reads: '-f --file',
    code: { language: 'r', options: '-e' },
    sub: {
      '': { values: '-e', reads: '-f --file', code: { language: 'r', options: '-e' } },
      CMD: {
        sub: {
          BATCH: { operands: 'pair' },
          INSTALL: { values: '-l --library', operands: 'read' },
        },
      },
    },
  },
  composer: {
    sub: subs('install require update create-project', always('installs packages', { usual: ['repo.packagist.org'] })),
  },
  'mvn mvnw': builds({ offline: '-o --offline', usual: ['repo.maven.apache.org'] }),
  'gradle gradlew': builds({ offline: '--offline', usual: ['repo.maven.apache.org', 'plugins.gradle.org'] }),
  sbt: builds({ usual: ['repo1.maven.org'] }),
  dotnet: { sub: { restore: always('restores packages', { usual: ['api.nuget.org'] }) } },
  cpanm: installs('installs packages', { named: true, usual: ['www.cpan.org'] }),
};
