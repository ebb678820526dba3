import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCommandLine } from '../../src/job/command-line.js';
import { plainJob } from '../../src/job/plain-job.js';
import { sourceText } from '../../src/text/source.js';

const read = (line: string): ReturnType<typeof readCommandLine> => readCommandLine(sourceText('<command>', line));
const said = (line: string): string[] =>
  read(line)
    .problems.slice(1)
    .map(({ message }) => message);

describe('a docker run line', () => {
  test('becomes the job that comes nearest to it', () => {
    const line =
      'sudo docker container run --rm -w/work -e A=1 --env=B=2 -m 512m --cpus=1.5 --gpus 2 --network none ' +
      '--entrypoint python -v $PWD/out:/outputs ghcr.io/acme/app:1 main.py -it --rm';
    expect(plainJob(read(line))).toEqual({
      Namespace: 'default',
      Type: 'batch',
      Count: 1,
      Tasks: [
        {
          Name: 'main',
          Engine: {
            Type: 'docker',
            Params: {
              Image: 'ghcr.io/acme/app:1',
              Entrypoint: ['python'],
              Parameters: ['main.py', '-it', '--rm'],
              EnvironmentVariables: ['A=1', 'B=2'],
              WorkingDirectory: '/work',
            },
          },
          ResultPaths: [{ Name: 'outputs', Path: '/outputs' }],
          Resources: { CPU: '1.5', Memory: '512Mi', GPU: '2' },
          Network: { Type: 'None' },
        },
      ],
    });
  });

  test.each([
    ['-v data:/data', 'the volume data of your engine'],
    ['-v /data', 'a volume of your engine'],
    ['-v $PWD:/data', 'a folder of your machine'],
    ['--mount type=bind,src=/x,dst=/data', 'a folder of your machine'],
    ['--mount nonsense', 'not a mount that Docker takes'],
    ['-e TOKEN', '-e TOKEN=value'],
    ['--env-file .env', '-e NAME=value'],
    ['-it', 'no terminal'],
    ['--gpus all', 'GPU: 1'],
    ['--network backend', 'the default network'],
    ['-p 8080:80', 'Network.Ports'],
    ['-u 1000:1000', 'USER of the image'],
    ['--ulimit nofile=1', 'without it'],
  ])('%s', (option, message) => {
    const messages = said(`docker run ${option} alpine:3.20 true`);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
  });

  test.each(['--rm', '-d', '--name x', '-e A=1', '--cpus 1', '--network host', '-w /x'])(
    '%s loses nothing',
    (option) => {
      expect(said(`docker run ${option} alpine:3.20 true`)).toEqual([]);
    },
  );

  test('never throws, and places stay inside', () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...'-v -e --mount -m --gpus -it -p --network=x -v=/a:/b:ro --entrypoint "" \' alpine -- $X'.split(' '),
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const line = `docker run ${words.join(' ')}`;
        for (const { at } of read(line).problems) {
          expect(at.span.start).toBeGreaterThanOrEqual(0);
          expect(at.span.end).toBeLessThanOrEqual(line.length);
        }
      }),
    );
  });
});
