import { expect, test } from '@jest/globals';
import { replaceValue } from '../../src/text/replace.js';
import { sourceText } from '../../src/text/source.js';

test.each([
  ['Type: Full', 6, 10, 'Type: Host'],
  ['Type: "Full"', 6, 12, 'Type: "Host"'],
  ["Type: 'Full'", 6, 12, "Type: 'Host'"],
  ['"Full"', 1, 5, '"Host"'],
  ["Type: '", 6, 7, 'Type: Host'],
])('%s', (text, start, end, expected) => {
  const edit = replaceValue(sourceText('job.yaml', text), { span: { start, end } }, 'Host');
  expect(edit.path).toBe('job.yaml');
  expect(text.slice(0, edit.start) + edit.text + text.slice(edit.end)).toBe(expected);
});
