import { describe, expect, test } from '@jest/globals';
import isPrivate from '../../rules/image/private.js';
import platform from '../../rules/image/platform.js';
import unreachableHost from '../../rules/image/unreachable-host.js';
import noAccess from '../../rules/network/no-access.js';
import refused from '../../rules/network/refused.js';
import publisherNotOffered from '../../rules/output/not-offered.js';
import type { Example, Rule } from '../../src/check/rule.js';
import type { Target } from '../../src/target/target.js';
import { runExample } from '../kit/example.js';

/** What a rule says of an example on a target that differs from the built-in ones. */
async function said(rule: Rule, example: Example, offers: Partial<Target>): Promise<string[]> {
  const { findings } = await runExample(rule, example, offers);
  return findings.map(({ severity, stage }) => `${severity} ${stage}`);
}

describe('a private image on nodes with or without credentials', () => {
  test.each<[string, 'credentials' | 'denied' | 'private-or-missing', Target['hubCredentials'], string[]]>([
    ['acme/wordcount:1', 'credentials', 'yes', []],
    ['acme/wordcount:1', 'denied', 'yes', []],
    ['acme/wordcount:1', 'private-or-missing', 'yes', ['warning node']],
    ['acme/wordcount:1', 'credentials', 'no', ['error node']],
    ['docker.io/acme/wordcount:1', 'credentials', 'yes', ['error node']],
    ['ghcr.io/acme/wordcount:1', 'credentials', 'yes', ['error node']],
    ['ghcr.io/wordcount:1', 'credentials', 'yes', ['warning node']],
    ['ghcr.io/wordcount:1', 'credentials', 'no', ['error node']],
  ])('%s, %s, credentials: %s', async (reference, access, hubCredentials, expected) => {
    expect(await said(isPrivate, { reference, image: { access } }, { hubCredentials })).toEqual(expected);
  });
});

describe('a registry that only some networks reach', () => {
  test.each([
    ['localhost:5000/wordcount', ['localhost:5000'], []],
    ['registry.corp.internal:5000/wordcount', ['registry.corp.internal'], []],
    ['localhost:5000/wordcount', ['localhost:5001'], ['warning node']],
  ])('%s with %j', async (reference, privateRegistries, expected) => {
    expect(await said(unreachableHost, { reference }, { privateRegistries })).toEqual(expected);
  });
});

describe('networked jobs on nodes that reject them', () => {
  const wget = '-- wget https://example.org/a.csv';

  test.each([
    ['', ['error run']],
    ['--network default', ['error run']],
    ['--network host', []],
  ])('the program sees no network: %s', async (flags, expected) => {
    const command = `bacalhau docker run ${flags} alpine:3.20 ${wget}`;
    expect(await said(noAccess, { command }, { networkedJobs: 'no' })).toEqual(expected);
  });

  test.each([
    ['', []],
    ['--network none', []],
    ['--network bridge', ['error node']],
    ['--network http --domain example.org', ['error node']],
  ])('the node declines: %s', async (flags, expected) => {
    const command = `bacalhau docker run ${flags} alpine:3.20 ${wget}`;
    expect(await said(refused, { command }, { networkedJobs: 'no' })).toEqual(expected);
  });

  test('the setting of the node decides, not its release', async () => {
    const command = 'bacalhau docker run --network full alpine:3.20';
    expect(await said(refused, { command, target: '1.5' }, { networkedJobs: 'yes' })).toEqual([]);
    expect(await said(refused, { command, target: '1.9' }, { networkedJobs: 'unknown' })).toEqual([]);
  });
});

describe('publishers that the nodes of a network have', () => {
  test.each<[string, Target['publishers'], string[]]>([
    ['-p s3://acme/key', { s3: 'no', local: 'yes' }, ['error schedule']],
    ['-p s3://acme/key', { s3: 'unknown' }, []],
    ['-p local', { s3: 'no', local: 'yes' }, []],
  ])('%s on %j', async (flags, publishers, expected) => {
    const command = `bacalhau docker run ${flags} -o outputs:/outputs alpine:3.20 -- true`;
    expect(await said(publisherNotOffered, { command }, { publishers })).toEqual(expected);
  });
});

test('the new tag and the reason for it fit the release', async () => {
  const example: Example = { reference: 'acme/wordcount:1.4', image: { platforms: ['linux/arm64'] } };
  const now = await runExample(platform, example);
  expect(now.findings[0]?.fix?.commands).toEqual([
    'docker buildx build --platform linux/amd64,linux/arm64 -t acme/wordcount:1.5 --push .',
  ]);
  expect(now.findings[0]?.remedy).toContain('for up to an hour');
  const before = await runExample(platform, { ...example, target: '1.6.4' });
  expect(before.findings[0]?.remedy).toContain('nodes keep the image');
});
