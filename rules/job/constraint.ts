import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { misnamedLabel, unreadConstraint, type UnreadConstraint } from '../../src/job/node-labels.js';
import { holdsFor } from '../../src/target/release.js';
import { replaceValue } from '../../src/text/replace.js';
import type { SourceText } from '../../src/text/source.js';

const jobWith = (constraint: string): string => `
Name: count
Type: batch
Count: 1
Constraints:
  - ${constraint}
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/wordcount:1.4 } }
`;

export default defineRule({
  id: 'job/constraint',
  stage: 'schedule',
  severity: 'error',
  title: 'Constraint that no node can fulfil',
  why:
    'Client and server take every operator. Only the scheduler reads constraints, with the label library of Kubernetes: when that ' +
    'refuses one, the job stays Pending without a message. 1.8 renamed the labels that nodes have by themselves to os_arch and ' +
    'os_type; their values are amd64, arm64 and linux, not x86_64 or aarch64.',
  remedy: 'Operators are in, notin, exists, !, gt, lt, =, == and !=; give a list of values item by item.',
  examples: {
    bad: [
      {
        job: jobWith('{ Key: gpu, Operator: Exists, Values: ["1"] }'),
        expect: { stage: 'schedule', severity: 'error', at: 'Exists', message: 'Pending' },
      },
      {
        title: 'a list in one value',
        job: jobWith('{ Key: region, Operator: in, Values: ["eu-west-1,eu-west-2"] }'),
        expect: { stage: 'schedule', severity: 'error', at: 'eu-west-1,eu-west-2' },
      },
      {
        title: 'a name of before 1.8',
        job: jobWith('{ Key: Architecture, Operator: "=", Values: [amd64] }'),
        expect: { stage: 'schedule', severity: 'warning', at: 'Architecture', message: 'os_arch' },
      },
      {
        title: 'a name of after 1.8',
        job: jobWith('{ Key: os_arch, Operator: "=", Values: [amd64] }'),
        target: '1.7',
        expect: { stage: 'schedule', severity: 'warning', at: 'os_arch', message: 'Architecture' },
      },
      {
        title: 'a capital',
        job: jobWith('{ Key: os_type, Operator: "=", Values: [Linux] }'),
        expect: { stage: 'schedule', severity: 'warning', at: 'Linux', message: 'linux' },
      },
      {
        title: 'on a command line',
        command: 'bacalhau docker run --constraints os_arch=x86_64 acme/wordcount:1.4',
        expect: { stage: 'schedule', severity: 'warning', at: 'x86_64', message: 'amd64' },
      },
    ],
    good: [
      { job: jobWith('{ Key: os_arch, Operator: in, Values: [amd64, arm64] }') },
      { job: jobWith('{ Key: Architecture, Operator: "=", Values: [amd64] }'), target: '1.7' },
      { title: 'a label of the operators', job: jobWith('{ Key: example.com/rack, Operator: gt, Values: ["7"] }') },
    ],
  },
  *check({ job, source, target }) {
    const renamed = holdsFor(target.bacalhau, { since: '1.8' });
    for (const constraint of job?.constraints ?? []) {
      const unread = unreadConstraint(constraint);
      const misnamed = misnamedLabel(constraint, renamed);
      if (unread !== undefined) yield aboutUnread(unread, source);
      else if (misnamed !== undefined) {
        const { at, name } = misnamed;
        yield {
          at,
          severity: 'warning',
          message: `Nodes of ${target.name} say ${name} where this constraint says ${at.value}: it fits no node, unless its operator set such a label.`,
          remedy: `Write ${name}.`,
          fix: { title: `Write ${name}`, safe: true, edits: [replaceValue(source, at, name)] },
        };
      }
    }
  },
});

function aboutUnread(unread: UnreadConstraint, source: SourceText): RuleFinding {
  const { at } = unread;
  const pending = 'the job is accepted and stays Pending without a message';
  switch (unread.kind) {
    case 'operator': {
      const message = `The scheduler knows no operator ${at.value}: ${pending}.`;
      const { meant } = unread;
      if (meant === undefined) return { at, message };
      // exists and ! take no values: with some the client would refuse the job.
      const isBare = meant === 'exists' || meant === '!';
      const fix = { title: `Write ${meant}`, safe: false, edits: [replaceValue(source, at, meant)] };
      return { at, message, remedy: `Write ${meant}.`, ...(isBare ? {} : { fix }) };
    }
    case 'key':
      return {
        at,
        message: `${at.value} cannot be the name of a label, so that the scheduler refuses it: ${pending}.`,
      };
    case 'number':
      return { at, message: `gt and lt compare whole numbers, not ${at.value}: ${pending}.` };
    case 'value':
      return {
        at,
        message: `${at.value} cannot be the value of a label, so that the scheduler refuses it: ${pending}.`,
      };
  }
}
