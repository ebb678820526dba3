import { valuesOf, type Arguments } from '../arguments.js';
import { sqlUses } from '../code/sql.js';
import type { PathGiven, Program, ProgramTable } from './program.js';

/** `duckdb [FILE] [SQL]`: SQL that changes it may as well make the file. */
function databaseFile(args: Arguments): PathGiven[] {
  const [file] = args.operands;
  if (file === undefined || /\s/.test(file.text) || file.text === ':memory:') return [];
  const texts = [...valuesOf(args, '-c -s -cmd'), ...args.operands.slice(1)];
  const changes = texts.some(({ text }) => sqlUses(text).changes);
  return [{ role: changes || texts.length === 0 ? 'mention' : 'read', word: file }];
}

const SQL: Program = {
  longDash: true,
  values: '-separator -nullvalue -newline -mmap -vfs',
  reads: '-init -f',
  paths: databaseFile,
  code: { language: 'sql', options: '-c -cmd -s', operand: true },
};

export const TABLES: ProgramTable = {
  'duckdb sqlite3': SQL,
  'csvsql csvstat csvcut csvgrep csvlook csvjoin csvstack in2csv csvjson csvsort': {
    values: '--query -d -q -c -e -r -m -I --tables --db -y',
    operands: 'read',
  },
  'xsv qsv': {
    sub: {
      '*': { values: '-s -d -n --delimiter --select', writes: '-o --output', operands: 'mention' },
      stats: { writes: '-o --output', operands: 'read' },
      headers: { operands: 'read' },
      count: { operands: 'read' },
    },
  },
  // What comes first are verbs, of which a file is the rest.
  mlr: {
    paths: ({ operands }) => operands.filter(({ text }) => /[./]/.test(text)).map((word) => ({ role: 'read', word })),
  },
  'parquet-tools': { sub: { '*': { operands: 'read' } } },
};
