import { defineRule } from '../../src/check/rule.js';

const jobWith = (type: string): string => `
Name: wordcount
Type: ${type}
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/wordcount:1.4 } }
`;

export default defineRule({
  id: 'job/replaces',
  stage: 'orchestrator',
  severity: 'info',
  since: '1.8',
  title: 'Submitting a service again replaces the one that runs',
  why:
    'Since 1.8 a job with the Name and Namespace of an existing one is its next version: the server stops what runs ' +
    'under that name. For jobs that end by themselves that is seldom noticed; a service or daemon is gone.',
  remedy: 'Give each service its own Name, and keep it to update the service.',
  examples: {
    bad: [{ job: jobWith('service'), expect: { stage: 'orchestrator', severity: 'info', at: 'wordcount' } }],
    good: [
      { job: jobWith('batch') },
      { title: 'before, each was a job of its own', job: jobWith('service'), target: '1.7' },
      { title: 'without a name each is its own', job: jobWith('daemon').replace('Name: wordcount\n', '') },
    ],
  },
  *check({ job }) {
    const type = job?.type?.value;
    if (job?.name === undefined || (type !== 'service' && type !== 'daemon')) return;
    yield { at: job.name, message: `A ${type} named ${job.name.value} that runs already is replaced by this one.` };
  },
});
