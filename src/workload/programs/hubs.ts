import type { Arguments } from '../arguments.js';
import type { Word } from '../workload.js';
import { hostFrom, isOffline } from './environment.js';
import { always, subs, type Contact, type Environment, type Program, type ProgramTable } from './program.js';

const HUB_VALUES = '--repo-type --revision --token --include --exclude --commit-message --max-workers';

/** What talks to Hugging Face, or to the endpoint that the environment names. */
function hub(does: (operands: Arguments['operands']) => string, more: Omit<Program, 'contacts'>): Program {
  return {
    values: HUB_VALUES,
    ...more,
    contacts: ({ operands }: Arguments, word: Word, environment: Environment): Contact[] => {
      if (isOffline(environment, 'huggingface')) return [];
      const set = hostFrom(environment, 'huggingface');
      const host = set ?? 'huggingface.co';
      return [{ word: operands[0] ?? word, does: does(operands), ...(host === '…' ? {} : { host }) }];
    },
  };
}

const LOGIN = hub(() => 'logs in to Hugging Face', {});
const KAGGLE = ['www.kaggle.com'];
const KAGGLE_DOWNLOAD = always('downloads a data set', {
  values: '-f -d --dataset -c',
  writes: '-p --path',
  usual: KAGGLE,
});

export const HUBS: ProgramTable = {
  'huggingface-cli hf': {
    values: HUB_VALUES,
    sub: {
      download: hub(([first]) => `downloads ${first?.text ?? 'a repository'}`, { writes: '--local-dir --cache-dir' }),
      upload: hub(() => 'uploads to Hugging Face', {
        paths: ({ operands }) => operands.slice(1, 2).map((word) => ({ role: 'read', word })),
      }),
      login: LOGIN,
      whoami: LOGIN,
      auth: { sub: subs('login whoami', LOGIN) },
    },
  },
  kaggle: {
    sub: {
      datasets: { sub: { download: KAGGLE_DOWNLOAD, list: always('lists data sets', { usual: KAGGLE }) } },
      competitions: {
        sub: {
          download: KAGGLE_DOWNLOAD,
          submit: always('submits to a competition', { values: '-c -m', reads: '-f --file', usual: KAGGLE }),
        },
      },
    },
  },
  dvc: {
    sub: {
      pull: always('pulls data'),
      push: always('pushes data'),
      fetch: always('fetches data'),
      get: always('fetches data'),
    },
  },
  wandb: {
    sub: {
      login: always('logs in', { usual: ['api.wandb.ai'] }),
      sync: always('uploads runs', { operands: 'read', usual: ['api.wandb.ai'] }),
      artifact: always('uses artifacts', { usual: ['api.wandb.ai'] }),
    },
  },
  ollama: { sub: { pull: always('pulls a model', { usual: ['registry.ollama.ai'] }) } },
  'docker podman': {
    sub: subs('run pull push build login compose', always('talks to a container engine, which a job does not have')),
  },
  bacalhau: { sub: { ...subs('job docker wasm node agent', always('talks to a Bacalhau orchestrator')), version: {} } },
  kubectl: { sub: { '*': always('talks to a cluster'), version: {} } },
  'prefetch fasterq-dump fastq-dump': {
    values: '-e --threads -t --temp -p',
    writes: '-O --outdir -o --outfile',
    contacts: ({ operands }) =>
      operands
        .filter(({ text, known }) => !known || /^[A-Z]{3}\d+$/.test(text))
        .slice(0, 1)
        .map((word) => ({ word, does: `fetches ${word.text}`, usual: ['ftp.ncbi.nlm.nih.gov'] })),
  },
};
