import { defineRule } from '../../src/check/rule.js';
import { networkMode } from '../../src/target/network.js';
import { outsideUses } from '../../src/workload/network-uses.js';

export default defineRule({
  id: 'dockerfile/network-at-start',
  stage: 'run',
  severity: 'warning',
  title: 'The command of the image uses the network',
  why:
    'Up to 1.6 a job has no network unless it asks for one and the node takes such jobs. Since 1.7 it has one by ' +
    'default, but not with network mode None and not on a node that rejects networked jobs.',
  remedy: 'Do it in a RUN step, while the image is built, or give the data to the job as an input.',
  examples: {
    bad: [
      {
        dockerfile: 'FROM python:3.12\nCMD pip install -r requirements.txt && python count.py\n',
        expect: { stage: 'run', severity: 'info', confidence: 'low', at: 'requirements.txt', message: 'each time' },
      },
      {
        dockerfile: 'FROM alpine:3.20\nENTRYPOINT ["wget", "https://example.org/a.csv"]\n',
        target: '1.6',
        expect: { stage: 'run', severity: 'warning', message: 'no network to a job that names none' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nRUN pip install numpy\nCMD ["python", "count.py"]\n' },
      { title: 'its own server', dockerfile: 'FROM alpine:3.20\nCMD wget -O- http://localhost:8080/ready\n' },
      { title: 'only said', dockerfile: 'FROM alpine:3.20\nCMD echo curl https://example.org/a.csv\n' },
    ],
  },
  *check({ dockerfile, workload, target }) {
    const final = dockerfile?.final;
    if (final === undefined || workload === undefined) return;
    const [first, ...others] = outsideUses(workload.network);
    if (first === undefined) return;
    const none = target.networkedJobs === 'no' || networkMode(undefined, target) === 'none';
    const reason =
      target.networkedJobs === 'no'
        ? "the target's nodes reject networked jobs and run them without"
        : none
          ? `Bacalhau ${target.bacalhau} gives no network to a job that names none`
          : 'a job with network mode None, or on a node that rejects networked jobs, has no network';
    yield {
      at: first.word.at ?? final.at,
      ...(none ? {} : { severity: 'info' }),
      evidence: first.origin,
      message: `${first.what} each time the container starts, but ${reason}.`,
      related: others.slice(0, 5).map(({ what, word: { at } }) => ({ message: what, ...(at && { at }) })),
    };
  },
});
