import { hasOption, valuesOf, type Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import { hostOfUrl, isUrl, knownHost } from './hosts.js';
import type { Contact, Program, ProgramTable } from './program.js';

/** Installing from a network, unless one of the options `offline` is given, or all that is named lies in files. */
export function installs(
  does: string,
  more: Omit<Program, 'contacts'> & { readonly offline?: string; readonly named?: true } = {},
): Program {
  const { offline, named, ...program } = more;
  return {
    ...program,
    contacts: (args, word) => {
      if (offline !== undefined && hasOption(args, offline)) return [];
      const { operands } = args;
      if (operands.length === 0 && named === true) return [];
      if (operands.length > 0 && operands.every(isLocal)) return [];
      return [contact(does, args, operands.find((operand) => !isLocal(operand)) ?? word)];
    },
  };
}

function contact(does: string, args: Arguments, word: Word): Contact {
  const index = valuesOf(args, '-i --index-url --registry').at(-1);
  const host = index !== undefined ? hostOfUrl(index.text) : isUrl(word.text) ? hostOfUrl(word.text) : undefined;
  return { word, does, ...knownHost(host) };
}

/** A package named by its file or folder: `.`, `./x`, `/x`, `x.whl`; `.[dev]` too. */
function isLocal({ text }: Word): boolean {
  return (
    /^(?:\.{0,2}\/|\.{1,2}(?:\[|$)|file:)/.test(text) ||
    (!isUrl(text) && /\.(?:whl|deb|rpm|apk|gem|tgz|tar\.gz|zip)$/.test(text))
  );
}

const PIP_VALUES =
  '-i --index-url --extra-index-url -c --constraint -p --python --platform --python-version --timeout --retries ' +
  '--trusted-host --progress-bar --proxy --root --prefix --only-binary --no-binary --implementation --abi -e --editable';

/** `pip install -e .` names a folder, `-r FILE` names packages. */
function pipContacts(does: string): Program['contacts'] {
  return (args, word) => {
    if (hasOption(args, '--no-index --dry-run')) return [];
    const wanted = [...args.operands, ...valuesOf(args, '-e --editable')].filter((operand) => !isLocal(operand));
    const listed = valuesOf(args, '-r --requirement');
    const first = wanted[0] ?? listed[0];
    return first === undefined ? [] : [contact(does, args, word.text === '' ? first : first)];
  };
}

function pipProgram(does: string): Program {
  return {
    values: PIP_VALUES,
    reads: '-r --requirement -f --find-links',
    writes: '-t --target -d --dest --download -w --wheel-dir',
    contacts: pipContacts(does),
  };
}

const PIP: Program = {
  sub: {
    install: pipProgram('installs packages'),
    download: pipProgram('downloads packages'),
    wheel: pipProgram('downloads packages'),
  },
};

const CONDA_VALUES = '-n --name -p --prefix -c --channel --solver';
const CONDA: Program = {
  sub: {
    install: installs('installs packages', { values: CONDA_VALUES, reads: '--file', offline: '--offline' }),
    create: installs('installs packages', { values: CONDA_VALUES, reads: '--file', offline: '--offline', named: true }),
    update: installs('updates packages', { values: CONDA_VALUES, offline: '--offline' }),
    env: {
      sub: {
        create: installs('installs packages', { values: CONDA_VALUES, reads: '-f --file' }),
        update: installs('installs packages', { values: CONDA_VALUES, reads: '-f --file' }),
      },
    },
  },
};

const APT_OPTIONS = {
  values: '-o -t -c --option --target-release',
  offline: '--no-download -s --simulate --print-uris',
};
const APT: Program = {
  values: '-o -t -c --option --target-release',
  sub: {
    update: installs('updates package lists', APT_OPTIONS),
    install: installs('installs packages', { ...APT_OPTIONS, named: true }),
    upgrade: installs('installs packages', APT_OPTIONS),
    'dist-upgrade': installs('installs packages', APT_OPTIONS),
    'full-upgrade': installs('installs packages', APT_OPTIONS),
    'build-dep': installs('installs packages', APT_OPTIONS),
    download: installs('downloads packages', APT_OPTIONS),
    source: installs('downloads packages', APT_OPTIONS),
  },
};

const RPM_OPTIONS = { values: '-c --config --enablerepo --disablerepo', offline: '-C --cacheonly' };
const RPM: Program = {
  values: '-c --config --enablerepo --disablerepo',
  sub: {
    install: installs('installs packages', { ...RPM_OPTIONS, named: true }),
    groupinstall: installs('installs packages', RPM_OPTIONS),
    update: installs('updates packages', RPM_OPTIONS),
    upgrade: installs('updates packages', RPM_OPTIONS),
    makecache: installs('updates package lists', RPM_OPTIONS),
  },
};

const NODE_OPTIONS = { values: '--prefix --registry -w --workspace --cwd -C --dir --cache', offline: '--offline' };
const NODE_INSTALL = installs('installs packages', NODE_OPTIONS);
const NODE_SUBS = { install: NODE_INSTALL, i: NODE_INSTALL, ci: NODE_INSTALL, add: NODE_INSTALL, update: NODE_INSTALL };

export const PACKAGES: ProgramTable = {
  'pip pip2 pip3': PIP,
  uv: {
    sub: {
      pip: { ...PIP, sub: { ...PIP.sub, sync: { reads: '-r', operands: 'read' } } },
      sync: installs('installs packages', { offline: '--offline' }),
      add: installs('installs packages', { offline: '--offline', named: true }),
    },
  },
  'conda mamba micromamba': CONDA,
  poetry: { sub: { install: installs('installs packages'), add: installs('installs packages', { named: true }) } },
  pipenv: { sub: { install: installs('installs packages'), sync: installs('installs packages') } },
  'apt apt-get aptitude': APT,
  apk: {
    sub: {
      add: installs('installs packages', {
        values: '-t --virtual -X --repository',
        offline: '--no-network',
        named: true,
      }),
      update: installs('updates package lists', { offline: '--no-network' }),
      upgrade: installs('updates packages', { offline: '--no-network' }),
      fetch: installs('downloads packages', { offline: '--no-network' }),
    },
  },
  'yum dnf microdnf': RPM,
  zypper: {
    sub: {
      install: installs('installs packages'),
      in: installs('installs packages'),
      refresh: installs('updates package lists'),
    },
  },
  npm: { values: '--prefix --registry', sub: NODE_SUBS },
  'pnpm bun': { sub: NODE_SUBS },
  yarn: { sub: { install: NODE_INSTALL, add: NODE_INSTALL } },
  gem: {
    sub: { install: installs('installs packages', { values: '-v --version', offline: '-l --local', named: true }) },
  },
  bundle: { sub: { install: installs('installs packages', { offline: '--local' }) } },
  cargo: {
    sub: {
      install: installs('installs packages', { values: '--version', offline: '--offline --path', named: true }),
      fetch: installs('downloads packages', { offline: '--offline' }),
      add: installs('looks up packages', { offline: '--offline --path', named: true }),
      update: installs('looks up packages', { offline: '--offline' }),
    },
  },
  go: {
    sub: {
      get: installs('downloads modules', { named: true }),
      install: {
        contacts: ({ operands }) =>
          operands.filter(({ text }) => text.includes('@')).map((word) => ({ word, does: 'downloads modules' })),
      },
      mod: { sub: { download: installs('downloads modules') } },
    },
  },
};
