import { always, type ProgramTable } from './program.js';
import { installs } from './install.js';

/** Which mirror is asked stands in the files of the image, so that no host is told. */
const APT = {
  values: '-o -t -c --option --target-release',
  offline: '--no-download -s --simulate --print-uris',
} as const;
const RPM = { values: '-c --config --enablerepo --disablerepo', offline: '-C --cacheonly' } as const;
const APK = {
  values: '-t --virtual -X --repository',
  offline: '--no-network',
  usual: ['dl-cdn.alpinelinux.org'],
} as const;

export const SYSTEM_PACKAGES: ProgramTable = {
  'apt apt-get aptitude': {
    values: APT.values,
    sub: {
      update: installs('updates package lists', APT),
      install: installs('installs packages', { ...APT, named: true }),
      upgrade: installs('installs packages', APT),
      'dist-upgrade': installs('installs packages', APT),
      'full-upgrade': installs('installs packages', APT),
      'build-dep': installs('installs packages', APT),
      download: installs('downloads packages', APT),
      source: installs('downloads packages', APT),
    },
  },
  'add-apt-repository apt-add-repository': installs('looks up a repository', { named: true }),
  dpkg: { operands: 'read' },
  apk: {
    sub: {
      add: installs('installs packages', { ...APK, named: true }),
      update: installs('updates package lists', APK),
      upgrade: installs('updates packages', APK),
      fetch: installs('downloads packages', APK),
    },
  },
  'yum dnf microdnf': {
    values: RPM.values,
    sub: {
      install: installs('installs packages', { ...RPM, named: true }),
      groupinstall: installs('installs packages', RPM),
      update: installs('updates packages', RPM),
      upgrade: installs('updates packages', RPM),
      makecache: installs('updates package lists', RPM),
    },
  },
  rpm: { operands: 'read', opensUrls: true },
  zypper: {
    sub: {
      install: installs('installs packages', { named: true }),
      in: installs('installs packages', { named: true }),
      refresh: installs('updates package lists'),
    },
  },
  pacman: {
    contacts: (args, word) =>
      args.options.some(({ name }) => name === '-S')
        ? [{ word: args.operands[0] ?? word, does: 'installs packages' }]
        : [],
  },
  brew: {
    sub: { install: always('installs packages'), update: always('updates'), upgrade: always('updates packages') },
  },
  snap: { sub: { install: always('installs packages') } },
};
