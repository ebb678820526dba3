// Imports run downwards only. Run by `npm run imports`.
const above = {
  net: [
    'job',
    'image',
    'dockerfile',
    'workload',
    'target',
    'probe',
    'check',
    'fix',
    'config',
    'dryrun',
    'report',
    'commands',
  ],
  text: [
    'job',
    'image',
    'dockerfile',
    'workload',
    'target',
    'probe',
    'check',
    'fix',
    'config',
    'dryrun',
    'report',
    'commands',
  ],
  job: ['workload', 'probe', 'check', 'fix', 'config', 'dryrun', 'report', 'commands'],
  image: ['workload', 'probe', 'check', 'fix', 'config', 'dryrun', 'report', 'commands'],
  dockerfile: ['workload', 'probe', 'check', 'fix', 'config', 'dryrun', 'report', 'commands'],
  target: ['workload', 'probe', 'check', 'fix', 'config', 'dryrun', 'report', 'commands'],
  workload: ['probe', 'check', 'fix', 'config', 'dryrun', 'report', 'commands'],
  probe: ['check', 'fix', 'config', 'dryrun', 'report', 'commands'],
  check: ['fix', 'config', 'dryrun', 'report', 'commands'],
  fix: ['config', 'dryrun', 'report', 'commands'],
  config: ['fix', 'dryrun', 'report', 'commands'],
  dryrun: ['fix', 'config', 'report', 'commands'],
  report: ['commands'],
};

module.exports = {
  forbidden: [
    ...Object.entries(above).map(([folder, forbidden]) => ({
      name: `${folder}-imports-downwards`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: `^src/(${forbidden.join('|')})/` },
    })),
    {
      name: 'only-commands-and-library-know-the-rules',
      severity: 'error',
      from: { path: '^src/(?!commands/|index\\.ts)' },
      to: { path: '^rules/' },
    },
    {
      name: 'rules-import-pure-modules',
      comment: 'A rule sees defineRule and the pure modules of job, image, workload, target and text.',
      severity: 'error',
      from: { path: '^rules/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(check/(rule|job-problems)\\.ts|job/|image/|dockerfile/|workload/|target/|text/|net/(address|host)\\.ts|probe/(facts|inputs)\\.ts)',
      },
    },
    {
      name: 'rules-reach-no-io',
      comment: 'Judging is pure: no rule may reach the file system, the network, processes, Docker or S3.',
      severity: 'error',
      from: { path: '^rules/' },
      to: {
        path: '^(node:)?(fs|net|http|https|http2|tls|dns|child_process|worker_threads)(/|$)|node_modules/(dockerode|undici|@aws-sdk)',
        reachable: true,
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
