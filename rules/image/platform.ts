import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import type { ImageName } from '../../src/image/facts.js';
import { distinctPlatforms } from '../../src/image/platform.js';
import { rebuildCommand } from '../../src/image/rebuild.js';
import { familiarName } from '../../src/image/reference.js';
import { startsWrongPlatform, whyNewTag } from '../../src/target/platform-check.js';

export default defineRule({
  id: 'image/platform',
  stage: 'node',
  severity: 'error',
  imagePart: 'platform',
  needs: ({ image }) => (image?.source !== 'registry' || image.reference !== undefined ? ['image.platforms'] : []),
  title: "Image has none of the nodes' platforms",
  why:
    'A node compares the operating system and architecture of the image with its own, without the variant, and ' +
    'declines the job when none is the same: "this node does not support the available image platforms". ' +
    'A job cannot ask for a platform or for emulation. The check is skipped when the engine type is not spelled ' +
    'exactly `docker`; before 1.6.5 the program then dies with "exec format error".',
  remedy: "Build the image for the nodes' platform, push it under a new tag, and name that tag in the job.",
  examples: {
    bad: [
      {
        title: 'built on an arm64 machine and pushed for that alone',
        command: 'bacalhau docker run acme/wordcount:1.4',
        image: { platforms: ['linux/arm64'] },
        expect: {
          stage: 'node',
          severity: 'error',
          at: 'acme/wordcount:1.4',
          message: 'has only linux/arm64; the nodes are linux/amd64',
        },
      },
      {
        title: 'an arm64 network, and a file from docker save',
        reference: 'docker-archive:wordcount.tar',
        platforms: ['linux/arm64'],
        image: { platforms: ['linux/amd64'] },
        expect: { stage: 'node', severity: 'error', message: 'has only linux/amd64; the nodes are linux/arm64' },
      },
      {
        title: 'right for some of the nodes',
        reference: 'acme/wordcount:1.4',
        platforms: ['linux/amd64', 'linux/arm64'],
        image: { platforms: ['linux/amd64'] },
        expect: { stage: 'node', severity: 'warning', message: 'nodes with linux/arm64 decline' },
      },
      {
        title: 'pulled on an arm64 machine: the registry may have it for amd64 too',
        reference: 'docker-daemon:python:3.12',
        image: { platforms: ['linux/arm64'], source: 'docker-daemon', digest: `sha256:${'a'.repeat(64)}` },
        expect: { stage: 'node', severity: 'warning', confidence: 'medium', message: 'may or may not have' },
      },
      {
        title: 'built on an arm64 machine, in an engine that shows all that the image has',
        reference: 'docker-daemon:acme/wordcount:1.4',
        image: { platforms: ['linux/arm64'], source: 'docker-daemon' },
        expect: { stage: 'node', severity: 'error', message: 'has only linux/arm64' },
      },
      {
        title: 'an engine type in other case, for which older nodes do not look',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: Docker, Params: { Image: acme/wordcount:1.4 } }
`,
        target: '1.6.4',
        image: { platforms: ['linux/arm64'] },
        expect: { stage: 'run', severity: 'error', message: 'exec format error' },
      },
    ],
    good: [
      { reference: 'acme/wordcount:1.5', image: { platforms: ['linux/arm64', 'linux/amd64'] } },
      {
        title: 'variants are not compared',
        reference: 'acme/wordcount:1.5',
        platforms: ['linux/arm64'],
        image: { platforms: ['linux/arm64/v8'] },
      },
    ],
  },
  *check({ image, job, facts, target }) {
    const platforms = facts['image.platforms'];
    if (image === undefined || platforms === undefined) return;
    const has = distinctPlatforms(platforms.platforms.map(({ platform }) => platform));
    const wanted = distinctPlatforms(target.platforms);
    const lacking = wanted.filter((platform) => !has.includes(platform));
    if (lacking.length === 0) return;
    if (platforms.isPartial === true) {
      yield { at: image.at, ...pulledForThisMachine(image, has, wanted) };
      return;
    }
    const offers = has.length === 0 ? 'names no platform' : `has only ${list(has)}`;
    const found = `${image.text} ${offers}; the nodes are ${list(wanted)}`;
    const command = rebuildCommand(image, wanted, has);
    const common =
      command === undefined
        ? { at: image.at, remedy: `Choose an image or a tag that offers ${list(lacking)}.` }
        : {
            at: image.at,
            remedy:
              image.reference === undefined
                ? `Build it for ${list(lacking)}.`
                : `Build it for ${list(lacking)} too, under a new tag, and name that in the job: ${whyNewTag(target)}.`,
            fix: { title: `Build the image for ${list(lacking)} too`, safe: false, commands: [command] },
          };
    if (lacking.length < wanted.length) {
      yield { ...common, severity: 'warning', message: `${found}, so nodes with ${list(lacking)} decline the job.` };
    } else if (startsWrongPlatform(job?.task?.engine?.type?.value, target)) {
      yield { ...common, stage: 'run', message: `${found}, so its program cannot start (exec format error).` };
    } else {
      yield { ...common, message: `${found}, so every node declines the job.` };
    }
  },
});

/** An engine pulls an image for its own platform only: what the registry has beside that is not known. */
function pulledForThisMachine(
  image: ImageName,
  has: readonly string[],
  wanted: readonly string[],
): Omit<RuleFinding, 'at'> {
  const name = image.reference === undefined ? '<name>' : familiarName(image.reference);
  return {
    severity: 'warning',
    confidence: 'medium',
    message: `${image.text} is here for ${list(has)}; the nodes are ${list(wanted)}, for which the registry may or may not have one.`,
    remedy: `Look at what the registry has: bacalhau-preflight check --image ${name}`,
  };
}

function list(platforms: readonly string[]): string {
  return platforms.join(', ');
}
