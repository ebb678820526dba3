import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'dockerfile/server',
  stage: 'run',
  severity: 'info',
  title: 'The image is built to serve',
  why:
    'EXPOSE publishes nothing on Bacalhau, and nobody looks at a HEALTHCHECK. Ports are opened by the Network of the ' +
    'job (type Host or Bridge, since 1.6.4). A batch job with a server never ends: it runs into its timeout, and then ' +
    'nothing is published.',
  remedy:
    'For a server, use a job of type service or daemon that lists its Ports; for a batch job, a command that ends when its work is done.',
  examples: {
    bad: [
      {
        dockerfile: 'FROM python:3.12\nEXPOSE 8000\nCMD ["uvicorn", "app:app"]\n',
        expect: { stage: 'run', severity: 'info', at: '8000', message: 'opens no port' },
      },
      {
        dockerfile: 'FROM alpine:3.20\nHEALTHCHECK CMD wget -q http://localhost:8080/ || exit 1\nCMD ["/serve"]\n',
        expect: { stage: 'run', severity: 'info', message: 'HEALTHCHECK' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nHEALTHCHECK NONE\nCMD ["python", "count.py"]\n' },
      { title: 'a stage that only builds', dockerfile: 'FROM node:22 AS dev\nEXPOSE 3000\nFROM alpine:3.20\n' },
    ],
  },
  *check({ dockerfile }) {
    const final = dockerfile?.final;
    const [port] = final?.exposed ?? [];
    const check = (final?.healthcheck?.words.length ?? 0) > 0 ? final?.healthcheck : undefined;
    const related = check === undefined ? [] : [{ message: 'the HEALTHCHECK, which nobody looks at', at: check }];
    if (port !== undefined) {
      const message = `EXPOSE ${port.value} opens no port on Bacalhau; the job has to ask for ports, and has to end by itself unless it is a service.`;
      yield { at: port, message, related };
    } else if (check !== undefined) {
      yield { at: check, message: 'Bacalhau does not look at HEALTHCHECK; a container that hangs runs on.' };
    }
  },
});
