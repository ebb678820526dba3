import { hasOption, valuesOf } from '../arguments.js';
import type { Arguments } from '../arguments.js';
import type { PathGiven, ProgramTable } from './program.js';

/** Options of two words: their second word is left among the operands. */
const PAIRS = '-p -r --parameters --parameters_raw';

/** `papermill IN OUT -p NAME VALUE`. */
function papermillPaths(args: Arguments): PathGiven[] {
  // Values come after their names, so that what stands first are the notebooks, or last.
  const pairs = args.options.filter(({ name }) => PAIRS.split(' ').includes(name)).length;
  const [from, to] = pairs > 0 && args.operands.length > 2 ? notebooks(args) : args.operands;
  return [
    ...(from === undefined ? [] : [{ role: 'read', word: from } as const]),
    ...(to === undefined ? [] : [{ role: 'write', word: to } as const]),
  ];
}

function notebooks({ operands }: Arguments): Arguments['operands'] {
  return operands.filter(({ text }) => text.endsWith('.ipynb') || text === '-');
}

export const NOTEBOOKS: ProgramTable = {
  papermill: {
    values: `${PAIRS} -k --kernel -y --cwd --log-level`,
    reads: '-f --parameters_file',
    paths: papermillPaths,
  },
  jupyter: {
    sub: {
      nbconvert: {
        values: '--to --execute-timeout --template',
        reads: '--config',
        writes: '--output-dir --output',
        operands: 'read',
        opaque: (args) => {
          const [word] = args.operands;
          return word === undefined || !hasOption(args, '--execute') ? undefined : { what: 'notebook', word };
        },
      },
    },
  },
  quarto: {
    sub: {
      render: {
        values: '--to -t -P --execute-param',
        writes: '--output-dir -o --output',
        operands: 'first',
        opaque: (args) => {
          const word = args.operands[0] ?? valuesOf(args, '--output')[0];
          return word === undefined ? undefined : { what: 'notebook', word };
        },
      },
    },
  },
  streamlit: {
    sub: { run: { operands: 'first', opaque: ({ operands: [word] }) => word && { what: 'script', word } } },
  },
};
