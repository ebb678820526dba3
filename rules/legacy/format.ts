import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'legacy/format',
  stage: 'client',
  severity: 'error',
  title: 'Job spec is in an older or other format',
  why: 'Since 1.4 Bacalhau takes only the format with Tasks. Specs of 0.2 to 1.3, jobs as the API prints them, and job modules of other networks such as Lilypad are refused at their first key.',
  remedy: 'Write the job in the current format; the message says what each part became.',
  examples: {
    bad: [
      {
        job: `
APIVersion: V1beta2
Spec:
  EngineSpec:
    Type: docker
    Params:
      Image: ubuntu:22.04
  Deal:
    Concurrency: 1
`,
        expect: { stage: 'client', severity: 'error', at: 'APIVersion', message: 'V1beta2' },
      },
      {
        job: `
Job:
  Name: count
  Type: batch
  Tasks: []
`,
        expect: { stage: 'client', severity: 'error', at: 'Job', message: 'wrapped' },
      },
      {
        title: 'an older spec inside that',
        job: `
Job:
  APIVersion: V1beta2
  Spec:
    EngineSpec: { Type: docker, Params: { Image: ubuntu:22.04 } }
`,
        expect: { stage: 'client', severity: 'error', at: 'Job', message: 'V1beta2' },
      },
      {
        title: 'the part below Spec: alone',
        job: `
Engine: Docker
Docker: { Image: ubuntu:22.04, Entrypoint: [echo, hello] }
Verifier: Noop
Publisher: IPFS
`,
        expect: { stage: 'client', severity: 'error', at: 'Verifier', message: 'below Spec:' },
      },
      {
        title: 'of another system',
        job: `
apiVersion: batch/v1
kind: Job
metadata: { name: count }
spec: { template: { spec: { containers: [{ name: count, image: ubuntu:22.04 }] } } }
`,
        expect: { stage: 'client', severity: 'error', at: 'apiVersion', message: 'Kubernetes' },
      },
      {
        title: 'of another system, whose version is called as one of ours',
        job: `
apiVersion: v1
kind: Pod
metadata: { name: count }
spec: { containers: [{ name: count, image: ubuntu:22.04 }] }
`,
        expect: { stage: 'client', severity: 'error', at: 'apiVersion', message: 'Kubernetes' },
      },
      {
        title: 'of 0.2',
        job: `
node_id: QmNode
spec:
  engine: docker
  job_spec_vm: { image: ubuntu:22.04 }
`,
        expect: { stage: 'client', severity: 'error', at: 'spec', message: '0.2' },
      },
      {
        title: 'bacalhau create took it up to 1.3',
        job: `
APIVersion: V1beta2
Spec:
  EngineSpec:
    Type: docker
`,
        target: '1.3',
        expect: { stage: 'client', severity: 'info', at: 'APIVersion', message: 'not checked' },
      },
    ],
    good: [
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
      },
    ],
  },
  check: (context) => findingsOfKind(context, 'legacy-format'),
});
