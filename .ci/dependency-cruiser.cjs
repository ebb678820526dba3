// Imports run downwards only: a folder of src may import from the layers below its own. Run by `npm run imports`.
const { readdirSync } = require('node:fs');

/** From the bottom up; folders of one layer know nothing of each other. */
const LAYERS = [
  ['stats', 'net', 'text'],
  ['target', 'dockerfile', 'image'],
  ['job'],
  ['workload', 'probe'],
  ['check'],
  ['fix', 'config', 'dryrun', 'explain'],
  ['init', 'report'],
  ['commands'],
];

const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
const homeless = folders.filter(({ name }) => !LAYERS.flat().includes(name));
if (homeless.length > 0) throw new Error(`in no layer of imports: ${homeless.map(({ name }) => name).join(', ')}`);

const downwards = LAYERS.flatMap((layer, height) =>
  layer.map((folder) => ({
    name: `${folder}-imports-downwards`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: { path: '^src/', pathNot: `^src/((${[folder, ...LAYERS.slice(0, height).flat()].join('|')})/|version\\.ts$)` },
  })),
);

module.exports = {
  forbidden: [
    ...downwards,
    {
      name: 'init-writes-files-only',
      comment: 'What init writes does not depend on what the engine finds.',
      severity: 'error',
      from: { path: '^src/init/' },
      to: { path: '^src/', pathNot: '^src/(init|config|text)/' },
    },
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
