import { describe, expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/job/command-line.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { sourceText } from '../../src/text/source.js';

function readLine(line: string): JobSpec {
  return readCommandLine(sourceText('<command>', line));
}

function unknownTexts({ source, unresolved }: JobSpec): string[] {
  return unresolved.map(({ value, span }) => `${value} ${source.text.slice(span.start, span.end)}`);
}

describe('placeholders of examples are words, redirections are not', () => {
  test.each([
    ['--memory 1Gb <image> -- <your command>', '<image>', ['<your command>']],
    ['-i <path>/a.csv:/in alpine:3.20 -- cat /in/a.csv', 'alpine:3.20', ['cat', '/in/a.csv']],
    ['<hub-user>/<repo>:<tag> -- ls', '<hub-user>/<repo>:<tag>', ['ls']],
    ['alpine:3.20 -- cat <in >out', 'alpine:3.20', ['cat']],
    ['alpine:3.20 -- cat <in.txt>out.txt', 'alpine:3.20', ['cat']],
    ['alpine:3.20 -- cat < in', 'alpine:3.20', ['cat']],
  ])('%s', (rest, image, parameters) => {
    const docker = readLine(`bacalhau docker run ${rest}`).task?.engine?.docker;
    expect(docker?.image?.value).toBe(image);
    expect(docker?.parameters?.items.map(({ value }) => value)).toEqual(parameters);
  });
});

test.each(['', 'a', 'a=', 'a in '])('a constraint of %j and a million blanks is read in one go', (start) => {
  const job = readLine(`bacalhau docker run --constraints "${start}${' '.repeat(1_000_000)}(" alpine:3.20 -- true`);
  expect(job.problems).not.toEqual([]);
});

describe('what the user’s own shell puts in may be anything', () => {
  test.each([
    '-i $INPUT',
    '-i "$INPUT"',
    '-i ipfs://$CID:/in',
    '-i ${SCHEME}://$HOST/a.csv',
    '-i src=$SOURCE,dst=/in',
    '-i $A -i $B',
    '-i `cat input`',
    '-o $OUTPUT -p local',
    '-o out:$OUT -p $PUBLISHER',
    '-p s3://$BUCKET/key',
    '-e $PAIR',
    '-e "NAME=$VALUE"',
    '-e $NAME=1',
    '--cpu $CPU --memory ${MEMORY}Gb --gpu $(count-gpus)',
    '--timeout $SECONDS --count ${COUNT:-2} --priority $P',
    '--network $MODE --domain $DOMAIN',
    '--constraints "$LABEL=$VALUE" -l $LABEL',
    '-w $FOLDER --entrypoint $PROGRAM,-c --target $TARGET --wait=$WAIT',
    '-c $CONFIG',
  ])('%s', (flags) => {
    const job = readLine(`bacalhau docker run ${flags} alpine:3.20 -- true`);
    expect(job.problems).toEqual([]);
    expect(job.unresolved).not.toEqual([]);
  });

  test('each is named, with its place', () => {
    const job = readLine('bacalhau docker run -i $A "${B:-"x"}" `c "d"` "$(e "$(f)")" \'$g\' \\$h $1');
    expect(unknownTexts(job)).toEqual(['$A $A', '$B ${B:-"x"}', '$(…) `c "d"`', '$(…) $(e "$(f)")', '$1 $1']);
  });

  test('single quotes and backslashes hold it back', () => {
    expect(readLine("bacalhau docker run -i '$INPUT' alpine:3.20").problems).toMatchObject([{ kind: 'command-line' }]);
    expect(readLine('bacalhau docker run -i \\$INPUT alpine:3.20').problems).toMatchObject([{ kind: 'command-line' }]);
    expect(readLine("bacalhau docker run -i 'ipfs://${CID}' alpine:3.20").problems).toMatchObject([
      { quote: 'parse "ipfs://${CID}"' },
    ]);
  });

  test('a text for a shell keeps it as it was written, one word has a stand-in', () => {
    const job = readLine('bacalhau docker run alpine:3.20 -- sh -c "cat $FILE | wc -l" $ARGUMENT');
    expect(job.task?.engine?.docker?.parameters?.items.map(({ value }) => value)).toEqual([
      'sh',
      '-c',
      'cat $FILE | wc -l',
      '{{$ARGUMENT}}',
    ]);
  });

  test('flags in a variable do not make a program of the image', () => {
    expect(readLine('bacalhau docker run $FLAGS alpine:3.20 -i https://example.org/a.csv').problems).toEqual([]);
  });
});

describe('around the command', () => {
  test.each([
    'NAME=value OTHER=1 bacalhau docker run --rm x:1',
    'id=$(bacalhau docker run --rm x:1)',
    'export JOB_ID=$(\n  bacalhau docker run --rm x:1\n)',
    'job="$(bacalhau docker run --rm x:1)"',
    '$BACALHAU docker run --rm x:1',
    '/usr/local/bin/bacalhau docker run --rm x:1 && echo done',
    'bacalhau docker run --rm x:1 # again',
    '$ bacalhau docker run --rm x:1',
    'sudo bacalhau docker run --rm x:1 | tee log',
    'time ./bin/bacalhau docker run --rm x:1',
    'cd jobs && bacalhau docker run --rm x:1',
    'for i in 1 2; do bacalhau docker run --rm x:$i; done',
    'bacalhau --api-host example.org docker run --rm x:1',
    'bacalhau \\\n docker run \\\r\n --rm x:1',
  ])('%s', (line) => {
    const job = readLine(line);
    expect(job.problems.map(({ at }) => line.slice(at.span.start, at.span.end))).toEqual(['--rm']);
  });

  test.each(['', '  ', '# only a comment', 'bacalhau', 'bacalhau docker', 'bacalhau create job.yaml'])(
    'no job: %j',
    (line) => {
      const job = readLine(line);
      expect(job.problems).toMatchObject([{ kind: 'command-line' }]);
      expect(job.task).toBeUndefined();
    },
  );
});

describe('flags behind the program', () => {
  test.each([
    ['alpine:3.20 sleep 90 --queue-timeout 1800', []],
    ['alpine:3.20 echo hi --wait --id-only', []],
    ['alpine:3.20 ls /in -i ipfs://QmeZRGhe4PmjctYVSVHuEiA9oSXnqmYa4kQubSHgWbjv72:/in', []],
    ['alpine:3.20 ls /in --network none', []],
    ['—network=http —domain=a.example -i s3://acme/code/,dst=/code rust:1', []],
    ['python:3.12 python run.py -i https://example.com/a.csv', ['-i']],
    ['acme/train:1 train --gpu 1 --name a', ['--gpu', '--name']],
    ['acme/train:1 train --network resnet', ['resnet']],
    ['acme/train:1 train -p 80', ['80']],
  ])('%s', (rest, found) => {
    const { problems, source } = readLine(`bacalhau docker run ${rest}`);
    expect(problems.map(({ at: { span } }) => source.text.slice(span.start, span.end))).toEqual(found);
  });
});

describe('what to write instead', () => {
  test.each([
    ['docker run alpine:3.20 echo hi --download', 'leave it out, and fetch results'],
    ['docker run alpine:3.20 --follow -v QmCid:/in -- ls /in', 'inputs are given with -i'],
    ['docker run alpine:3.20 prog --download-all', 'flags of the program stand behind --'],
    ['run python:3.12 -- a.py', 'write bacalhau docker run'],
    ['run job jobs/count.yaml', 'write bacalhau job run jobs/count.yaml'],
    ['run --dry-run count.json', 'write bacalhau job run count.json'],
    ['run cat/main.wasm', 'write bacalhau wasm run cat/main.wasm'],
    ['docker run -it alpine:3.20', 'terminal'],
    [
      'docker run -i src=https://example.com/a,b.csv,dst=/in alpine:3.20',
      `'"src=https://example.com/a,b.csv",dst=/inputs'`,
    ],
  ])('bacalhau %s', (rest, way) => {
    expect(readLine(`bacalhau ${rest}`).problems.map(({ message }) => message)).toEqual([expect.stringContaining(way)]);
  });
});

describe('what Bacalhau drops in silence', () => {
  test.each([
    ['-p s3://acme/results,opt=compress=true', ['opt=compress=true']],
    ['-p local,opt=path=/srv', ['opt=path=/srv']],
    ['-i src=https://example.com/a.csv,dst=/in,opt=region=eu', ['opt=region=eu']],
    ['-i s3://acme/logs#1/', ['#1/']],
    ['-p s3://acme/results,opt=region=eu-west-1,opt=endpoint=https://s3.example.com', []],
    ['-i src=s3://acme/logs/,dst=/in,opt=region=eu-west-1,opt=filter=a?b', []],
    ['-i src=https://example.com/a.csv?b=c,dst=/in', []],
  ])('%s', (flags, found) => {
    const { problems, source } = readLine(`bacalhau docker run ${flags} alpine:3.20 -- true`);
    const dropped = problems.filter(({ severity }) => severity === 'warning');
    expect(dropped.map(({ at: { span } }) => source.text.slice(span.start, span.end))).toEqual(found);
  });
});

describe('lines of bacalhau that have no job in them', () => {
  test.each([
    ['job run count.yaml', 'the job stands in a file; bacalhau-preflight check count.yaml reads it'],
    ['--api-host h job run "a b.yaml"', "the job stands in a file; bacalhau-preflight check 'a b.yaml' reads it"],
    ['job list', 'bacalhau job is no docker run line'],
    ['wasm run main.wasm', 'bacalhau wasm is no docker run line'],
  ])('bacalhau %s is not read, and not refused', (rest, reason) => {
    const { notRead, problems } = readLine(`bacalhau ${rest}`);
    expect({ notRead, problems }).toEqual({ notRead: reason, problems: [] });
  });

  test.each(['frob x', 'docker ps', '--api-host h docker run alpine:3.20'])('bacalhau %s is read', (rest) => {
    expect(readLine(`bacalhau ${rest}`).notRead).toBeUndefined();
  });
});
