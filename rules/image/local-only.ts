import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { onlyLocal, pulledReference, sendsNodeCredentials } from '../../src/image/pulled.js';
import { pushOf, type Push } from '../../src/image/push.js';

export default defineRule({
  id: 'image/local-only',
  stage: 'node',
  severity: 'error',
  needs: ({ image }) => {
    if (image?.source === 'docker-daemon') return ['image.platforms'];
    return pulledReference(image) === undefined ? [] : ['image.access', 'image.local'];
  },
  title: 'Image is only in the local Docker engine',
  why:
    'Nodes pull from a registry; they cannot reach the engine on your machine. Even a node that holds a locally built ' +
    'image asks the registry for it, because an image that was never pushed has no digest to be trusted by, and ' +
    'declines: "image not available".',
  remedy: 'Push the image to a registry.',
  examples: {
    bad: [
      {
        title: 'built here and never pushed',
        command: 'bacalhau docker run acme/wordcount:1.4',
        image: { access: 'missing', local: {} },
        expect: { stage: 'node', severity: 'error', at: 'acme/wordcount:1.4', message: 'only in the local engine' },
      },
      {
        title: 'Docker Hub does not tell missing from private; the engine knows that it was never pushed',
        reference: 'wordcount',
        image: { access: 'private-or-missing', local: { platform: 'linux/arm64' } },
        expect: { stage: 'node', severity: 'error', message: 'linux/arm64' },
      },
      {
        title: 'an engine that keeps images in containerd knows a digest of every image',
        reference: 'acme/wordcount:1.4',
        image: {
          access: 'private-or-missing',
          local: { repoDigests: [`acme/wordcount@sha256:${'2'.repeat(64)}`] },
        },
        expect: { stage: 'node', severity: 'warning', message: 'never pushed, or is private' },
      },
      {
        title: 'looked up in the local engine because it was asked for there',
        reference: 'docker-daemon:acme/wordcount:1.4',
        expect: { stage: 'node', severity: 'info', message: 'pull from a registry' },
      },
    ],
    good: [
      { title: 'pushed', reference: 'acme/wordcount:1.4', image: { local: {} } },
      {
        title: 'pulled or pushed before, so it is private',
        reference: 'acme/wordcount:1.4',
        image: { access: 'private-or-missing', local: { repoDigests: [`acme/wordcount@sha256:${'a'.repeat(64)}`] } },
      },
    ],
  },
  *check({ image, facts, target }) {
    const local = facts['image.local'];
    const platforms = facts['image.platforms'];
    if (image?.reference === undefined) return;
    const { reference } = image;
    if (image.source === 'docker-daemon') {
      if (platforms === undefined) return;
      const platform = platforms.platforms[0]?.platform;
      const push = pushOf(reference, platform, target.platforms);
      const message = `${image.text} was looked at in the local engine; nodes pull from a registry and do not see that.`;
      yield { at: image.at, severity: 'info', message, ...cure(push) };
      return;
    }
    if (local?.present !== true || pulledReference(image) === undefined) return;
    const access = facts['image.access'];
    const only = onlyLocal(reference, access, local);
    if (only === 'no') return;
    const push = pushOf(reference, local.platform, target.platforms);
    if (only === 'maybe') {
      const message = `${image.text} is in the local engine, and ${reference.registry} shows it to nobody without a login: it was never pushed, or is private there.`;
      const mayBePulled = sendsNodeCredentials(reference) && target.hubCredentials !== 'no';
      yield { at: image.at, severity: mayBePulled ? 'warning' : 'error', message, ...cure(push) };
      return;
    }
    const message = `${image.text} is only in the local engine (for ${local.platform}), so no node can pull it.`;
    yield { at: image.at, message, ...cure(push) };
  },
});

function cure({ name, commands }: Push): Pick<RuleFinding, 'remedy' | 'fix'> {
  return {
    remedy: `Push the image, and name ${name} in the job.`,
    fix: { title: 'Push the image', safe: false, commands },
  };
}
