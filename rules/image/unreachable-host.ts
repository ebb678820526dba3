import { defineRule } from '../../src/check/rule.js';
import { pulledReference } from '../../src/image/pulled.js';
import { pushOf } from '../../src/image/push.js';
import { hostName, hostReach, type HostReach } from '../../src/net/host.js';

export default defineRule({
  id: 'image/unreachable-host',
  stage: 'node',
  severity: 'warning',
  title: 'Image is on a host that nodes may not reach',
  why:
    'Each node pulls the image itself. A registry on localhost, on a private address or under a name that the public ' +
    'DNS does not know is there for your machine or your network; a node elsewhere declines with "image not available".',
  remedy:
    'Push the image to a registry that nodes reach; or list this host under the private registries of the target, if ' +
    'they do reach it.',
  examples: {
    bad: [
      {
        command: 'bacalhau docker run localhost:5000/wordcount:1.4',
        expect: {
          stage: 'node',
          severity: 'warning',
          at: 'localhost:5000/wordcount:1.4',
          message: 'the node itself',
        },
      },
      {
        title: 'what Podman calls an image that was only built',
        reference: 'localhost/wordcount:1.4',
        expect: { stage: 'node', severity: 'warning', message: 'Podman writes localhost/' },
      },
      {
        reference: 'registry-proxy:5000/acme/wordcount',
        expect: { stage: 'node', severity: 'warning', message: 'no domain' },
      },
      { reference: '192.168.1.7:5000/wordcount', expect: { stage: 'node', severity: 'warning', message: 'private' } },
      { reference: 'registry.corp.internal/wordcount', expect: { stage: 'node', severity: 'warning', message: 'DNS' } },
    ],
    good: [
      { reference: 'wordcount:1.4' },
      { title: 'a user name is no host', reference: 'localhost1/wordcount' },
      { reference: 'registry.example.com:5000/acme/wordcount' },
    ],
  },
  *check({ image, target }) {
    const reference = pulledReference(image);
    if (image === undefined || reference === undefined) return;
    const { registry } = reference;
    const why = REASON[hostReach(registry)];
    if (why === undefined) return;
    if (target.privateRegistries.some((known) => known === registry || known === hostName(registry))) return;
    const found = `The registry ${registry} ${why}, so only nodes that reach this host can pull the image`;
    if (registry !== 'localhost') {
      yield { at: image.at, message: `${found}.` };
      return;
    }
    const { name, commands } = pushOf(reference, undefined, target.platforms);
    yield {
      at: image.at,
      message: `${found}. Podman writes localhost/ before images that are in no registry at all.`,
      remedy: `Push the image, and name ${name} in the job.`,
      fix: { title: 'Push the image', safe: false, commands },
    };
  },
});

const REASON: Readonly<Record<HostReach, string | undefined>> = {
  public: undefined,
  loopback: 'is to each node the node itself',
  private: 'is a private address',
  'single-label': 'is a name with no domain',
  'local-name': 'has a name that the public DNS does not know',
};
