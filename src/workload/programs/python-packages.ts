import { hasOption, valuesOf, type Arguments } from '../arguments.js';
import { hostsOf, installs, isLocal, localPaths } from './install.js';
import { isOffline } from './environment.js';
import type { Program, ProgramTable } from './program.js';

const PYPI = ['pypi.org', 'files.pythonhosted.org'];
const PIP_VALUES =
  '-i --index-url --extra-index-url -c --constraint -p --python --platform --python-version --timeout --retries ' +
  '--trusted-host --progress-bar --proxy --root --prefix --only-binary --no-binary --implementation --abi -e --editable ' +
  '--default-index --cache-dir --upgrade-strategy';

function wanted(args: Arguments): Arguments['operands'] {
  return [...args.operands, ...valuesOf(args, '-e --editable')];
}

/** `pip install -e .` names a folder, `-r FILE` names packages. */
function pip(does: string, family: string): Program {
  return {
    values: PIP_VALUES,
    reads: '-r --requirement --requirements -f --find-links',
    writes: '-t --target -d --dest --download -w --wheel-dir',
    paths: (args) => localPaths(wanted(args)),
    contacts: (args, _program, environment) => {
      if (hasOption(args, '--no-index --dry-run --offline') || isOffline(environment, family)) return [];
      const remote = wanted(args).filter((operand) => !isLocal(operand));
      const word = remote[0] ?? valuesOf(args, '-r --requirement --requirements')[0];
      return word === undefined ? [] : [{ word, does, ...hostsOf(args, word, environment, family, PYPI) }];
    },
  };
}

function pipSubs(family: string): Record<string, Program> {
  return {
    install: pip('installs packages', family),
    download: pip('downloads packages', family),
    wheel: pip('downloads packages', family),
    sync: pip('installs packages', family),
  };
}

const UV = { offline: '--offline', usual: PYPI, family: 'uv' } as const;
const CONDA = {
  values: '-n --name -p --prefix -c --channel --solver -f',
  reads: '--file -f',
  offline: '--offline',
  usual: ['conda.anaconda.org'],
  family: 'conda',
} as const;
const POETRY = { usual: PYPI } as const;

export const PYTHON_PACKAGES: ProgramTable = {
  'pip pip2 pip3': { sub: pipSubs('pip') },
  pipx: {
    sub: {
      install: installs('installs a program', { named: true, usual: PYPI }),
      run: installs('installs a program', { named: true, usual: PYPI, runs: true }),
    },
  },
  uvx: installs('installs a program', { ...UV, named: true, runs: true, values: '--from --with --python' }),
  uv: {
    sub: {
      pip: { sub: pipSubs('uv') },
      sync: installs('installs packages', UV),
      add: installs('installs packages', { ...UV, named: true }),
      tool: {
        sub: {
          install: installs('installs a program', { ...UV, named: true }),
          run: installs('installs a program', { ...UV, named: true, runs: true }),
        },
      },
      python: { sub: { install: installs('downloads Python', { ...UV, usual: ['github.com'] }) } },
      // The command that it runs is read on its own; this is what is fetched before.
      run: {
        values: '--with --with-requirements --python -p --project --directory --extra --group',
        reads: '--with-requirements',
        contacts: (args, _program, environment) => {
          if (hasOption(args, '--offline') || isOffline(environment, 'uv')) return [];
          // Without these it depends on the script and on what the image holds.
          const extra = valuesOf(args, '--with --with-requirements')[0];
          return extra === undefined ? [] : [{ word: extra, does: 'installs packages', usual: PYPI }];
        },
      },
    },
  },
  'conda mamba micromamba': {
    sub: {
      install: installs('installs packages', CONDA),
      create: installs('installs packages', CONDA),
      update: installs('updates packages', CONDA),
      env: {
        sub: { create: installs('installs packages', CONDA), update: installs('updates packages', CONDA) },
      },
    },
  },
  poetry: { sub: { install: installs('installs packages', POETRY), add: installs('installs packages', POETRY) } },
  pipenv: { sub: { install: installs('installs packages', POETRY), sync: installs('installs packages', POETRY) } },
};
