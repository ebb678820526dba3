import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DockerfileCommand, DockerfileStage } from '../../src/dockerfile/dockerfile.js';
import { readDockerfile } from '../../src/dockerfile/read.js';
import { sourceText } from '../../src/text/source.js';
import { build, startEngine, type TestEngine } from '../kit/engine.js';
import { describeWith } from '../kit/service.js';

// What we read from a Dockerfile is what Docker's own builder puts into the config of the image.

const CASES: readonly (readonly [string, string])[] = [
  ['exec form', 'FROM scratch\nENTRYPOINT ["/app", "--all"]\nCMD ["a b", "c"]\n'],
  ['shell form', 'FROM scratch\nENTRYPOINT /app --all\nCMD echo "a  b" && true\n'],
  ['SHELL counts from where it stands', 'FROM scratch\nCMD a\nSHELL ["/bin/bash", "-ec"]\nENTRYPOINT b\n'],
  ['ENTRYPOINT clears the CMD of the stage below', 'FROM scratch AS a\nCMD ["x"]\nFROM a\nENTRYPOINT ["y"]\n'],
  ['a CMD before ENTRYPOINT in the same stage stays', 'FROM scratch\nCMD ["x"]\nENTRYPOINT ["y"]\n'],
  ['CMD alone keeps the ENTRYPOINT below', 'FROM scratch AS a\nENTRYPOINT ["y"]\nCMD ["1"]\nFROM a\nCMD ["2"]\n'],
  ['empty lists', 'FROM scratch AS a\nENTRYPOINT ["y"]\nCMD ["1"]\nFROM a\nENTRYPOINT []\nCMD ["2"]\n'],
  ['the last of several counts', 'FROM scratch\nCMD ["1"]\nCMD ["2"]\nENTRYPOINT ["a"]\nENTRYPOINT ["b"]\n'],
  [
    'USER, WORKDIR, VOLUME and EXPOSE from below',
    'FROM scratch AS a\nUSER 5:6\nWORKDIR /a\nVOLUME /v "/w"\nEXPOSE 80 81/udp\nFROM a\nWORKDIR b/../c\nVOLUME ["/x y"]\nEXPOSE 82\n',
  ],
  ['a relative WORKDIR on nothing', 'FROM scratch\nWORKDIR a\nWORKDIR b\n'],
  [
    'ENV in all its forms',
    'FROM scratch\nENV A=1 B="two words" C=it\\ is D=\'$A\'\nENV E the rest  of it\nENV F=$A$B G=${NONE:-d} H=${A:+set} A=2\nENV I=$A\n',
  ],
  [
    'ARG, ENV and their order',
    'ARG T=top\nFROM scratch\nARG T\nARG U=u\nENV T2=$T U2=${U}\nENV U=env\nARG U=again\nENV U3=$U\nWORKDIR /$T/$U\n',
  ],
  [
    'continuation with comments and empty lines between',
    'FROM scratch\nENV A=1 \\\n# why\n\n  B=2 \\\n  # more\n  C=3\nCMD ["a", \\\n # here too\n "b"]\n',
  ],
  ['CRLF and a byte order mark', '\uFEFFFROM scratch\r\nENV A=1 \\\r\n  B=2\r\nCMD echo a \\\r\n  b\r\n'],
  ['another escape character', '# escape=`\nFROM scratch\nENV A=C:\\x\\ B=1\nCMD echo `\n  b\n'],
  ['a directive after a comment is none', '# first\n# escape=`\nFROM scratch\nCMD echo \\\n b\n'],
  ['two escape characters at the end of a line', 'FROM scratch\nCMD echo a\\\\\nUSER 7\n'],
  ['HEALTHCHECK', 'FROM scratch\nHEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1\n'],
  [
    'HEALTHCHECK as a list, then none below',
    'FROM scratch AS a\nHEALTHCHECK CMD ["/probe", "x"]\nFROM a\nHEALTHCHECK NONE\n',
  ],
  [
    'ONBUILD runs in the stage above',
    'FROM scratch AS a\nONBUILD CMD ["late"]\nONBUILD ENV A=1\nONBUILD WORKDIR /late\nFROM a\nENTRYPOINT ["e"]\n',
  ],
  ['ONBUILD does not run where it stands', 'FROM scratch\nONBUILD CMD ["late"]\nCMD ["now"]\n'],
  ['lower case', 'from scratch as A\nuser 1\nfrom a\ncmd ["x"]\n'],
  ['broken lists are shell text', "FROM scratch\nENTRYPOINT ['a', 'b']\nCMD [\"x\",]\n"],
];

interface Config {
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly Env: readonly string[];
  readonly User: string;
  readonly WorkingDir: string;
  readonly Volumes: readonly string[];
  readonly ExposedPorts: readonly string[];
  readonly Healthcheck: readonly string[];
}

/** What our reading says that Docker writes. */
function configOf(stage: DockerfileStage | undefined): Config {
  const values = (list: readonly { readonly value: string }[] = []): string[] => list.map(({ value }) => value);
  const shell = (command: DockerfileCommand): string[] => [
    ...(command.shell === undefined ? ['/bin/sh', '-c'] : values(command.shell)),
    ...values(command.words),
  ];
  const command = (given: DockerfileCommand | undefined): string[] =>
    given === undefined ? [] : given.form === 'exec' ? values(given.words) : shell(given);
  const check = stage?.healthcheck;
  const env = new Map(values(stage?.env).map((pair) => [pair.slice(0, pair.indexOf('=')), pair]));
  return {
    Entrypoint: command(stage?.entrypoint),
    Cmd: command(stage?.cmd),
    Env: [...env.values()].sort(),
    User: stage?.user?.value ?? '',
    WorkingDir: stage?.workingDir?.value ?? '',
    Volumes: values(stage?.volumes).sort(),
    ExposedPorts: values(stage?.exposed)
      .map((port) => (port.includes('/') ? port : `${port}/tcp`))
      .sort(),
    Healthcheck:
      check === undefined
        ? []
        : check.words.length === 0
          ? ['NONE']
          : [check.form === 'exec' ? 'CMD' : 'CMD-SHELL', ...values(check.words)],
  };
}

describeWith(['dockerd', 'root'], "the config that Docker's own builder writes", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(async () => {
    await engine.stop();
  });

  test.each(CASES.map(([title, text], index) => ({ title, text, name: `config-case:${String(index)}` })))(
    '$title',
    async ({ text, name }) => {
      // An image needs something in it.
      const dockerfile = `${text}LABEL case=${name}\n`;
      await build(engine, name, { Dockerfile: dockerfile });
      const { Config: config } = await engine.docker.getImage(name).inspect();
      const ours = readDockerfile(sourceText('Dockerfile', dockerfile));
      expect(ours.problems.filter(({ kind }) => kind !== 'bad-exec-form')).toEqual([]);
      // A field that is empty is null, absent or empty, by release.
      const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
      const keys = (value: object | undefined): string[] => Object.keys(value ?? {}).sort();
      expect(configOf(ours.final)).toEqual({
        Entrypoint: list(config.Entrypoint),
        Cmd: list(config.Cmd),
        Env: list(config.Env)
          .filter((pair) => !pair.startsWith('PATH='))
          .sort(),
        User: config.User,
        WorkingDir: config.WorkingDir,
        Volumes: keys(config.Volumes),
        ExposedPorts: keys(config.ExposedPorts),
        Healthcheck: list(config.Healthcheck?.Test),
      });
    },
  );
});
