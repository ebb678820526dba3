import { expect, test } from '@jest/globals';
import { unreadSyntax } from '../../src/workload/unread-syntax.js';

/** The words that are told, with their kind. */
function told(...words: string[]): string[] {
  const command = {
    words: words.map((text) => ({ text, known: true, origin: 'exec' as const, from: 'subject' as const })),
    complete: true,
    entrypoint: 'job' as const,
    arguments: 'job' as const,
  };
  return unreadSyntax(command).map(({ kind, word }) => `${kind} ${word.text}`);
}

test.each<[string[], string[]]>([
  [['cat', '/a', '|', 'wc', '-l'], ['operator |']],
  [['sh', 'run.sh', '/in', '&&', 'ls'], ['operator &&']],
  [['echo', 'hi', '&&', 'bash', 'run.sh'], ['operator &&']],
  [['cat', '/a', '>', '/b'], ['redirection >']],
  [['wc', '/in/*.csv'], ['glob /in/*.csv']],
  [['python', 'a.py', '$HOME/x'], ['variable $HOME/x']],
  [['python', 'a.py', '--part=${PART}'], ['variable --part=${PART}']],
  [['cat', '/in/part-$PART.csv'], ['variable /in/part-$PART.csv']],
  [['echo', 'now: $(date)'], ['variable now: $(date)']],
  [['curl', '-d', '{"job": "${JOB}"}', 'https://example.org'], ['variable {"job": "${JOB}"}']],
])('%j', (words, expected) => {
  expect(told(...words)).toEqual(expected);
});

test.each([
  [['sh', '-c', 'echo $HOME | cat']],
  [['sh', '-c', 'echo $0', '&&']],
  [['bash', 'run.sh', '|', '>']],
  [['timeout', '5', 'sh', '-c', 'echo $HOME']],
  [['find', '/in', '-exec', 'sh', '-c', 'echo $1 $HOME', '_', '{}', ';']],
  [['python', '-c', 'print("$HOME")']],
  [['awk', '{ print $NF }', '/a']],
  [['perl', '-ne', 'print $x']],
  [['envsubst', '$HOME']],
  [['cut', '-d', '|', '-f1', '/a']],
  [['echo', 'it costs $5', '100%', 'a > b', '->']],
  [['curl', 'https://example.org/?a=$1&b']],
])('%j is as it should be', (words) => {
  expect(told(...words)).toEqual([]);
});
