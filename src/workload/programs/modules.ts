import { own } from '../own.js';
import { always, type Program } from './program.js';
import { programNamed } from './table.js';

/** Modules of Python that are run with `-m`, as far as they differ from the program of the same name. */
const MODULES: Readonly<Record<string, Program>> = {
  'http.server': { values: '-d --directory -b --bind' },
  'json.tool': { operands: 'pair', values: '--indent' },
  venv: { operands: 'write', values: '--prompt' },
  virtualenv: { operands: 'write', values: '-p --python' },
  zipfile: {
    paths: ({ options, operands: [first, second] }) => {
      const creates = options.some(({ name }) => name === '-c' || name === '--create');
      if (first === undefined) return [];
      const archive = { role: creates ? 'write' : 'read', word: first } as const;
      return second === undefined ? [archive] : [archive, { role: creates ? 'read' : 'write', word: second }];
    },
  },
  spacy: { sub: { download: always('downloads a model', { usual: ['github.com'] }) } },
  'nltk.downloader': always('downloads data', { usual: ['raw.githubusercontent.com'] }),
  ensurepip: {},
  compileall: { operands: 'read' },
  timeit: {},
  this: {},
};

/** Programs that are modules as well. */
const SAME = new Set('pip pipx uv jupyter whisper gdown wandb kaggle dvc poetry pipenv papermill demucs'.split(' '));

/** What is known of a module that Python runs. */
export function moduleNamed(name: string): Program | undefined {
  return own(MODULES, name) ?? (SAME.has(name) ? programNamed(name) : undefined);
}
