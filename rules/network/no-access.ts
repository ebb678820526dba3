import { defineRule, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import { networkMode, outboundMode } from '../../src/target/network.js';
import { replaceValue } from '../../src/text/replace.js';
import { stoppedByGateway } from '../../src/workload/http-gateway.js';
import { outsideUses } from '../../src/workload/network-uses.js';
import { isVisible } from '../../src/workload/visible.js';
import type { NetworkUse } from '../../src/workload/workload.js';

export default defineRule({
  id: 'network/no-access',
  stage: 'run',
  severity: 'error',
  uses: ({ job, target }) => {
    const mode = networkMode(job?.task?.network?.type?.value, target);
    const open = mode === undefined || mode === 'host' || mode === 'bridge';
    return open || job?.task?.engine?.docker === undefined ? [] : ['image.config'];
  },
  title: 'Program uses a network that the job will not have',
  why:
    'With network mode None the container has only loopback and no name resolution; None was the default up to 1.6. ' +
    'Since 1.7 the default gives outbound access, but a node that rejects networked jobs takes such a job and runs it ' +
    'without. HTTP lets through only its Domains, by a proxy that is named in http_proxy and https_proxy. ' +
    'The program then ends non-zero, and Bacalhau still shows the job as Completed.',
  remedy:
    'Give data as an input, put what is installed into the image, or give the job a network: Network: { Type: Bridge } since 1.6.4, Full before.',
  examples: {
    bad: [
      {
        command: 'bacalhau docker run --network none curlimages/curl:8.9.1 -- https://example.org/data.csv -O',
        image: { config: { entrypoint: ['curl'] } },
        expect: { stage: 'run', severity: 'error', confidence: 'high', message: 'network mode None' },
      },
      {
        title: 'one finding for all of them',
        command: "bacalhau docker run --network none alpine:3.20 -- sh -c 'apk add curl && curl https://example.org'",
        expect: { stage: 'run', severity: 'error', confidence: 'medium', message: 'apk installs' },
      },
      {
        title: 'no Network block, when that meant none',
        command: "bacalhau docker run python:3.12 -- sh -c 'pip install pandas && python /inputs/run.py'",
        target: '1.6',
        expect: { stage: 'run', severity: 'error', confidence: 'medium', message: 'gives no network' },
      },
      {
        title: 'a host that is not among the domains',
        command:
          'bacalhau docker run --network http --domain example.org alpine:3.20 -- wget https://data.example.com/a.csv',
        expect: { stage: 'run', severity: 'error', message: 'data.example.com is not among the Domains' },
      },
      {
        title: 'the hosts of a package index',
        command: 'bacalhau docker run --network http --domain pypi.org python:3.12 -- pip install pandas',
        expect: { stage: 'run', severity: 'warning', message: 'files.pythonhosted.org is not among the Domains' },
      },
      {
        title: 'a program that takes no notice of the proxy',
        command: 'bacalhau docker run --network http --domain example.org acme/tools:1 -- ssh backup@example.org',
        expect: { stage: 'run', severity: 'error', message: 'ignores the proxy' },
      },
      {
        title: 'only if a program is not there',
        command:
          "bacalhau docker run --network none alpine:3.20 -- sh -c 'command -v jq || apk add jq; jq . /inputs/a'",
        expect: { stage: 'run', severity: 'warning', confidence: 'low', message: 'apk installs' },
      },
      {
        title: 'no Network block: it depends on the node',
        command: 'bacalhau docker run alpine:3.20 -- wget https://example.org/a.csv',
        expect: { stage: 'run', severity: 'info', message: 'reject' },
      },
    ],
    good: [
      { command: 'bacalhau docker run --network bridge alpine:3.20 -- wget https://example.org/a.csv' },
      {
        title: 'a subdomain',
        command:
          'bacalhau docker run --network http --domain .example.org alpine:3.20 -- wget https://data.example.org/a.csv',
      },
      {
        title: 'an index of its own',
        command:
          'bacalhau docker run --network http --domain pypi.example.org python:3.12 -- pip install -i https://pypi.example.org/simple pandas',
      },
      {
        title: 'SQL that only speaks of addresses',
        command: `bacalhau docker run --network none acme/duckdb:1 -- "SELECT replace(url, 'http://', '') FROM '/inputs/a.csv'"`,
        image: { config: { entrypoint: ['duckdb', '-c'] } },
      },
    ],
  },
  *check(context) {
    const { job, target, workload } = context;
    if (job?.task === undefined || workload === undefined) return;
    const uses = outsideUses(workload.network);
    const { network } = job.task;
    const mode = networkMode(network?.type?.value, target);
    if (mode === 'http') {
      for (const { use, reason, missing, certain } of stoppedByGateway(
        uses,
        (network?.domains ?? []).map(({ value }) => value),
      )) {
        const remedy = missing.length === 0 ? undefined : `Add to the Domains: ${missing.join(', ')}.`;
        yield {
          ...about(context, use, reason),
          ...(remedy === undefined ? {} : { remedy }),
          ...(certain ? {} : { severity: 'warning', confidence: 'medium' }),
        };
      }
    }
    if (mode === 'none') {
      const reason =
        network?.type === undefined
          ? `Bacalhau ${target.bacalhau} gives no network to a job that names none`
          : 'network mode None leaves it only loopback';
      for (const finding of together(context, uses, reason)) yield { ...finding, ...openNetwork(context) };
    }
    if (mode !== 'default') return;
    if (target.networkedJobs === 'no') {
      yield* together(context, uses, "the target's nodes reject networked jobs and run it without");
      return;
    }
    const use = uses.find(isVisible);
    if (use === undefined) return;
    yield {
      ...about(context, use, 'in network mode Default a node that rejects networked jobs runs it without network'),
      severity: 'info',
      remedy: 'Set the Network Type to Bridge: such a node then declines the job instead of running it to fail.',
    };
  },
});

/** One finding for all uses with one cause, at the one that is the most certain. */
function together(context: RuleContext, uses: readonly NetworkUse[], reason: string): RuleFinding[] {
  const first = uses.find(isVisible) ?? uses[0];
  if (first === undefined) return [];
  const others = uses.filter((use) => use !== first);
  const finding = about(context, first, reason);
  const listed = others
    .slice(0, MOST_LISTED)
    .map(({ what, word: { at } }) => (at === undefined ? { message: what } : { message: what, at }));
  const more = others.length - listed.length;
  const rest = more > 0 ? [{ message: `${String(more)} more uses of a network` }] : [];
  return [{ ...finding, related: [...listed, ...rest, ...(finding.related ?? [])] }];
}

const MOST_LISTED = 5;

function about({ job, image, source }: RuleContext, use: NetworkUse, reason: string): RuleFinding {
  const whole = { span: { start: 0, end: source.text.length } };
  const network = job?.task?.network;
  return {
    at: use.word.at ?? image?.at ?? whole,
    message: `${use.what}, but ${reason}.`,
    evidence: use.origin,
    related: network === undefined ? [] : [{ message: 'the network of the job', at: network.type ?? network.at }],
  };
}

function openNetwork({ job, source, target }: RuleContext): Pick<RuleFinding, 'remedy' | 'fix'> {
  const type = job?.task?.network?.type;
  const mode = outboundMode(target);
  const remedy = `Give data as an input, put what is installed into the image, or set the Network Type to ${mode}.`;
  if (type === undefined || target.networkedJobs === 'no') return { remedy };
  const edit = replaceValue(source, type, mode);
  return { remedy, fix: { title: `Set the network mode to ${mode}`, safe: false, edits: [edit] } };
}
