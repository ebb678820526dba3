import { defineRule, type RuleContext } from '../../src/check/rule.js';

const jobWith = (type: string, more = ''): string => `
Name: web
Type: ${type}
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: nginx:1.27${more} } }
`;
const SERVER = { entrypoint: ['/docker-entrypoint.sh'], cmd: ['nginx'], exposedPorts: ['80/tcp'] };

export default defineRule({
  id: 'image/server',
  stage: 'run',
  severity: 'info',
  uses: (context) => (runsAlone(context) ? ['image.config'] : []),
  title: "Image's own program looks like a server",
  why:
    'EXPOSE and HEALTHCHECK are what people write into images of servers. A server does not end by itself: a batch job ' +
    'that starts one runs until its timeout (none by default since 1.5), and a job that is stopped publishes nothing. ' +
    'Bacalhau publishes no port because of EXPOSE, and HEALTHCHECK has no effect on a job.',
  remedy: 'Name the command that does the work and ends, or run it as a service with Network Ports (1.6.4 and later).',
  examples: {
    bad: [
      {
        job: jobWith('batch'),
        image: { config: SERVER },
        expect: { stage: 'run', severity: 'info', at: 'nginx:1.27', message: 'EXPOSE 80/tcp' },
      },
      {
        title: 'a service that nobody can reach',
        job: jobWith('service'),
        image: { config: SERVER },
        expect: { stage: 'run', severity: 'info', message: 'no Ports' },
      },
      {
        command: 'bacalhau docker run acme/api:1',
        image: { config: { entrypoint: ['/api'], hasHealthcheck: true } },
        expect: { stage: 'run', severity: 'info', message: 'HEALTHCHECK' },
      },
    ],
    good: [
      { job: jobWith('batch', ', Parameters: [nginx, -V]'), image: { config: SERVER } },
      { job: jobWith('batch'), image: { config: { cmd: ['count'] } } },
      {
        job: jobWith('service').replace(
          'Engine:',
          'Network: { Type: Bridge, Ports: [{ Name: web, Static: 8080, Target: 80 }] }\n    Engine:',
        ),
        image: { config: SERVER },
      },
    ],
  },
  *check(context) {
    const { facts, job, image } = context;
    const config = facts['image.config'];
    if (config === undefined || image === undefined || !runsAlone(context)) return;
    const signs = [
      ...(config.exposedPorts.length > 0 ? [`EXPOSE ${config.exposedPorts.slice(0, 5).join(' ')}`] : []),
      ...(config.hasHealthcheck ? ['HEALTHCHECK'] : []),
    ];
    if (signs.length === 0) return;
    const found = `The job runs the image’s own program, and the image has ${signs.join(' and ')}`;
    const isService = job?.type?.value === 'service' || job?.type?.value === 'daemon';
    if (!isService) yield { at: image.at, message: `${found}: if that is a server, the job never ends.` };
    else if (config.exposedPorts.length > 0 && (job.task?.network?.ports.length ?? 0) === 0) {
      yield { at: image.at, message: `${found}, but the job has no Ports: nobody can reach it from outside.` };
    }
  },
});

/** Whether the job leaves it to the image what is run. */
function runsAlone({ job }: Pick<RuleContext, 'job'>): boolean {
  const docker = job?.task?.engine?.docker;
  if (docker === undefined) return false;
  return [docker.entrypoint, docker.parameters].every((list) => (list?.items.length ?? 0) === 0);
}
