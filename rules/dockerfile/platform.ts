import { defineRule } from '../../src/check/rule.js';
import { osAndArchitecture } from '../../src/image/platform.js';

/** Names that builders take for an architecture's own (`containerd/platforms`, `normalizeArch`). */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64' };

export default defineRule({
  id: 'dockerfile/platform',
  stage: 'node',
  severity: 'error',
  title: 'FROM fixes a platform that the nodes do not have',
  why:
    'FROM --platform decides which build of the base image the final image stands on, whatever platform the build asks ' +
    'for. A node compares the platform of the image with its own and declines the job; a job cannot ask for emulation.',
  remedy:
    "Leave --platform out of the last FROM, and build with docker buildx build --platform and the nodes' platform.",
  examples: {
    bad: [
      {
        dockerfile: 'FROM --platform=linux/arm64 python:3.12\nCMD ["python", "/app/count.py"]\n',
        expect: { stage: 'node', severity: 'error', at: 'linux/arm64', message: 'the nodes are linux/amd64' },
      },
      {
        title: 'by way of an ARG, and of a stage below',
        dockerfile: 'ARG P=linux/arm64/v8\nFROM --platform=$P python:3.12 AS base\nFROM base\nUSER nobody\n',
        expect: { stage: 'node', severity: 'error', at: '$P', message: 'linux/arm64' },
      },
      {
        title: 'the platform of the machine that builds',
        dockerfile: 'FROM --platform=$BUILDPLATFORM golang:1.23\nCMD ["/app"]\n',
        expect: { stage: 'node', severity: 'warning', at: '$BUILDPLATFORM', message: 'machine that builds' },
      },
    ],
    good: [
      {
        title: 'a stage that only builds',
        dockerfile:
          'FROM --platform=$BUILDPLATFORM golang:1.23 AS build\nFROM --platform=$TARGETPLATFORM alpine:3.20\n',
      },
      { dockerfile: 'FROM --platform=linux/arm64 python:3.12\n', platforms: ['linux/arm64'] },
      { title: 'another name of amd64', dockerfile: 'FROM --platform=linux/x86_64 python:3.12\n' },
      { dockerfile: 'FROM python:3.12\n' },
    ],
  },
  *check({ dockerfile, target }) {
    const platform = dockerfile?.final?.platform;
    if (platform === undefined) return;
    const nodes = target.platforms.map(osAndArchitecture);
    if (/^\$\{?BUILDPLATFORM\}?$/.test(platform.value)) {
      yield {
        at: platform,
        severity: 'warning',
        message:
          `The final stage stands on the platform of the machine that builds it; the nodes are ${nodes.join(', ')}, ` +
          'so an image that is built elsewhere is declined.',
      };
      return;
    }
    if (platform.value.includes('$') || !platform.value.includes('/')) return;
    const fixed = normalised(platform.value);
    if (nodes.every((node) => node === fixed)) return;
    const message = `The final stage is for ${fixed} alone; the nodes are ${nodes.join(', ')}`;
    yield nodes.includes(fixed)
      ? { at: platform, severity: 'warning', message: `${message}, so the others decline the job.` }
      : { at: platform, message: `${message}, so every node declines the job.` };
  },
});

function normalised(platform: string): string {
  const [os = '', architecture = ''] = osAndArchitecture(platform.toLowerCase()).split('/');
  return `${os}/${ARCHITECTURES[architecture] ?? architecture}`;
}
