import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import type { ImageAccess } from '../../src/image/facts.js';
import { onlyLocal, pulledReference, sendsNodeCredentials } from '../../src/image/pulled.js';
import { familiarName, type ImageReference } from '../../src/image/reference.js';

export default defineRule({
  id: 'image/private',
  stage: 'node',
  severity: 'error',
  needs: ({ image }) => (pulledReference(image) === undefined ? [] : ['image.access']),
  title: 'Image cannot be pulled without credentials',
  why:
    'A node has at most one pair of credentials, DOCKER_USERNAME and DOCKER_PASSWORD, and sends it only for an image ' +
    'text with fewer than two slashes: `user/image` may be private, but `ghcr.io/org/image` and ' +
    '`docker.io/user/image` are always asked for anonymously. `docker login` on the node has no effect.',
  remedy: 'Make the repository public, or push the image to a public one.',
  examples: {
    bad: [
      {
        command: 'bacalhau docker run ghcr.io/acme/wordcount:1.4',
        image: { access: 'credentials' },
        expect: { stage: 'node', severity: 'error', at: 'ghcr.io/acme/wordcount:1.4', message: 'two or more slashes' },
      },
      {
        title: 'some nodes may have credentials for Docker Hub',
        reference: 'acme/wordcount:1.4',
        image: { access: 'credentials' },
        expect: { stage: 'node', severity: 'warning', message: 'DOCKER_USERNAME' },
      },
      {
        title: 'private or missing, and nobody would be let in',
        reference: 'docker.io/acme/wordcount:1.4',
        image: { access: 'private-or-missing' },
        expect: { stage: 'node', severity: 'error', message: 'private or missing' },
      },
      {
        title: 'a third party that is sent the credentials for Docker Hub',
        reference: 'ghcr.io/wordcount:1.4',
        image: { access: 'denied' },
        expect: { stage: 'node', severity: 'warning', message: 'their one pair' },
      },
    ],
    good: [
      { title: 'made public', reference: 'ghcr.io/acme/wordcount:1.4', image: { access: 'public' } },
      {
        title: 'in the local engine only: another rule says so',
        reference: 'acme/wordcount:1.4',
        image: { access: 'private-or-missing', local: {} },
      },
    ],
  },
  *check({ image, facts, target }) {
    const reference = pulledReference(image);
    const access = facts['image.access'];
    if (image === undefined || reference === undefined || access === undefined) return;
    const found = refusal(image.text, access);
    if (found === undefined || onlyLocal(reference, access, facts['image.local']) !== 'no') return;
    const onHub = reference.registry === 'docker.io';
    const mayHelp = target.hubCredentials !== 'no';
    const at = { at: image.at, ...untried(access) };
    if (!sendsNodeCredentials(reference)) {
      const message = `${found}, and nodes send no credentials for a name with two or more slashes.`;
      yield { ...at, message, ...(onHub && mayHelp ? { remedy: withoutHost(reference) } : {}) };
    } else if (!mayHelp) {
      yield { ...at, message: `${found}, and the target's nodes have no credentials.` };
    } else if (!onHub) {
      const message = `${found}, and nodes can send it only their one pair, DOCKER_USERNAME and DOCKER_PASSWORD, which is meant for Docker Hub.`;
      yield { ...at, severity: 'warning', message };
    } else if (target.hubCredentials === 'unknown' || access.kind === 'private-or-missing') {
      const message = `${found}: only nodes whose operator set DOCKER_USERNAME and DOCKER_PASSWORD for it can pull it.`;
      yield { ...at, severity: 'warning', message };
    }
  },
});

/** Says how the registry answered; undefined when it served the image, or has none. */
function refusal(text: string, { kind, registry, triedCredentials }: ImageAccess): string | undefined {
  switch (kind) {
    case 'credentials':
      return `${text} is private: ${registry} served it only with your credentials`;
    case 'denied':
      return `${registry} refuses ${text}${triedCredentials ? ', with your credentials too' : ' without credentials'}`;
    case 'private-or-missing':
      return `${text} is private or missing (${registry} does not say which)`;
    case 'public':
    case 'missing':
      return undefined;
  }
}

/** A reader who is logged in wonders why the registry does not say whether the image is there. */
function untried({ credentialsProblem }: ImageAccess): Pick<RuleFinding, 'related'> {
  if (credentialsProblem === undefined) return {};
  return { related: [{ message: `Your own credentials could not be tried: ${credentialsProblem}.` }] };
}

function withoutHost(reference: ImageReference): string {
  return `Make the repository public, or write ${familiarName(reference)}: without the host, nodes send their credentials if they have any.`;
}
